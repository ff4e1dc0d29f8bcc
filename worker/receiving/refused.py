"""That a body is not taken. Each of the sites says it in its own form."""

from collections.abc import Mapping


class BodyRefusedError(Exception):
    """What came is not taken, and nothing of it is kept. `status` is HTTP's, `kind` the machine's word."""

    def __init__(self, status: int, kind: str, detail: str, *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.kind = kind
        self.headers = headers
