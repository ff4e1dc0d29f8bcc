"""The sheet: nothing lies over anything else, every place has its number, and all of it is on the sheet."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worker.domain.decision import Candidate, Decision, DocumentType, Finding, Outcome, Verdict
from worker.domain.reading import Box
from worker.explaining.account import account_of
from worker.explaining.heading import Heading
from worker.explaining.panel import told
from worker.explaining.shapes import Bar, Chip, Face, Frame, Text, wrapped
from worker.explaining.sheet import PageSize, Sheet, lay_out
from worker.explaining.tags import tag_places, touches

WIDTH, HEIGHT = 1_700, 2_200
LONG = "The date of service is within the requested dates, 05/31/2025 to 05/31/2025, " * 3


def measure(text: str, face: Face) -> float:
    return 0.62 * face.size * len(text)


boxes = st.builds(
    Box, st.integers(0, WIDTH - 200), st.integers(0, HEIGHT - 40), st.integers(8, 200), st.integers(8, 40)
)
findings = st.builds(
    lambda weight, places, sentence: Finding(
        "member name", Verdict.AGREES if weight > 0 else Verdict.DISAGREES, weight, sentence, tuple(places)
    ),
    st.floats(-12, 14).filter(lambda weight: abs(weight) > 0.01),
    st.lists(boxes, max_size=3),
    st.sampled_from([LONG, "Short.", "W" * 120]),
)
candidates = st.lists(st.tuples(st.floats(0, 1), st.lists(findings, max_size=9)), max_size=3)


def sheet(given_candidates: list[tuple[float, list[Finding]]], size: tuple[int, int] = (WIDTH, HEIGHT)) -> Sheet:
    found = tuple(Candidate(f"2026{k}", chance, tuple(each)) for k, (chance, each) in enumerate(given_candidates))
    decided = Decision(3, Outcome.REVIEW, None, DocumentType.MEDICAL_RECORD, 0.9, LONG, found)
    return lay_out(
        Heading("a/" + "fax" * 60 + ".tif", 7, decided), account_of(decided, (), 7), PageSize(*size, ()), measure
    )


@settings(max_examples=60, deadline=None)
@given(candidates)
def test_nothing_lies_over_anything_else(given_candidates: list[tuple[float, list[Finding]]]) -> None:
    laid = sheet(given_candidates)

    shown = [shape for shape in laid.shapes if isinstance(shape, Text | Bar | Chip)]
    overlapping = [(a, b) for a, b in combinations(shown, 2) if touches(a.box, b.box)]
    assert overlapping == []
    for shape in laid.shapes:
        assert shape.box.left >= 0
        assert shape.box.top >= 0
        assert shape.box.left + shape.box.width <= laid.width
        assert shape.box.top + shape.box.height <= laid.height


@settings(max_examples=60, deadline=None)
@given(candidates)
def test_every_finding_with_a_place_has_its_number_beside_it(
    given_candidates: list[tuple[float, list[Finding]]],
) -> None:
    laid = sheet(given_candidates)

    right = laid.page.left + laid.page.width
    chips = [shape for shape in laid.shapes if isinstance(shape, Chip)]
    on_page = {chip.label for chip in chips if chip.box.left < right}
    assert {chip.label for chip in chips if chip.box.left >= right and chip.is_filled} == on_page


@pytest.mark.parametrize("size", [(WIDTH, HEIGHT), (HEIGHT, WIDTH), (600, 9_000), (9_000, 300)])
def test_pages_of_any_shape_lie_left_of_the_panel(size: tuple[int, int]) -> None:
    place = Box(size[0] - 60, size[1] - 30, 50, 20)
    laid = sheet([(0.9, [Finding("birth date", Verdict.AGREES, 8.0, "Same.", (place,))])], size)

    (frame,) = (shape.box for shape in laid.shapes if isinstance(shape, Frame) and shape.box.left < 1_028)
    scale = laid.page.width / size[0]
    assert abs(frame.left + frame.width / 2 - laid.page.left - (place.left + 25) * scale) <= 5
    assert abs(frame.top + frame.height / 2 - laid.page.top - (place.top + 10) * scale) <= 5


def test_a_tag_touches_its_place_where_there_is_room() -> None:
    place, page = Box(300, 300, 100, 20), Box(0, 0, 1_000, 1_000)

    (free,) = tag_places([place], [(20, 20)], [], page)
    (crowded,) = tag_places([place], [(20, 20)], [Box(200, 300, 100, 20)], page)

    assert free == Box(280, 300, 20, 20)
    assert crowded == Box(400, 300, 20, 20)


def test_long_words_are_cut_and_no_letter_is_lost() -> None:
    lines = wrapped("A " + "W" * 50, Face(10), 100, measure)

    assert "".join(lines) == "A" + "W" * 50
    assert all(measure(line, Face(10)) <= 100 for line in lines)


def test_a_probability_is_never_told_as_certainty() -> None:
    assert [told(p) for p in (1.0, 0.5, 0.0)] == ["over 0.9999", "0.5000", "under 0.0001"]
