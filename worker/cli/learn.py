"""`pigeonhole learn`: what people decided teaches the machine how far to trust itself."""

import json
from collections import Counter
from dataclasses import asdict, dataclass, replace
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from worker.calibration_file import VERSION, Fitted, save_calibration
from worker.cli.options import Home, Json
from worker.db import labelled
from worker.filing.plan import short_hash
from worker.matching.calibration import Calibration
from worker.matching.refit import Row, fit, table
from worker.pipeline.learn import Flip, Learned, flips, learn
from worker.pipeline.registries import StoredRegistry
from worker.pipeline.site import Site
from worker.wiring import calibration_file, open_site, policy

EXAMPLE = "Example: pigeonhole learn calibration --home mailroom"
learn_app = typer.Typer(help="Learn from what people decided.", no_args_is_help=True, epilog=EXAMPLE)
#: Changed decisions that are shown one by one.
MOST_EXAMPLES = 20


@learn_app.callback(epilog=EXAMPLE)
def _learn() -> None:
    """Learn from what people decided."""


@dataclass(frozen=True, slots=True)
class _Result:
    learned: Learned
    fitted: Calibration
    rows: tuple[Row, ...]
    flips: list[Flip]
    file: str
    is_applied: bool


@learn_app.command("calibration", epilog=EXAMPLE)
def learn_calibration(
    home: Home = None,
    apply: Annotated[bool, typer.Option("--apply", help="Write the calibration; otherwise only show it.")] = False,
    allow_laxer: Annotated[
        bool,
        typer.Option(
            "--allow-laxer",
            help="Let pages be filed that the limit set by hand would leave to people. Without it the calibration may "
            "only take certainty away: a page too many on a desk costs seconds, a misfiled one somebody's privacy.",
        ),
    ] = False,
    documents: Annotated[int, typer.Option(min=0, help="So many of the latest documents are decided again.")] = 2_000,
    as_json: Json = False,
) -> None:
    """Fit anew what the machine's probabilities are worth, and show what that would change.

    The cases are the pages that reviewers decided and the audit sample. Nothing changes without --apply; then the
    calibration is written, and workers that are started from then on decide by it. What is filed stays filed.
    """
    site = open_site(home)
    now = policy(site.home)
    learned = learn(labelled.load_cases(site.shelf.engine), site.review.audit_share)
    fitted = replace(fit(learned.cases), is_laxer=allow_laxer)
    with StoredRegistry(site.shelf.engine).current() as (registry, _):
        changed = list(flips(site.shelf.engine, registry, now, fitted, documents))
    rows = table(learned.cases, now.calibration, fitted)
    file = calibration_file(site.home)
    if apply:
        save_calibration(file, _fitted(site, learned, fitted))
    result = _Result(learned, fitted, rows, changed, str(file), apply)
    _print_json(result) if as_json else _print(result, documents)


def _fitted(site: Site, learned: Learned, fitted: Calibration) -> Fitted:
    day, cases = site.now().date(), len(learned.cases)
    return Fitted(VERSION, day, cases, learned.audited, fitted.slope, fitted.offset, fitted.is_laxer)


def _print(result: _Result, documents: int) -> None:
    console = Console(highlight=False, markup=False, soft_wrap=True)
    learned, fitted = result.learned, result.fitted
    console.print(
        f"{len(learned.cases)} labelled cases, {learned.audited} of them from the audit sample; "
        f"{learned.silent} more say nothing of a probability."
    )
    console.print(f"Log-odds are taken times {fitted.slope:g}, plus {fitted.offset:g}{_bound(fitted)}.")
    console.print(_row_table(result.rows))
    counted = Counter(flip.is_filed_then for flip in result.flips)
    console.print(
        f"Of the latest {documents} documents, {counted[False]} page(s) that are filed would go to review, "
        f"{counted[True]} in review would be filed."
    )
    for flip in result.flips[:MOST_EXAMPLES]:
        console.print(f"  {_flip_words(flip)}")
    if len(result.flips) > MOST_EXAMPLES:
        console.print(f"  and {len(result.flips) - MOST_EXAMPLES} more")
    if result.is_applied:
        console.print(f"Written to {result.file}: start the workers again, and they decide by it.")
    else:
        console.print("Nothing was changed: --apply takes it over.")


def _bound(fitted: Calibration) -> str:
    return "" if fitted.is_laxer else ", never above what they were (--allow-laxer lifts this)"


def _row_table(rows: tuple[Row, ...]) -> Table:
    shown = Table("probability", title="What probabilities are worth", title_justify="left")
    for name in ("cases", "right", "share right", "worth now", "worth then"):
        shown.add_column(name, justify="right")
    for row in rows:
        bounds = f"{row.low:g} to {row.high:g}"
        shares = (f"{share:.4f}" for share in (row.share, row.now, row.after))
        shown.add_row(bounds, str(row.cases), str(row.right), *shares)
    return shown


def _flip_words(flip: Flip) -> str:
    where = f"{flip.source} ({short_hash(flip.sha256)}) page {flip.page}"
    way = "review -> filed to" if flip.is_filed_then else "filed -> review, was"
    return f"{where}: {way} {flip.request_id}, worth {flip.was:.4f} -> {flip.worth:.4f}"


def _print_json(result: _Result) -> None:
    counted = Counter(flip.is_filed_then for flip in result.flips)
    data = {
        "cases": len(result.learned.cases),
        "audited": result.learned.audited,
        "silent": result.learned.silent,
        **asdict(result.fitted),
        "table": [asdict(row) for row in result.rows],
        "filed_to_review": counted[False],
        "review_to_filed": counted[True],
        "examples": [asdict(flip) for flip in result.flips[:MOST_EXAMPLES]],
        "applied": result.is_applied,
        "file": result.file,
    }
    typer.echo(json.dumps(data, indent=1))
