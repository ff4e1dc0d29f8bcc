"""Stated probabilities, the bound that moves, and the page that tells of both."""

from pathlib import Path

import pytest

from bench.marked import rewrite, with_part
from bench.reliability import Bin, Chance, bins_of, expected_wrong
from bench.risk import Point, as_run, at_bounds, curve
from bench.scoring import Row, Truth
from bench.stated import Run, Stated, likeliest, told
from bench.trust import Pictures, by_facet, draw, surely_wrong, text_of
from bench.trust_pictures import left_of, log_odds_of, risk_of
from bench.trust_tables import grounds, share, with_letter
from worker.domain.decision import Candidate
from worker.matching.calibration import log_odds

FACETS = (("channel", "fax_fine"), ("level", "clean"), ("order", "each"), ("situation", "plain"))


def truth(number: int = 1, owner: str | None = "A", kind: str = "medical_record", source: str = "one.tif") -> Truth:
    return Truth(source, number, kind, owner, (), FACETS, is_repeat=False)


def stated(probability: float, best: str | None = "A", *, ground: str = "named", **more: object) -> Stated:
    is_filed = ground in ("named", "follows")
    row = Row("filed" if is_filed else "review", best if is_filed else None, "", "", "")
    page = more.pop("truth", truth())
    assert isinstance(page, Truth)
    return Stated(page, row, ground, best, probability, is_open=bool(more.get("is_open", True)))


def test_chances_are_put_into_bins_by_probability() -> None:
    chances = [Chance(0.2, is_right=False), Chance(0.5, is_right=True), Chance(0.6, is_right=False), Chance(1.0, True)]

    found = bins_of(chances, (0.0, 0.5, 0.9))

    assert [(b.low, b.high, b.pages, b.right) for b in found] == [(0.0, 0.5, 1, 0), (0.5, 0.9, 2, 1), (0.9, 1.0, 1, 1)]
    assert found[1].stated == pytest.approx(0.55)


def test_bins_without_pages_are_left_out() -> None:
    chances = [Chance(0.99995, is_right=True)]

    found = bins_of(chances)

    assert [(b.low, b.high) for b in found] == [(0.9999, 1.0)]


@pytest.mark.parametrize(("pages", "right", "is_overstated"), [(1000, 980, True), (1000, 999, False), (3, 3, False)])
def test_a_bin_is_overstated_only_where_chance_cannot_explain_it(
    pages: int, right: int, *, is_overstated: bool
) -> None:
    found = Bin(0.999, 0.9999, pages, right, 0.9995)

    overstated = found.is_overstated

    assert overstated is is_overstated


def test_probabilities_promise_how_many_are_wrong() -> None:
    chances = [Chance(0.9, is_right=True), Chance(0.6, is_right=True), Chance(1.0, is_right=False)]

    promised = expected_wrong(chances)

    assert promised == pytest.approx(0.5)


def test_pages_are_filed_in_the_order_of_their_probability() -> None:
    pages = [stated(0.7, "B"), stated(0.99), stated(0.9), stated(0.9, "B")]

    points = curve(pages)

    assert [(p.bound, p.filed, p.wrong) for p in points] == [(0.99, 1, 0), (0.9, 3, 1), (0.7, 4, 2)]
    assert points[-1].touchless == pytest.approx(0.5)
    assert points[-1].risk == pytest.approx(0.5)


@pytest.mark.parametrize("ground", ["contradicted", "closed", "unknown_patient", "unknown_request", "failed", "blank"])
def test_what_is_contradicted_is_filed_at_no_bound(ground: str) -> None:
    pages = [stated(0.99), stated(1.0, "B", ground=ground)]

    points = curve(pages)

    assert [(p.filed, p.wrong, p.owned) for p in points] == [(1, 0, 2)]


@pytest.mark.parametrize("ground", ["unsure", "several_fit", "nothing_named", "unreadable"])
def test_what_is_only_unsure_is_filed_once_the_bound_is_low_enough(ground: str) -> None:
    pages = [stated(0.99), stated(0.6, ground=ground)]

    points = curve(pages)

    assert [(p.bound, p.filed) for p in points] == [(0.99, 1), (0.6, 2)]


def test_a_closed_request_is_given_no_page_at_any_bound() -> None:
    pages = [stated(0.99), stated(0.99, "B", ground="several_fit", is_open=False)]

    points = curve(pages)

    assert [p.filed for p in points] == [1]


def test_blank_pages_and_repeats_are_not_asked() -> None:
    blank = stated(0.99, truth=truth(2, None, "blank"))
    pages = [stated(0.99), blank, stated(0.99, ground="repeated")]

    point = as_run(pages)

    assert (point.filed, point.owned) == (1, 1)


def test_the_run_counts_what_it_filed() -> None:
    pages = [stated(0.99), stated(0.999, "B"), stated(0.98, ground="unsure")]

    point = as_run(pages)

    assert (point.filed, point.wrong, point.owned) == (2, 1, 3)


def test_bounds_between_two_points_are_those_of_the_surer_one() -> None:
    points = curve([stated(0.99), stated(0.9), stated(0.5, "B")])

    found = at_bounds(points, (0.6, 0.95, 0.999))

    assert [(p.bound, p.filed, p.wrong) for p in found] == [(0.999, 0, 0), (0.95, 1, 0), (0.6, 2, 0)]


@pytest.mark.parametrize(
    ("probabilities", "best"),
    [((0.3, 0.6), "1"), ((0.3, 0.2), None), ((0.4,), None), ((), None), ((0.5, 0.49), "0")],
)
def test_the_likeliest_request_is_likelier_than_nobody(probabilities: tuple[float, ...], best: str | None) -> None:
    candidates = tuple(Candidate(str(k), value, ()) for k, value in enumerate(probabilities))

    found = likeliest(candidates)

    assert (found.request_id if found else None) == best


def test_only_pages_that_the_truth_can_judge_are_told() -> None:
    closed = stated(0.9, "C", ground="closed", is_open=False, truth=truth(2, None))
    elsewhere = stated(0.8, "C", ground="closed", is_open=False, truth=truth(3, "A"))
    nobody = stated(0.0, None, ground="nothing_named")
    run = Run("tray", (), {}, (stated(0.99), closed, elsewhere, nobody))

    found = [(page.probability, page.is_right) for page in told([run])]

    assert found == [(0.99, True), (0.8, False)]


def test_pages_that_are_surely_stated_wrong_are_named() -> None:
    run = Run("tray", (), {}, (stated(0.99), stated(0.95, "B"), stated(0.999, "B"), stated(0.5, "B")))

    lines = surely_wrong([run])

    assert lines == [
        "one.tif page 1 (plain): A, stated B 0.999000, named",
        "one.tif page 1 (plain): A, stated B 0.950000, named",
    ]


def test_the_goal_is_measured_on_legible_pages_of_documents_with_a_letter() -> None:
    letter, page = truth(1, "A", "letter"), truth(2)
    other = truth(1, source="two.tif")

    found = with_letter([letter, page, other])

    assert found == [letter, page]


def test_a_share_comes_with_its_interval() -> None:
    words = share(1, 1000)

    assert words == "0.10% (0.02% to 0.56%)"
    assert share(0, 0) == "-"


def test_grounds_of_review_are_counted() -> None:
    pages = [stated(0.9), stated(0.5, ground="unsure"), stated(0.5, ground="unsure", truth=truth(2, None))]

    text = grounds(pages)

    assert "| unsure | 2 | 1 | 100% |" in text
    assert "named" not in text.replace("nothing_named", "")


def test_places_on_the_axes_stay_on_them() -> None:
    tenth, ninth = 0.1, 0.9

    places = [log_odds_of(0.0), log_odds_of(tenth), log_odds_of(ninth), log_odds_of(1.0)]

    assert places == sorted(places)
    assert places[2] == pytest.approx(log_odds(0.9))
    assert (risk_of(0.0), risk_of(0.02)) == (1e-4, 0.02)
    assert [left_of([0.93, 0.71]), left_of([0.01])] == pytest.approx([0.6, 0.0])


def test_a_part_of_a_page_is_written_anew_and_the_rest_stays() -> None:
    page = "Before.\n<!-- trust -->\nold\n<!-- /trust -->\nAfter.\n"

    now = with_part(page, "trust", "new\n")

    assert now == "Before.\n<!-- trust -->\n\nnew\n\n<!-- /trust -->\nAfter.\n"
    assert with_part(now, "trust", "new\n") == now


def test_a_page_without_the_part_is_refused() -> None:
    page = "Nothing here.\n"

    with pytest.raises(ValueError, match="<!-- trust -->"):
        with_part(page, "trust", "new")


def test_one_command_draws_the_pictures_and_writes_the_page(tmp_path: Path) -> None:
    page = tmp_path / "accuracy.md"
    page.write_text("# Accuracy\n\n<!-- trust -->\n<!-- /trust -->\n")
    pages = tuple(stated(0.9 + k / 100, truth=truth(k + 1)) for k in range(9))
    rows = {(p.truth.source, p.truth.page): [p.row] for p in pages}
    run = Run("tray", tuple(p.truth for p in pages), rows, pages)

    draw([run], Pictures(page))
    rewrite(page, "trust", text_of([run], Pictures(page)))

    text = page.read_text()
    pictures = sorted(path.name for path in tmp_path.glob("*.png"))
    assert pictures == ["accuracy-reliability.png", "accuracy-risk-by.png", "accuracy-risk.png"]
    assert all(f"({name})" in text for name in pictures)
    assert "| pages | 9 |" in text
    assert list(by_facet(pages)) == ["fax_fine", "clean"]


def test_a_point_without_pages_has_no_risk() -> None:
    point = Point(0.9, 0, 0, 0)

    figures = (point.touchless, point.risk, point.interval)

    assert figures == (0.0, 0.0, (0.0, 1.0))
