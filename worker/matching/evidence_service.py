"""The dates on a page compared with the dates of service that a request asks for."""

from collections.abc import Iterable
from datetime import date, timedelta

from worker.domain.decision import Finding, Strength
from worker.matching.dates import is_one_digit_off, is_one_key_off
from worker.matching.labels import Role
from worker.matching.question import Question, agrees, disagrees
from worker.matching.sightings import DateSighting

#: Requests ask for stays of the last years: what is dated further away is no date of service.
LIKELY_WITHIN = timedelta(days=8 * 366)


def date_of_service(q: Question) -> Finding | None:
    """The page is dated within the requested dates of service, or outside them."""
    weights, slack = q.policy.weights, timedelta(days=q.policy.service_slack_days)
    first, last = q.request.service_from, q.request.service_to
    labelled = q.page.dates_of(Role.SERVICE)
    inside = _within(labelled, first, last)
    if inside:
        return agrees(
            "date of service",
            weights.service_date,
            f"The date of service is within the requested dates, {first:%m/%d/%Y} to {last:%m/%d/%Y}.",
            inside,
        )
    clear = [d for d in labelled if d.confidence >= q.policy.doubtful_word and _is_likely(d, first)]
    if clear and not _within(labelled, first - slack, last + slack):
        if any(_may_be_misread(d, end) for d in clear for end in (first, last)):
            return None
        sentence = (
            f"Date of service differs: page {clear[0].days[0]:%m/%d/%Y}, request {first:%m/%d/%Y} to {last:%m/%d/%Y}."
        )
        return disagrees("date of service", weights.service_date_differs, sentence, clear)
    others = q.page.dates_of(Role.OTHER_DATE)
    anywhere = _within(others, first, last)
    if anywhere and not clear:
        unlabelled = _within([d for d in others if not d.is_labelled], first, last)
        weight = weights.service_date_unlabelled if unlabelled else weights.service_date_otherwise
        strength = Strength.PARTIAL if unlabelled else Strength.HINT
        sentence = f"A date on the page is within the dates of service, {first:%m/%d/%Y} to {last:%m/%d/%Y}."
        return agrees("date of service", weight, sentence, anywhere, strength)
    return None


def _is_likely(seen: DateSighting, day: date) -> bool:
    """A date decades away is a birth date with another label, or misread: it says nothing of when the stay was."""
    return any(abs(found - day) <= LIKELY_WITHIN for found in seen.days)


def _may_be_misread(seen: DateSighting, day: date) -> bool:
    """One character more, less or other in what is written would make it this day."""
    return is_one_key_off(seen.text, day) or any(is_one_digit_off(found, day) for found in seen.days)


def _within(dates: Iterable[DateSighting], first: date, last: date) -> list[DateSighting]:
    return [d for d in dates if any(first <= day <= last for day in d.days)]
