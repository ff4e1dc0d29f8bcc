"""When a file in a hot folder is ready, told with seconds and no clock."""

import pytest

from worker.intake.watch_rules import Look, Patience, Sign, Verdict, Watched, Wholeness, judge, look_again

PATIENCE = Patience(still=5)
FULL, EMPTY = Look(1000, 7), Look(0, 7)


def verdict(
    quiet: float, wholeness: Wholeness = Wholeness.WHOLE, *, sign: Sign = Sign.NONE, look: Look = FULL, age: float = 0
) -> Verdict:
    """For a file without a change for `quiet` seconds that came `age` seconds before that."""
    return judge(Watched(look, 1000, 1000 - age), 1000 + quiet, PATIENCE, sign, lambda: wholeness)


@pytest.mark.parametrize(
    ("quiet", "wholeness", "expected"),
    [
        (4.9, Wholeness.WHOLE, Verdict.WAIT),
        (5, Wholeness.WHOLE, Verdict.TAKE),
        (14.9, Wholeness.UNKNOWN, Verdict.WAIT),
        (15, Wholeness.UNKNOWN, Verdict.TAKE),
        (49.9, Wholeness.BROKEN, Verdict.WAIT),
        (50, Wholeness.BROKEN, Verdict.TAKE),
    ],
)
def test_less_whole_files_wait_longer_but_are_taken(quiet: float, wholeness: Wholeness, expected: Verdict) -> None:
    decided = verdict(quiet, wholeness)

    assert decided is expected


def test_a_marker_is_believed_at_once() -> None:
    decided = verdict(0, Wholeness.BROKEN, sign=Sign.MARKED)

    assert decided is Verdict.TAKE


def test_an_index_saves_the_wait_only_for_a_whole_file() -> None:
    whole, half = (verdict(0, wholeness, sign=Sign.INDEXED) for wholeness in (Wholeness.WHOLE, Wholeness.BROKEN))

    assert (whole, half) == (Verdict.TAKE, Verdict.WAIT)


def test_an_empty_file_is_given_up_after_long_even_with_a_marker() -> None:
    early = verdict(49, look=EMPTY, sign=Sign.MARKED)
    late = verdict(50, look=EMPTY, sign=Sign.MARKED)

    assert (early, late) == (Verdict.WAIT, Verdict.EMPTY)


def test_a_file_that_never_rests_is_told_of_after_ten_minutes() -> None:
    early = verdict(1, age=500)
    late = verdict(1, age=599)

    assert (early, late) == (Verdict.WAIT, Verdict.GROWING)


def test_a_change_of_size_or_time_begins_the_wait_again() -> None:
    first = look_again(None, Look(1, 1), 10)

    same = look_again(first, Look(1, 1), 12)
    larger = look_again(same, Look(2, 1), 14)
    rewritten = look_again(larger, Look(2, 0), 16)

    assert same == Watched(Look(1, 1), 10, 10)
    assert larger == Watched(Look(2, 1), 14, 10)
    assert rewritten == Watched(Look(2, 0), 16, 10)


def test_the_file_is_not_read_before_it_matters() -> None:
    asked: list[int] = []

    def wholeness() -> Wholeness:
        asked.append(1)
        return Wholeness.WHOLE

    decided = judge(Watched(FULL, 0, 0), 1, PATIENCE, Sign.NONE, wholeness)

    assert decided is Verdict.WAIT
    assert asked == []
