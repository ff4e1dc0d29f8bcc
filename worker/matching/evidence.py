"""Each sighting compared with a request: small named functions, each a sentence that a reviewer can check.

A comparison says *agrees*, *disagrees* or *nothing to compare*; what could not be read is never a disagreement.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from worker.domain.decision import Finding, Strength, Verdict
from worker.domain.request import Request
from worker.matching.confusions import fold_id
from worker.matching.dates import is_one_digit_off
from worker.matching.labels import Role
from worker.matching.names import NameMatch, compare_names
from worker.matching.places import Placed, places_of
from worker.matching.rarity import birth_surprise, name_surprise
from worker.matching.registry import IdKind, Registry, id_of
from worker.matching.sightings import Certainty, DateSighting, IdSighting, NameSighting, PageSightings
from worker.matching.weights import Policy

#: Findings that no other evidence can outweigh: a page with one against a request is never filed to it.
CONTRADICTIONS = frozenset(
    {
        "request id",
        "claim number",
        "member id",
        "member name",
        "birth date",
        "birth date nearly",
        "unknown request id",
        "date of service",
    }
)


@dataclass(frozen=True, slots=True)
class Question:
    """One page asked about one request."""

    page: PageSightings
    request: Request
    registry: Registry
    policy: Policy


def findings_for(question: Question) -> tuple[Finding, ...]:
    """All findings of a page for a request; comparisons with nothing to compare leave none."""
    found = (comparison(question) for comparison in COMPARISONS)
    return tuple(finding for finding in found if finding is not None)


def request_id(q: Question) -> Finding | None:
    """The page names this request, or names another one."""
    weights, sightings = q.policy.weights, q.page.ids_of(IdKind.REQUEST)
    mine = _seen_as(q.request.request_id, sightings)
    if mine:
        best = mine[0]
        weight, strength = _id_read(q, best)
        surprise = _surprise(q, IdKind.REQUEST, best)
        if surprise < weights.request_id_crowded:
            strength = Strength.HINT
        elif surprise < weights.request_id_confused:
            strength = min(strength, Strength.PARTIAL)
        sentence = _how_read(best, "Request id", q.request.request_id)
        return _agrees("request id", min(weight, surprise), sentence, mine, strength)
    others = _sure(sightings)
    if others:
        sentence = f"The page names request {others[0].could_be[0]} instead."
        return _disagrees("request id", weights.request_id_differs, sentence, others)
    return None


def _id_read(q: Question, sighting: IdSighting) -> tuple[float, Strength]:
    """What the request's id is worth as it was read. OCR's weighs less in doubt, or where one misread digit would
    have led here from another request: the more of those, the less.
    """
    weights = q.policy.weights
    if sighting.certainty is Certainty.BARCODE:
        return weights.barcode, Strength.FULL
    if sighting.certainty is Certainty.ONE_OFF:
        return weights.request_id_one_off / len(sighting.could_be), Strength.HINT
    near = len(q.registry.one_off(IdKind.REQUEST, fold_id(q.request.request_id)))
    if near or sighting.confidence < q.policy.sure_word:
        return weights.request_id_crowded - math.log(max(1, near)), Strength.PARTIAL
    if sighting.certainty is Certainty.CONFUSED:
        return weights.request_id_confused, Strength.PARTIAL
    return weights.request_id, Strength.FULL


def unknown_request_id(q: Question) -> Finding | None:
    """The page names a request that the registry does not have."""
    unknown = [s for s in q.page.ids_of(IdKind.REQUEST) if s.certainty is Certainty.UNKNOWN]
    if not unknown or _seen_as(q.request.request_id, q.page.ids_of(IdKind.REQUEST)):
        return None
    sentence = f"The page names request {unknown[0].text}, which is not in the registry."
    return _disagrees("unknown request id", q.policy.weights.request_id_unknown, sentence, unknown)


def claim_number(q: Question) -> Finding | None:
    """The claim number on the page is this request's, or another's."""
    return _other_id(q, IdKind.CLAIM, q.policy.weights.claim_number, q.policy.weights.claim_number_one_off)


def member_id(q: Question) -> Finding | None:
    """The member id on the page is this request's member's, or another's."""
    return _other_id(q, IdKind.MEMBER, q.policy.weights.member_id, q.policy.weights.member_id_one_off)


def _other_id(q: Question, kind: IdKind, weight: float, weight_one_off: float) -> Finding | None:
    sightings, mine = q.page.ids_of(kind), id_of(q.request, kind)
    agreeing, name = _seen_as(mine, sightings), kind.value
    if agreeing:
        best = agreeing[0]
        is_near, surprise = best.certainty is Certainty.ONE_OFF, _surprise(q, kind, best)
        found = min(weight_one_off / len(best.could_be) if is_near else weight, surprise)
        strength = Strength.HINT if is_near or surprise < weight else Strength.FULL
        return _agrees(name, found, _how_read(best, name.capitalize(), mine), agreeing, strength)
    others = _sure(sightings)
    if others:
        differs = q.policy.weights.claim_number_differs if kind is IdKind.CLAIM else q.policy.weights.member_id_differs
        sentence = f"{name.capitalize()} differs: page {others[0].text}, request {mine}."
        return _disagrees(name, differs, sentence, others)
    return None


def member_name(q: Question) -> Finding | None:
    """The patient named on the page is this member, or somebody else."""
    weights = q.policy.weights
    matches = [(compare_names(name.words, q.request), name) for name in q.page.names]
    for wanted, part in ((NameMatch.SAME, 1.0), (NameMatch.NEARLY, weights.name_nearly)):
        same = [name for match, name in matches if match is wanted]
        if same:
            labelled = any(name.is_labelled for name in same)
            weight = _name_weight(q) * part * (1.0 if labelled else weights.name_unlabelled)
            sentence = f"The name is {wanted.value}: page {_written(same[0])}, request {_member(q)}."
            strength = Strength.HINT if wanted is NameMatch.NEARLY else Strength.FULL if labelled else Strength.PARTIAL
            return _agrees("member name", weight, sentence, same, strength)
    labelled_others = [n for m, n in matches if n.is_labelled and m is NameMatch.DIFFERENT and _is_clear(n, q.policy)]
    unclear = [n for m, n in matches if n.is_labelled and m is NameMatch.UNCLEAR]
    if labelled_others and not unclear:
        sentence = f"The page names another patient: page {_written(labelled_others[0])}, request {_member(q)}."
        return _disagrees("member name", weights.name_differs, sentence, labelled_others)
    return None


def birth_date(q: Question) -> Finding | None:
    """The birth date on the page is this member's, or another."""
    weights, born = q.policy.weights, q.request.date_of_birth
    labelled = q.page.dates_of(Role.BIRTH)
    same = _on_day(labelled, born)
    if same:
        return _agrees("birth date", _birth_weight(q), f"The birth date is the same: {born:%m/%d/%Y}.", same)
    clear = [d for d in labelled if d.confidence >= q.policy.doubtful_word]
    if clear:
        sentence = f"Birth date differs: page {clear[0].days[-1]:%m/%d/%Y}, request {born:%m/%d/%Y}."
        near = any(is_one_digit_off(day, born) for d in clear for day in d.days)
        if near:
            return _disagrees("birth date nearly", weights.birth_date_one_digit_off, sentence, clear)
        return _disagrees("birth date", weights.birth_date_differs, sentence, clear)
    anywhere = _on_day(q.page.dates, born)
    if anywhere:
        return _agrees(
            "birth date",
            _birth_weight(q) * weights.birth_date_unlabelled,
            f"The member's birth date, {born:%m/%d/%Y}, stands on the page.",
            anywhere,
            Strength.PARTIAL,
        )
    return None


def date_of_service(q: Question) -> Finding | None:
    """The page is dated within the requested dates of service, or outside them."""
    weights, slack = q.policy.weights, timedelta(days=q.policy.service_slack_days)
    first, last = q.request.service_from, q.request.service_to
    labelled = q.page.dates_of(Role.SERVICE)
    inside = _within(labelled, first, last)
    if inside:
        return _agrees(
            "date of service",
            weights.service_date,
            f"The date of service is within the requested dates, {first:%m/%d/%Y} to {last:%m/%d/%Y}.",
            inside,
        )
    clear = [d for d in labelled if d.confidence >= q.policy.doubtful_word]
    if clear and not _within(labelled, first - slack, last + slack):
        if any(is_one_digit_off(day, end) for d in clear for day in d.days for end in (first, last)):
            return None
        sentence = (
            f"Date of service differs: page {clear[0].days[0]:%m/%d/%Y}, request {first:%m/%d/%Y} to {last:%m/%d/%Y}."
        )
        return _disagrees("date of service", weights.service_date_differs, sentence, clear)
    others = q.page.dates_of(Role.OTHER_DATE)
    anywhere = _within(others, first, last)
    if anywhere and not clear:
        unlabelled = _within([d for d in others if not d.is_labelled], first, last)
        weight = weights.service_date_unlabelled if unlabelled else weights.service_date_otherwise
        strength = Strength.PARTIAL if unlabelled else Strength.HINT
        sentence = f"A date on the page is within the dates of service, {first:%m/%d/%Y} to {last:%m/%d/%Y}."
        return _agrees("date of service", weight, sentence, anywhere, strength)
    return None


def provider(q: Question) -> Finding | None:
    """The page or the sending fax machine names this request's provider. Never evidence against."""
    npis = [npi for npi in q.page.npis if npi.text == q.request.provider_npi]
    if npis:
        return _agrees("provider", q.policy.weights.provider, "The provider's NPI is the same.", npis)
    phones = [phone for phone in q.page.sender_phones if phone.text and phone.text == q.request.provider_fax]
    if phones:
        return _agrees("provider", q.policy.weights.provider, "The fax came from this provider's number.", phones)
    return None


COMPARISONS: tuple[Callable[[Question], Finding | None], ...] = (
    request_id,
    unknown_request_id,
    claim_number,
    member_id,
    member_name,
    birth_date,
    date_of_service,
    provider,
)


def _seen_as(identifier: str, sightings: Iterable[IdSighting]) -> list[IdSighting]:
    """The sightings that may stand for this id, the surest first."""
    mine = [s for s in sightings if identifier in s.could_be]
    return sorted(mine, key=lambda s: (s.certainty, s.confidence), reverse=True)


def _sure(sightings: Iterable[IdSighting]) -> list[IdSighting]:
    """The sightings that are surely ids of the registry."""
    return [s for s in sightings if s.certainty >= Certainty.CONFUSED]


def _name_weight(q: Question) -> float:
    """A rare name says more than one that many members share."""
    weights = q.policy.weights
    return min(weights.name_most, max(weights.name_least, weights.name_trust * name_surprise(q.request, q.registry)))


def _birth_weight(q: Question) -> float:
    """A birth date that nobody else has says more than one that others share."""
    weights = q.policy.weights
    found = weights.birth_date_trust * birth_surprise(q.request, q.registry)
    return min(weights.birth_date_most, max(weights.birth_date_least, found))


def _surprise(q: Question, kind: IdKind, sighting: IdSighting) -> float:
    """The most that an id without its label can weigh: short ids stand on pages by accident, as any number does."""
    if sighting.is_labelled:
        return math.inf
    chances = q.policy.barcodes_on_page if sighting.certainty is Certainty.BARCODE else q.policy.numbers_on_page
    share = q.registry.share_of_shape(kind, sighting.could_be[0])
    return max(0.0, -math.log(share * chances)) if share > 0 else math.inf


def _how_read(sighting: IdSighting, name: str, true: str) -> str:
    how = {
        Certainty.BARCODE: f"{name} {true} is in a barcode.",
        Certainty.EXACT: f"{name} {true} is on the page.",
        Certainty.CONFUSED: f"{name} {true} is on the page, read as {sighting.text}.",
        Certainty.ONE_OFF: f"{name} {true} may be on the page, read as {sighting.text}: one character differs.",
    }
    return how[sighting.certainty]


def _is_clear(name: NameSighting, policy: Policy) -> bool:
    """The name was read well enough that it can contradict."""
    return name.confidence >= policy.doubtful_word and len(name.words) >= 2


def _written(name: NameSighting) -> str:
    return " ".join(name.words)


def _member(q: Question) -> str:
    return f"{q.request.member_last_name}, {q.request.member_first_name}"


def _on_day(dates: Iterable[DateSighting], day: date) -> list[DateSighting]:
    return [d for d in dates if day in d.days]


def _within(dates: Iterable[DateSighting], first: date, last: date) -> list[DateSighting]:
    return [d for d in dates if any(first <= day <= last for day in d.days)]


def _agrees(
    name: str, weight: float, sentence: str, seen: Iterable[Placed], strength: Strength = Strength.FULL
) -> Finding:
    return Finding(name, Verdict.AGREES, weight, sentence, places_of(seen), strength)


def _disagrees(name: str, weight: float, sentence: str, seen: Iterable[Placed]) -> Finding:
    return Finding(name, Verdict.DISAGREES, weight, sentence, places_of(seen))
