"""How searches come on record: a row before anything is shown, then one for what follows; nothing gets lost."""

import threading
import time

import pytest

from worker.domain.audit import Entry
from worker.domain.person import Person, Role
from worker.review.search_log import SearchLog
from worker.review.who import Signed

NANCY = Signed(Person("nancy", "Nancy", frozenset({Role.REVIEWER})), "csrf", "token", "127.0.0.1")
OMAR = Signed(Person("omar", "Omar", frozenset({Role.REVIEWER})), "csrf", "token", "127.0.0.2")
SOON = 0.2


class Log:
    """Entries that were written; it may be away."""

    def __init__(self) -> None:
        self.rows: list[Entry] = []
        self.is_away = False
        self.written = threading.Event()

    def write(self, entry: Entry) -> None:
        if self.is_away:
            raise ConnectionError
        self.rows.append(entry)
        self.written.set()

    def queries(self) -> list[object]:
        return [row.detail["query"] for row in self.rows]

    def wait(self, rows: int) -> None:
        """Until there are so many."""
        ends = time.monotonic() + 10
        while len(self.rows) < rows and time.monotonic() < ends:
            time.sleep(0.01)


def type_in(searches: SearchLog, *queries: str, signed: Signed = NANCY) -> None:
    for query in queries:
        searches.note(signed, query, [f"R-{query}"], is_final=False)


def test_first_letter_is_on_record_before_its_answer() -> None:
    log = Log()

    type_in(SearchLog(log.write, SOON), "b")

    assert log.queries() == ["b"]
    assert log.rows[0].action == "search"
    assert log.rows[0].by_name == "nancy"


def test_what_is_typed_on_becomes_one_row_with_all_that_was_shown() -> None:
    log = Log()
    type_in(SearchLog(log.write, SOON), "b", "br", "bro", "brow", "bro")

    log.wait(2)

    assert log.queries() == ["b", "brow"]
    assert log.rows[1].detail == {"query": "brow", "queries": 4, "shown": ["R-br", "R-bro", "R-brow"]}


def test_who_has_chosen_is_on_record_at_once() -> None:
    log = Log()
    searches = SearchLog(log.write, pause=60)
    searches.settle("nobody")
    type_in(searches, "b", "br")

    searches.note(NANCY, "brown", ["R1"], is_final=True)

    assert log.queries() == ["b", "brown"]


def test_people_are_on_record_each_by_themselves() -> None:
    log = Log()
    searches = SearchLog(log.write, SOON)

    type_in(searches, "b")
    type_in(searches, "n", signed=OMAR)

    assert [(row.by_name, row.detail["query"]) for row in log.rows] == [("nancy", "b"), ("omar", "n")]


def test_nothing_is_shown_that_cannot_be_recorded() -> None:
    log = Log()
    log.is_away = True
    searches = SearchLog(log.write, SOON)

    with pytest.raises(ConnectionError):
        type_in(searches, "b")
    with pytest.raises(ConnectionError):
        type_in(searches, "br")
    log.is_away = False


def test_what_could_not_be_written_is_written_later() -> None:
    log = Log()
    searches = SearchLog(log.write, SOON)
    type_in(searches, "b", "br")
    log.is_away = True
    time.sleep(2 * SOON)

    log.is_away = False
    log.wait(2)

    assert log.queries() == ["b", "br"]


def test_after_a_pause_it_begins_anew() -> None:
    log = Log()
    searches = SearchLog(log.write, SOON)
    type_in(searches, "b")
    time.sleep(3 * SOON)

    type_in(searches, "n")

    assert log.queries() == ["b", "n"]
