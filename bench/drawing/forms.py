"""Claim forms drawn like the professional and the institutional paper form: numbered boxes, typed values."""

import random
from datetime import date

from bench.drawing.charts import Chart
from bench.drawing.sheet import WIDTH, Face, Sheet
from worker.domain.request import Request

LABEL = Face("Liberation Sans", 5.5)
TYPED = Face("Courier Prime", 10)

#: A box: left, top, width, height in points, label, key of its value.
Box = tuple[float, float, float, float, str, str]

PROFESSIONAL: tuple[Box, ...] = (
    (30, 92, 330, 24, "1. MEDICARE  MEDICAID  TRICARE  GROUP HEALTH PLAN  OTHER", ""),
    (360, 92, 222, 24, "1a. INSURED'S I.D. NUMBER", "member_id"),
    (30, 116, 210, 24, "2. PATIENT'S NAME (Last, First, Middle Initial)", "name"),
    (240, 116, 120, 24, "3. PATIENT'S BIRTH DATE   SEX", "born"),
    (360, 116, 222, 24, "4. INSURED'S NAME", "name"),
    (30, 140, 210, 24, "5. PATIENT'S ADDRESS", "street"),
    (240, 140, 120, 24, "6. PATIENT RELATIONSHIP TO INSURED", "self"),
    (360, 140, 222, 24, "7. INSURED'S ADDRESS", "street"),
    (30, 164, 210, 24, "9. OTHER INSURED'S NAME", ""),
    (240, 164, 120, 24, "10. IS PATIENT'S CONDITION RELATED TO", ""),
    (360, 164, 222, 24, "11. INSURED'S POLICY GROUP OR FECA NUMBER", "group"),
    (30, 188, 330, 24, "12. PATIENT'S OR AUTHORIZED PERSON'S SIGNATURE", "on_file"),
    (360, 188, 222, 24, "13. INSURED'S SIGNATURE", "on_file"),
    (30, 212, 210, 24, "14. DATE OF CURRENT ILLNESS", "start"),
    (240, 212, 120, 24, "17b. NPI", "npi"),
    (360, 212, 222, 24, "18. HOSPITALIZATION DATES", ""),
    (30, 236, 330, 40, "21. DIAGNOSIS OR NATURE OF ILLNESS OR INJURY", "diagnosis"),
    (360, 236, 222, 40, "23. PRIOR AUTHORIZATION NUMBER", ""),
)
INSTITUTIONAL: tuple[Box, ...] = (
    (30, 50, 190, 44, "1", "provider"),
    (220, 50, 140, 44, "2", "town"),
    (360, 50, 150, 22, "3a PAT. CNTL #", "account"),
    (360, 72, 150, 22, "b. MED. REC. #", "account"),
    (510, 50, 72, 44, "4 TYPE OF BILL", "bill_type"),
    (360, 94, 110, 22, "5 FED. TAX NO.", "tax"),
    (470, 94, 112, 22, "6 STATEMENT COVERS PERIOD", "period"),
    (30, 116, 240, 24, "8 PATIENT NAME", "name"),
    (270, 116, 312, 24, "9 PATIENT ADDRESS", "street"),
    (30, 140, 90, 24, "10 BIRTHDATE", "born"),
    (120, 140, 30, 24, "11 SEX", "sex"),
    (150, 140, 120, 24, "12 ADMISSION DATE", "start"),
    (270, 140, 312, 24, "18-28 CONDITION CODES", ""),
    (30, 612, 180, 24, "50 PAYER NAME", "payer"),
    (210, 612, 180, 24, "56 NPI", "npi"),
    (30, 636, 180, 24, "58 INSURED'S NAME", "name"),
    (210, 636, 180, 24, "60 INSURED'S UNIQUE ID", "member_id"),
    (390, 636, 192, 24, "64 DOCUMENT CONTROL NUMBER", "claim"),
    (30, 660, 360, 24, "67 DX", "diagnosis"),
    (390, 660, 192, 24, "76 ATTENDING NPI", "npi"),
)

SERVICE_HEADS = (
    (30, "24. A. DATE(S) OF SERVICE"),
    (170, "B. PLACE"),
    (230, "D. PROCEDURES"),
    (350, "F. $ CHARGES"),
    (430, "G. UNITS"),
    (490, "J. RENDERING PROVIDER"),
)
REVENUE_HEADS = (
    (30, "42 REV. CD."),
    (80, "43 DESCRIPTION"),
    (260, "44 HCPCS / RATE"),
    (350, "45 SERV. DATE"),
    (430, "46 SERV. UNITS"),
    (490, "47 TOTAL CHARGES"),
)


def _values(chart: Chart, request: Request | None, rng: random.Random) -> dict[str, str]:
    person = chart.person
    return {
        "member_id": person.member_id,
        "name": f"{person.last}, {person.first}{', ' + person.middle if person.middle else ''}".upper(),
        "born": f"{person.born:%m %d %Y}",
        "sex": person.sex,
        "street": f"{rng.randint(10, 9999)} {rng.choice(('OAK', 'MAIN', 'RIVER', 'MILL'))} ST",
        "self": "X SELF",
        "group": str(rng.randint(10000, 99999)),
        "on_file": "SIGNATURE ON FILE",
        "start": f"{chart.service[0]:%m %d %y}",
        "period": f"{chart.service[0]:%m%d%y} {chart.service[1]:%m%d%y}",
        "npi": chart.provider.npi,
        "diagnosis": "   ".join(f"{rng.choice('EIMNRSZ')}{rng.randint(10, 99)}.{rng.randint(0, 9)}" for _ in "ABCD"),
        "provider": chart.provider.name.upper()[:28],
        "town": chart.provider.town.upper(),
        "account": chart.account,
        "bill_type": rng.choice(("0111", "0131", "0721")),
        "tax": f"{rng.randint(10, 99)}{rng.randrange(10**6, 10**7)}",
        "payer": "MANAGED CARE",
        "claim": request.claim_number if request and rng.random() < 0.7 else "",
    }


def _boxes(sheet: Sheet, boxes: tuple[Box, ...], values: dict[str, str]) -> None:
    for x, y, wide, high, label, key in boxes:
        sheet.frame(x, y, wide, high, 0.6)
        sheet.words(x + 2, y + 6.5, label, LABEL)
        value = values.get(key, "")
        size = min(TYPED.size, TYPED.size * (wide - 8) / max(1.0, TYPED.width(value)))
        sheet.words(x + 5, y + 19, value, TYPED.at(size))


def professional_form(chart: Chart, request: Request | None, rng: random.Random) -> Sheet:
    """A professional claim form (the kind known as CMS-1500)."""
    sheet = Sheet()
    sheet.words(30, 60, "HEALTH INSURANCE CLAIM FORM", Face("Liberation Sans", 13, bold=True))
    sheet.words(30, 72, "APPROVED FORM 1500 (02-12)", LABEL)
    values = _values(chart, request, rng)
    _boxes(sheet, PROFESSIONAL, values)
    top = 300.0
    for x, head in SERVICE_HEADS:
        sheet.words(x + 2, top - 8, head, LABEL)
        sheet.rule(x, top - 16, x, top + 150, 0.6)
    total = 0.0
    for row in range(6):
        sheet.rule(30, top + row * 25, WIDTH - 30, top + row * 25, 0.6)
        if row < 2 or rng.random() < 0.4:
            total += _service_line(sheet, top + row * 25 + 18, chart.day(rng), values["npi"], rng)
    sheet.frame(30, top - 16, WIDTH - 60, 166)
    _boxes(
        sheet,
        (
            (30, 450, 150, 26, "25. FEDERAL TAX I.D. NUMBER", "tax"),
            (180, 450, 180, 26, "26. PATIENT'S ACCOUNT NO.", "account"),
            (360, 450, 222, 26, "28. TOTAL CHARGE", "total"),
            (30, 476, 250, 50, "31. SIGNATURE OF PHYSICIAN OR SUPPLIER", "on_file"),
            (280, 476, 302, 50, "33. BILLING PROVIDER INFO & PH #", "provider"),
        ),
        values | {"total": f"{total:,.2f}"},
    )
    return sheet


def _service_line(sheet: Sheet, y: float, day: date, npi: str, rng: random.Random) -> float:
    charge = round(rng.uniform(40, 900), 2)
    sheet.words(34, y, f"{day:%m %d %y} {day:%m %d %y}", TYPED)
    sheet.words(176, y, rng.choice(("11", "22", "21")), TYPED)
    sheet.words(236, y, str(rng.choice((99213, 99214, 99232, 97110, 20610, 71046, 93000))), TYPED)
    sheet.words(356, y, f"{charge:.2f}", TYPED)
    sheet.words(440, y, str(rng.randint(1, 4)), TYPED)
    sheet.words(494, y, npi, TYPED)
    return charge


def institutional_form(chart: Chart, request: Request | None, rng: random.Random) -> Sheet:
    """An institutional claim form (the kind known as UB-04)."""
    sheet = Sheet()
    values = _values(chart, request, rng)
    _boxes(sheet, INSTITUTIONAL, values)
    top = 180.0
    for x, head in REVENUE_HEADS:
        sheet.words(x + 2, top + 7, head, LABEL)
        sheet.rule(x, top, x, 606, 0.6)
    sheet.frame(30, top, WIDTH - 60, 426)
    names = ("PHARMACY", "LABORATORY", "RADIOLOGY", "OR SERVICES", "EMERG ROOM", "ROOM-BOARD/SEMI", "PHYS THERP")
    for row in range(rng.randint(5, 18)):
        y = top + 24 + row * 20
        sheet.words(36, y, f"0{rng.randrange(110, 999, 10)}", TYPED)
        sheet.words(86, y, rng.choice(names), TYPED)
        sheet.words(356, y, f"{chart.day(rng):%m%d%y}", TYPED)
        sheet.words(440, y, str(rng.randint(1, 30)), TYPED)
        sheet.flush_right(576, y, f"{rng.uniform(20, 9000):.2f}", TYPED)
    sheet.words(30, 720, "UB-04 CMS-1450      APPROVED OMB NO.", LABEL)
    return sheet
