"""How well a page's own findings support a request, and what speaks against it."""

from collections.abc import Sequence
from dataclasses import dataclass

from worker.domain.decision import Finding, Verdict
from worker.matching.evidence import CONTRADICTIONS
from worker.matching.weights import Policy


@dataclass(frozen=True, slots=True)
class Support:
    """What one page by itself says for one request.

    `names_request`: by a barcode, or an id read by OCR that cannot easily be another's. `half_names_request`:
    an id was read, but a misread digit could have led to it. `names_member`: two of name, birth date, member id
    and the chart number of sure pages agree. `hints_member`: one of them, or a chart number misread.
    `names_patient`: the name in full, or the chart number; a birth date alone is also a twin's. `is_born`: the
    labelled birth date agrees. `is_dated`: a date of service does. `against`: findings that nothing can
    outweigh.
    """

    names_request: bool
    half_names_request: bool
    names_member: bool
    names_patient: bool
    hints_member: bool
    is_born: bool
    is_dated: bool
    against: tuple[Finding, ...]

    @property
    def is_enough(self) -> bool:
        """The page by itself is enough to file it."""
        if self.against:
            return False
        return self.names_request or (self.half_names_request and self.hints_member) or self.is_own_record

    @property
    def is_own_record(self) -> bool:
        """The page names the member and is dated within the request."""
        return self.names_member and self.is_dated


def support_of(findings: Sequence[Finding], policy: Policy) -> Support:
    """The support that these findings of one page give to their request."""
    weights = policy.weights
    agreeing = {f.name: f.weight for f in findings if f.verdict is Verdict.AGREES}
    request_id, claim = agreeing.get("request id", 0.0), agreeing.get("claim number", 0.0)
    member = [n for n in ("member name", "birth date", "member id") if agreeing.get(n, 0.0) > weights.member_id_one_off]
    if agreeing.get("chart number", 0.0) >= weights.chart_number:
        member.append("chart number")
    reads_claim = claim >= weights.request_id_enough
    return Support(
        names_request=request_id >= weights.request_id_enough or (reads_claim and bool(member)),
        half_names_request=request_id >= weights.request_id_crowded or reads_claim,
        names_member=len(member) >= 2,
        names_patient=agreeing.get("member name", 0.0) >= weights.name_unlabelled or "chart number" in member,
        hints_member=bool(member) or "chart number" in agreeing or (bool(request_id) and bool(claim)),
        is_born=agreeing.get("birth date", 0.0) >= weights.birth_date,
        is_dated=agreeing.get("date of service", 0.0) >= weights.service_date_unlabelled,
        against=_against(
            findings, ids_read=(request_id >= weights.request_id_crowded) + reads_claim + ("member id" in agreeing)
        ),
    )


def _against(findings: Sequence[Finding], *, ids_read: int) -> tuple[Finding, ...]:
    """Contradictions. A page that names the request by an id may be dated otherwise, as invoices and letters are; one
    that shows two ids of the request may have one digit of the birth date misread.
    """
    excused = set()
    if ids_read:
        excused.add("date of service")
    if ids_read >= 2:
        excused.add("birth date nearly")
    return tuple(
        f for f in findings if f.verdict is Verdict.DISAGREES and f.name in CONTRADICTIONS and f.name not in excused
    )
