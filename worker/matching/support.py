"""How well a page's own findings support a request, and what speaks against it."""

from collections.abc import Sequence
from dataclasses import dataclass

from worker.domain.decision import Finding, Strength, Verdict
from worker.matching.evidence import CONTRADICTIONS


@dataclass(frozen=True, slots=True)
class Support:
    """What one page by itself says for one request.

    `names_request`: by a barcode, or an id read by OCR that cannot easily be another's. `half_names_request`:
    an id was read, but a misread digit could have led to it. `hints_request`: an id one character off was.
    `names_member`: two of name, birth date, member id
    and the chart number of sure pages agree. `hints_member`: one of them, or a chart number misread.
    `names_patient`: the name in full, or the chart number; a birth date alone is also a twin's. `is_born`: the
    labelled birth date agrees. `is_dated`: a date of service does. `against`: findings that nothing can
    outweigh.
    """

    names_request: bool
    half_names_request: bool
    hints_request: bool
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


def support_of(findings: Sequence[Finding]) -> Support:
    """The support that these findings of one page give to their request."""
    agreeing = {f.name: f.strength for f in findings if f.verdict is Verdict.AGREES}
    request_id, claim = agreeing.get("request id"), agreeing.get("claim number")
    full = {name for name, strength in agreeing.items() if strength is Strength.FULL}
    member = {"member name", "birth date"} & agreeing.keys() | {"member id", "chart number"} & full
    half_names_request = (request_id or 0) >= Strength.PARTIAL
    reads_claim = claim is Strength.FULL
    return Support(
        names_request=request_id is Strength.FULL or (reads_claim and bool(member)),
        half_names_request=half_names_request or reads_claim,
        hints_request=bool(request_id),
        names_member=len(member) >= 2,
        names_patient=agreeing.get("member name", 0) >= Strength.PARTIAL or "chart number" in full,
        hints_member=bool(member) or "chart number" in agreeing or bool(request_id and claim),
        is_born="birth date" in full,
        is_dated=agreeing.get("date of service", 0) >= Strength.PARTIAL,
        against=_against(
            findings,
            ids_read=half_names_request + reads_claim + ("member id" in agreeing),
            is_same_chart={"member name", "chart number"} <= full,
        ),
    )


def _against(findings: Sequence[Finding], *, ids_read: int, is_same_chart: bool) -> tuple[Finding, ...]:
    """Contradictions. A page that names the request by an id may be dated otherwise, as invoices and letters are; one
    that shows two ids of the request may have one digit of the birth date misread.
    """
    excused = set()
    if ids_read:
        excused.add("date of service")
    if ids_read >= 2 or is_same_chart:
        excused.add("birth date nearly")
    return tuple(
        f for f in findings if f.verdict is Verdict.DISAGREES and f.name in CONTRADICTIONS and f.name not in excused
    )
