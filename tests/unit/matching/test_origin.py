"""A sending number that a reviewer tied to a provider."""

from tests.builders.readings import reading
from tests.builders.requests import JANET, OMAR, given
from worker.domain.decision import Outcome, Verdict
from worker.matching.decide import decide
from worker.matching.judgment import Judgment
from worker.matching.look_over import look_over
from worker.matching.origin import ANYWHERE, Origin, sender_findings
from worker.matching.policy import Policy
from worker.matching.registry import RequestTable
from worker.matching.weights import Weights

SENDER = "5025550100"
ELSEWHERE = given(JANET, request_id="20269900001", claim_number="811111222233334", provider_npi="1999999992")
REGISTRY = RequestTable([JANET, ELSEWHERE, OMAR])
#: Both of Janet's requests fit.
UNDATED = (reading(1, "Patient: Brown, Janet", "DOB: 03/04/1951"),)
SURE = (reading(1, f"Request ID: {JANET.request_id}", "Patient: Brown, Janet", "DOB: 03/04/1951"),)


def decided(origin: Origin, pages: tuple = UNDATED) -> tuple[Judgment, ...]:  # type: ignore[type-arg]  # readings
    return decide([look_over(page, REGISTRY) for page in pages], REGISTRY, Policy(), origin)


def test_a_tied_number_speaks_for_the_requests_of_its_provider() -> None:
    origin = Origin(SENDER, frozenset({JANET.provider_npi}))

    (finding,) = sender_findings(origin, JANET, 1, Weights())

    assert finding.verdict is Verdict.AGREES
    assert finding.sentence == ("The fax came from 5025550100, which a reviewer tied to Coastal Pulmonary Clinic.")


def test_another_providers_number_is_never_evidence_against() -> None:
    origin = Origin(SENDER, frozenset({"1888888883"}))

    findings = sender_findings(origin, JANET, 1, Weights())

    assert findings == ()


def test_a_call_is_one_piece_of_evidence_however_long() -> None:
    origin = Origin(SENDER, frozenset({JANET.provider_npi}))

    whole = [sum(f.weight for f in sender_findings(origin, JANET, n, Weights())) * n for n in (1, 2, 40, 400)]

    assert whole[0] == Weights().sender
    assert all(abs(weight - 2 * Weights().sender) < 0.1 for weight in whole[1:])


def test_of_two_requests_of_a_member_the_senders_comes_first_but_a_person_decides() -> None:
    before = decided(ANYWHERE)[0]

    after = decided(Origin(SENDER, frozenset({ELSEWHERE.provider_npi})))[0]

    assert before.outcome is after.outcome is Outcome.REVIEW
    assert after.candidates[0].request_id == ELSEWHERE.request_id
    assert after.candidates[0].probability > before.candidates[0].probability


def test_without_a_tie_everything_is_as_it_was() -> None:
    before = decide([look_over(page, REGISTRY) for page in SURE], REGISTRY, Policy())

    after = decided(Origin(SENDER, frozenset()), SURE)

    assert after == before


def test_a_page_that_names_its_request_is_filed_there_whoever_sent_it() -> None:
    origin = Origin(SENDER, frozenset({ELSEWHERE.provider_npi}))

    (judgment,) = decided(origin, SURE)

    assert judgment.outcome is Outcome.FILED
    assert judgment.request_id == JANET.request_id
