"""The quality gate: labelled pages of drawn faxes, read once and committed, are decided as is written of them.

Whoever changes matching sees here which pages end otherwise. Where that is better, `python -m bench.quality --write`
writes the results anew, and the commit shows the difference. A misfiled page fails by itself, whatever is written.
"""

import pytest

from bench.ends import MISFILED
from bench.quality import FOLDER, SAMPLES, Ended, decide_samples, difference
from bench.situations.catalogue import ORDINARY, TRAPS

#: Bytes that the streams and their registries may have together: they stay in the repository for ever.
MOST_BYTES = 1_500_000


@pytest.fixture(scope="module")
def ended() -> tuple[Ended, ...]:
    return decide_samples()


def test_no_page_is_misfiled(ended: tuple[Ended, ...]) -> None:
    pages = ended

    misfiled = [" ".join(map(str, page.cells)) for page in pages if page.end == MISFILED]

    assert misfiled == [], "misfiled:\n" + "\n".join(misfiled)


def test_every_page_ends_as_is_written(ended: tuple[Ended, ...]) -> None:
    pages = ended

    changed = difference(pages)

    if changed:
        pytest.fail(f"{changed}\n\nIf this is better: .venv/bin/python -m bench.quality --write", pytrace=False)


def test_every_situation_is_in_the_streams(ended: tuple[Ended, ...]) -> None:
    wanted = {situation.__name__ for situation, _, _ in ORDINARY + TRAPS}

    found = {page.situation for page in ended}

    assert wanted - found == set()


def test_the_streams_are_small() -> None:
    files = [FOLDER / name for sample in SAMPLES for name in (sample.stream, sample.registry)]

    together = sum(path.stat().st_size for path in files)

    assert together <= MOST_BYTES
