"""A hot folder on a real disk, under a clock that the test turns."""

import os
from pathlib import Path

import pytest

from tests.builders.hot_folders import NOW, Bench
from tests.builders.scans import drawn_page, image_bytes
from worker.domain.envelope import Channel
from worker.errors import UnreachableError
from worker.intake.hot_folder import EMPTY, STILL_GROWING
from worker.intake.hot_folder_claims import claim
from worker.intake.hot_folder_listing import CLAIMED, REJECTED, list_folder

PNG = image_bytes(drawn_page("One", (300, 300)), "PNG")
OTHER = image_bytes(drawn_page("Two", (300, 300)), "PNG")


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path / "scans")


def test_a_whole_file_is_taken_when_it_stood_still_and_then_removed(bench: Bench) -> None:
    bench.put("front/a.png", PNG)

    waiting = [bench.pass_time(0), bench.pass_time(4.9), bench.pass_time(0.1)]

    assert waiting == [1, 1, 0]
    ((incoming, data, _),) = bench.accept.given.values()
    assert (incoming.source, data, incoming.received_at) == ("front/a.png", PNG, NOW)
    assert (incoming.envelope.channel, incoming.envelope.station) == (Channel.FOLDER, "front")
    assert bench.left == []


def test_a_slow_writer_is_waited_for(bench: Bench) -> None:
    for share in range(1, 10):
        bench.put("a.png", PNG[: len(PNG) * share // 10], at=share)
        bench.pass_time(4)
    assert bench.accept.names == []

    bench.put("a.png", PNG, at=11)
    bench.pass_time(4)
    bench.pass_time(5)

    assert [data for _, data, _ in bench.accept.given.values()] == [PNG]


def test_half_a_file_is_taken_after_long_so_that_nothing_is_lost(bench: Bench) -> None:
    bench.put("a.png", PNG[:-20])

    waiting = [bench.pass_time(0), bench.pass_time(49), bench.pass_time(1)]

    assert waiting == [1, 1, 0]
    assert bench.accept.names == ["a.png"]


@pytest.mark.parametrize("marker", ["a.png.done", "a.OK", "A.ready", "a.png.complete"])
def test_a_marker_takes_a_file_at_once(bench: Bench, marker: str) -> None:
    bench.put("a.png", PNG, at=100)
    bench.put(marker, "", at=100)

    waiting = bench.pass_time(0)

    assert waiting == 0
    assert bench.accept.names == ["a.png"]
    assert bench.left == []


def test_a_marker_of_an_earlier_file_is_not_believed(bench: Bench) -> None:
    bench.put("a.png.done", "", at=100)
    bench.put("a.png", PNG[:50], at=101)

    waiting = bench.pass_time(0)

    assert waiting == 1
    assert bench.accept.names == []


def test_what_can_never_be_taken_goes_to_the_rejects_and_is_recorded(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    os.mkfifo(bench.folder / "pipe.tif")
    (bench.folder / "link.tif").symlink_to(tmp_path / "secret")
    bench.put("empty.tif", b"")
    (bench.folder / REJECTED).mkdir()
    (bench.folder / REJECTED / "empty.tif").write_text("an earlier one")

    bench.pass_time(0)
    bench.pass_time(50)

    refusals = {incoming.source: refusal for incoming, _, refusal in bench.accept.given.values()}
    assert set(refusals) == {"pipe.tif", "link.tif", "empty.tif"}
    assert refusals["empty.tif"] == EMPTY
    rejects = bench.folder / REJECTED
    assert (rejects / "empty.tif").read_text() == "an earlier one"
    assert EMPTY in (rejects / "empty (2).tif.reason.txt").read_text()
    assert (rejects / "pipe.tif").is_fifo()
    assert (rejects / "link.tif").is_symlink()


def test_a_file_larger_than_its_line_takes_goes_to_the_rejects_and_is_recorded(bench: Bench) -> None:
    bench.restart(most_bytes=len(PNG))
    bench.put("fits.png", PNG)
    bench.put("large.png", PNG + b" ")

    bench.pass_time(0)
    bench.pass_time(50)

    assert bench.accept.names == ["fits.png"]
    (reason,) = [refusal for _, _, refusal in bench.accept.given.values() if refusal]
    assert f"this line takes {len(PNG):,}" in reason
    rejects = bench.folder / REJECTED
    assert (rejects / "large.png").read_bytes() == PNG + b" "
    assert reason in (rejects / "large.png.reason.txt").read_text()


def test_hidden_and_temporary_names_are_left_alone(bench: Bench) -> None:
    for name in (".hidden.png", "~a.png", "a.png.part", "Thumbs.db", ".snap/a.png"):
        bench.put(name, PNG)

    waiting = [bench.pass_time(0), bench.pass_time(1000)]

    assert waiting == [0, 0]
    assert len(bench.left) == 5


def test_a_file_that_grows_for_ever_is_told_of_once(bench: Bench) -> None:
    for second in range(0, 700, 4):
        bench.put("a.tif", b"x" * (second + 1), at=second)
        bench.pass_time(4)

    assert bench.heard.lines == [f"waits a.tif: {STILL_GROWING}"]
    assert bench.accept.given == {}


def test_while_the_database_is_down_everything_stays_and_comes_once_later(bench: Bench) -> None:
    bench.put("a.png", PNG)
    bench.put("b.png", PNG)
    bench.accept.is_down = True
    bench.pass_time(0)
    for _ in range(3):
        with pytest.raises(UnreachableError):
            bench.pass_time(5)
    assert len([name for name in bench.left if name.endswith(("document", ".png"))]) == 2

    bench.accept.is_down = False
    bench.pass_time(5)

    assert bench.accept.names == ["a.png", "b.png"]
    assert bench.left == []


def test_a_claim_that_a_crash_left_is_one_arrival_with_its_envelope(bench: Bench) -> None:
    bench.put("a.png", PNG)
    (entry,) = list_folder(bench.folder)
    claimed = claim(bench.folder, entry, bench.hot._options.envelope("desk"), NOW)
    bench.accept(claimed.incoming, claimed.document)
    (bench.folder / CLAIMED / "0-cut-short").mkdir()

    bench.restart()
    bench.pass_time(0)

    ((incoming, _, _),) = bench.accept.given.values()
    assert (incoming, bench.left) == (claimed.incoming, [])
    assert bench.heard.lines == ["taken a.png 1"]


def test_the_same_name_and_bytes_on_another_day_are_another_arrival(bench: Bench) -> None:
    for _ in range(2):
        bench.put("scan0001.png", PNG)
        bench.pass_time(1)
        bench.pass_time(5)

    assert bench.accept.names == ["scan0001.png", "scan0001.png"]


def test_a_station_that_writes_on_after_the_rename_is_waited_for(bench: Bench) -> None:
    path = bench.put("a.png", PNG[:-20])
    bench.put("a.done", "", at=200)
    bench.accept.is_down = True
    with path.open("ab") as station:
        with pytest.raises(UnreachableError):
            bench.pass_time(0)
        station.write(PNG[-20:])
    bench.accept.is_down = False

    waiting = [bench.pass_time(1), bench.pass_time(49), bench.pass_time(1)]

    assert waiting == [1, 1, 0]
    assert [data for _, data, _ in bench.accept.given.values()] == [PNG]


def test_taken_files_are_kept_where_that_is_wanted(tmp_path: Path) -> None:
    bench = Bench(tmp_path / "scans", keep=tmp_path / "scans" / "taken")
    for data in (PNG, OTHER):
        bench.put("desk/a.png", data)
        bench.pass_time(1)
        bench.pass_time(5)

    assert bench.left == ["taken/desk/a (2).png", "taken/desk/a.png"]
    assert (tmp_path / "scans/taken/desk/a (2).png").read_bytes() == OTHER


def test_it_stops_between_two_files(bench: Bench) -> None:
    bench.put("a.png", PNG)
    bench.pass_time(0)

    bench.stop.set()
    bench.pass_time(5)

    assert bench.accept.names == []
    assert bench.left == ["a.png"]


def test_a_folder_that_is_gone_raises_and_comes_back(bench: Bench, tmp_path: Path) -> None:
    bench.put("a.png", PNG)
    bench.folder.rename(tmp_path / "away")
    with pytest.raises(OSError, match="No such file"):
        bench.pass_time(1)

    (tmp_path / "away").rename(bench.folder)
    bench.pass_time(1)
    bench.pass_time(5)

    assert bench.accept.names == ["a.png"]


def test_names_that_are_no_text_or_very_long_make_no_trouble(bench: Bench) -> None:
    odd, long = os.fsdecode(b"caf\xe9\n.png"), "x" * 251 + ".png"
    bench.put(odd, PNG)
    bench.put(long, b"")
    bench.put("desk\udce9/a.png", PNG)
    bench.accept.is_down = True
    bench.pass_time(0)
    with pytest.raises(UnreachableError):
        bench.pass_time(50)

    bench.accept.is_down = False
    bench.restart()
    bench.pass_time(1)
    bench.pass_time(50)

    assert sorted(bench.accept.names) == ["caf\\xe9\\n.png", "desk\\xe9/a.png"]
    assert {i.envelope.station for i, _, refusal in bench.accept.given.values() if not refusal} == {"", "desk\\xe9"}
    assert bench.left == [f"{REJECTED}/{'x' * 196}.png", f"{REJECTED}/{'x' * 196}.png.reason.txt"]


def test_one_file_that_cannot_be_moved_away_holds_up_nothing(tmp_path: Path) -> None:
    bench = Bench(tmp_path / "scans", keep=tmp_path / "kept")
    (tmp_path / "kept").write_text("in the way")
    bench.put("a.png", PNG)
    bench.put("b.png", OTHER)

    waiting = [bench.pass_time(0), bench.pass_time(5), bench.pass_time(5)]
    (tmp_path / "kept").unlink()
    waiting.append(bench.pass_time(5))

    assert waiting == [2, 2, 2, 0]
    assert bench.accept.names == ["a.png", "b.png"]
    assert sorted(path.name for path in (tmp_path / "kept").iterdir()) == ["a.png", "b.png"]
    assert len(bench.heard.lines) == 4


def test_rejects_are_for_those_who_may_use_the_folder(bench: Bench) -> None:
    bench.folder.chmod(0o2775)
    bench.put("empty.tif", b"")

    bench.pass_time(0)
    bench.pass_time(50)

    assert (bench.folder / REJECTED).stat().st_mode & 0o7777 == 0o2775
