"""Who is asking: the signed-in person of a request, and what that person may do."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from worker.domain.person import Person
from worker.pipeline.site import Site
from worker.review.refusals import NotAllowedError, SignInFirstError
from worker.review.rules import site_of

AtSite = Annotated[Site, Depends(site_of)]


@dataclass(frozen=True, slots=True)
class Signed:
    """A person with a session. `csrf` must come back with everything that changes something."""

    person: Person
    csrf: str
    token_sha256: str
    address: str


def signed_in(request: Request) -> Signed:
    """The signed-in person. Raises SignInFirstError. Templates find it as `signed`."""
    signed = getattr(request.state, "signed", None)
    if not isinstance(signed, Signed):
        raise SignInFirstError
    return signed


def allowed(may: Callable[[Person], bool]) -> Callable[[Signed], Signed]:
    """A dependency that gives the signed-in person if that person `may`, and refuses all others."""

    def who(signed: Annotated[Signed, Depends(signed_in)]) -> Signed:
        if not may(signed.person):
            raise NotAllowedError
        return signed

    return who


Anybody = Annotated[Signed, Depends(signed_in)]
Reading = Annotated[Signed, Depends(allowed(lambda person: person.may_read))]
Deciding = Annotated[Signed, Depends(allowed(lambda person: person.may_decide))]
