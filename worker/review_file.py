"""How a site reviews, from a TOML file with the fields of domain.review_policy.ReviewPolicy."""

import tomllib
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from worker.domain.review_policy import ReviewPolicy
from worker.errors import BadSettingsError

_POLICY = TypeAdapter(ReviewPolicy)
_SHARES = ("audit_share",)
_POSITIVE = ("hold_minutes", "opened_minutes")


def load_review(file: Path | None) -> ReviewPolicy:
    """The policy; what the file does not name is as usual. Raises BadSettingsError with what is wrong."""
    if file is None:
        return ReviewPolicy()
    try:
        policy = _POLICY.validate_python(tomllib.loads(file.read_text("utf-8")), extra="forbid")
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(str(step) for step in e['loc'])}: {e['msg']}" for e in error.errors())
        raise BadSettingsError(f"{file}: {wrong}") from error
    except (OSError, ValueError) as error:
        raise BadSettingsError(f"{file}: {error}") from error
    _check(file, policy)
    return policy


def _check(file: Path, policy: ReviewPolicy) -> None:
    for name in _SHARES:
        if not 0.0 <= getattr(policy, name) <= 1.0:
            raise BadSettingsError(f"{file}: {name} is a share: give a number from 0 to 1")
    for name in _POSITIVE:
        if not getattr(policy, name) > 0:
            raise BadSettingsError(f"{file}: {name} must be more than 0")
