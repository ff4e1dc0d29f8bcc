"""What a person may reach: documents of the person's lines."""

from worker.db import documents
from worker.db.documents import Document
from worker.pipeline.site import Site
from worker.review.refusals import NotFoundError
from worker.review.who import Signed


def find_document(site: Site, signed: Signed, sha256: str) -> Document:
    """The document, if it is of a line that is the person's. Raises NotFoundError."""
    document = documents.find(site.shelf.engine, sha256)
    if document is None or not signed.person.may_use(document.line):
        raise NotFoundError("There is no such document, or it is of a line that is not yours.")
    return document
