"""What stands in the addresses of documents and their pages."""

from typing import Annotated

from fastapi import Path

Sha256 = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]
PageNumber = Annotated[int, Path(ge=1, le=100_000)]
