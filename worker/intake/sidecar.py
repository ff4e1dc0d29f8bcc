"""Index files of scanning stations: what was keyed in beside a scan becomes part of its envelope."""

import re
import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from worker.domain.envelope import Envelope

SIDECAR_ENDINGS = (".csv", ".xml")
#: An index of a day's batches is a few KB; what is larger is not one.
MOST_BYTES = 1 << 20
MOST_FIELDS, MOST_VALUE = 100, 500
#: Column, element and attribute names, folded to letters and digits, by what they mean. Those of eCopy ShareScan,
#: Kofax XML and the columns that PaperStream and CaptureOnTouch users define are among them.
_FILE = frozenset(
    {"file", "filename", "filepath", "path", "importfilename", "imagefile", "imagefilename", "imagename", "image",
     "document", "documentname", "documentfile", "documentfilename", "scanfile"}
)  # fmt: skip
_STATION = frozenset(
    {"station", "stationid", "stationname", "scanstation", "scanstationid", "device", "devicename", "scanner",
     "scannername", "workstation", "machine", "machinename"}
)  # fmt: skip
_OPERATOR = frozenset(
    {"operator", "operatorid", "operatorname", "user", "userid", "username", "loggedonuser", "scanuser", "scannedby"}
)
_PAGES = frozenset(
    {"pages", "pagecount", "numberofpages", "numpages", "totalpages", "imagecount", "numberofimages", "images"}
)
_EXTERNAL = frozenset({"batch", "batchid", "batchname", "batchno", "batchnumber", "externalid", "jobid"})

Fields = tuple[tuple[str, str], ...]


class BadSidecarError(Exception):
    """The index cannot be used; the message is a sentence for the person at the station."""


@dataclass(frozen=True, slots=True)
class IndexRow:
    """What an index says of one file. `file` is a bare name, empty for the file that is named like the index."""

    file: str
    fields: Fields


def is_file_name(field: str) -> bool:
    """Whether a field of this name holds the name of the scan."""
    return fold(field) in _FILE


def fold(name: str) -> str:
    """A field's name as letters and digits only: `Batch No.` and `batch_no` are one."""
    return re.sub(r"[\W_]", "", name).lower()


def bare(path: str) -> str:
    r"""The file name at the end of a path, Windows' (`X:\scans\5.tif`) or ours."""
    return re.split(r"[\\/]", path.strip())[-1]


def same_file_key(name: str) -> str:
    """What two names share that a file server takes for one: letter case and the way accents are written."""
    return unicodedata.normalize("NFC", name).casefold()


def namesakes(name: str) -> tuple[str, str]:
    """The keys by which a companion file names `name`: in full (`a.tif.xml`) or without its ending (`a.xml`)."""
    return same_file_key(name), same_file_key(PurePosixPath(name).stem)


def into_envelope(fields: Fields, base: Envelope) -> Envelope:
    """`base` with what an index says: known fields in their places, all others in `index`."""
    known: dict[str, str] = {}
    pages, others = base.declared_pages, list(base.index)
    for name, value in fields[:MOST_FIELDS]:
        text = value.replace("\0", "").strip()[:MOST_VALUE]
        place = _place(fold(name))
        if place == "declared_pages" and text.isascii() and text.isdigit() and len(text) < 7:
            pages = int(text)
        elif place and place != "declared_pages" and text and place not in known:
            known[place] = text
        elif text and place != "file":
            others.append((name.replace("\0", "").strip()[:MOST_VALUE], text))
    return replace(
        base,
        station=known.get("station", base.station),
        operator=known.get("operator", base.operator),
        external_id=known.get("external_id", base.external_id),
        declared_pages=pages,
        index=tuple(others),
    )


def read_small(path: Path) -> bytes:
    """The bytes of an index. Raises BadSidecarError when there are too many, OSError when it cannot be read."""
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise BadSidecarError(f"the index is larger than {MOST_BYTES // 1024} KB")
    return data


def _place(name: str) -> str:
    places = {
        "file": _FILE, "station": _STATION, "operator": _OPERATOR, "declared_pages": _PAGES, "external_id": _EXTERNAL,
    }  # fmt: skip
    return next((place for place, names in places.items() if name in names), "")
