"""What stands on record pages below the header: notes, tables, grids, lists and logs, all drawn."""

import random
from collections.abc import Callable

from bench.drawing.clinical import paragraph, sentence
from bench.drawing.identity import Style
from bench.drawing.sheet import Face, Sheet
from bench.words import read_words

Body = Callable[[Sheet, Style, random.Random], None]

SIGNERS = ("MD", "DO", "RN", "NP", "PA-C", "PT", "LPN", "OTR/L")


def sections(names: tuple[str, ...]) -> Body:
    """A note under the given headings."""

    def draw(sheet: Sheet, style: Style, rng: random.Random) -> None:
        for name in names:
            if not sheet.has_room(style.face.line * 4):
                return
            sheet.gap(style.face.line * 0.4)
            sheet.line(name, style.face.strong)
            sheet.paragraph(paragraph(rng, rng.randint(2, 9)), style.face)
        sign(sheet, style, rng)

    return draw


def narrative(sheet: Sheet, style: Style, rng: random.Random) -> None:
    """Paragraphs down the page."""
    for _ in range(rng.randint(4, 16)):
        if not sheet.has_room(style.face.line * 6):
            break
        sheet.gap(style.face.line * 0.5)
        sheet.paragraph(paragraph(rng, rng.randint(2, 5)), style.face)
    sign(sheet, style, rng)


def sign(sheet: Sheet, style: Style, rng: random.Random) -> None:
    """A signature line, printed or in a hand."""
    if not sheet.has_room(40) or rng.random() < 0.25:
        return
    sheet.gap(style.face.line)
    name = f"{rng.choice('ABCDEGHJKLMRST')} {rng.choice(read_words('surnames_rare'))}"
    x = sheet.left + rng.choice((0, 180, 260))
    sheet.y += style.face.line
    end = sheet.words(x, sheet.y, rng.choice(("Electronically signed by ", "Signed: ", "Author: ")), style.face)
    if rng.random() < 0.5:
        sheet.words(end, sheet.y, name, Face(rng.choice(("Breip", "Dancing Script")), style.face.size + 5))
    else:
        sheet.words(end, sheet.y, f"{name}, {rng.choice(SIGNERS)}", style.face)


def lab_table(sheet: Sheet, style: Style, rng: random.Random) -> None:
    """Results with units, reference ranges and flags, ruled or not."""
    columns = [sheet.left, sheet.left + 165, sheet.left + 235, sheet.left + 290, sheet.left + 380]
    ruled = rng.random() < 0.4
    sheet.gap(8)
    sheet.y += style.face.line
    for x, head in zip(columns, ("Test", "Result", "Flag", "Reference", "Units"), strict=True):
        sheet.words(x, sheet.y, head, style.face.strong)
    for row in rng.sample(read_words("labs"), rng.randint(9, len(read_words("labs")))):
        if not sheet.has_room(style.face.line):
            break
        name, low, high, unit = row.split("|")
        spread = float(high) - float(low)
        value = rng.gauss((float(low) + float(high)) / 2, spread * 0.45)
        flag = "H" if value > float(high) else "L" if value < float(low) else ""
        sheet.y += style.face.line
        shown = f"{abs(value):.1f}" if spread < 40 else f"{abs(value):.0f}"
        for x, text in zip(columns, (name, shown, flag, f"{low} - {high}", unit), strict=True):
            sheet.words(x, sheet.y, text, style.face)
        if ruled:
            sheet.rule(sheet.left, sheet.y + 3, sheet.right, sheet.y + 3, 0.4)


def flow_grid(sheet: Sheet, style: Style, rng: random.Random) -> None:
    """A nursing flow sheet: hours across, observations down, cells filled here and there."""
    rows = (
        "Temp",
        "Pulse",
        "Resp",
        "BP",
        "SpO2",
        "Pain",
        "Intake",
        "Output",
        "Turned",
        "Diet %",
        "IV site",
        "Rail",
    )
    names = [*rows, *rows][: rng.randint(10, 22)]
    hours = rng.choice((6, 8, 12))
    wide, high = (sheet.right - sheet.left - 64) / hours, 21.0
    face = style.face.at(min(8.0, style.face.size))
    top = sheet.y + 10
    for j in range(hours):
        sheet.words(sheet.left + 68 + j * wide, top + 14, f"{(7 + j * 24 // hours) % 24:02d}:00", face)
    for i, name in enumerate(names, 1):
        sheet.words(sheet.left + 3, top + i * high + 14, name, face)
        for j in range(hours):
            if rng.random() < 0.6:
                sheet.words(sheet.left + 68 + j * wide, top + i * high + 14, _cell(name, rng), face)
    for i in range(len(names) + 2):
        sheet.rule(sheet.left, top + i * high, sheet.right, top + i * high, 0.5)
    for j in range(hours + 1):
        x = sheet.left + 64 + j * wide
        sheet.rule(x, top, x, top + (len(names) + 1) * high, 0.5)
    sheet.y = top + (len(names) + 1) * high


def _cell(name: str, rng: random.Random) -> str:
    match name:
        case "Temp":
            return f"{rng.uniform(97, 101):.1f}"
        case "BP":
            return f"{rng.randint(98, 170)}/{rng.randint(55, 95)}"
        case "Intake" | "Output":
            return str(rng.randrange(30, 400, 10))
        case "Turned" | "IV site" | "Rail":
            return rng.choice(("R", "L", "ok", "up", "x", "BK"))
        case _:
            return str(rng.randint(12, 100))


def medication_list(sheet: Sheet, style: Style, rng: random.Random) -> None:
    """Drugs with dose and times given, initials in boxes."""
    sheet.gap(8)
    for drug in rng.sample(read_words("drugs"), rng.randint(7, 14)):
        if not sheet.has_room(40):
            break
        dose = rng.choice((5, 10, 20, 25, 40, 81, 500))
        often = rng.choice(("daily", "BID", "TID", "HS", "PRN"))
        sheet.line(f"{drug.capitalize()} {dose} mg tablet, by mouth, {often}", style.face)
        for k in range(rng.randint(2, 6)):
            x = sheet.left + 300 + k * 32
            sheet.frame(x, sheet.y - style.face.size, 30, style.face.size + 5, 0.5)
            sheet.words(x + 3, sheet.y, rng.choice(("0800", "1200", "2100", "held", "KM", "RT")), style.face.at(7.5))
        sheet.gap(style.face.line * 0.6)


def timed_log(sheet: Sheet, style: Style, rng: random.Random) -> None:
    """Nursing entries with the hour at the left."""
    minute = rng.randint(0, 200)
    for _ in range(rng.randint(6, 18)):
        if not sheet.has_room(style.face.line * 4):
            break
        sheet.gap(5)
        top = sheet.y + style.face.line
        sheet.words(sheet.left, top, f"{minute // 60 % 24:02d}{minute % 60:02d}", style.face)
        sheet.paragraph(sentence(rng), style.face, indent=44)
        minute += rng.randint(15, 140)


def two_columns(sheet: Sheet, style: Style, rng: random.Random) -> None:
    """A system's summary in two columns of short lists."""
    top, middle = sheet.y + 6, (sheet.right - sheet.left) / 2
    for indent, heads in (
        (0.0, ("Problem list", "Vitals", "Social history")),
        (middle, ("Medications", "Plan")),
    ):
        sheet.y = top
        for head in heads:
            sheet.gap(style.face.line * 0.5)
            sheet.line(head, style.face.strong, indent)
            for _ in range(rng.randint(2, 5)):
                if sheet.has_room(style.face.line * 4):
                    sheet.paragraph(f"- {sentence(rng)}", style.face, indent, middle - 12)


#: Kind of record -> titles it carries, and what draws it.
RECORDS: dict[str, tuple[tuple[str, ...], Body]] = {
    "progress": (
        ("Progress Note", "Office Visit", "CLINIC NOTE"),
        sections(("Subjective", "Objective", "Assessment", "Plan")),
    ),
    "consult": (("Consultation", "CONSULT REPORT", "Specialist Consultation"), narrative),
    "history": (
        ("History and Physical", "ADMISSION H&P"),
        sections(("Chief complaint", "Present illness", "Past history", "Examination", "Impression")),
    ),
    "laboratory": (
        ("Laboratory Report", "LAB RESULTS", "Final Laboratory Results", "Chemistry"),
        lab_table,
    ),
    "flow": (("Nursing Flow Sheet", "24 HOUR FLOWSHEET", "Vital Signs Record"), flow_grid),
    "imaging": (
        ("Radiology Report", "DIAGNOSTIC IMAGING", "X-Ray Report"),
        sections(("Exam", "Indication", "Technique", "Findings", "Impression")),
    ),
    "operative": (
        ("Operative Report", "PROCEDURE NOTE"),
        sections(("Preoperative diagnosis", "Procedure", "Findings", "Description", "Blood loss")),
    ),
    "discharge": (
        ("Discharge Summary", "DISCHARGE INSTRUCTIONS"),
        sections(("Hospital course", "Condition at discharge", "Medications", "Follow up")),
    ),
    "medication": (
        ("Medication Administration Record", "Medication List", "MAR"),
        medication_list,
    ),
    "therapy": (
        ("Physical Therapy Daily Note", "THERAPY PROGRESS REPORT"),
        sections(("Pain", "Treatment today", "Response", "Goals", "Plan of care")),
    ),
    "nursing": (("Nursing Notes", "NURSES NOTES", "Nursing Assessment"), timed_log),
    "summary": (("Visit Summary", "After Visit Summary", "Patient Summary"), two_columns),
    "pathology": (
        ("Surgical Pathology Report", "PATHOLOGY"),
        sections(("Specimen", "Gross description", "Microscopic description", "Diagnosis")),
    ),
}

#: The main kinds of records, as pages.csv calls them, with the drawn titles that say so. All others are `other`.
_MAIN_KINDS = {
    "progress_note": RECORDS["progress"][0],
    "consultation": RECORDS["consult"][0],
    "history_and_physical": RECORDS["history"][0],
    "laboratory": RECORDS["laboratory"][0],
    "imaging": RECORDS["imaging"][0],
    "operative_report": RECORDS["operative"][0],
    "discharge_summary": ("Discharge Summary",),
    "nursing": (*RECORDS["flow"][0], *RECORDS["nursing"][0]),
}
#: Title -> kind of record.
TITLE_KINDS = {title: "other" for titles, _ in RECORDS.values() for title in titles} | {
    title: kind for kind, titles in _MAIN_KINDS.items() for title in titles
}
