"""What is taken from a mail, and what is left out: no part that may hold pages is lost."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PIL import Image

from tests.builders.mails import fax_pdf, fax_tiff, gateway_mail
from tests.builders.scans import drawn_page, image_bytes
from worker.domain.document import Arrival
from worker.domain.envelope import Channel, Incoming
from worker.domain.line import Line
from worker.errors import CannotWriteError
from worker.intake.mail import MailDoor, Tally, take_mail

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=ZoneInfo("America/New_York"))


class FakeAccept:
    """Keeps what came through the door; the same place again is the same arrival."""

    def __init__(self) -> None:
        self.taken: dict[bytes, tuple[Incoming, bytes, str]] = {}

    def __call__(self, incoming: Incoming, path: Path, refusal: str = "") -> Arrival:
        self.taken[incoming.place] = (incoming, path.read_bytes(), refusal)
        return Arrival(len(self.taken), incoming.source, "" if refusal else "ab" * 32, NOW, is_duplicate=False)

    @property
    def documents(self) -> list[bytes]:
        return [data for _, data, refusal in self.taken.values() if not refusal]

    @property
    def refusals(self) -> list[str]:
        return [refusal for _, _, refusal in self.taken.values() if refusal]


@pytest.fixture
def accept() -> FakeAccept:
    return FakeAccept()


@pytest.fixture
def door(accept: FakeAccept, tmp_path: Path) -> MailDoor:
    return MailDoor(accept, Line("routine"), tmp_path, lambda: NOW)


@pytest.fixture
def take(door: MailDoor) -> Callable[[EmailMessage | bytes], Tally]:
    def taking(mail: EmailMessage | bytes) -> Tally:
        tally = Tally()
        take_mail(mail if isinstance(mail, bytes) else mail.as_bytes(), NOW, door, tally)
        return tally

    return taking


Take = Callable[[EmailMessage | bytes], Tally]


def test_a_fax_comes_with_what_the_gateway_says_of_it(take: Take, accept: FakeAccept, tmp_path: Path) -> None:
    tiff = fax_tiff(tmp_path)

    take(gateway_mail(("fax.bin", tiff), text="Received on your fax number: (800) 555-0199"))

    ((incoming, data, _),) = accept.taken.values()
    said = incoming.envelope
    assert data == tiff
    assert (said.channel, said.sender, said.dialled, said.declared_pages) == (
        Channel.MAIL, "2155550123", "8005550199", 2,
    )  # fmt: skip
    assert said.external_id == "<fax-1@gateway.example>"
    assert incoming.place == b"mail:<fax-1@gateway.example>/2"
    assert incoming.received_at == NOW


@pytest.mark.parametrize("names", [("fax.tif", "FAX.pdf"), ("image.tif", "copy.pdf")])
def test_tiff_and_pdf_of_a_fax_are_one_document(
    names: tuple[str, str], take: Take, accept: FakeAccept, tmp_path: Path
) -> None:
    tiff, pdf = fax_tiff(tmp_path), fax_pdf(tmp_path)

    take(gateway_mail((names[1], pdf), (names[0], tiff)))

    assert accept.documents == [tiff]
    assert accept.refusals[0].startswith("the same fax as PDF")


@pytest.mark.parametrize(
    ("tiff_pages", "pdf_pages"), [(("One",), ("One", "Two")), (("One",), ("One",)), (("One", "Two"), ("One",))]
)
def test_in_doubt_both_are_taken(
    tiff_pages: tuple[str, ...], pdf_pages: tuple[str, ...], take: Take, accept: FakeAccept, tmp_path: Path
) -> None:
    tiff, pdf = fax_tiff(tmp_path, tiff_pages), fax_pdf(tmp_path, pdf_pages)

    take(gateway_mail(("a.tif", tiff), ("b.pdf", pdf)))

    assert accept.documents == [tiff, pdf]


def test_the_pdf_is_taken_when_the_tiff_is_cut_off(take: Take, accept: FakeAccept, tmp_path: Path) -> None:
    tiff, pdf = fax_tiff(tmp_path), fax_pdf(tmp_path)

    take(gateway_mail(("fax.tif", tiff[: len(tiff) // 2]), ("fax.pdf", pdf)))

    assert accept.documents == [tiff[: len(tiff) // 2], pdf]


def test_a_logo_is_left_out_and_a_page_in_the_text_is_not(take: Take, accept: FakeAccept) -> None:
    logo = image_bytes(Image.new("L", (180, 60), 90), "PNG")
    page = image_bytes(drawn_page(size=(850, 1100)), "PNG")
    mail = gateway_mail()
    mail.add_related(logo, "image", "png", cid="<logo@x>")
    mail.add_related(page, "image", "png", cid="<page@x>")

    take(mail)

    assert accept.documents == [page]


@pytest.mark.parametrize(
    ("subject", "failures"), [("Undeliverable: your fax", 0), ("Fax reception FAILED from 2155550123", 1)]
)
def test_notices_are_counted_and_hold_nothing(subject: str, failures: int, take: Take, accept: FakeAccept) -> None:
    tally = take(gateway_mail(subject=subject))

    assert accept.taken == {}
    assert (tally.notices, tally.failures) == (1, failures)


@pytest.mark.parametrize("name", ["winmail.dat", "records.zip", "../../etc/passwd", "x\r\n\x00.tif", "a" * 5_000])
def test_what_is_no_document_is_kept_for_a_person(name: str, take: Take, accept: FakeAccept) -> None:
    quoted = name.replace("\r\n", "").replace("\0", "")
    part = f'Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename="{quoted}"\r\n\r\nPK'
    mail = b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n" + part.encode() + b"\r\n--x--\r\n"

    take(mail)

    ((incoming, data, refusal),) = accept.taken.values()
    assert (data, refusal) == (b"PK", "")
    assert "/" not in incoming.source
    assert len(incoming.source) < 40


def test_a_fax_inside_a_forwarded_mail_is_found(take: Take, accept: FakeAccept, tmp_path: Path) -> None:
    outer = gateway_mail(message_id="<forwarded@x>")
    tiff = fax_tiff(tmp_path)
    outer.add_attachment(gateway_mail(("fax.tif", tiff)))

    take(outer)

    assert accept.documents == [tiff]


def test_a_mail_without_an_id_is_the_same_mail_again(take: Take, accept: FakeAccept, tmp_path: Path) -> None:
    mail = gateway_mail(("fax.tif", fax_tiff(tmp_path)), message_id=None).as_bytes()

    take(mail)
    take(mail)

    assert len(accept.taken) == 1


def test_a_mail_that_lost_its_parts_is_taken_in_whole(take: Take, accept: FakeAccept) -> None:
    mail = b"Message-ID: <a@x>\r\nContent-Type: multipart/mixed\r\n\r\nU29tZXRoaW5n"

    take(mail)

    ((incoming, data, _),) = accept.taken.values()
    assert data == mail
    assert "damaged" in incoming.envelope.error


def test_lines_bound_a_message(accept: FakeAccept, door: MailDoor, tmp_path: Path) -> None:
    files = [(f"{n}.tif", fax_tiff(tmp_path, [f"Page {n}"])) for n in range(3)]
    bounded = replace(door, line=Line("routine", max_documents=2))

    is_whole = take_mail(gateway_mail(*files).as_bytes(), NOW, bounded, Tally())

    assert not is_whole
    assert len(accept.documents) == 2
    assert accept.refusals == ["line routine takes 2 documents a message"]


def test_nothing_is_left_in_the_work_folder(take: Take, tmp_path: Path) -> None:
    work = set(tmp_path.iterdir())

    take(gateway_mail(("fax.tif", b"II*\0" + bytes(100))))

    assert set(tmp_path.iterdir()) == work


def test_trouble_of_ours_reaches_the_caller(door: MailDoor) -> None:
    def full(incoming: Incoming, path: Path, refusal: str = "") -> Arrival:
        raise CannotWriteError("full")

    with pytest.raises(CannotWriteError):
        take_mail(gateway_mail(("a.tif", b"II*\0")).as_bytes(), NOW, replace(door, accept=full), Tally())


def test_damaged_mails_end_well(take: Take, accept: FakeAccept, tmp_path: Path) -> None:
    whole = gateway_mail(("fäx.tif", fax_tiff(tmp_path, ["One"])), subject="Fax für 2155550123").as_bytes()
    dice = random.Random(7)

    for _ in range(300):
        damaged = bytearray(whole)
        for _ in range(12):
            damaged[dice.randrange(min(1_200, len(damaged)))] = dice.randrange(256)
        take(bytes(damaged))
    take(b"Content-Type: multipart/mixed; boundary=a\r\n\r\n" + b"--a\r\nContent-Type: message/rfc822\r\n\r\n" * 3_000)

    assert accept.taken
