"""All situations with how often they come, and which of them are traps."""

import random
from collections.abc import Callable

from bench.situations import oddities, orders, traps
from bench.situations.desk import Desk, Leaf

Situation = Callable[[Desk], list[Leaf]]

#: Situation, weight in an ordinary tray, the word for its order in truth.json.
ORDINARY: tuple[tuple[Situation, int, str], ...] = (
    (orders.barcode_letter, 10, "each"),
    (orders.ocr_letter, 6, "each"),
    (orders.broken_barcode, 4, "each"),
    (orders.several_claims, 12, "each"),
    (orders.letters_on_top, 6, "letters_first"),
    (orders.letter_last, 6, "letter_last"),
    (orders.no_letter, 6, "no_letter"),
    (orders.own_cover, 5, "each"),
    (orders.two_page_letter, 3, "each"),
    (orders.interleaved, 2, "interleaved"),
    (orders.listed_claims, 2, "listed"),
    (oddities.duplex_blanks, 4, "each"),
    (oddities.separated, 3, "each"),
    (oddities.foreign_barcodes, 3, "each"),
    (oddities.billing_set, 3, "each"),
    (oddities.appeal, 3, "no_letter"),
    (oddities.sent_again, 3, "each"),
    (oddities.turned_pages, 3, "each"),
    (oddities.bare_pages, 3, "each"),
)
TRAPS: tuple[tuple[Situation, int, str], ...] = (
    (traps.known_stranger, 4, "each"),
    (traps.unknown_stranger, 4, "each"),
    (traps.same_surname_stranger, 2, "each"),
    (traps.relatives_page, 3, "each"),
    (traps.relatives_in_turn, 3, "each"),
    (traps.near_ids, 3, "each"),
    (traps.same_member, 4, "each"),
    (traps.reused_letter, 3, "each"),
    (traps.wrong_letter, 2, "each"),
    (traps.closed_request, 4, "each"),
    (traps.not_ours, 3, "each"),
    (traps.sibling_of_closed, 1, "no_letter"),
)


def draw_situation(rng: random.Random, *, only_traps: bool) -> tuple[Situation, str]:
    """A situation and its order, drawn by weight."""
    choices = TRAPS if only_traps else ORDINARY + TRAPS
    situation, _, order = rng.choices(choices, [weight for _, weight, _ in choices])[0]
    return situation, order
