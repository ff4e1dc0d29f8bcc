"""A case as the review site embeds it, drawn for tests: 40 pages of three requests, seven of which are open."""

from collections.abc import Sequence
from typing import Any

from tests.builders.requests import CLOSED, JANET, JOAN, OMAR
from worker.domain.request import Request

Json = dict[str, Any]
WIDTH, HEIGHT = 1700, 2200
SHA = "5e" * 32
OPEN = (9, 10, 24, 25, 26, 30, 31)
SET_ASIDE = [
    {"ground": "blank", "label": "Blank", "key": "B"},
    {"ground": "cover_sheet", "label": "Cover sheet", "key": "C"},
    {"ground": "separator", "label": "Separator", "key": "T"},
    {"ground": "not_ours", "label": "Not ours", "key": "O"},
    {"ground": "unreadable", "label": "Unreadable", "key": "X"},
    {"ground": "repeated", "label": "Duplicate", "key": "D"},
]
REQUESTS = (JANET, OMAR, JOAN)
#: Where the words of a drawn page stand: kind, text, box.
BOXES = (
    ("name", "Brown, Janet", (340, 300, 250, 40)),
    ("birth date", "03/04/1957", (900, 300, 210, 40)),
    ("member id", "H78227425", (340, 370, 220, 40)),
    ("service date", "08/24/2025", (340, 440, 210, 40)),
)


def request_json(request: Request) -> Json:
    """A request as the contract spells it."""
    return {
        "id": request.request_id,
        "claim": request.claim_number,
        "memberId": request.member_id,
        "name": f"{request.member_first_name} {request.member_last_name}",
        "born": request.date_of_birth.isoformat(),
        "provider": request.provider_name,
        "npi": request.provider_npi,
        "from": request.service_from.isoformat(),
        "to": request.service_to.isoformat(),
        "letterDate": request.letter_date.isoformat(),
        "due": request.due_date.isoformat(),
        "program": request.program,
        "status": request.status.value,
    }


CLOSED_JSON = {**request_json(CLOSED), "id": "20269990001", "name": "Octavia Nakamura", "why": "member name"}


def case(pages: int = 40, opened: Sequence[int] = OPEN, **item: object) -> Json:
    """A case. `item` changes fields of its item."""
    all_pages = [page_json(n, n in opened) for n in range(1, pages + 1)]
    return {
        "item": _item(opened) | item,
        "mayDecide": True,
        "readOnlyWhy": "",
        "document": _document(pages),
        "pages": all_pages,
        "requests": {request.request_id: request_json(request) for request in REQUESTS},
        "letters": [{"page": 2, "requestId": JANET.request_id}, {"page": 13, "requestId": OMAR.request_id}],
        "current": detail_json(opened[0]) if opened else None,
        "setAside": SET_ASIDE,
        "csrf": "token-1",
        "zone": "America/New_York",
    }


def _item(opened: Sequence[int]) -> Json:
    return {
        "id": 17,
        "kind": "exception",
        "blind": False,
        "ground": "doubtful",
        "reason": "The birth date on page 9 differs by one digit.",
        "line": "routine",
        "channel": "fax",
        "receivedAt": "2026-11-25T09:12:00+00:00",
        "dueAt": "2026-11-28T09:12:00+00:00",
        "pages": list(opened),
        "version": 3,
        "heldBy": "rosa",
        "heldUntil": "2026-11-25T10:00:00+00:00",
        "note": "",
        "senior": False,
    }


def _document(pages: int) -> Json:
    return {
        "sha256": SHA,
        "source": "fax-20261125-091200.tif",
        "receipt": "7K3M-Q2",
        "sender": "+17766689329",
        "senderName": "Coastal Pulmonary Clinic",
        "revision": 5,
        "pageCount": pages,
        "damage": [],
        "stage": "done",
    }


def _owner(n: int) -> str:
    return (JANET if n < 13 else OMAR if n < 30 else JOAN).request_id


def page_json(n: int, is_open: bool) -> Json:
    """A page of the default story: 1 a cover sheet, 2 and 13 letters, 23 blank, 30 without any candidate."""
    aside = {1: ("cover_sheet", "cover_sheet"), 23: ("blank", "blank")}.get(n)
    outcome = "review" if is_open else "set_aside" if aside else "filed"
    return {
        "n": n,
        "outcome": outcome,
        "requestId": _owner(n) if outcome == "filed" else None,
        "proposed": _owner(n) if is_open and n != 30 else None,
        "v": "0a1b2c3d",
        "probability": 0.91 if is_open else 0.998,
        "type": "letter" if n in {2, 13} else aside[1] if aside else "medical_record",
        "recordKind": None,
        "ground": "doubtful" if is_open else aside[0] if aside else "named",
        "reason": "The birth date differs by one digit." if is_open else "Follows the letter on page 2.",
        "by": "omar" if n == 35 else None,
        "open": is_open,
        "sensitive": "no",
        "turn": 0,
        "width": WIDTH,
        "height": HEIGHT,
    }


def detail_json(n: int) -> Json:
    """What the server tells of one page."""
    ids = [_owner(n), *(r.request_id for r in REQUESTS if r.request_id != _owner(n))]
    candidates = [] if n == 30 else [candidate_json(request_id, k) for k, request_id in enumerate(ids)]
    return {
        "n": n,
        "reason": "Birth date differs: page 03/04/1957, request 03/04/1951. No id of a request is on the page.",
        "boxes": [
            {"kind": kind, "text": text, "box": list(box), "verdicts": _verdicts(kind, ids)}
            for kind, text, box in BOXES
        ],
        "candidates": candidates,
        "words": f"Coastal Pulmonary Clinic\nPatient: Brown, Janet\nDOB: 03/04/1957\nPage {n}",
        "damage": ["streak at the left edge"] if n == 24 else [],
        "identity": [100, 270, 1500, 260],
    }


def _verdicts(kind: str, ids: Sequence[str]) -> Json:
    best = "disagrees" if kind == "birth date" else "agrees"
    return {ids[0]: best} if kind == "service date" else {ids[0]: best, ids[1]: "disagrees"}


def candidate_json(request_id: str, rank: int) -> Json:
    """A candidate with reasons; the first has more for it than against it."""
    boxes = {kind: [list(box)] for kind, _, box in BOXES}
    best = [
        ("member name", "agrees", 5.0, "The name on the page is the same as the member's.", boxes["name"]),
        ("member id", "agrees", 7.0, "Member id H78227425 is on the page.", boxes["member id"]),
        ("date of service", "agrees", 5.0, "The date of service is within the requested dates.", boxes["service date"]),
        ("birth date nearly", "disagrees", -4.0, "Birth date differs: page 03/04/1957, request 03/04/1951.",
         boxes["birth date"]),
        ("provider", "agrees", 1.0, "The fax came from this provider's number.", []),
    ]  # fmt: skip
    other = [
        ("member name", "disagrees", -10.0, "The page names another patient.", boxes["name"]),
        ("provider", "agrees", 1.0, "The fax came from this provider's number.", []),
    ]
    names = ("name", "verdict", "weight", "sentence", "boxes")
    findings = [dict(zip(names, found, strict=True)) for found in (other if rank else best)]
    return {"requestId": request_id, "probability": (0.91, 0.06, 0.02)[min(rank, 2)], "findings": findings}
