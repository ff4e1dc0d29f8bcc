"""Fetching from a real IMAP server: each mail once, whatever is killed or is done twice."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from imap_tools.mailbox import MailBoxUnencrypted

from tests.builders.mails import fax_pdf, fax_tiff, gateway_mail
from tests.conftest import Mailbox
from tests.servers.imap_server import ImapServer
from worker.db import arrivals
from worker.domain.document import Arrival
from worker.domain.envelope import Incoming
from worker.errors import BadSettingsError, UnreachableError
from worker.intake.mail import MailDoor, Tally, fetch_for_ever, fetch_once
from worker.intake.mail_box import DONE, NOTICE, Account, Security
from worker.pipeline.site import Site
from worker.wiring import open_site

ARRIVED = datetime(2026, 11, 2, 3, 30, tzinfo=UTC)
NEVER = threading.Event()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    opened = open_site(tmp_path / "home")
    yield opened
    opened.shelf.engine.dispose()


@pytest.fixture
def door(site: Site) -> MailDoor:
    return MailDoor(site.accept, site.line("routine"), site.home / "mail", site.now)


@pytest.fixture
def account(mailbox: Mailbox) -> Account:
    return Account(mailbox.host, mailbox.user, mailbox.password, mailbox.port, security=Security.PLAIN)


@pytest.fixture
def box(account: Account) -> Iterator[MailBoxUnencrypted]:
    with MailBoxUnencrypted(account.host, account.port or 0).login(account.user, account.password) as opened:
        yield opened


def post(box: MailBoxUnencrypted, *mails: bytes) -> None:
    for mail in mails:
        box.append(mail, dt=ARRIVED)


def flags(box: MailBoxUnencrypted) -> list[set[str]]:
    box.folder.set("INBOX")
    return [set(mail.flags) - {"\\Recent"} for mail in box.fetch(mark_seen=False)]


def test_each_fax_arrives_once_and_its_mail_is_marked(
    box: MailBoxUnencrypted, account: Account, door: MailDoor, site: Site, tmp_path: Path
) -> None:
    fax = gateway_mail(("f.tif", fax_tiff(tmp_path)), ("f.pdf", fax_pdf(tmp_path))).as_bytes()
    post(box, fax, fax, gateway_mail(subject="Delivery report", message_id="<b@x>").as_bytes())
    tally = Tally()

    fetch_once(account, door, tally, NEVER)
    fetch_once(account, door, tally, NEVER)

    arrived = arrivals.load_all(site.shelf.engine)
    assert [bool(arrival.sha256) for arrival in arrived] == [True, False]
    assert arrived[0].received_at == ARRIVED
    assert tally.mails == 3
    assert flags(box) == [{"\\Seen", DONE}, {"\\Seen", DONE}, {"\\Seen", DONE, NOTICE}]


def test_a_mail_whose_documents_are_not_safe_is_taken_again(
    box: MailBoxUnencrypted, account: Account, door: MailDoor, site: Site, tmp_path: Path
) -> None:
    post(box, gateway_mail(("a.tif", fax_tiff(tmp_path)), ("b.pdf", fax_pdf(tmp_path, ["x"]))).as_bytes())

    def failing(incoming: Incoming, path: Path, refusal: str = "") -> Arrival:
        if incoming.place.endswith(b"/3"):
            raise UnreachableError("the store", "test")
        return site.accept(incoming, path, refusal)

    with pytest.raises(UnreachableError):
        fetch_once(account, replace(door, accept=failing), Tally(), NEVER)
    unmarked = flags(box)
    fetch_once(account, door, Tally(), NEVER)

    assert unmarked == [set()]
    assert len(arrivals.load_all(site.shelf.engine)) == 2


def test_mails_that_others_deleted_stay_and_finished_ones_move(
    box: MailBoxUnencrypted, account: Account, door: MailDoor, tmp_path: Path
) -> None:
    post(box, gateway_mail(message_id="<deleted@x>").as_bytes(), gateway_mail(("a.tif", fax_tiff(tmp_path))).as_bytes())
    box.folder.set("INBOX")
    box.client.uid("STORE", "1", "+FLAGS", "(\\Deleted)")

    fetch_once(replace(account, done_folder="Done"), door, Tally(), NEVER)

    assert flags(box) == [{"\\Deleted"}]
    box.folder.set("Done")
    assert len(box.uids()) == 1


def test_two_fetchers_at_once_take_each_mail_once(
    box: MailBoxUnencrypted, account: Account, door: MailDoor, site: Site, tmp_path: Path
) -> None:
    tiffs = [fax_tiff(tmp_path, [f"Fax {n}"]) for n in range(8)]
    post(box, *(gateway_mail(("a.tif", t), message_id=f"<{n}@x>").as_bytes() for n, t in enumerate(tiffs)))
    fetchers = [threading.Thread(target=fetch_once, args=(account, door, Tally(), NEVER)) for _ in range(2)]

    for fetcher in fetchers:
        fetcher.start()
    for fetcher in fetchers:
        fetcher.join()

    assert len(arrivals.load_all(site.shelf.engine)) == len(tiffs)
    assert flags(box) == [{"\\Seen", DONE}] * len(tiffs)


def test_a_server_that_is_down_is_waited_for(door: MailDoor, site: Site, tmp_path: Path) -> None:
    stop, tally = threading.Event(), Tally()
    with ImapServer() as server:
        account = Account(server.host, "gateway", server.password, server.port, security=Security.PLAIN)
        with MailBoxUnencrypted(server.host, server.port).login("gateway", server.password) as box:
            post(box, gateway_mail(("a.tif", fax_tiff(tmp_path))).as_bytes())
        server.kill()
        fetcher = threading.Thread(target=fetch_for_ever, args=(account, door, tally, 0.2, stop))

        fetcher.start()
        stop.wait(0.5)
        server.start()
        for _ in range(100):
            if tally.mails or stop.wait(0.1):
                break
        stop.set()
        fetcher.join()

    assert len(arrivals.load_all(site.shelf.engine)) == 1


def test_the_password_does_not_cross_the_network_in_clear(account: Account, door: MailDoor) -> None:
    with pytest.raises(BadSettingsError, match="in clear"):
        fetch_once(replace(account, host="192.0.2.1"), door, Tally(), NEVER)


def test_a_wrong_password_is_no_outage(account: Account, door: MailDoor) -> None:
    with pytest.raises(BadSettingsError, match="password"):
        fetch_once(replace(account, password="wrong"), door, Tally(), NEVER)
