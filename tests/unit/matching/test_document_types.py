"""What a page is, by its phrases."""

import pytest

from worker.domain.decision import DocumentType
from worker.matching.document_types import document_type


@pytest.mark.parametrize(
    ("lines", "id_kinds", "expected"),
    [
        (["FAX COVER SHEET", "To: Records", "Pages: 3 including cover"], 0, DocumentType.COVER_SHEET),
        (["FAX", "To: Plan", "Fax: 555", "From: Clinic", "Date: May 1", "Re: records"], 0, DocumentType.COVER_SHEET),
        (["Provider Payment Integrity", "Please send the complete medical record."], 1, DocumentType.LETTER),
        (
            ["Acme", "Case No. 1", "Claim 2", "Copies are paid at once upon receipt of an invoice"],
            2,
            DocumentType.LETTER,
        ),
        (["HealthPort Copy Desk", "INVOICE No. 788105", "Request ID: 1", "Amount due: $0.48"], 1, DocumentType.INVOICE),
        (
            ["ITEMIZED STATEMENT OF CHARGES", "0490 LABORATORY", "TOTAL CHARGES 6,432"],
            1,
            DocumentType.ITEMIZED_BILL,
        ),
        (["HEALTH INSURANCE CLAIM FORM", "INSURED'S I.D. NUMBER"], 1, DocumentType.CLAIM_FORM),
        (["Authorization for Release of Medical Information", "I hereby authorize"], 0, DocumentType.AUTHORIZATION),
        (["Request for Reconsideration", "We wish to appeal the denial dated May 1"], 1, DocumentType.APPEAL),
        (["MEMBER GRIEVANCE FORM", "I am dissatisfied"], 0, DocumentType.GRIEVANCE),
        (["Progress Note", "Patient denies fever. Plan: follow up"], 0, DocumentType.MEDICAL_RECORD),
        (["Calcium 9.4 mg/dL", "Hemoglobin 13.1", "Glucose 99"], 0, DocumentType.MEDICAL_RECORD),
        (["zxcv", "qwer"], 0, DocumentType.OTHER),
        ([], 0, DocumentType.OTHER),
    ],
)
def test_the_type_follows_the_phrases(lines: list[str], id_kinds: int, expected: DocumentType) -> None:
    kind, confidence = document_type(lines, id_kinds=id_kinds)

    assert kind is expected
    assert 0.0 < confidence < 1.0


def test_a_record_that_mentions_an_invoice_stays_a_record() -> None:
    note = ["Progress Note", "Subjective", "He brought an old invoice.", "Assessment: hypertension", "Plan: follow up"]

    assert document_type(note, id_kinds=0)[0] is DocumentType.MEDICAL_RECORD


def test_our_letter_that_speaks_of_invoices_stays_a_letter() -> None:
    lines = ["P.O. Box 14465", "Fax 866-555-0155", "An invoice for copies must name the request ID."]

    assert document_type(lines, id_kinds=1, has_request_barcode=True)[0] is DocumentType.LETTER
