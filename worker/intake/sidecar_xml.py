"""Index files in XML, of any maker: fields are read wherever they stand.

Understood are elements that are fields (`<Station>A</Station>`), names and values in attributes
(`<IndexField Name="x" Value="y"/>`, Kofax), a name in an attribute and the value as text (`<index id="x">y</index>`,
eCopy ShareScan), and pairs (`<Field><Name>x</Name><Value>y</Value></Field>`). Elements called Document, Item, Record,
Scan or File that hold others are one document each; fields outside them (of the batch) hold for all.
"""

from dataclasses import dataclass, field
from xml.parsers import expat

from worker.intake.sidecar import BadSidecarError, Fields, IndexRow, bare, fold, is_file_name

MOST_DEPTH, MOST_ELEMENTS = 32, 20_000
_RECORDS = frozenset({"document", "doc", "item", "record", "row", "scan", "file"})
_NAMES = ("name", "fieldname", "key", "label", "id")
_VALUES = ("value", "fieldvalue")


@dataclass(slots=True)
class _Element:
    tag: str
    attributes: dict[str, str]
    children: list["_Element"] = field(default_factory=list)
    text: str = ""


def read_xml(data: bytes) -> tuple[IndexRow, ...]:
    """The rows of an index. Raises BadSidecarError: not well-formed, too deep or too long, or with a DTD or entities.

    Document type declarations are refused as a whole: they are how XML reaches other files or fills the memory.
    """
    root = _Tree().parse(data)
    records = list(_records(root, is_root=True))
    outside = _fields(root, skip_records=True)
    rows = [row for record in records for row in _rows((*_fields(record, skip_records=False), *outside))]
    if not records:
        rows = _rows(outside)
    if len(rows) > 1 and not all(row.file for row in rows):
        raise BadSidecarError("the index describes several documents but does not name the file of each")
    if not any(row.fields for row in rows):
        raise BadSidecarError("the index holds no fields")
    return tuple(rows)


class _Tree:
    """Builds a small tree with the standard library's expat, and stops at what an index never has."""

    def __init__(self) -> None:
        self._open: list[_Element] = []
        self._root: _Element | None = None
        self._count = 0

    def parse(self, data: bytes) -> _Element:
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = self._refuse
        parser.EntityDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        try:
            parser.Parse(data, True)
        except expat.ExpatError as error:
            raise BadSidecarError(f"the index is not well-formed XML: {error}") from error
        except (LookupError, ValueError) as error:  # an encoding that Python does not know
            raise BadSidecarError("the index is in an unknown encoding: save it as UTF-8") from error
        if self._root is None:
            raise BadSidecarError("the index is empty")
        return self._root

    def _refuse(self, *_details: object) -> None:
        raise BadSidecarError("the index has a document type declaration or entities: these are refused")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if self._count > MOST_ELEMENTS or len(self._open) >= MOST_DEPTH:
            raise BadSidecarError("the index has too many elements, or too deep ones")
        element = _Element(tag.rpartition(":")[2], attributes)
        if self._open:
            self._open[-1].children.append(element)
        else:
            self._root = element
        self._open.append(element)

    def _end(self, _tag: str) -> None:
        self._open.pop()

    def _characters(self, text: str) -> None:
        self._open[-1].text += text


def _rows(fields: Fields) -> list[IndexRow]:
    """One row for each file that the fields name; a document of several page files is several."""
    files = [bare(value) for name, value in fields if is_file_name(name) and "." in bare(value)]
    return [IndexRow(file, fields) for file in dict.fromkeys(files)] or [IndexRow("", fields)]


def _is_record(element: _Element) -> bool:
    return fold(element.tag) in _RECORDS and bool(element.children) and _pair(element) is None


def _records(element: _Element, *, is_root: bool = False) -> "list[_Element]":
    """The outermost elements that are a document each; the root alone is none, it has nothing outside it."""
    if not is_root and _is_record(element):
        return [element]
    return [found for child in element.children for found in _records(child)]


def _fields(element: _Element, *, skip_records: bool) -> Fields:
    found = list(_own(element))
    if _pair(element) is None:
        for child in element.children:
            if not (skip_records and _is_record(child)):
                found += _fields(child, skip_records=skip_records)
    return tuple(found)


def _own(element: _Element) -> Fields:
    """What one element says: a named value, or its attributes and text."""
    pair = _pair(element)
    if pair is not None:
        return (pair,)
    own: list[tuple[str, str]] = []
    for attribute, value in element.attributes.items():
        if ":" not in attribute and not attribute.startswith("xmlns"):
            # <Batch Name="B12">: the name of a group is its value.
            own.append((element.tag if fold(attribute) == "name" else attribute, value))
    if element.text.strip() and not element.children:
        own.append((element.tag, element.text.strip()))
    return tuple(own)


def _pair(element: _Element) -> tuple[str, str] | None:
    """The name and value that an element stands for, in attributes, in text or in two children."""
    said = {fold(key): value for key, value in element.attributes.items()}
    said |= {fold(child.tag): child.text.strip() for child in element.children if not child.children}
    name = next((said[key] for key in _NAMES if key in said), None)
    value = next((said[key] for key in _VALUES if key in said), None)
    if name is not None and value is not None:
        return name, value
    if name is not None and not element.children and element.text.strip():
        return name, element.text.strip()
    return None
