"""The words of names as people type them, and the keys under which a misspelt word still finds the right one."""

import re
from enum import StrEnum
from functools import lru_cache

from rapidfuzz.distance import OSA

from worker.domain.request import Request
from worker.matching.confusions import SUFFIXES, fold_name, plain
from worker.matching.registry import left_out_once


class NameKind(StrEnum):
    """Whose name it is."""

    LAST = "L"
    FIRST = "F"
    PROVIDER = "P"


#: What separates the words of a name. An apostrophe does not: O'Brien is one word.
_BETWEEN = re.compile(r"[\s,;/&()\-\u2010-\u2015]+")
#: What is written short or in full.
_SHORT = {"saint": "st", "sainte": "ste", "mount": "mt", "fort": "ft", "center": "ctr", "centre": "ctr"}
_IN_FULL = {"st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort", "ctr": "center"}
#: Names come again and again: so many are not taken apart anew.
_REMEMBERED = 50_000
#: Words longer than this are cut: no name needs more to be told from the others.
LONGEST_WORD = 32
#: Words of fewer letters have no keys: too many others are near.
FEWEST_LETTERS = 3
#: Marks the keys that are no text with a letter left out: consonants, and letters with look-alikes folded.
_SOUND, _LOOK = "~", "="
_VOWELS = frozenset("aeiouy")
_SAME_SOUND = (("ph", "f"), ("gh", "g"), ("kn", "n"), ("wr", "r"), ("sch", "s"), ("ck", "k"), ("x", "ks"))
_SOUNDS = str.maketrans("cqzvjdtbp", "kksfgttpp")
#: Mistakes that are tolerated in words of so many letters and more.
_ONE_OFF, _TWO_OFF = 3, 6


def fold_word(text: str) -> str:
    """A word in small letters and digits, without accents and signs: `O'Brien` is `obrien`."""
    return plain(text).lower()[:LONGEST_WORD]


@lru_cache(maxsize=_REMEMBERED)
def written_words(text: str) -> tuple[str, ...]:
    """The words of a name as written, folded, without Jr and the like unless there is nothing else."""
    words = [word for word in map(fold_word, _BETWEEN.split(text)) if word]
    return tuple(word for word in words if fold_name(word) not in SUFFIXES) or tuple(words)


def name_of(request: Request, kind: NameKind) -> str:
    """The name of this kind as the registry's keys hold it: folded words with blanks; a provider's with the NPI."""
    if kind is NameKind.PROVIDER:
        return f"{_written(request.provider_name)} {fold_word(request.provider_npi)}".strip()
    return _written(request.member_last_name if kind is NameKind.LAST else request.member_first_name)


@lru_cache(maxsize=_REMEMBERED)
def _written(text: str) -> str:
    return " ".join(written_words(text))


@lru_cache(maxsize=_REMEMBERED)
def words_of(name: str) -> tuple[str, ...]:
    """The words by which a name (see name_of) is found: each of its own, neighbours joined, short forms."""
    words = name.split()
    joined = ["".join(words[at : at + size]) for size in (2, 3) for at in range(len(words) - size + 1)]
    other = [table[word] for table in (_SHORT, _IN_FULL) for word in words if word in table]
    letters = [word[:LONGEST_WORD] for word in joined if not any(ch.isdigit() for ch in word)]
    return tuple(dict.fromkeys((*words, *letters, *other)))


def keys_of(word: str) -> tuple[str, ...]:
    """The keys that a word shares with those that are a letter away, sound or look the same."""
    if len(word) < FEWEST_LETTERS or word.isdigit():
        return (word,)
    keys = [word, *left_out_once(word), look_key(word)]
    sound = sound_of(word)
    return tuple(dict.fromkeys([*keys, _SOUND + sound] if len(sound) > 1 else keys))


def look_key(word: str) -> str:
    """The key of a word that OCR read, look-alikes folded (see confusions.fold_name)."""
    return _LOOK + fold_name(word)


def sound_of(word: str) -> str:
    """The consonants of a word with those that sound alike made one; a vowel counts at the beginning only."""
    for written, spoken in _SAME_SOUND:
        word = word.replace(written, spoken)
    word = word.translate(_SOUNDS)
    first = "a" if word[:1] in _VOWELS else word[:1]
    rest = [ch for ch in word[1:] if ch not in _VOWELS and ch not in "hw"]
    kept = [ch for before, ch in zip([first, *rest], rest, strict=False) if ch != before]
    return first + "".join(kept)


def is_near(typed: str, word: str) -> bool:
    """The word may be meant: a letter or two are mistyped, or it sounds the same."""
    if len(typed) < _ONE_OFF:
        return False
    off = OSA.distance(typed, word, score_cutoff=3)
    shorter = min(len(typed), len(word))
    if off <= (1 if shorter < _TWO_OFF else 2):
        return True
    return off <= 3 and shorter > 3 and sound_of(typed) == sound_of(word)
