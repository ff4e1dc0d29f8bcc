"""Fits the weights and the calibration on drawn trays, and writes them to a small file that the worker reads.

`python -m bench.fit TRAY:RUN ... [--calibrate TRAY:RUN ...] --version 2026-11-25.1 --write worker/fitted.json`, where
RUN is what `pigeonhole process` wrote of TRAY. Weights are fitted on the first trays, the calibration on the others: on
the same ones it would flatter. Name trays after their kind and seed (ordinary-51001): the file names them so.
"""

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np

from bench.fit_pages import Taught, choices_of, labelled, lessons, names, taught, values
from bench.logit import Choices, Numbers, fit_change, prior_around
from bench.stream import load_registry, load_run
from worker.fitted_file import Fitted, FittedCalibration, save_fitted
from worker.matching.calibration import IDENTITY, Calibration
from worker.matching.policy import Policy
from worker.matching.refit import LEAST_CASES, Labelled, fit, table
from worker.matching.weights import Weights

#: What the field knows of a weight is good to about this part of it.
DEVIATION = 0.25
#: Where bounds bend the line, it is drawn anew at the fitted weights: so often in all.
ROUNDS = 2
#: Weights are written with so many decimals.
PLACES = 2


@dataclass(frozen=True, slots=True)
class Tray:
    """A tray and a run of it."""

    tray: Path
    run: Path

    @property
    def name(self) -> str:
        """Its kind and seed."""
        return self.tray.name


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.fit", description=__doc__)
    parser.add_argument("trays", type=_tray, nargs="+", metavar="TRAY:RUN")
    parser.add_argument("--calibrate", type=_tray, nargs="+", default=[], metavar="TRAY:RUN")
    parser.add_argument("--version", required=True, help="the day, and which one of it: 2026-11-25.1")
    parser.add_argument("--write", type=Path, required=True)
    given = parser.parse_args(arguments)
    weights, choices = fit_weights([document for tray in given.trays for document in _documents(tray)])
    print(weights_table(weights, choices))
    cases = [case for tray in given.calibrate for case in _cases(tray, weights)]
    calibration = fit_calibration(cases, tuple(tray.name for tray in given.calibrate))
    print(calibration_table(cases, calibration))
    day, trays = date.fromisoformat(given.version.partition(".")[0]), tuple(tray.name for tray in given.trays)
    fitted = dict(zip(names(), map(float, values(weights)), strict=True))
    save_fitted(given.write, Fitted(given.version, day, trays, len(choices.starts), fitted, calibration))


def fit_weights(documents: Sequence[Taught]) -> tuple[Weights, Choices]:
    """The likeliest weights around those set by hand, rounded, and the choices that they were fitted to."""
    by_hand = values(Weights())
    weights = Weights()
    for _ in range(ROUNDS):
        now = values(weights)
        choices = choices_of([lesson for document in documents for lesson in lessons(document, weights)])
        # The line through the weights as they are now, told from the weights set by hand: there the prior stands.
        told = replace(choices, base=choices.base + choices.features @ (by_hand - now))
        weights = _rounded(by_hand + _change(told, by_hand))
    return weights, choices


def _change(choices: Choices, by_hand: Numbers) -> Numbers:
    """How far each weight moves; one on which nothing hangs stays."""
    matters = (np.abs(choices.features).max(axis=0) > 0) & (by_hand != 0)
    change = np.zeros(len(by_hand))
    seen = replace(choices, features=choices.features[:, matters])
    change[matters] = fit_change(seen, prior_around(by_hand[matters], DEVIATION))
    return change


def _rounded(found: Numbers) -> Weights:
    return Weights(**{name: round(float(value), PLACES) for name, value in zip(names(), found, strict=True)})


def fit_calibration(cases: Sequence[Labelled], trays: tuple[str, ...]) -> FittedCalibration:
    """The calibration that explains the cases. It only takes certainty away: that a page may be surer than the sequence
    says, beyond 99.9 %, would take tens of thousands of pages to show.
    """
    found = fit(cases) if len(cases) >= LEAST_CASES else IDENTITY
    wrong = sum(not case.is_right for case in cases)
    return FittedCalibration(found.slope, found.offset, is_laxer=False, trays=trays, pages=len(cases), wrong=wrong)


def weights_table(weights: Weights, choices: Choices) -> str:
    """Each weight as it was and is, and in how many alternatives it speaks."""
    by_hand, now = values(Weights()), values(weights)
    counts = (choices.features != 0).sum(axis=0)
    lines = [f"{'weight':28}{'by hand':>9}{'fitted':>9}{'seen':>8}"]
    for name, before, after, count in zip(names(), by_hand, now, counts, strict=True):
        lines.append(f"{name:28}{before:9.2f}{after:9.2f}{count:8}")
    return "\n".join([*lines, f"{len(choices.starts)} pages"])


def calibration_table(cases: Sequence[Labelled], calibration: FittedCalibration) -> str:
    """The cases by probability: how many were right, and what they are worth."""
    lines = [
        f"slope {calibration.slope}, offset {calibration.offset}: {calibration.pages} pages, {calibration.wrong} wrong"
    ]
    after = Calibration(calibration.slope, calibration.offset, calibration.is_laxer)
    for row in table(cases, IDENTITY, after):
        lines.append(f"{row.low:7} to {row.high:6}: {row.right} of {row.cases} right, {row.now:.5f} -> {row.after:.5f}")
    return "\n".join(lines)


def _documents(tray: Tray) -> Iterable[Taught]:
    return taught(load_run(tray.tray, tray.run), load_registry(tray.tray))


def _cases(tray: Tray, weights: Weights) -> Iterable[Labelled]:
    policy = Policy(weights=weights)
    return labelled((d for d in load_run(tray.tray, tray.run) if d.readings), load_registry(tray.tray), policy)


def _tray(given: str) -> Tray:
    tray, _, run = given.partition(":")
    return Tray(Path(tray), Path(run))


if __name__ == "__main__":
    main()
