"""How much each finding weighs, in natural log-odds.

Set by hand from what the field says (how often OCR misreads, how many people share a birthday): what fitting on drawn
trays starts from (`python -m bench.fit`). A weight is the log of how much likelier the sighting is if the page belongs
to the request than if it does not.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weights:
    """Natural log-odds of each kind of agreement and disagreement."""

    barcode: float = 14.0
    request_id: float = 12.0
    request_id_confused: float = 9.0
    #: Another open id is one character away: a single misread digit would have led here.
    request_id_crowded: float = 6.0
    request_id_one_off: float = 4.0
    request_id_differs: float = -9.0
    request_id_unknown: float = -9.0
    claim_number: float = 11.0
    claim_number_one_off: float = 6.0
    claim_number_differs: float = -8.0
    member_id: float = 7.0
    member_id_one_off: float = 1.5
    member_id_differs: float = -8.0
    #: What part of the surprise at a stranger of this name (see rarity) speaks for the member: relatives and misread
    #: letters take the rest. The weight stays between `name_least` and `name_most`.
    name_trust: float = 0.45
    name_least: float = 2.5
    name_most: float = 7.0
    #: Parts of the name's weight where letters are misread, and where no label says that it is the patient's.
    name_nearly: float = 0.5
    name_unlabelled: float = 0.6
    #: The first name and the birth date are the member's, the surname is another.
    name_maiden: float = -2.0
    name_differs: float = -10.0
    birth_date_trust: float = 0.7
    birth_date_least: float = 3.0
    birth_date_most: float = 8.0
    #: Part of the birth date's weight where no label calls it one.
    birth_date_unlabelled: float = 0.5
    birth_date_one_digit_off: float = -4.0
    birth_date_differs: float = -10.0
    service_date: float = 5.5
    service_date_unlabelled: float = 3.0
    #: A date that a label calls something else (printed, due) and that is within the dates of service by chance or not.
    service_date_otherwise: float = 1.0
    service_date_differs: float = -9.0
    chart_number: float = 5.0
    chart_number_nearly: float = 2.5
    chart_number_differs: float = -3.0
    provider: float = 1.0
    #: The sending fax number is tied to the provider by a person.
    sender: float = 1.5
