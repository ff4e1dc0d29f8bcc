"""Index files: every maker's way of writing fields ends in the same envelope."""

import pytest

from worker.domain.envelope import Channel, Envelope
from worker.intake.sidecar import BadSidecarError, IndexRow, into_envelope
from worker.intake.sidecar_csv import is_whole_csv, read_csv
from worker.intake.sidecar_xml import read_xml

KOFAX = """<?xml version="1.0" encoding="UTF-8"?>
<ImportSession><Batches><Batch Name="B12" BatchClassName="Records"><BatchFields>
  <BatchField Name="Operator" Value="kim"/></BatchFields>
  <Documents>
    <Document FormTypeName="Chart"><IndexFields><IndexField Name="Request ID" Value="MRR-1"/></IndexFields>
      <Pages><Page ImportFileName="X:\\scans\\1.tif"/></Pages></Document>
    <Document FormTypeName="Chart"><IndexFields><IndexField Name="Request ID" Value="MRR-2"/></IndexFields>
      <Pages><Page ImportFileName="2.tif"/><Page ImportFileName="3.tif"/></Pages></Document>
  </Documents></Batch></Batches></ImportSession>"""
SHARESCAN = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<data><index id="filename">1.tif</index><index id="device">MEAP01</index><index id="pages">4</index></data>"""
PLAIN = "<scan><FileName>1.tif</FileName><Station>MEAP01</Station><PageCount>4</PageCount></scan>"
PAIRS = """<s:Batch xmlns:s="urn:x"><s:Field><s:Name>File Name</s:Name><s:Value>1.tif</s:Value></s:Field>
<s:Field><s:Name>Scanner</s:Name><s:Value>MEAP01</s:Value></s:Field>
<s:Field Name="Images" Value="4"/></s:Batch>"""
BASE = Envelope(Channel.FOLDER, "routine", station="share")


@pytest.mark.parametrize("xml", [SHARESCAN, PLAIN, PAIRS])
def test_fields_are_found_wherever_xml_holds_them(xml: str) -> None:
    (row,) = read_xml(xml.encode())

    envelope = into_envelope(row.fields, BASE)

    assert row.file == "1.tif"
    assert (envelope.station, envelope.declared_pages, envelope.index) == ("MEAP01", 4, ())


def test_a_batch_of_kofax_is_a_row_for_each_file_with_the_fields_of_the_batch() -> None:
    rows = read_xml(KOFAX.encode())

    envelopes = {row.file: into_envelope(row.fields, BASE) for row in rows}

    assert {name: dict(e.index)["Request ID"] for name, e in envelopes.items()} == {
        "1.tif": "MRR-1", "2.tif": "MRR-2", "3.tif": "MRR-2",
    }  # fmt: skip
    assert {(e.operator, e.external_id, e.station) for e in envelopes.values()} == {("kim", "B12", "share")}


BOMB = '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a><FileName>&c;</FileName></a>'
OUTSIDE = '<!DOCTYPE a SYSTEM "file:/etc/passwd"><a><FileName>1.tif</FileName></a>'


@pytest.mark.parametrize(
    "xml",
    [
        BOMB, OUTSIDE, "", "<a>", "<a><b></a>", "<a/>", "<a>" * 100 + "</a>" * 100,
        "<a>" + "<b>1</b>" * 20_001 + "</a>", '<?xml version="1.0" encoding="x-none"?><a><b>1</b></a>',
        "<all><Document><x>1</x></Document><Document><x>2</x></Document></all>",
    ],
)  # fmt: skip
def test_dangerous_and_useless_xml_is_refused(xml: str) -> None:
    with pytest.raises(BadSidecarError, match="the index"):
        read_xml(xml.encode())


@pytest.mark.parametrize(
    "data",
    [
        b"FileName,Station,Pages,Request ID\r\n1.tif,A,4,MRR-1\r\n2.tif,A,,MRR-2\r\n",
        b"\xef\xbb\xbfFile name;Station;Pages;Request ID\n1.tif;A;4;MRR-1\n\n2.tif;A;;MRR-2\n",
        "FILENAME\tstation\tpages\tRequest ID\n1.tif\tA\t4\tMRR-1\n2.tif\tA\t\tMRR-2\n".encode("utf-16"),
        b'"path","station","pages","Request ID"\n"C:\\s\\1.tif","A","4","MRR-1"\n"/s/2.tif","A","","MRR-2"\n',
    ],
)
def test_csv_in_every_dialect(data: bytes) -> None:
    rows = read_csv(data)

    envelopes = [into_envelope(row.fields, BASE) for row in rows]

    assert [row.file for row in rows] == ["1.tif", "2.tif"]
    assert [e.declared_pages for e in envelopes] == [4, None]
    assert [e.index for e in envelopes] == [(("Request ID", "MRR-1"),), (("Request ID", "MRR-2"),)]


def test_a_single_row_without_a_file_name_speaks_of_the_namesake() -> None:
    rows = read_csv("Operator,Café\nkim,x\n".encode("cp1252"))

    assert rows == (IndexRow("", (("Operator", "kim"), ("Café", "x"))),)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b"1,2\n3,4\n", "header row"),
        (b"a,b\n1,2\n3,4\n", "FileName"),
        (b"file,b\n1.tif,2,3\n", "row 2 of the index has 3 fields"),
        (b"file,b\n,2\n", "no file name"),
        (b'file,b\n"1.tif,2\n', "not valid CSV"),
        (b"file\n" + b"a\n" * 10_001, "more than 10000 rows"),
    ],
)
def test_bad_csv_says_what_is_wrong(data: bytes, why: str) -> None:
    with pytest.raises(BadSidecarError, match=why):
        read_csv(data)


def test_a_csv_ends_with_its_last_line() -> None:
    ended = [is_whole_csv(data) for data in (b"a\n1\n", b"a\r\n1\r\n", "a\n1\n".encode("utf-16-le"))]

    assert ended == [True, True, True]
    assert not is_whole_csv(b"a\n1")


def test_odd_values_do_no_harm() -> None:
    fields = (("pages", "many"), ("station", "  "), ("Batch", "x\0y"), ("batch no", "2"), ("n", "v" * 9999))

    envelope = into_envelope(fields, BASE)

    assert (envelope.station, envelope.declared_pages, envelope.external_id) == ("share", None, "xy")
    assert envelope.index == (("pages", "many"), ("batch no", "2"), ("n", "v" * 500))
