"""`pigeonhole users` and `pigeonhole audit verify`, as an administrator types them."""

import os
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner, Result

from tests.builders.sign_in import actions_of, log_of
from worker import passwords
from worker.cli.app import make_app
from worker.db import people
from worker.db.people import Account
from worker.db.people_tables import AUDIT_LOG
from worker.errors import ExitCode, PigeonholeError
from worker.pipeline.site import Site
from worker.wiring import open_site


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def site(home: Path) -> Site:
    return open_site(home)


def users(home: Path, *words: str, given: str | None = None) -> Result:
    return CliRunner().invoke(make_app(), ["users", *words, "--home", str(home)], input=given)


def verify(home: Path, *words: str) -> Result:
    return CliRunner().invoke(make_app(), ["audit", "verify", *words, "--home", str(home)])


def account(site: Site, name: str) -> Account:
    found = people.find(site.shelf.engine, name)
    assert found
    return found


def test_the_first_admin_is_made_with_a_password_that_is_shown_once(site: Site, home: Path) -> None:
    done = users(home, "add", "Adam", "--role", "admin", "--display-name", "Adam Novak")

    made = account(site, "adam")
    listed = users(home, "list")
    assert done.exit_code == 0
    assert passwords.is_right(made.password_hash, done.stdout.strip())
    assert (made.must_change_password, made.totp_secret) == (True, None)
    assert "not set up" in " ".join(listed.stdout.split())
    assert done.stdout.strip() not in listed.stdout
    (row,) = log_of(site)
    assert (row.entry.by_name, row.entry.address, row.entry.action) == ("", "command line", "people_add")
    assert row.entry.detail["os_user"]
    assert done.stdout.strip() not in str(row)


def test_a_password_from_standard_input_is_not_shown(site: Site, home: Path) -> None:
    done = users(home, "add", "rita", "--role", "reviewer", "--password-stdin", given="stapler gravel moonlit\n")

    assert done.stdout == ""
    assert passwords.is_right(account(site, "rita").password_hash, "stapler gravel moonlit")


def test_whom_a_provider_knows_needs_no_password(site: Site, home: Path) -> None:
    done = users(home, "add", "olga", "--role", "senior", "--oidc-subject", "abc", "--sensitive", "--line", "expedited")

    made = account(site, "olga")
    assert done.stdout == ""
    assert (made.password_hash, made.oidc_subject) == (None, "abc")
    assert made.person.lines == {"expedited"}
    assert made.person.may_open_sensitive


def test_people_are_disabled_enabled_reset_and_given_other_roles(site: Site, home: Path) -> None:
    first = users(home, "add", "rita", "--role", "reviewer").stdout.strip()

    done = [
        users(home, "disable", "rita"),
        users(home, "enable", "RITA"),
        users(home, "reset", "rita", "--password", "--totp"),
        users(home, "roles", "rita", "--role", "senior", "--role", "admin"),
    ]

    assert [each.exit_code for each in done] == [0, 0, 0, 0]
    made = account(site, "rita")
    assert not passwords.is_right(made.password_hash, first)
    assert passwords.is_right(made.password_hash, done[2].stdout.strip())
    assert made.person.roles == {"senior", "admin"}
    assert actions_of(site) == [
        "people_add",
        "people_disable",
        "people_enable",
        "people_reset_totp",
        "people_reset_password",
        "people_change",
    ]


@pytest.mark.parametrize(
    ("words", "given"),
    [
        (("add", "rita", "--role", "reviewer"), None),
        (("add", "two words", "--role", "reviewer"), None),
        (("add", "nina", "--role", "reviewer", "--line", "nowhere"), None),
        (("add", "nina", "--role", "reviewer", "--password-stdin"), "short\n"),
        (("add", "nina", "--role", "reviewer", "--password-stdin"), ""),
        (("add", "nina", "--role", "emperor"), None),
        (("disable", "nobody"), None),
        (("enable", "rita"), None),
        (("reset", "nobody", "--totp"), None),
        (("reset", "rita"), None),
        (("roles", "nobody", "--role", "admin"), None),
    ],
    ids=str,
)
def test_what_cannot_be_done_is_a_wrong_command_line(
    site: Site, home: Path, words: tuple[str, ...], given: str | None
) -> None:
    users(home, "add", "rita", "--role", "reviewer")

    done = users(home, *words, given=given)

    is_wrong = isinstance(done.exception, PigeonholeError) and done.exception.exit_code == ExitCode.USAGE
    assert is_wrong or done.exit_code == ExitCode.USAGE
    assert people.find(site.shelf.engine, "nina") is None


def test_help_shows_examples(home: Path) -> None:
    said = [
        CliRunner().invoke(make_app(), ["users", word, "--help"]).output
        for word in ("add", "disable", "reset", "roles")
    ]

    assert all("Example: pigeonhole users" in " ".join(text.split()) for text in said)


def test_verify_prints_a_head_which_a_later_run_takes(site: Site, home: Path) -> None:
    users(home, "add", "rita", "--role", "reviewer")
    first = verify(home)
    users(home, "disable", "rita")

    later = verify(home, "--head", first.stdout.strip().rpartition(" ")[2])

    assert first.stdout.startswith("1 rows, all as they were written.\nhead 1:")
    assert (first.exit_code, later.exit_code) == (0, 0)


def test_verify_finds_a_tail_that_was_cut_off_and_a_changed_row(site: Site, home: Path) -> None:
    users(home, "add", "rita", "--role", "reviewer")
    users(home, "disable", "rita")
    head = verify(home).stdout.strip().rpartition(" ")[2]
    with site.shelf.engine.begin() as connection:
        for verb in ("update", "delete"):
            connection.execute(sa.text(f"DROP TRIGGER audit_log_stays_{verb}"))
        connection.execute(sa.delete(AUDIT_LOG).where(AUDIT_LOG.c.id == 2))

    cut = verify(home, "--head", head)
    with site.shelf.engine.begin() as connection:
        connection.execute(sa.update(AUDIT_LOG).values(by_name="somebody else"))
    changed = verify(home)

    assert (cut.exit_code, changed.exit_code) == (ExitCode.UNBALANCED, ExitCode.UNBALANCED)
    assert "cut off" in cut.stdout
    assert "not as it was written" in changed.stdout
    assert verify(home, "--head", "nonsense").exit_code == ExitCode.USAGE
    assert os.fspath(home) not in changed.stdout
