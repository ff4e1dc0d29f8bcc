"""How a page can end, as tables count it."""

from bench.scoring import Row, Truth, judge

#: In the order of tables. Dropped: the page has an owner, and nobody would look at it.
RIGHT, REVIEW, SET_ASIDE, DROPPED, MISFILED = "filed right", "review", "set aside", "set aside wrongly", "misfiled"
ENDS = (RIGHT, REVIEW, SET_ASIDE, DROPPED, MISFILED)


def end_of(page: Truth, row: Row) -> str:
    """How the page ended: one of ENDS. A blank page is misfiled nowhere."""
    if judge(page, [row]).is_misfiled:
        return MISFILED
    if row.outcome == "set_aside":
        return DROPPED if page.request_id is not None and not page.is_repeat else SET_ASIDE
    return RIGHT if row.outcome == "filed" else REVIEW
