"""A form is the same however it is cut into pieces, and nothing in it takes more than its limit."""

import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from worker.receiving.receive import LONGEST_FIELD, MOST_PARTS, FormReceiver, Limits, Sent
from worker.receiving.refused import BodyRefusedError

BOUNDARY = b"edge"
MOST = 1_000


def part(name: str, content: bytes, *, filename: str | None = None, more: str = "") -> bytes:
    named = f'; filename="{filename}"' if filename is not None else ""
    return f'--edge\r\nContent-Disposition: form-data; name="{name}"{named}\r\n{more}\r\n'.encode() + content + b"\r\n"


def form(*parts: bytes) -> bytes:
    return b"".join(parts) + b"--edge--\r\n"


@pytest.fixture
def sent() -> Iterator[Sent]:
    sent = Sent()
    yield sent
    sent.close()


def take(sent: Sent, home: Path, pieces: Sequence[bytes]) -> None:
    limits = {"": Limits(MOST, None), "few": Limits(10, 1)}
    receiver = FormReceiver(sent, home, BOUNDARY, lambda line: limits[line], "")
    for piece in pieces:
        receiver.feed(piece)
    receiver.finish()


def contents(sent: Sent) -> list[tuple[str, bytes]]:
    return [(file.name, file.path.read_bytes()) for file in sent.files]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(data=st.binary(max_size=200), cuts=st.lists(st.integers(0, 600), max_size=8))
def test_pieces_do_not_matter(tmp_path: Path, data: bytes, cuts: list[int]) -> None:
    whole = form(part("operator", "Zoë".encode()), part("file", data + b"\r\n--edg", filename="ä.tif"))
    edges = [0, *sorted(min(cut, len(whole)) for cut in cuts), len(whole)]
    sent = Sent()

    take(sent, tmp_path, [whole[a:b] for a, b in itertools.pairwise(edges)])
    found, fields = contents(sent), sent.fields
    sent.close()

    assert found == [("ä.tif", data + b"\r\n--edg")]
    assert fields == {"operator": "Zoë"}


def test_files_have_no_name_on_disk(sent: Sent, tmp_path: Path) -> None:
    take(sent, tmp_path, [form(part("file", b"abc", filename="a.tif"))])

    assert contents(sent) == [("a.tif", b"abc")]
    assert list((tmp_path / "spool").iterdir()) == []
    assert (tmp_path / "spool").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (form(part("file", b"x" * (MOST + 1))), 413),
        (form(part("line", b"few"), part("file", b"x" * 11)), 413),
        (form(part("line", b"few"), part("file", b"x"), part("file", b"x")), 413),
        (form(part("operator", b"x" * (LONGEST_FIELD + 1))), 422),
        (form(*[part(f"f{number}", b"x") for number in range(MOST_PARTS + 1)]), 422),
        (form(part("operator", b"a"), part("operator", b"b")), 422),
        (form(part("operator", b"\xff")), 422),
        (form(part("file", b"eA==", more="Content-Transfer-Encoding: base64\r\n")), 422),
        (form(part("file", b"abc"))[:-4], 422),
        (b"no form at all", 422),
        (b"", 422),
    ],
)
def test_what_does_not_fit_is_refused(sent: Sent, tmp_path: Path, body: bytes, status: int) -> None:
    with pytest.raises(BodyRefusedError) as refused:
        take(sent, tmp_path, [body])

    assert refused.value.status == status
    assert str(refused.value)
