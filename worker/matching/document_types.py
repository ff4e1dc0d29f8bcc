"""Says what a page is (letter, cover sheet, bill, record, ...) by the phrases that such pages carry."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from worker.domain.decision import DocumentType


@dataclass(frozen=True, slots=True)
class Cue:
    """A phrase that speaks for a document type; `points` is how strongly, 1 (weak) to 5 (by itself enough)."""

    document_type: DocumentType
    points: float
    pattern: re.Pattern[str]


def _cues(document_type: DocumentType, points: float, *phrases: str) -> list[Cue]:
    """Phrases match whatever stands between their words, so that OCR noise and line ends do not matter."""
    return [
        Cue(document_type, points, re.compile(r"\b" + r"\W*".join(phrase.split()) + r"\b", re.IGNORECASE))
        for phrase in phrases
    ]


_T = DocumentType
_CUES: tuple[Cue, ...] = (
    *_cues(
        _T.COVER_SHEET,
        5,
        "fax cover( sheet| page)?",
        "facsimile (transmittal|cover|transmission)( sheet| page)?",
        "fax transmittal( sheet)?",
        "fax transmission",
        "cover sheet",
        "transmittal sheet",
        "fax message",
    ),
    *_cues(
        _T.COVER_SHEET,
        3,
        "(number of )?pages? including( this)? cover",
        "including cover( sheet| page)?",
        "total pages",
        "confidentiality (notice|statement)",
    ),
    *_cues(
        _T.COVER_SHEET,
        1.5,
        "if you (are|have) (not the intended|received this) ?(recipient|fax|transmission)?",
        "sender( s)? fax",
        "privileged",
    ),
    *_cues(
        _T.LETTER,
        4,
        "request for (medical )?records",
        "medical records? request",
        "records request",
        "(please|kindly) (send|submit|forward|provide|return|fax)( us)? (the|all|a|copies of)?( complete)?( copy of)?( the)? ?(medical|requested|supporting|clinical|health|patient)? ?(records?|documentation|chart)",
        "documentation requested",
        "(attach|return|include|enclose) (this|a copy of this) (letter|page|notice|sheet|form)",
        "we are (reviewing|auditing|conducting|requesting)",
        "(additional|supporting) (documentation|information) (request|is needed|needed|required)",
        "without the requested records",
        "records? (are|is) (needed|requested|required)",
    ),
    *_cues(
        _T.LETTER,
        2.5,
        "your prompt (attention|response|reply)",
        "(please )?(respond|reply|return) (by|before|no later than|within)",
        "medical records management",
        "(our|your) reference",
        "dear (provider|doctor|sir|records|medical|health|colleague|dr)",
        "request id",
        "what (we need|to send)",
        "how to (respond|send|reply|submit|answer)",
        "letter date",
        "due date",
        "payment integrity",
        "risk adjustment",
        "claim under review",
        "additional documentation",
        "records? retrieval",
    ),
    *_cues(
        _T.INVOICE,
        5,
        "invoice",
        "amount due",
        "remit( payment)? to",
        "copy (fee|charge)s?",
        "copies of medical records",
    ),
    *_cues(
        _T.INVOICE,
        2,
        "tax id",
        "balance due",
        "per page",
        "retrieval fee",
        "terms net",
        "bill to",
        "payment terms",
    ),
    *_cues(
        _T.ITEMIZED_BILL,
        5,
        "itemized (statement|bill|charges)( of charges)?",
        "statement of (charges|account)",
        "patient (bill|statement)",
        "detail(ed)? (of )?(bill|charges|statement)",
        "charge detail",
    ),
    *_cues(_T.ITEMIZED_BILL, 3, "total charges", "rev(enue)? code", "charge description"),
    *_cues(_T.ITEMIZED_BILL, 1, "room and board", "pharmacy", "units", "qty", "hcpcs"),
    *_cues(
        _T.CLAIM_FORM,
        6,
        "health insurance claim form",
        "cms 1500",
        "hcfa 1500",
        "ub 04",
        "ub 92",
        "uniform bill",
        "approved by national uniform claim committee",
        "cms 1450",
    ),
    *_cues(
        _T.CLAIM_FORM,
        3,
        "insured s (name|i ?d|policy)( number)?",
        "patient s relationship to insured",
        "type of bill",
        "statement covers period",
        "federal tax (i ?d|no)",
        "signature on file",
        "nucc",
        "patient control no",
    ),
    *_cues(
        _T.AUTHORIZATION,
        6,
        "authorization (to|for) (the )?(release|disclose|disclosure|use)",
        "(release|disclosure) of (medical |health |protected )?(health )?(information|records)",
        "hipaa authorization",
        "consent (to|for) (release|disclos\\w+)",
        "patient authorization",
    ),
    *_cues(_T.AUTHORIZATION, 2, "i (hereby )?authorize", "right to revoke", "expires? on", "signature of patient"),
    *_cues(
        _T.APPEAL,
        6,
        "(letter|notice|request) (of|for) (an )?(formal )?(appeal|reconsideration|redetermination)",
        "appeal (request|letter|form)",
        "(formal|provider|first level|member) appeal",
        "request for (appeal|reconsideration)",
    ),
    *_cues(
        _T.APPEAL,
        3,
        "(we|i)( am| are)?( hereby| formally)? (wish to )?appeal(ing)?",
        "overturn",
        "denial (of|dated)",
        "reconsider( the| this| your)?",
    ),
    *_cues(
        _T.GRIEVANCE,
        6,
        "grievance( form| letter| report)?",
        "member complaint",
        "formal complaint",
        "complaint form",
    ),
    *_cues(
        _T.GRIEVANCE,
        2,
        "(file|filing|register) a (complaint|grievance)",
        "dissatisf\\w+",
        "i am (unhappy|writing to complain)",
    ),
    *_cues(
        _T.MEDICAL_RECORD,
        3,
        "progress note",
        "operative (report|note)",
        "discharge (summary|instructions)",
        "history (and|&) physical",
        "consultation( report)?",
        "(laboratory|lab) (report|results)",
        "radiology report",
        "nursing (assessment|note|notes|flow ?sheet)",
        "(imaging|pathology|ct|mri|x ray|ultrasound) (report|study)",
        "physical therapy( note| evaluation)?",
        "medication (list|administration record|record)",
        "flow ?sheet",
        "chief complaint",
        "(physician|doctor s?) orders?",
        "history of present illness",
        "review of systems",
        "emergency department( note| record)?",
        "procedure note",
        "anesthesia record",
        "(pre|post) ?operative diagnosis",
        "soap note",
        "encounter (note|summary)",
        "office visit",
        "clinic note",
        "treatment (note|plan)",
        "vital signs",
        "specimen",
    ),
    *_cues(
        _T.MEDICAL_RECORD,
        1,
        "mrn",
        "assessment",
        "impression",
        "findings",
        "diagnos[ie]s",
        "allergies",
        "medications?",
        "subjective",
        "objective",
        "plan",
        "blood pressure",
        "hemoglobin",
        "glucose",
        "reference range",
        "physical exam(ination)?",
        "electronically signed",
        "patient denies",
        "mg",
        "bpm",
        "exam",
        "wbc",
        "symptoms",
        "follow up",
        "dosage",
        "surgeon",
        "technique",
        "comparison",
        "visit date",
        "encounter",
        "attending",
    ),
)
_TITLE_BONUS = 1.5
_TITLE_LINES = 6
#: Below this many points nothing is clear.
_CLEAR = 2.0


def document_type(lines: Sequence[str], *, names_request: bool) -> tuple[DocumentType, float]:
    """The type of a page from its lines of text, top to bottom, and how sure that is (0 to 1).

    `names_request`: the page carries a request id; a letter nearly always does. Phrases near the top count more:
    that is where a page says what it is. A page with words but no cue is OTHER.
    """
    points = dict.fromkeys(DocumentType, 0.0)
    title, body = "\n".join(lines[:_TITLE_LINES]), "\n".join(lines)
    for cue in _CUES:
        if cue.pattern.search(body):
            points[cue.document_type] += cue.points * (_TITLE_BONUS if cue.pattern.search(title) else 1.0)
    _weigh(points, names_request=names_request)
    best = max(points, key=lambda t: points[t])
    if points[best] < _CLEAR:
        return (DocumentType.MEDICAL_RECORD, 0.4) if points[DocumentType.MEDICAL_RECORD] else (DocumentType.OTHER, 0.3)
    second = max(score for kind, score in points.items() if kind is not best)
    return best, round(points[best] / (points[best] + second + 1.0), 3)


def _weigh(points: dict[DocumentType, float], *, names_request: bool) -> None:
    """What one type says about another: many pages mention a letter's words, few are one."""
    if names_request:
        points[DocumentType.LETTER] += 1.5
    points[DocumentType.MEDICAL_RECORD] = min(points[DocumentType.MEDICAL_RECORD], 9.0)
    if points[DocumentType.COVER_SHEET] >= 5:
        points[DocumentType.LETTER] = min(points[DocumentType.LETTER], points[DocumentType.COVER_SHEET] - 1)
    if points[DocumentType.INVOICE] >= 5 and not points[DocumentType.ITEMIZED_BILL] > points[DocumentType.INVOICE]:
        points[DocumentType.LETTER] = min(points[DocumentType.LETTER], points[DocumentType.INVOICE] - 1)
