"""A Dockerfile is understood as Docker does, or not at all."""

import pytest

from tests.image.dockerfile import Settings, UnknownStepError, parse

TWO_STAGES = """\
# a comment
FROM debian:bookworm-slim AS base
WORKDIR /opt/app
RUN one \\
    # a comment between
    && two
FROM base
COPY --from=base /a /b
COPY x y z/
ENV PATH=/venv/bin:$PATH NAME="two words"
HEALTHCHECK --interval=30s --retries=3 CMD ["check", "it"]
ENTRYPOINT ["program"]
CMD ["up"]
USER somebody
WORKDIR below
"""


def settings(text: str) -> Settings:
    found = Settings()
    for step in parse(text)[-1].steps:
        found.note(step)
    return found


def test_stages_have_names_or_numbers() -> None:
    stages = parse(TWO_STAGES)

    assert [(stage.base, stage.name) for stage in stages] == [("debian:bookworm-slim", "base"), ("base", "1")]


def test_a_command_goes_through_the_shell_or_stands_as_it_is() -> None:
    base, last = parse(TWO_STAGES)

    assert base.steps[1].words == ("/bin/sh", "-c", "one     && two")
    assert [step.words for step in last.steps if step.keyword == "CMD"] == [("up",)]


def test_options_are_apart_from_words() -> None:
    steps = parse(TWO_STAGES)[1].steps

    assert (steps[0].options, steps[0].words) == ({"from": "base"}, ("/a", "/b"))
    assert steps[1].words == ("x", "y", "z/")


def test_the_last_word_on_how_it_runs() -> None:
    found = settings(TWO_STAGES)

    assert found.env["PATH"].startswith("/venv/bin:/usr/local/sbin:")
    assert found.env["NAME"] == "two words"
    assert (found.user, found.folder) == ("somebody", "/below")
    assert (found.entrypoint, found.command, found.health) == (("program",), ("up",), ("check", "it"))


def test_a_stage_does_not_change_the_one_it_starts_from() -> None:
    base = settings("FROM a\nENV A=1\n")

    later = base.copy()
    later.note(parse("FROM b\nENV A=2\n")[0].steps[0])

    assert (base.env["A"], later.env["A"]) == ("1", "2")


@pytest.mark.parametrize(
    "text", ["RUN before any FROM", "FROM a\nARG X=1", "FROM a AS", "FROM --platform=x a AS b", "FROM a\nONBUILD RUN x"]
)
def test_what_is_not_understood_is_an_error(text: str) -> None:
    with pytest.raises(UnknownStepError):
        parse(text)
