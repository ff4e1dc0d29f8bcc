"""Settings, from the environment or a file `.env`: the only place that reads either."""

import os
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, HttpUrl, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SecretsSettingsSource,
    SettingsConfigDict,
)

from worker.errors import BadSettingsError
from worker.ocr.engines import Engine

#: Names the folder with secrets in files.
SECRETS = "PIGEONHOLE_SECRETS"


class Settings(BaseSettings):
    """What a site may set, each by a variable `PIGEONHOLE_<NAME>` or by a file of that name in the folder `secrets`."""

    model_config = SettingsConfigDict(env_prefix="PIGEONHOLE_", env_file=".env", extra="ignore")

    #: Child processes that read pages.
    jobs: int = Field(default_factory=lambda: os.cpu_count() or 1, ge=1)
    #: Where page images lie while Tesseract reads them: memory if there is some, else the output folder.
    work_folder: Path | None = None
    #: The Tesseract that reads: the system's program, or the one that the extra `fast` brings along.
    ocr_engine: Engine = Engine.PROGRAM
    #: A page is filed only if the chance that it is another's is at most this.
    accepted_risk: float = Field(default=0.0005, gt=0.0, lt=0.5)
    #: The file of `pigeonhole learn`, where machines share it; calibration.json in the home unless set.
    calibration: Path | None = None

    #: A folder of files named like the variables, such as pigeonhole_database_url: no environment shows what they hold.
    secrets: Path | None = None
    #: The service's folder: what is set nowhere else stands in it.
    home: Path = Path("mailroom")
    #: SQLAlchemy's, such as postgresql+psycopg://user@host/name; SQLite in the home folder unless set.
    database_url: SecretStr | None = None
    #: The bell's, such as redis://host:6379/0; unless set, workers look into the database.
    redis_url: SecretStr | None = None
    #: Where bytes are kept: a folder, or s3://bucket/prefix; the home folder unless set.
    store: str = ""
    #: S3 alone: the address of a compatible store; the credentials are those of AWS_ACCESS_KEY_ID and its kin.
    store_endpoint: str = ""
    #: A TOML file with the lines of the site (docs/operations.md); `routine` and `expedited` unless set.
    lines: Path | None = None
    #: The payer's time zone, by whose calendar clocks run.
    time_zone: ZoneInfo = ZoneInfo("America/New_York")
    #: Seconds that a worker may be silent before its tasks are given to others.
    lease_seconds: float = Field(default=30.0, ge=2.0)
    #: Seconds that a worker which is told to stop may finish what it has in hand.
    grace: float = Field(default=30.0, ge=0)
    #: Where workers show their own metrics, if they are given a port: 0.0.0.0 where a monitor comes from elsewhere.
    metrics_host: str = "127.0.0.1"
    #: Requests a minute that each key of the HTTP API may make.
    rate_per_minute: int = Field(default=600, ge=1)
    #: A TOML file of how people review (docs/review.md): second looks, the audit sample, sensitive pages.
    review: Path | None = None
    #: The address by which browsers reach the review site, such as https://mailroom.example; theirs unless set.
    public_url: str = ""
    #: Addresses of proxies that are believed about who came (X-Forwarded-For), separated by commas; none unless set.
    proxies: str = ""
    #: Minutes without a sign of life after which a session ends, and hours after which it ends whatever happens.
    idle_minutes: float = Field(default=15.0, gt=0)
    session_hours: float = Field(default=12.0, gt=0)
    #: Sign-in with OIDC beside passwords: the provider's address, and what it knows this site as.
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr | None = None
    #: Of the mailbox that fetch-mail reads.
    mail_password: SecretStr | None = None
    #: Where events are sent (POST, signed); nowhere unless set.
    webhook_url: HttpUrl | None = None
    #: The key of the signature.
    webhook_secret: SecretStr | None = None
    #: A file that gets one line of JSON for each event.
    events_file: Path | None = None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Variables win over `.env`, that over secrets. Raises BadSettingsError where the secrets cannot be read."""
        sources = (init_settings, env_settings, dotenv_settings)
        return (*sources, _secrets_in(settings_cls, Path(os.environ[SECRETS]))) if os.environ.get(SECRETS) else sources

    @field_validator("time_zone", mode="before")
    @classmethod
    def _zone(cls, value: object) -> object:
        try:
            return ZoneInfo(value) if isinstance(value, str) else value
        except (ZoneInfoNotFoundError, OSError) as error:
            raise ValueError("there is no such time zone: give one such as America/New_York") from error


def _secrets_in(settings: type[BaseSettings], folder: Path) -> SecretsSettingsSource:
    """Going on without a secret would open the wrong database."""
    try:
        for file in folder.iterdir():
            if file.name.lower().startswith("pigeonhole_"):
                file.open("rb").close()
    except OSError as error:
        raise BadSettingsError(f"{SECRETS}: {error.filename}: {error.strerror}") from error
    return SecretsSettingsSource(settings, folder)


@cache
def settings() -> Settings:
    """The settings of this process. Raises BadSettingsError with the variables that cannot be used."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = (f"PIGEONHOLE_{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors())
        raise BadSettingsError("; ".join(wrong)) from error
