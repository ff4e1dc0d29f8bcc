"""Every error we know: its exit code, whether trying again can help, and what to do about it."""

from enum import IntEnum


class ExitCode(IntEnum):
    """What the command's exit status means. The same table stands in README.md."""

    OK = 0
    """Done. Pages may wait for review."""
    FAILED = 1
    """Pigeonhole failed in itself; run the same command again, and report it."""
    USAGE = 2
    """The command line is wrong."""
    MISSING_TOOL = 3
    """A program or library this needs (Tesseract, Poppler) is not installed."""
    BAD_REGISTRY = 4
    """The registry of requests cannot be used; nothing of it was imported."""
    BAD_INPUT = 5
    """Nothing among the input could be processed."""
    CANNOT_WRITE = 6
    """The output folder cannot be written, or the disk is full."""
    IN_USE = 7
    """Another process is working on the same output folder, or listening on the same port."""
    UNREACHABLE = 8
    """The database, the store or another server does not answer; nothing is lost: run again when it does."""
    UNBALANCED = 9
    """An audit found pages that are not accounted for, or an audit log that was changed."""
    INTERRUPTED = 130
    """Stopped by Ctrl-C or SIGTERM; run the same command again to finish the rest."""


class PigeonholeError(Exception):
    """Base of the tree. The message says what happened and what to do."""

    exit_code: ExitCode = ExitCode.BAD_INPUT
    is_permanent: bool = True


class BadDocumentError(PigeonholeError):
    """The file cannot be processed as a document. `reason` is the sentence in documents.csv."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class BadPageError(PigeonholeError):
    """One page cannot be decoded; the other pages are not affected."""

    def __init__(self, page: int, reason: str) -> None:
        super().__init__(f"page {page}: {reason}")
        self.page = page
        self.reason = reason


class BadRegistryError(PigeonholeError):
    """The registry file has errors, all of them in `problems`, each with its line number."""

    exit_code = ExitCode.BAD_REGISTRY

    def __init__(self, name: str, problems: tuple[str, ...]) -> None:
        super().__init__(f"{name}: {len(problems)} problem(s), nothing was imported")
        self.name = name
        self.problems = problems


class MissingToolError(PigeonholeError):
    """A program that we call is not installed."""

    exit_code = ExitCode.MISSING_TOOL

    def __init__(self, tool: str, remedy: str = "run scripts/install-system-packages") -> None:
        super().__init__(f"{tool} is not installed: {remedy}")
        self.tool = tool


class CannotWriteError(PigeonholeError):
    """The place for results cannot be written."""

    exit_code = ExitCode.CANNOT_WRITE


class InUseError(PigeonholeError):
    """Another process holds the output folder, or the port."""

    exit_code = ExitCode.IN_USE
    is_permanent = False


class UnreachableError(PigeonholeError):
    """A server (database, store, mailbox, ...) does not answer. Trying again helps, and nothing is lost meanwhile."""

    exit_code = ExitCode.UNREACHABLE
    is_permanent = False

    def __init__(self, server: str, why: str) -> None:
        super().__init__(f"{server} does not answer ({why}): what has come is kept; try again when it does")
        self.server = server
        self.why = why


class UnknownLineError(PigeonholeError):
    """No such line is configured."""

    exit_code = ExitCode.USAGE

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(f"there is no line {name!r}: this site has {', '.join(known)} (see PIGEONHOLE_LINES)")
        self.name = name


class BadSettingsError(PigeonholeError):
    """A setting, or the file it names, cannot be used."""

    exit_code = ExitCode.USAGE
