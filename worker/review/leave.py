"""How a session ends: it is removed, what its person held is given back, and the log says so."""

from worker.db import audit_log, sessions
from worker.db.sessions import Session, Stage
from worker.domain.audit import Entry
from worker.pipeline.site import Site


def leave(site: Site, session: Session, action: str) -> bool:
    """End it, once; False when it had ended already. Others may take the items of whoever was signed in."""
    name = session.person.name
    with site.shelf.engine.begin() as connection:
        has_ended = sessions.end(connection, session.token_sha256)
        if has_ended and session.stage is Stage.IN:
            audit_log.add(connection, Entry(name, session.address, action))
    return has_ended
