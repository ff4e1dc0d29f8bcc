"""Bringing the tables up to date with Alembic. Apart from engine.py because Alembic is slow to import."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"


def alembic_config() -> Config:
    """Alembic's configuration: no file, the migrations inside the package."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def upgrade(connection: sa.Connection) -> None:
    """Run what is missing in the caller's transaction: the tables change wholly or not at all."""
    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
