"""A payer and a request to write letters with."""

from tests.builders.requests import JANET, given
from worker.letters import Payer

CARDINAL = Payer(
    "Cardinal Health Plan",
    "Medical Records Management",
    ("P.O. Box 14465", "Lexington, KY 40512"),
    "866-555-0155",
    "800-555-0185",
)
BEATRIZ = given(
    JANET,
    request_id="MRR-4820193",
    claim_number="826439859742",
    member_last_name="Okonkwo",
    member_first_name="Beatriz",
    provider_name="Cedar Fork Family Practice",
    provider_fax="5025550143",
)
