"""Where a record page shows identity: lines, boxes, banners, grids, stickers, or only at its foot."""

import random
from collections.abc import Callable

from bench.drawing.identity import Facts, Style
from bench.drawing.sheet import HEIGHT, Sheet
from bench.drawing.symbols import Symbol, extent, stamp

Header = Callable[[Sheet, Style, Facts, random.Random], None]


def line_header(sheet: Sheet, style: Style, facts: Facts, rng: random.Random) -> None:
    """Provider in bold, below it all facts in one or two lines."""
    if facts.provider and rng.random() < 0.7:
        sheet.line(facts.provider, style.heading)
    parts = [f"{label} {value}" for label, value in facts.labelled(style.labels)]
    sheet.paragraph("    ".join(parts).replace(" ", " "), style.face)


def split_header(sheet: Sheet, style: Style, facts: Facts, rng: random.Random) -> None:
    """Name at the left edge, dates flush right, a rule below."""
    pairs = facts.labelled(style.labels)
    for left, right in zip(pairs[::2], [*pairs[1::2], ("", "")], strict=False):
        sheet.line(f"{left[0]} {left[1]}", style.face)
        sheet.flush_right(sheet.right, sheet.y, f"{right[0]} {right[1]}".strip(), style.face)
    sheet.gap(4)
    sheet.rule(sheet.left, sheet.y, sheet.right, sheet.y, rng.choice((0.5, 1.0, 2.0)))


def box_header(sheet: Sheet, style: Style, facts: Facts, rng: random.Random) -> None:
    """Demographics in a box at the right or left, the provider beside it."""
    pairs = facts.labelled(style.labels)
    wide = max([style.face.width(f"{label} {value}") for label, value in pairs] or [60]) + 12
    x = sheet.right - wide if rng.random() < 0.6 else sheet.left
    top, step = sheet.y, style.face.line
    for i, (label, value) in enumerate(pairs, 1):
        sheet.words(x + 6, top + i * step, f"{label} {value}", style.face)
    if pairs:
        sheet.frame(x, top, wide, step * len(pairs) + 6)
    other = sheet.left if x > sheet.left else x + wide + 14
    sheet.words(other, top + 14, facts.provider, style.heading.at(min(12, style.heading.size)))
    sheet.words(other, top + 28, facts.town, style.face)
    sheet.y = top + step * len(pairs) + 14


def banner_header(sheet: Sheet, style: Style, facts: Facts, rng: random.Random) -> None:
    """A system's banner: name in bold on grey, the rest small below."""
    sheet.block(sheet.left - 6, sheet.y, sheet.right - sheet.left + 12, style.heading.line + 6, 225)
    sheet.line(facts.name, style.heading)
    sheet.gap(5)
    rest = [f"{label} {value}" for label, value in facts.labelled(("", *style.labels[1:])) if label]
    sheet.line("  |  ".join(rest), style.face)
    if facts.provider and rng.random() < 0.5:
        sheet.line(facts.provider, style.face)


def grid_header(sheet: Sheet, style: Style, facts: Facts, rng: random.Random) -> None:
    """A ruled grid, small labels above the values."""
    pairs = facts.labelled(style.labels)
    small = style.face.at(max(6.5, style.face.size - 2.5))
    columns = rng.choice((2, 4)) if style.face.size < 10 else 2
    wide, high = (sheet.right - sheet.left) / columns, small.line + style.face.line + 5
    sheet.line(facts.provider, style.heading)
    sheet.gap(4)
    for i, (label, value) in enumerate(pairs):
        x, y = sheet.left + (i % columns) * wide, sheet.y + (i // columns) * high
        sheet.frame(x, y, wide, high)
        sheet.words(x + 3, y + small.line, label.rstrip(":"), small)
        sheet.words(x + 5, y + small.line + style.face.line, value, style.face)
    sheet.y += high * ((len(pairs) + columns - 1) // columns)


def centred_header(sheet: Sheet, style: Style, facts: Facts, rng: random.Random) -> None:
    """Letterhead in the middle, the patient below at the left."""
    sheet.y += style.heading.line
    sheet.centred(sheet.y, facts.provider, style.heading)
    sheet.y += style.face.line
    sheet.centred(sheet.y, facts.town, style.face)
    sheet.gap(rng.choice((4, 8, 12)))
    for label, value in facts.labelled(style.labels):
        sheet.line(f"{label} {value}", style.face)


def sticker_header(sheet: Sheet, style: Style, facts: Facts, rng: random.Random) -> None:
    """The hospital's adhesive label with its own barcode, a form title beside it."""
    face = style.face.at(min(style.face.size, 9.5))
    pairs = facts.labelled(style.labels)
    x, top = (sheet.right - 210, sheet.y) if rng.random() < 0.7 else (sheet.left, sheet.y)
    for i, (label, value) in enumerate(pairs, 1):
        text = value if label == style.labels[0] else f"{label} {value}"
        sheet.words(x + 6, top + i * face.line, text, face.strong if i == 1 else face)
    deep = top + (len(pairs) + 0.6) * face.line
    if facts.account:
        symbol = Symbol(facts.account, rng.choice(("code128", "code39")), 10, 18)
        stamp(sheet, x + 6, deep, symbol)
        deep += extent(symbol)[1] + 4
    sheet.frame(x, top, 210, deep - top)
    sheet.words(sheet.left if x > sheet.left else x + 224, top + 16, facts.provider, style.heading.at(11))
    sheet.y = deep + 4


def foot_header(sheet: Sheet, style: Style, facts: Facts, rng: random.Random) -> None:
    """Nothing on top but the provider: identity stands in the last lines of the page."""
    if rng.random() < 0.6:
        sheet.line(facts.provider, style.heading)
    y = HEIGHT - rng.choice((44, 52))
    sheet.rule(sheet.left, y - style.face.size - 3, sheet.right, y - style.face.size - 3, 0.5)
    parts = [f"{label} {value}" for label, value in facts.labelled(style.labels)]
    for part in ("   ".join(parts[:2]), "   ".join(parts[2:])):
        sheet.words(sheet.left, y, part, style.face)
        y += style.face.line


def print_header(sheet: Sheet, style: Style, facts: Facts, rng: random.Random) -> None:
    """A print from an electronic record: tiny line at the very top, name in the corner."""
    tiny = style.face.at(max(7.5, style.face.size - 1.5))
    sheet.words(sheet.left, 34, f"Printed by {rng.choice(('HIM', 'ROI', 'REG', 'CLERK'))}{rng.randint(1, 99)}", tiny)
    account = f" ({style.labels[2]} {facts.account})" if facts.account else ""
    sheet.flush_right(sheet.right, 34, f"{facts.name}{account}", tiny.strong)
    if facts.born:
        sheet.flush_right(sheet.right, 34 + tiny.line, f"{style.labels[1]} {facts.born}", tiny)
    if facts.visit:
        sheet.words(sheet.left, 34 + tiny.line, f"{style.labels[3]} {facts.visit}", tiny)
    sheet.y = max(sheet.y, 40 + 2 * tiny.line)


def stacked_header(sheet: Sheet, style: Style, facts: Facts, rng: random.Random) -> None:
    """One fact a line, values lined up in a column."""
    column = max(style.face.width(label) for label in style.labels) + rng.choice((8, 20, 40))
    sheet.line(facts.provider, style.heading)
    for label, value in facts.labelled(style.labels):
        sheet.line(label, style.face.strong if rng.random() < 0.5 else style.face)
        sheet.words(sheet.left + column, sheet.y, value, style.face)


HEADERS: dict[str, Header] = {
    "line": line_header,
    "split": split_header,
    "box": box_header,
    "banner": banner_header,
    "grid": grid_header,
    "centred": centred_header,
    "sticker": sticker_header,
    "foot": foot_header,
    "print": print_header,
    "stacked": stacked_header,
}
