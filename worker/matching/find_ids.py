"""Finds request ids, claim numbers and member ids among the tokens and barcodes of a page.

No payer's format is known here: what an id looks like is what the registry holds. An id is looked up exactly,
then with look-alikes folded, then one character away; a labelled token of the right shape that the registry does
not know is seen as unknown, which speaks against every request.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from worker.domain.reading import Barcode
from worker.matching.confusions import differing_characters, fold_id, plain
from worker.matching.labels import Label, Role
from worker.matching.registry import IdKind, Registry
from worker.matching.sightings import Certainty, IdSighting
from worker.matching.tokens import Token, around

_ROLE_OF = {IdKind.REQUEST: Role.REQUEST, IdKind.CLAIM: Role.CLAIM, IdKind.MEMBER: Role.MEMBER_ID}
#: Shorter texts are found by accident on any page.
_SHORTEST = 6
_JOINED_WORDS = 3
#: A lost bar still reads as another character: such a code is as good as a number read by OCR.
UNCHECKED_SYMBOLOGIES = frozenset({"Code39"})
_FAMILY_MEMBER = re.compile(r"[-* ]?[0-9]{2}$", re.ASCII)
_PAYLOAD_PARTS = re.compile(r"[^A-Za-z0-9-]+")


def ids_in_line(tokens: Sequence[Token], labels: Sequence[Label], registry: Registry) -> tuple[IdSighting, ...]:
    """The ids on one line of tokens: words alone, and up to three neighbours joined."""
    found: list[IdSighting] = []
    taken: set[int] = set()
    for span in _spans(len(tokens)):
        words = tokens[span.start : span.stop]
        if taken.isdisjoint(span) and len(fold_id("".join(t.text for t in words))) >= _SHORTEST:
            sightings = _look_up(words, _roles_before(labels, span.start), registry)
            if sightings:
                found += sightings
                taken.update(span)
    return tuple(found)


def id_texts(tokens: Sequence[Token]) -> Iterator[str]:
    """What on a line the registry may be asked for as an id."""
    for span in _spans(len(tokens)):
        text = "".join(token.text for token in tokens[span.start : span.stop])
        folded = fold_id(text)
        if len(folded) >= _SHORTEST and _has_digits(folded):
            yield text


def payload_parts(barcode: Barcode) -> Iterator[str]:
    """The payload as a whole, and each of its parts."""
    yield from filter(None, dict.fromkeys([barcode.payload.strip(), *_PAYLOAD_PARTS.split(barcode.payload)]))


def ids_in_barcodes(barcodes: Iterable[Barcode], registry: Registry) -> tuple[IdSighting, ...]:
    """The ids in barcode payloads. A payload counts only if the registry knows it, whole or as one of its parts."""
    return tuple(sighting for barcode in barcodes for sighting in _in_payload(barcode, registry))


def _in_payload(barcode: Barcode, registry: Registry) -> Iterator[IdSighting]:
    parts = tuple(payload_parts(barcode))
    for kind in IdKind:
        for part in parts:
            if registry.carrying(kind, part):
                checks_itself = barcode.symbology not in UNCHECKED_SYMBOLOGIES
                certainty = Certainty.BARCODE if checks_itself else Certainty.EXACT
                yield IdSighting(kind, part, (part,), certainty, False, 1.0, barcode.box)


def _spans(count: int) -> list[range]:
    """All runs of one to three tokens, longest last: joining is tried only where single words failed."""
    return [range(at, at + n) for n in range(1, _JOINED_WORDS + 1) for at in range(count - n + 1)]


def _roles_before(labels: Sequence[Label], start: int) -> frozenset[Role]:
    """The role of the last label before this token, empty where there is none."""
    before = [label for label in labels if label.end <= start]
    return frozenset([before[-1].role]) if before else frozenset()


def _look_up(words: Sequence[Token], roles: frozenset[Role], registry: Registry) -> list[IdSighting]:
    text = "".join(t.text for t in words)
    folded = fold_id(text)
    if not _has_digits(folded):
        return []
    return (
        _known(words, text, roles, registry)
        or _one_off(words, text, roles, registry)
        or _of_a_family(words, text, roles, registry)
        or _unknown(words, text, roles, registry)
    )


def _has_digits(folded: str) -> bool:
    """At least every other character is a digit."""
    return sum(map(str.isdigit, folded)) * 2 >= len(folded)


def _known(words: Sequence[Token], text: str, roles: frozenset[Role], registry: Registry) -> list[IdSighting]:
    found = []
    for kind in IdKind:
        could_be = registry.looks_like(kind, fold_id(text))
        exact = tuple(known for known in could_be if plain(known) == plain(text))
        if could_be:
            certainty = Certainty.EXACT if exact else Certainty.CONFUSED
            found.append(_sighting(kind, words, text, exact or _nearest(text, could_be), certainty, roles))
    return found


def _nearest(text: str, could_be: tuple[str, ...]) -> tuple[str, ...]:
    least = min(differing_characters(text, known) for known in could_be)
    return tuple(known for known in could_be if differing_characters(text, known) == least)


def _one_off(words: Sequence[Token], text: str, roles: frozenset[Role], registry: Registry) -> list[IdSighting]:
    found = []
    for kind, role in _ROLE_OF.items():
        could_be = registry.one_off(kind, fold_id(text)) if _could_be(kind, text, role in roles, registry) else ()
        if could_be:
            found.append(_sighting(kind, words, text, could_be, Certainty.ONE_OFF, roles))
    return found


def _of_a_family(words: Sequence[Token], text: str, roles: frozenset[Role], registry: Registry) -> list[IdSighting]:
    """A member id with two digits more, which count the members of a family: a hint at any of them."""
    if Role.MEMBER_ID not in roles or not _FAMILY_MEMBER.search(text):
        return []
    could_be = registry.looks_like(IdKind.MEMBER, fold_id(_FAMILY_MEMBER.sub("", text)))
    return [_sighting(IdKind.MEMBER, words, text, could_be, Certainty.ONE_OFF, roles)] if could_be else []


def _could_be(kind: IdKind, text: str, is_labelled: bool, registry: Registry) -> bool:
    """Near misses are only looked for where a label or the shape says that this is an id of the kind."""
    return is_labelled or registry.is_shaped(kind, text)


def _unknown(words: Sequence[Token], text: str, roles: frozenset[Role], registry: Registry) -> list[IdSighting]:
    for kind, role in _ROLE_OF.items():
        if role in roles and registry.is_shaped(kind, text):
            return [_sighting(kind, words, text, (), Certainty.UNKNOWN, roles)]
    return []


def _sighting(
    kind: IdKind,
    words: Sequence[Token],
    text: str,
    could_be: tuple[str, ...],
    certainty: Certainty,
    roles: frozenset[Role],
) -> IdSighting:
    confidence = min(t.confidence for t in words)
    return IdSighting(kind, text, could_be, certainty, _ROLE_OF[kind] in roles, confidence, around(words))
