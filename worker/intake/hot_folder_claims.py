"""Claims: a file is renamed out of the stations' sight before it is taken in, with all that is known of it beside it.

One claim is a folder `<id>` in the hot folder's hidden folder: first `claim.json`, then `document`, by one rename.
A claim that a crash left behind is taken in again under the same place, so that it is one arrival; a later file of
the same name is another claim, so that it is another arrival.
"""

import contextlib
import errno
import json
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from worker.domain.envelope import Channel, Envelope, Incoming
from worker.intake.hot_folder_listing import CLAIMED, REJECTED, Entry
from worker.intake.scans import printable
from worker.intake.watch_rules import Look
from worker.storage.whole import cannot_write, make_folder, write_whole

#: Bytes.
_LONGEST_NAME = 200
_ABOUT, _DOCUMENT = "claim.json", "document"


@dataclass(frozen=True, slots=True)
class Claim:
    """A file that is ours now. `name` is its path below the hot folder, `look` how it looked when it was ready."""

    folder: Path
    name: str
    look: Look
    incoming: Incoming
    refusal: str = ""

    @property
    def document(self) -> Path:
        """Where the file is now."""
        return self.folder / _DOCUMENT


def claim(folder: Path, entry: Entry, envelope: Envelope, received_at: datetime) -> Claim:
    """Rename `entry` out of the hot folder `folder`.

    Raises OSError when the rename fails (on SMB: the station has the file open), and CannotWriteError when the claim
    cannot be written; the file is where it was then.
    """
    # In the order of time, so that claims of a crash are taken in as they came.
    place = folder / CLAIMED / f"{time.time_ns():019d}-{secrets.token_hex(4)}"
    name = str(entry.path.relative_to(folder))
    about = {
        "name": name, "size": entry.look.size, "mtime_ns": entry.look.mtime_ns, "refusal": entry.refusal,
        "received_at": received_at.isoformat(), "envelope": asdict(envelope),
    }  # fmt: skip
    made = Claim(place, name, entry.look, _incoming(folder, place, name, received_at, envelope), entry.refusal)
    try:
        write_whole(place / _ABOUT, json.dumps(about))
        entry.path.rename(made.document)
    except BaseException:
        clear(made)
        raise
    return made


def open_claims(folder: Path, lost: Envelope, now: datetime) -> Iterator[Claim]:
    """The claims that were not finished, oldest first; what a crash left without a document is cleared away.

    Only for the holder of the folder's lock. A claim whose notes cannot be read comes with the envelope `lost`.
    """
    for place in sorted((folder / CLAIMED).iterdir()):
        if place.name.startswith(".") or not place.is_dir():
            continue
        if os.path.lexists(place / _DOCUMENT):
            yield _load(folder, place, lost, now)
        else:
            _clear(place)


def finish(done: Claim, keep: Path | None) -> None:
    """Remove what was taken in, or move it to `keep` under a name that is free. Raises CannotWriteError."""
    try:
        if keep is not None:
            _move(done.document, _free(keep / done.name))
        else:
            done.document.unlink(missing_ok=True)
        clear(done)
    except OSError as error:
        raise cannot_write(keep or done.folder, error) from error


def clear(done: Claim) -> None:
    """Remove what is left of a claim whose document is gone; a document that is still there is never removed.

    A rename over NFS can fail and yet be done, when its answer is lost.
    """
    _clear(done.folder)


def put_away(companion: Path, keep: Path | None = None) -> None:
    """Remove an index or marker that has done its work, or move it to `keep`; one that cannot be is left."""
    with contextlib.suppress(OSError):
        if keep is None:
            companion.unlink(missing_ok=True)
        else:
            _move(companion, _free(keep))


def reject(folder: Path, path: Path, name: str, reason: str) -> Path:
    """Move `path` to the folder's rejects, the reason beside it as text; returns where it is now.

    Nothing is overwritten. Raises CannotWriteError; what was to be moved is where it was then.
    """
    target = _free(folder / REJECTED / _short(Path(name).name), reasoned=True)
    note = target.with_name(f"{target.name}.reason.txt")
    shown = printable(name)
    try:
        _make_visible(target.parent, folder)
        with note.open("x", encoding="utf-8", newline="\r\n") as stream:  # read in Notepad
            stream.write(f"{shown}\nwas not taken: {reason}.\nMend it and put it into the folder again.\n")
        try:
            path.rename(target)
        except OSError:
            note.unlink(missing_ok=True)
            raise
    except OSError as error:
        # Without the name, which may be a patient's: what is raised here is logged.
        raise cannot_write(target.parent, error) from error
    return target


def _incoming(folder: Path, place: Path, name: str, received_at: datetime, envelope: Envelope) -> Incoming:
    key = os.fsencode(folder / name) + b"#" + place.name.encode("ascii", "replace")
    return Incoming(key, printable(name), received_at, envelope)


def _load(folder: Path, place: Path, lost: Envelope, now: datetime) -> Claim:
    try:
        about = json.loads((place / _ABOUT).read_text("utf-8"))
        said = about["envelope"]
        envelope = Envelope(**{**said, "channel": Channel(said["channel"]), "index": tuple(map(tuple, said["index"]))})
        received_at = datetime.fromisoformat(about["received_at"])
        look = Look(about["size"], about["mtime_ns"])
        incoming = _incoming(folder, place, about["name"], received_at, envelope)
        return Claim(place, about["name"], look, incoming, about["refusal"])
    except (OSError, ValueError, KeyError, TypeError):  # a broken disk: the document itself still counts
        name = f"unknown-{place.name}"
        return Claim(place, name, Look(-1, -1), _incoming(folder, place, name, now, lost))


def _clear(place: Path) -> None:
    with contextlib.suppress(OSError):
        if not os.path.lexists(place / _DOCUMENT):
            for note in place.iterdir():
                if note.name != _DOCUMENT:
                    note.unlink()
            place.rmdir()


def _make_visible(rejects: Path, folder: Path) -> None:
    """For the same people as the hot folder: those at the station must see what was rejected."""
    if not rejects.is_dir():
        rejects.mkdir()
        with contextlib.suppress(OSError):  # shares that know no modes
            rejects.chmod(folder.stat().st_mode & 0o7777)


def _short(name: str) -> str:
    """A name that leaves room for ` (2).reason.txt` within a file system's 255 bytes."""
    stem, suffix = Path(name).stem, Path(name).suffix
    while len(os.fsencode(stem + suffix)) > _LONGEST_NAME and stem:
        stem = stem[:-1]
    return stem + suffix if stem else os.fsdecode(os.fsencode(name)[:_LONGEST_NAME])


def _free(wanted: Path, *, reasoned: bool = False) -> Path:
    """`wanted`, or with (2), (3), ... before its ending where that is taken."""
    number, path = 1, wanted
    while os.path.lexists(path) or (reasoned and os.path.lexists(path.with_name(f"{path.name}.reason.txt"))):
        number += 1
        path = wanted.with_name(f"{wanted.stem} ({number}){wanted.suffix}")
    return path


def _move(source: Path, target: Path) -> None:
    """Rename, or copy and remove where the target is on another file system."""
    make_folder(target.parent)
    try:
        source.rename(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        shutil.move(source, target)
