"""The rules of the house that no tool checks: each takes a source file and gives the places that break it."""

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

LONGEST_MODULE, LONGEST_FUNCTION, MOST_PARAMETERS = 300, 50, 6
FORBIDDEN_WORDS = frozenset({"util", "utils", "helper", "helpers", "misc", "manager"})
FORBIDDEN_MODULES = FORBIDDEN_WORDS | {"common"}
SKIPS = frozenset({"skip", "skipif", "skipIf", "skipUnless", "skipTest", "xfail", "importorskip", "expectedFailure"})
WAIVER = re.compile(r"noqa|type:\s*ignore|pragma")
REASONED = re.compile(r"(?:noqa: [A-Z]+\d+(?:, ?[A-Z]+\d+)*|type: ignore\[[a-z, -]+\]|pragma: \w+)[\s#:–-]+\w+")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Source:
    """A Python file of the repository; `path` is relative to its root."""

    path: Path
    text: str

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    def is_in(self, *folders: str) -> bool:
        return any(self.path.is_relative_to(folder) for folder in folders)


Rule = Callable[[Source], Iterator[str]]


def module_length(source: Source) -> Iterator[str]:
    """No module is longer than 300 lines."""
    lines = len(source.text.splitlines())
    if lines > LONGEST_MODULE:
        yield f"{source.path}: {lines} lines"


def function_length(source: Source) -> Iterator[str]:
    """No function is longer than 50 lines, its docstring included."""
    for function in _functions(source):
        lines = (function.end_lineno or function.lineno) - function.lineno + 1
        if lines > LONGEST_FUNCTION:
            yield f"{source.path}:{function.lineno}: {function.name} has {lines} lines"


def parameter_count(source: Source) -> Iterator[str]:
    """No function takes more than six parameters (tests may: fixtures and cases are parameters)."""
    for function in () if source.is_in("tests") else _functions(source):
        given = function.args
        names = [a.arg for a in (*given.posonlyargs, *given.args, *given.kwonlyargs) if a.arg not in {"self", "cls"}]
        if len(names) > MOST_PARAMETERS:
            yield f"{source.path}:{function.lineno}: {function.name} takes {len(names)} parameters"


def names(source: Source) -> Iterator[str]:
    """Nothing is named utils, helpers, misc or manager, no module common: such names say nothing."""
    if FORBIDDEN_MODULES & {source.path.stem.lower(), source.path.parent.name.lower()}:
        yield f"{source.path}: the module's name"
    for node in ast.walk(source.tree):
        if isinstance(node, Function | ast.ClassDef) and FORBIDDEN_WORDS & set(_words(node.name)):
            yield f"{source.path}:{node.lineno}: {node.name}"


def module_docstring(source: Source) -> Iterator[str]:
    """Each module opens with a docstring that says what it is for."""
    if not ast.get_docstring(source.tree):
        yield f"{source.path}: no docstring"


def no_skips(source: Source) -> Iterator[str]:
    """No test is skipped or expected to fail: a missing server or program fails the run."""
    for node in ast.walk(source.tree) if source.is_in("tests") else ():
        if isinstance(node, ast.Attribute) and node.attr in SKIPS:
            yield f"{source.path}:{node.lineno}: {node.attr}"
        if isinstance(node, ast.ImportFrom) and node.module in {"pytest", "unittest"}:
            yield from (f"{source.path}:{node.lineno}: {a.name}" for a in node.names if a.name in SKIPS)


def no_mocks(source: Source) -> Iterator[str]:
    """Tests use fakes."""
    for node in ast.walk(source.tree):
        names = [a.name for a in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
        module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
        if any(name.split(".")[-1] == "mock" for name in (module, *names)):
            yield f"{source.path}:{getattr(node, 'lineno', 0)}: mock"


def environment(source: Source) -> Iterator[str]:
    """Only worker/settings.py reads the environment; to set a variable for libraries is not to read."""
    if not source.is_in("worker") or source.path == Path("worker/settings.py"):
        return
    tree = source.tree
    stores = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Subscript) and isinstance(n.ctx, ast.Store)}
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Attribute)
            and node.attr in {"environ", "environb", "getenv"}
            and id(node) not in stores
        ):
            yield f"{source.path}:{node.lineno}: os.{node.attr}"
        if isinstance(node, ast.ImportFrom) and node.module == "os":
            read = [a.name for a in node.names if a.name in {"environ", "environb", "getenv"}]
            yield from (f"{source.path}:{node.lineno}: os.{name}" for name in read)


def no_any(source: Source) -> Iterator[str]:
    """Domain and matching know what they work on: no Any."""
    for node in ast.walk(source.tree) if source.is_in("worker/domain", "worker/matching") else ():
        if (isinstance(node, ast.Name) and node.id == "Any") or (
            isinstance(node, ast.Attribute) and node.attr == "Any"
        ):
            yield f"{source.path}:{node.lineno}: Any"


def no_clock(source: Source) -> Iterator[str]:
    """Domain and matching get the time as an argument."""
    for node in ast.walk(source.tree) if source.is_in("worker/domain", "worker/matching") else ():
        if isinstance(node, ast.Attribute) and node.attr in {"now", "utcnow", "today"}:
            yield f"{source.path}:{node.lineno}: {node.attr}"


def no_stubs(source: Source) -> Iterator[str]:
    """No function is left to be written. Protocols have no bodies; a docstring may say that nothing is to be done."""
    tree = source.tree
    in_protocols = {
        id(method)
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and any("Protocol" in ast.unparse(base) for base in node.bases)
        for method in node.body
    }
    for node in ast.walk(tree):
        if isinstance(node, Function) and id(node) not in in_protocols and not node.decorator_list and _is_stub(node):
            yield f"{source.path}:{node.lineno}: {node.name}"


def comments(source: Source) -> Iterator[str]:
    """Nothing is put off in a comment, and a check is waived only with the reason beside it."""
    for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
        if token.type != tokenize.COMMENT:
            continue
        where = f"{source.path}:{token.start[0]}"
        if re.search(r"\b(TO" r"DO|FIX" r"ME|X" r"XX|HACK)\b", token.string):
            yield f"{where}: put off"
        if WAIVER.search(token.string) and not REASONED.search(token.string):
            yield f"{where}: waived without a reason"


RULES: tuple[Rule, ...] = (
    module_length,
    function_length,
    parameter_count,
    names,
    module_docstring,
    no_skips,
    no_mocks,
    environment,
    no_any,
    no_clock,
    no_stubs,
    comments,
)


def _functions(source: Source) -> Iterator[Function]:
    return (node for node in ast.walk(source.tree) if isinstance(node, Function))


def _words(name: str) -> list[str]:
    return [word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+", name)]


def _is_stub(function: Function) -> bool:
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return bool(body) and all(_says_nothing(statement) for statement in body)


def _says_nothing(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Raise):
        return statement.exc is not None and "NotImplementedError" in ast.unparse(statement.exc)
    is_ellipsis = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return isinstance(statement, ast.Pass) or is_ellipsis
