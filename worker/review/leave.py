"""How a session ends: it is removed, what its person held is given back, and the log says so."""

from datetime import timedelta

from worker.db import audit_log, review_items, sessions
from worker.db.sessions import Session, Stage
from worker.domain.audit import Entry
from worker.domain.sign_in import SignIn
from worker.pipeline.site import Site


def leave(site: Site, sign_in: SignIn, session: Session, action: str) -> bool:
    """End it, once; False when it had ended already. Others may take the items, unless the person is in elsewhere."""
    name = session.person.name
    with site.shelf.engine.begin() as connection:
        if not sessions.end(connection, session.token_sha256):
            return False
        if session.stage is not Stage.IN:
            return True
        audit_log.add(connection, Entry(name, session.address, action))
        is_gone = not sessions.is_any_left(connection, name, idle_of(sign_in))
    if is_gone:
        review_items.release_all(site.shelf.engine, name)
    return True


def leave_overdue(site: Site, sign_in: SignIn) -> None:
    """End the sessions that are over without anybody having noticed."""
    for session in sessions.load_overdue(site.shelf.engine, idle_of(sign_in)):
        leave(site, sign_in, session, why_over(sign_in, session))


def why_over(sign_in: SignIn, session: Session) -> str:
    """For the log: which limit ended a session that is over."""
    return "idle_end" if session.idle_left(idle_of(sign_in)) <= timedelta(0) else "session_end"


def idle_of(sign_in: SignIn) -> timedelta:
    """How long a session lives without a sign of life."""
    return timedelta(minutes=sign_in.idle_minutes)
