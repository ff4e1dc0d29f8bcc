"""The waterfalls beside the page: each reason with its sentence, its number and a bar, adding up to the probability."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from worker.domain.reading import Box
from worker.explaining.account import Account, Side, Step, Waterfall
from worker.explaining.shapes import Bar, Chip, Face, Frame, Ink, Measure, Rule, Shape, Text, chip_size, lines_of

#: Pixels: the columns of a waterfall from left to right, the rest of the panel is for the bars.
CHIP_COLUMN, TEXT_COLUMN, NUMBER_COLUMN, GUTTER = 40, 396, 76, 16
#: Pixels between rows, and between the parts of the panel.
ROW_GAP, PART_GAP = 7, 24
TITLE, SMALL_TITLE, PLAIN, SMALL = Face(18, is_bold=True), Face(16, is_bold=True), Face(15), Face(13)
LEGEND = (
    (Side.FOR, Ink.FOR, "speaks for the request"),
    (Side.AGAINST, Ink.AGAINST, "speaks against it"),
    (Side.RIVAL, Ink.RIVAL, "the runner-up's"),
    (Side.CODE, Ink.CODE, "barcode, nothing rests on it"),
)
FOOTNOTE = (
    "Bars are log-odds and add up from left to right: each +2.3 makes the request ten times likelier. "
    "A hollow number stands nowhere on the page."
)


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where log-odds lie between the left and the right edge of the bars, in pixels."""

    lowest: float
    highest: float
    left: int
    width: int

    def at(self, log_odds: float) -> int:
        """The place of this value."""
        span = max(self.highest - self.lowest, 1.0)
        return self.left + round((log_odds - self.lowest) / span * self.width)


@dataclass(slots=True)
class _Column:
    """Fills the panel from the top down; `top` is where the next thing comes."""

    left: int
    width: int
    top: int
    scale: _Scale
    measure: Measure
    shapes: list[Shape] = field(default_factory=list)
    last_bar: Box | None = None

    def say(self, text: str, face: Face, ink: Ink = Ink.TEXT, *, gap: int = ROW_GAP) -> None:
        """A paragraph as wide as the panel."""
        lines = lines_of(text, Box(self.left, self.top, self.width, 0), (face, ink), self.measure)
        self.shapes += lines
        self.top += len(lines) * face.line + gap

    def fall(self, waterfall: Waterfall, face: Face) -> None:
        """All steps of a waterfall and what they come to."""
        first, end, self.last_bar = self.top, waterfall.total, None
        axis = len(self.shapes)
        for step in waterfall.steps:
            self._row(step, face)
        together = Step("", f"Together: probability {told(waterfall.probability)}", end, 0.0)
        self._row(together, Face(face.size, is_bold=True), ink=Ink.TOTAL, sign="= ")
        self.shapes.insert(axis, Rule(Box(self.scale.at(0.0), first, 1, self.top - first - ROW_GAP)))

    def _row(self, step: Step, face: Face, *, ink: Ink | None = None, sign: str = "") -> None:
        colour = ink or _ink_of(step)
        if step.label:
            width, height = chip_size(step.label, self.measure)
            self.shapes.append(Chip(step.label, Box(self.left, self.top, width, height), colour, step.is_on_page))
        words = Box(self.left + CHIP_COLUMN, self.top, TEXT_COLUMN, 0)
        lines = lines_of(step.sentence, words, (face, Ink.TEXT if step.label or sign else Ink.QUIET), self.measure)
        self.shapes += [*lines, self._number(step, face, sign), *self._bar(step, face, colour)]
        self.top += max(len(lines) * face.line, chip_size("", self.measure)[1]) + ROW_GAP

    def _number(self, step: Step, face: Face, sign: str) -> Text:
        number = f"{sign}{step.weight:+.1f}"
        width = round(self.measure(number, face))
        return Text(number, Box(self.left + self.width - width, self.top, width, face.line), face)

    def _bar(self, step: Step, face: Face, ink: Ink) -> list[Shape]:
        """The bar, and a line from the end of the one above to where this one begins."""
        start, end = sorted((self.scale.at(step.before), self.scale.at(step.after)))
        box = Box(start, self.top + (face.line - face.size) // 2, max(2, end - start), face.size)
        above, self.last_bar = self.last_bar, box
        if above is None:
            return [Bar(box, ink)]
        foot = above.top + above.height
        return [Rule(Box(self.scale.at(step.before), foot, 1, box.top - foot)), Bar(box, ink)]


def panel_shapes(account: Account, at: Box, measure: Measure) -> tuple[list[Shape], int]:
    """The panel from the top of `at` on, as wide as that, and where it ends."""
    column = _Column(at.left, at.width, at.top, _scale(account, at), measure)
    best, rival = account.best, account.runner_up
    if best is not None:
        column.say(f"Request {best.request_id}", TITLE)
        column.fall(best, PLAIN)
        column.top += PART_GAP
    if rival is not None:
        column.say(f"Runner-up: request {rival.request_id}", SMALL_TITLE)
        column.fall(rival, SMALL)
        column.top += PART_GAP
    column.say(nobody_sentence(account), PLAIN, gap=PART_GAP)
    _legend(column, {mark.side for mark in account.marks})
    if best is not None:
        column.say(FOOTNOTE, SMALL, Ink.QUIET)
    return column.shapes, column.top


def nobody_sentence(account: Account) -> str:
    """How likely the page is of neither request."""
    if account.best is None:
        return "No request comes into question."
    neither = "" if account.runner_up else "No other request comes into question. "
    others = f" {account.others} more weighed less." if account.others else ""
    return f"{neither}Nobody's, or of a request that is not shown: {told(account.nobody)}.{others}"


def told(probability: float) -> str:
    """A probability as it is told: never as certainty."""
    if probability > 0.9999:
        return "over 0.9999"
    return f"{probability:.4f}" if probability >= 0.0001 else "under 0.0001"


def _scale(account: Account, at: Box) -> _Scale:
    values = [0.0, *_values(w for w in (account.best, account.runner_up) if w)]
    left = at.left + CHIP_COLUMN + TEXT_COLUMN + GUTTER
    return _Scale(min(values), max(values), left, at.left + at.width - NUMBER_COLUMN - left)


def _values(waterfalls: Iterable[Waterfall]) -> list[float]:
    return [step.after for waterfall in waterfalls for step in waterfall.steps]


def _ink_of(step: Step) -> Ink:
    if not step.label:
        return Ink.REST
    return Ink.FOR if step.weight >= 0 else Ink.AGAINST


def _legend(column: _Column, sides: Collection[Side]) -> None:
    """One row of frames as they stand on the page, with what each means."""
    left, high = column.left, SMALL.line
    for side, ink, words in (entry for entry in LEGEND if entry[0] in sides):
        frame = Box(left, column.top + 2, 22, high - 4)
        text = Text(words, Box(left + 30, column.top, round(column.measure(words, SMALL)), high), SMALL, Ink.QUIET)
        column.shapes += [Frame(frame, ink, side is Side.AGAINST), text]
        left = text.box.left + text.box.width + 22
    column.top += high + ROW_GAP if sides else 0
