"""Logs: one line of key=value to stderr, with document and page, never page text, names or an error's own words."""

import sys
import traceback

import structlog


def set_up_logs() -> None:
    """Called once by whatever starts the process."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def where(error: BaseException) -> str:
    """The places in our code that an error went through, innermost last; its message may quote a page and stays out."""
    frames = traceback.extract_tb(error.__traceback__)
    return " > ".join(f"{frame.name}:{frame.lineno}" for frame in frames[-4:])
