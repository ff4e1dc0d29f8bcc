"""The patient's name and birth date on a page compared with a request's member."""

from collections.abc import Iterable
from datetime import date
from itertools import permutations

from worker.domain.decision import Finding, Strength
from worker.matching.confusions import fold_name
from worker.matching.dates import is_one_digit_off
from worker.matching.labels import Role
from worker.matching.names import NameMatch, compare_names, has_first_name
from worker.matching.policy import Policy
from worker.matching.question import Question, agrees, disagrees
from worker.matching.rarity import birth_surprise, name_surprise
from worker.matching.sightings import DateSighting, NameSighting
from worker.matching.through_noise import MOST_LOST, birth_date_in_noise, name_in_noise


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
            return agrees("member name", weight, sentence, same, strength)
    clear = [(m, n) for m, n in matches if n.is_labelled and _is_clear(n, q.policy)]
    labelled_others = [n for m, n in clear if m is NameMatch.DIFFERENT or _is_somebody_elses(n, q)]
    unclear = [n for m, n in matches if n.is_labelled and m is NameMatch.UNCLEAR and n not in labelled_others]
    born = _on_day(q.page.dates_of(Role.BIRTH), q.request.date_of_birth)
    maiden = [n for n in labelled_others if born and has_first_name(n.words, q.request)]
    if maiden and not unclear:
        sentence = f"The surname differs, page {_written(maiden[0])}, but may be a maiden name of {_member(q)}."
        return disagrees("other surname", q.policy.weights.name_maiden, sentence, maiden)
    if labelled_others and not unclear:
        sentence = f"The page names another patient: page {_written(labelled_others[0])}, request {_member(q)}."
        return disagrees("member name", weights.name_differs, sentence, labelled_others)
    return _name_in_noise(q)


def _name_in_noise(q: Question) -> Finding | None:
    """No name was read that could be compared: the member's may stand there with letters misread."""
    found = name_in_noise(q.request, q.page.edges)
    if found is None:
        return None
    weight = min(found[0], _name_weight(q) * q.policy.weights.name_nearly)
    sentence = f"Misread words look like the name of {_member(q)}."
    return agrees("member name", weight, sentence, found[1], Strength.HINT)


def birth_date(q: Question) -> Finding | None:
    """The birth date on the page is this member's, or another."""
    weights, born = q.policy.weights, q.request.date_of_birth
    labelled = q.page.dates_of(Role.BIRTH)
    same = _on_day(labelled, born)
    if same:
        return agrees("birth date", _birth_weight(q), f"The birth date is the same: {born:%m/%d/%Y}.", same)
    clear = [d for d in labelled if d.confidence >= q.policy.doubtful_word and d.days[-1] <= q.request.letter_date]
    if clear:
        sentence = f"Birth date differs: page {clear[0].days[-1]:%m/%d/%Y}, request {born:%m/%d/%Y}."
        near = any(is_one_digit_off(day, born) for d in clear for day in d.days)
        if near:
            return disagrees("birth date nearly", weights.birth_date_one_digit_off, sentence, clear)
        return disagrees("birth date", weights.birth_date_differs, sentence, clear)
    anywhere = _on_day(q.page.dates, born)
    if anywhere:
        return agrees(
            "birth date",
            _birth_weight(q) * weights.birth_date_unlabelled,
            f"The member's birth date, {born:%m/%d/%Y}, stands on the page.",
            anywhere,
            Strength.PARTIAL,
        )
    return _birth_in_noise(q)


def _birth_in_noise(q: Question) -> Finding | None:
    """No birth date was read that could be compared: the member's may stand there with characters misread."""
    found = birth_date_in_noise(q.request.date_of_birth, q.page.edges)
    if found is None:
        return None
    lost, seen = found
    weight = _birth_weight(q) * q.policy.weights.birth_date_unlabelled * (1 - lost / (MOST_LOST + 1))
    sentence = f"The birth date looks like {q.request.date_of_birth:%m/%d/%Y}, with {lost} of its characters misread."
    return agrees("birth date", weight, sentence, seen, Strength.HINT)


def _name_weight(q: Question) -> float:
    """A rare name says more than one that many members share."""
    weights = q.policy.weights
    return min(weights.name_most, max(weights.name_least, weights.name_trust * name_surprise(q.request, q.registry)))


def _birth_weight(q: Question) -> float:
    """A birth date that nobody else has says more than one that others share."""
    weights = q.policy.weights
    found = weights.birth_date_trust * birth_surprise(q.request, q.registry)
    return min(weights.birth_date_most, max(weights.birth_date_least, found))


def _is_clear(name: NameSighting, policy: Policy) -> bool:
    """The name was read well enough that it can contradict."""
    return name.confidence >= policy.doubtful_word and len(name.words) >= 2


def _is_somebody_elses(name: NameSighting, q: Question) -> bool:
    """Another member has exactly this name: John is not a misread Joshua where there is a John."""
    words = [fold_name(word) for word in name.words]
    named = (r for last, first in permutations(words, 2) for r in q.registry.named(last, first))
    return any(r.member_id != q.request.member_id for r in named)


def _written(name: NameSighting) -> str:
    return " ".join(name.words)


def _member(q: Question) -> str:
    return f"{q.request.member_last_name}, {q.request.member_first_name}"


def _on_day(dates: Iterable[DateSighting], day: date) -> list[DateSighting]:
    return [d for d in dates if day in d.days]
