"""Settings, from the environment or a file `.env`: the only place that reads either."""

import os
from functools import cache
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What a site may set; each by an environment variable `PIGEONHOLE_<NAME>`."""

    model_config = SettingsConfigDict(env_prefix="PIGEONHOLE_", env_file=".env", extra="ignore")

    #: Child processes that read pages.
    jobs: int = Field(default_factory=lambda: os.cpu_count() or 1, ge=1)
    #: Where page images lie while Tesseract reads them: memory if there is some, else the output folder.
    work_folder: Path | None = None
    #: A page is filed only if its request has at least this probability.
    file_at: float = Field(default=0.99, gt=0.5, le=1.0)


@cache
def settings() -> Settings:
    """The settings of this process."""
    return Settings()
