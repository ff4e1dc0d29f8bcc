"""Indexes beside scans in a hot folder: waited for, used once, and never in the way."""

from pathlib import Path

import pytest

from tests.builders.hot_folders import Bench
from tests.builders.scans import drawn_page, image_bytes
from worker.intake.hot_folder_listing import REJECTED

PNG = image_bytes(drawn_page("One", (300, 300)), "PNG")
OTHER = image_bytes(drawn_page("Two", (300, 300)), "PNG")


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path / "scans")


def test_an_index_of_several_files_becomes_their_envelopes(bench: Bench) -> None:
    bench.put("a.png", PNG)
    bench.put("B.PNG", OTHER)
    bench.put(
        "index.csv", "FileName,Station,Operator,Pages,Batch,Request ID\na.png,S1,kim,3,B7,M1\nb.png,S1,lee,1,B7,M2\n"
    )

    bench.pass_time(0)
    bench.pass_time(5)

    envelopes = {incoming.source: incoming.envelope for incoming, _, _ in bench.accept.given.values()}
    assert {(n, e.station, e.operator, e.declared_pages, e.external_id, e.index) for n, e in envelopes.items()} == {
        ("a.png", "S1", "kim", 3, "B7", (("Request ID", "M1"),)),
        ("B.PNG", "S1", "lee", 1, "B7", (("Request ID", "M2"),)),
    }
    assert bench.left == []


def test_an_index_that_comes_first_does_not_hurry_its_file(bench: Bench) -> None:
    bench.put("a.xml", "<scan><Operator>kim</Operator></scan>", at=100)
    bench.put("a.png", PNG, at=101)

    waiting = [bench.pass_time(0), bench.pass_time(5)]

    assert waiting[0] > 0
    ((incoming, _, _),) = bench.accept.given.values()
    assert incoming.envelope.operator == "kim"


def test_a_file_waits_for_an_index_that_is_being_written(bench: Bench) -> None:
    bench.put("a.png", PNG, at=100)
    bench.pass_time(0)
    bench.put("a.xml", "<scan><Operator>ki", at=104)
    bench.pass_time(4)
    bench.pass_time(1)
    assert bench.accept.names == []

    bench.put("a.xml", "<scan><Operator>kim</Operator></scan>", at=106)
    bench.pass_time(1)

    ((incoming, _, _),) = bench.accept.given.values()
    assert incoming.envelope.operator == "kim"


def test_a_bad_index_is_rejected_and_its_file_is_taken(bench: Bench) -> None:
    bench.put("a.png", PNG)
    bench.put("a.xml", '<!DOCTYPE a [<!ENTITY b "x">]><a><Operator>&b;</Operator></a>')

    bench.pass_time(0)
    bench.pass_time(5)

    assert bench.accept.names == ["a.png"]
    assert bench.left == [f"{REJECTED}/a.xml", f"{REJECTED}/a.xml.reason.txt"]
    assert "document type declaration" in (bench.folder / REJECTED / "a.xml.reason.txt").read_text()


def test_an_index_whose_files_never_come_is_rejected_with_their_names(bench: Bench) -> None:
    bench.put("index.csv", "FileName\nmissing.tif\n")

    bench.pass_time(0)
    bench.pass_time(600)

    assert "missing.tif" in (bench.folder / REJECTED / "index.csv.reason.txt").read_text()


def test_an_index_that_grows_row_by_row_is_used_as_it_goes(bench: Bench) -> None:
    bench.put("a.png", PNG, at=100)
    bench.put("index.csv", "FileName,Operator\na.png,kim\n", at=100)
    first = bench.pass_time(0)
    bench.put("b.png", OTHER, at=102)
    bench.put("index.csv", "FileName,Operator\na.png,kim\nb.png,lee\n", at=102)

    bench.pass_time(2)
    waiting = bench.pass_time(10)

    assert first > 0
    assert [i.envelope.operator for i, _, _ in bench.accept.given.values()] == ["kim", "lee"]
    assert (waiting, bench.left) == (0, [])


def test_a_row_is_used_once(bench: Bench) -> None:
    bench.put("index.csv", "FileName,Operator\na.png,kim\nlater.png,lee\n", at=100)
    for day in (1, 2):
        bench.put("a.png", PNG, at=100 + day)
        bench.pass_time(1)
        bench.pass_time(5)

    assert [i.envelope.operator for i, _, _ in bench.accept.given.values()] == ["kim", ""]


def test_scans_of_another_folder_are_not_meant(bench: Bench) -> None:
    bench.put("one/index.csv", "FileName,Operator\na.png,kim\n", at=100)
    bench.put("two/a.png", PNG, at=100)

    bench.pass_time(0)
    bench.pass_time(5)

    ((incoming, _, _),) = bench.accept.given.values()
    assert incoming.envelope.operator == ""
