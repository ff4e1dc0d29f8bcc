"""Settings come from variables and from secrets in files; secrets that cannot be read stop the program."""

from pathlib import Path

import pytest

from worker.errors import BadSettingsError
from worker.settings import SECRETS, Settings, settings


@pytest.fixture
def secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "secrets"
    folder.mkdir()
    monkeypatch.setenv(SECRETS, str(folder))
    monkeypatch.delenv("PIGEONHOLE_DATABASE_URL", raising=False)
    return folder


def database(settings: Settings) -> str | None:
    return settings.database_url.get_secret_value() if settings.database_url else None


def test_a_secret_comes_from_a_file(secrets: Path) -> None:
    (secrets / "pigeonhole_database_url").write_text("postgresql+psycopg://a@b/c\n", "utf-8")

    settings = Settings()

    assert database(settings) == "postgresql+psycopg://a@b/c"
    assert "postgresql" not in repr(settings)


def test_a_variable_wins_over_a_file(secrets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (secrets / "pigeonhole_database_url").write_text("postgresql+psycopg://a@b/file", "utf-8")
    monkeypatch.setenv("PIGEONHOLE_DATABASE_URL", "postgresql+psycopg://a@b/variable")

    settings = Settings()

    assert database(settings) == "postgresql+psycopg://a@b/variable"


def test_secrets_of_others_are_no_concern(secrets: Path) -> None:
    (secrets / "redis_conf").write_text("requirepass x", "utf-8")

    settings = Settings()

    assert (database(settings), settings.redis_url) == (None, None)


def test_without_the_folder_nothing_is_opened(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(SECRETS, str(tmp_path / "not there"))

    with pytest.raises(BadSettingsError, match="not there"):
        Settings()


def test_a_secret_that_cannot_be_read_stops_the_program(secrets: Path) -> None:
    (secrets / "pigeonhole_database_url").mkdir()

    with pytest.raises(BadSettingsError, match="pigeonhole_database_url"):
        Settings()


@pytest.mark.parametrize(
    ("variable", "value"),
    [("ACCEPTED_RISK", "0.9"), ("ACCEPTED_RISK", "little"), ("JOBS", "0"), ("TIME_ZONE", "America/Nowhere")],
)
def test_a_value_that_cannot_be_used_is_named_by_its_variable(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(f"PIGEONHOLE_{variable}", value)
    settings.cache_clear()

    try:
        with pytest.raises(BadSettingsError, match=f"PIGEONHOLE_{variable}: "):
            settings()
    finally:
        settings.cache_clear()
