"""What the quality gate writes, and what it says where pages end otherwise."""

import gzip
from pathlib import Path

import pytest

from bench.ends import end_of
from bench.packed import name_of, read_requests
from bench.quality import LONGEST, MOST_SHOWN, PAGES, TABLE, Ended, Sample, difference, lines_of, pick, table_of
from bench.registry import draw_registry, write_registry
from bench.scoring import Row, Truth

SAMPLE = Sample("ordinary", 1, 10, 2, only_traps=False)


def page(number: int, owner: str | None = "A", *, is_repeat: bool = False, kind: str = "medical_record") -> Truth:
    return Truth("one.tif", number, kind, owner, (), (("situation", "plain"),), is_repeat)


def ended(number: int, end: str = "filed right") -> Ended:
    return Ended("ordinary", page(number), end, "named", "A")


def write(folder: Path, pages: list[Ended]) -> None:
    (folder / TABLE).write_text(table_of(pages))
    (folder / PAGES).write_text(lines_of(pages))


@pytest.mark.parametrize(
    ("truth", "outcome", "request_id", "end"),
    [
        (page(1), "filed", "A", "filed right"),
        (page(1), "filed", "B", "misfiled"),
        (page(1, None), "filed", "B", "misfiled"),
        (page(1, None, kind="blank"), "filed", "B", "filed right"),
        (page(1), "review", None, "review"),
        (page(1), "set_aside", None, "set aside wrongly"),
        (page(1, is_repeat=True), "set_aside", None, "set aside"),
        (page(1, None), "set_aside", None, "set aside"),
    ],
)
def test_a_page_ends_in_one_way(truth: Truth, outcome: str, request_id: str | None, end: str) -> None:
    row = Row(outcome, request_id, "", "", "")

    found = end_of(truth, row)

    assert found == end


def test_nothing_differs_from_what_was_just_written(tmp_path: Path) -> None:
    pages = [ended(1), ended(2, "review")]
    write(tmp_path, pages)

    found = difference(pages, tmp_path)

    assert found == ""


def test_a_page_that_ends_otherwise_is_shown_with_its_situation(tmp_path: Path) -> None:
    write(tmp_path, [ended(1), ended(2)])

    found = difference([ended(1), ended(2, "review")], tmp_path).splitlines()

    assert "-| ordinary | plain | 2 | 2 |  |  |  |  |" in found
    assert "+| ordinary | plain | 2 | 1 | 1 |  |  |  |" in found
    assert "-ordinary,one.tif,2,plain,A,filed right,named,A" in found
    assert "+ordinary,one.tif,2,plain,A,review,named,A" in found
    assert not any("one.tif,1," in line for line in found)


def test_a_long_difference_is_cut(tmp_path: Path) -> None:
    pages = [ended(k) for k in range(200)]

    found = difference(pages, tmp_path).splitlines()

    assert len(found) == MOST_SHOWN + 1
    assert found[-1].startswith("... and ")


def test_the_first_bundles_of_each_situation_are_picked() -> None:
    def bundle(situation: str, pages: int = 3) -> dict[str, object]:
        return {"situation": situation, "pages": [{}] * pages}

    truth = {
        "long": bundle("appeal", LONGEST + 1),
        "one": bundle("appeal"),
        "trap": bundle("near_ids"),
        "two": bundle("appeal"),
        "again": bundle("same_bytes"),
        "three": bundle("appeal"),
        "other": bundle("own_cover", LONGEST + 1),
    }

    picked = pick(truth, SAMPLE)

    assert list(picked) == ["one", "two", "other"]


def test_a_registry_is_read_from_its_tray_or_from_a_compressed_file(tmp_path: Path) -> None:
    tray, packed = tmp_path / "seven-7", tmp_path / "seven.requests.csv.gz"
    tray.mkdir()
    write_registry(draw_registry(7, 40), tray / "requests.csv")
    packed.write_bytes(gzip.compress((tray / "requests.csv").read_bytes()))

    one, other = read_requests(tray), read_requests(packed)

    assert one == other == draw_registry(7, 40).requests
    assert [name_of(tray), name_of(packed)] == ["seven-7", "seven"]
