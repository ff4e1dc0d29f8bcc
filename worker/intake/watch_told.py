"""Who is told what happens in a hot folder: the log always, without names; a person at a terminal with them."""

from typing import Protocol

import structlog

from worker.domain.document import Arrival

_log = structlog.get_logger()


class Told(Protocol):
    """Hears of each file once. Names are printable."""

    def taken(self, name: str, arrival: Arrival) -> None:
        """The file is safe and recorded."""
        ...

    def rejected(self, name: str, reason: str) -> None:
        """The file lies in the reject folder."""
        ...

    def waits(self, name: str, why: str) -> None:
        """The file is not taken, and somebody should look."""
        ...

    def held(self, why: str) -> None:
        """Nothing can be taken for now; everything stays where it is."""
        ...

    def goes_on(self) -> None:
        """Files are taken again."""
        ...


class LogOnly:
    """Writes to the log; file names stay out of it, since they may hold a patient's."""

    def __init__(self, line: str) -> None:
        self._line = line

    def taken(self, name: str, arrival: Arrival) -> None:
        """Note the arrival's number and document."""
        del name  # may hold a patient's
        _log.info(
            "folder.taken", line=self._line, arrival=arrival.order, document=arrival.sha256[:16],
            is_duplicate=arrival.is_duplicate,
        )  # fmt: skip

    def rejected(self, name: str, reason: str) -> None:
        """Note that it happened; which and why stands in the reject folder."""
        del name, reason  # the reasons of indexes quote file names
        _log.warning("folder.rejected", line=self._line)

    def waits(self, name: str, why: str) -> None:
        """Note why."""
        del name  # may hold a patient's
        _log.warning("folder.waits", line=self._line, why=why)

    def held(self, why: str) -> None:
        """Note why."""
        _log.error("folder.held", line=self._line, why=why)

    def goes_on(self) -> None:
        """Note it."""
        _log.info("folder.goes_on", line=self._line)
