"""The accepted risk of a site, its lines and programs, and the name of a policy."""

from dataclasses import replace

import pytest

from worker.matching.policy import Policy, Rules
from worker.matching.weights import Weights

SITE = Policy(
    accepted_risk=0.001,
    lines={"routine": Rules(), "appeals": Rules(0.0001)},
    programs={"audit": Rules(0.0005), "stars": Rules(0.01), "other": Rules()},
)


@pytest.mark.parametrize(
    ("lines", "program", "bound"),
    [
        ((), "unknown", 0.999),
        (("routine",), "other", 0.999),
        (("routine",), "audit", 0.9995),
        (("routine",), "stars", 0.99),
        (("appeals",), "unknown", 0.9999),
        (("appeals",), "stars", 0.9999),
        (("routine", "appeals"), "audit", 0.9999),
    ],
)
def test_the_programs_risk_counts_and_the_smaller_where_the_line_sets_one(
    lines: tuple[str, ...], program: str, bound: float
) -> None:
    assert SITE.on_lines(lines).file_at(program) == pytest.approx(bound)


def test_whatever_decides_has_its_part_in_the_name() -> None:
    others = [
        replace(SITE, accepted_risk=0.002),
        replace(SITE, weights=Weights(name_differs=-9.0)),
        replace(SITE, programs={}),
        replace(SITE, programs={**SITE.programs, "other": Rules(shares_pages=True)}),
        replace(SITE, service_slack_days=3),
        replace(SITE, fitted="2026-11-25.1"),
    ]

    assert len({policy.version for policy in (SITE, *others)}) == 1 + len(others)


def test_the_order_of_the_file_has_no_part_in_the_name() -> None:
    turned = replace(SITE, programs=dict(reversed(list(SITE.programs.items()))))

    assert turned.version == SITE.version


def test_a_line_that_accepts_what_the_site_does_says_nothing_of_documents_from_elsewhere() -> None:
    strict = replace(SITE, accepted_risk=0.0001)

    assert strict.on_lines(["routine"]).file_at("stars") == pytest.approx(0.99)
    assert strict.on_lines(["appeals"]).file_at("stars") == pytest.approx(0.9999)
