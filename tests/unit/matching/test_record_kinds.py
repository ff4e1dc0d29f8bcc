"""Which kind of record a page is: by title, headings and rows, through noise, and never by a mere mention."""

import pytest

from worker.domain.decision import RecordKind
from worker.matching.record_kinds import record_kind

PROSE = "Denies chest pain, shortness of breath, fever or night sweats since the last visit here."


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Progress Note", RecordKind.PROGRESS_NOTE),
        ("OFFICE VISIT   06/29/2025", RecordKind.PROGRESS_NOTE),
        ("Operative Report", RecordKind.OPERATIVE_REPORT),
        ("PROCEDURE NOTE", RecordKind.OPERATIVE_REPORT),
        ("Hospital Discharge Summary", RecordKind.DISCHARGE_SUMMARY),
        ("FINAL LABORATORY RESULTS", RecordKind.LABORATORY),
        ("Chemistry", RecordKind.LABORATORY),
        ("Comprehensive Metabolic Panel", RecordKind.LABORATORY),
        ("X-Ray Report", RecordKind.IMAGING),
        ("CT of the Abdomen and Pelvis with Contrast", RecordKind.IMAGING),
        ("Chest X-ray, two views", RecordKind.IMAGING),
        ("NURSES' NOTES", RecordKind.NURSING),
        ("Nursing Flow Sheet - continued", RecordKind.NURSING),
        ("Vital Signs Record", RecordKind.NURSING),
        ("Consultation", RecordKind.CONSULTATION),
        ("CONSULT REPORT Page 1 of 3", RecordKind.CONSULTATION),
        ("History & Physical", RecordKind.HISTORY_AND_PHYSICAL),
        ("ADMISSION H&P", RecordKind.HISTORY_AND_PHYSICAL),
        ("Physical Therapy Daily Note", RecordKind.OTHER),
        ("Medication Administration Record", RecordKind.OTHER),
        ("MAR", RecordKind.OTHER),
        ("Physician Orders", RecordKind.OTHER),
    ],
)
def test_a_page_is_what_its_title_says(title: str, expected: RecordKind) -> None:
    lines = ["Harbor Light Community Hospital", "Patient: DAO, BRIAN   MRN: 2503073", title, PROSE]

    found = record_kind(lines)

    assert found is not None
    assert found[0] is expected
    assert 0.5 < found[1] < 1.0


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("0perative Rep0rt", RecordKind.OPERATIVE_REPORT),
        ("D1SCHARGE 5UMMARY", RecordKind.DISCHARGE_SUMMARY),
        ("| Progress  Note .", RecordKind.PROGRESS_NOTE),
        ("History 8 PhysicaI", RecordKind.HISTORY_AND_PHYSICAL),
        ("Consu|tation", RecordKind.CONSULTATION),
        ("Discharge Surnmary", RecordKind.DISCHARGE_SUMMARY),
        ("LAB0RATORY.REPORT", RecordKind.LABORATORY),
    ],
)
def test_noise_does_not_hide_a_title(title: str, expected: RecordKind) -> None:
    found = record_kind([title, PROSE])

    assert found is not None
    assert found[0] is expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Nursing Progress Notes", RecordKind.NURSING),
        ("Physical Therapy Progress Report", RecordKind.OTHER),
        ("Surgical Pathology Report", RecordKind.OTHER),
        ("Radiology Consultation Report", RecordKind.IMAGING),
        ("Discharge Instructions", RecordKind.OTHER),
        ("Anesthesia Flow Sheet", RecordKind.OTHER),
    ],
)
def test_the_longest_title_wins(title: str, expected: RecordKind) -> None:
    found = record_kind([title, PROSE])

    assert found is not None
    assert found[0] is expected


@pytest.mark.parametrize(
    "line",
    [
        "Please see the operative report for details.",
        "Discharge summary was sent to the family doctor.",
        "Consultation with cardiology is planned.",
        "Refer to Progress Note of last week",
        "His progress notes were reviewed.",
        "Printed Mar 12, 2025",
        "Radiology was called twice.",
    ],
)
def test_a_mention_is_no_title(line: str) -> None:
    assert record_kind([line, PROSE]) is None


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        (("Subjective", "Objective", "Assessment", "Plan"), RecordKind.PROGRESS_NOTE),
        (("Preoperative diagnosis:", "Procedure:", "Findings:", "Estimated blood loss:"), RecordKind.OPERATIVE_REPORT),
        (("Hospital course", "Condition at discharge", "Follow up"), RecordKind.DISCHARGE_SUMMARY),
        (("EXAM:", "TECHNIQUE:", "COMPARISON:", "FINDINGS:", "IMPRESSION:"), RecordKind.IMAGING),
        (("Reason for consultation:",), RecordKind.CONSULTATION),
        (("Specimen", "Gross description", "Microscopic description", "Diagnosis"), RecordKind.OTHER),
    ],
)
def test_headings_say_it_where_no_title_was_read(headings: tuple[str, ...], expected: RecordKind) -> None:
    lines = [line for heading in headings for line in (heading, PROSE)]

    found = record_kind(lines)

    assert found is not None
    assert found[0] is expected


@pytest.mark.parametrize(
    "headings",
    [
        ("Assessment", "Plan"),
        ("Findings", "Impression"),
        ("Chief complaint", "Past history", "Allergies"),
        ("Procedure", "Findings"),
    ],
)
def test_headings_of_many_kinds_of_notes_make_nothing_clear(headings: tuple[str, ...]) -> None:
    lines = [line for heading in headings for line in (heading, PROSE)]

    assert record_kind(lines) is None


def test_rows_of_results_are_laboratory_without_any_title() -> None:
    lines = ["Sodium 138 135 - 145 mmol/L", "Potassium 5.4 H 3.5 - 5.2 mmol/L", "TSH 1.2 0.4-4.5 mlU/L"]

    assert record_kind(lines) is not None
    assert record_kind(lines[:2]) is None


def test_hours_over_rows_are_a_flow_sheet() -> None:
    lines = ["07:00 11:00 15:00 19:00 23:00 03:00", "Temp 98.6 99.1 98.9", "Pulse 71 88", "BP 121/80 133/76"]

    found = record_kind(lines)

    assert found is not None
    assert found[0] is RecordKind.NURSING


def test_a_list_of_kinds_is_none_of_them() -> None:
    lines = ["Discharge Summary   Operative Report   Progress Notes"]

    assert record_kind(lines) is None


def test_the_first_title_is_the_pages_own() -> None:
    lines = ["Progress Note", "Subjective", PROSE, "Objective", PROSE, "Lab Results", "Assessment", "Plan"]

    found = record_kind(lines)

    assert found is not None
    assert found[0] is RecordKind.PROGRESS_NOTE


def test_nothing_read_is_nothing_said() -> None:
    assert record_kind([]) is None
