"""Each sighting compared with a request: small named functions, each a sentence that a reviewer can check.

A comparison says *agrees*, *disagrees* or *nothing to compare*; what could not be read is never a disagreement.
"""

import math
from collections.abc import Callable, Iterable

from worker.domain.decision import Finding, Strength
from worker.matching.confusions import fold_id
from worker.matching.evidence_people import birth_date, member_name
from worker.matching.evidence_service import date_of_service
from worker.matching.question import Question, agrees, disagrees
from worker.matching.registry import IdKind, id_of
from worker.matching.sightings import Certainty, IdSighting

#: Findings that no other evidence can outweigh: a page with one against a request is never filed to it.
CONTRADICTIONS = frozenset(
    {
        "request id",
        "claim number",
        "member id",
        "member name",
        "other surname",
        "birth date",
        "birth date nearly",
        "unknown request id",
        "date of service",
    }
)


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
        return agrees("request id", min(weight, surprise), sentence, mine, strength)
    others = _sure(sightings)
    if others:
        sentence = f"The page names request {others[0].could_be[0]} instead."
        return disagrees("request id", weights.request_id_differs, sentence, others)
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
    return disagrees("unknown request id", q.policy.weights.request_id_unknown, sentence, unknown)


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
        return agrees(name, found, _how_read(best, name.capitalize(), mine), agreeing, strength)
    others = _sure(sightings)
    if others:
        differs = q.policy.weights.claim_number_differs if kind is IdKind.CLAIM else q.policy.weights.member_id_differs
        sentence = f"{name.capitalize()} differs: page {others[0].text}, request {mine}."
        return disagrees(name, differs, sentence, others)
    return None


def provider(q: Question) -> Finding | None:
    """The page or the sending fax machine names this request's provider. Never evidence against."""
    npis = [npi for npi in q.page.npis if npi.text == q.request.provider_npi]
    if npis:
        return agrees("provider", q.policy.weights.provider, "The provider's NPI is the same.", npis)
    phones = [phone for phone in q.page.sender_phones if phone.text and phone.text == q.request.provider_fax]
    if phones:
        return agrees("provider", q.policy.weights.provider, "The fax came from this provider's number.", phones)
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
