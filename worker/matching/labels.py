"""The words that say what stands beside them: `DOB`, `Patient name`, `Our reference`, `Visit date`.

Vocabulary of the field, not of one payer; read through OCR noise.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from rapidfuzz.distance import OSA
from rapidfuzz.process import extractOne

from worker.matching.tokens import Token


class Role(StrEnum):
    """What a labelled value is."""

    BIRTH = "birth date"
    SERVICE = "date of service"
    OTHER_DATE = "another date"
    PATIENT = "patient name"
    OTHER_PERSON = "another person"
    CHART = "chart number"
    REQUEST = "request id"
    CLAIM = "claim number"
    MEMBER_ID = "member id"
    NPI = "NPI"
    PHONE = "phone or fax"


_VOCABULARY: dict[Role, str] = {
    Role.BIRTH: "dob|doh|bd|dateofbirth|birthdate|birthday|born|bdate|birth|patientdob|memberdob|dateborn|ptdob",
    Role.SERVICE: (
        "dos|dateofservice|datesofservice|servicedate|servicedates|dateofvisit|visitdate|visit|encounter|"
        "encounterdate|dateofencounter|encountered|admit|admitted|admission|admissiondate|admitdate|dateofadmission|"
        "discharge|discharged|dischargedate|dateofdischarge|servicefrom|servicesfrom|forservicesfrom|service|"
        "services|serviceperiod|periodofservice|treatmentdate|dateoftreatment|treatmentdates|seen|seenon|examdate|"
        "dateofexam|collected|dateofprocedure|proceduredate|dateofsurgery|surgerydate|studydate|dateofstudy|"
        "statementcoversperiod|statementfrom|dateofoperation|operationdate|apptdate|appointment|evaluated|performed|"
        "sessiondate|notedate|datesofcare|dateofcare|fromthrough|dates|svcdate|svcdates"
    ),
    Role.OTHER_DATE: (
        "date|dated|letterdate|due|duedate|dueby|respondby|replyby|returnby|by|printed|printdate|signed|"
        "electronicallysigned|faxed|received|reported|issued|issuedate|invoicedate|effective|expires|expiration|"
        "noticedate|mailed|sent|dictated|transcribed|dateofrequest|requestdate|datesigned|pleaserespondby|neededby"
    ),
    Role.PATIENT: (
        "patient|patientname|nameofpatient|pt|ptname|name|member|membername|enrollee|enrolleename|claimant|"
        "patientsname|membersname|resident|residentname|client|clientname|beneficiary|"
        "nameofmember|patientmember|individual|insured|insuredname|subscribername"
    ),
    Role.OTHER_PERSON: (
        "provider|providername|physician|attending|doctor|dr|guarantor|contact|emergencycontact|attn|attention|from|"
        "to|surgeon|assistant|referring|orderingprovider|ordering|orderedby|signedby|dictatedby|nurse|therapist|pcp|"
        "spouse|mother|father|facility|clinic|hospital|remitto|radiologist|author|cosigned|seenby|attendingphysician|"
        "referringphysician|responsibleparty|relative|employer|payer|renderingprovider|authorizedby|filename|"
        "facilityname|practice|organization|employee|clerk|pharmacist|interpreter"
    ),
    Role.CHART: (
        "mrn|mr|acct|account|accountno|accountnumber|acctno|chart|chartno|chartnumber|medicalrecord|medicalrecordno|"
        "medicalrecordnumber|recordno|recordnumber|patientid|patientno|patientnumber|encounterno|visitno|unitno|"
        "accountid|patientacct|patientaccount|patientaccountno|ptid|chartid|fin|medrec|medrecno|patientcontrolno"
    ),
    Role.REQUEST: (
        "requestid|request|requestno|requestnumber|reference|referenceno|referencenumber|ourreference|ref|refno|"
        "ourref|caseno|caseid|case|casenumber|controlno|controlnumber|inquiry|inquiryno|inquirynumber|inquiryid|"
        "trackingno|trackingnumber|trackingid|hmrmrequestid|fileno|filenumber|yourreference|yourref|reviewid|"
        "reviewno|auditid|auditno|auditnumber|requestreference|correspondenceid|documentid|recordrequestid"
    ),
    Role.CLAIM: "claim|claimno|claimnumber|claimid|icn|dcn|payerclaimno|claimreference|claimref|clm|forclaim",
    Role.MEMBER_ID: (
        "memberid|memberno|membernumber|subscriberid|insuredid|insuredsid|policy|policyno|policynumber|idnumber|"
        "enrolleeid|beneficiaryid|hicn|mbi|subscriber|insuredsidnumber|planid|healthplanid|idno"
    ),
    Role.NPI: "npi|npino|npinumber|providernpi|billingnpi",
    Role.PHONE: "fax|phone|tel|telephone|faxno|faxnumber|phoneno|senderfax|call|returnfax",
}
_MEANING = {phrase: role for role, phrases in _VOCABULARY.items() for phrase in phrases.split("|")}
_LONGEST_WORDS = 5
#: Phrases shorter than this are only taken letter for letter.
_FUZZY_FROM = 6
_BY_LENGTH: dict[int, list[str]] = {}
for _phrase in _MEANING:
    _BY_LENGTH.setdefault(len(_phrase), []).append(_phrase)
_LETTERS = str.maketrans({"0": "o", "1": "i", "8": "b", "5": "s", "|": "i", "!": "i"})


@dataclass(frozen=True, slots=True)
class Label:
    """Tokens `start` to `end` (exclusive) of a line are a label of this role; `is_exact`: read letter for letter."""

    role: Role
    start: int
    end: int
    is_exact: bool = True


def labels_in(tokens: Sequence[Token]) -> tuple[Label, ...]:
    """The labels of a line, left to right, longest phrase first, none overlapping."""
    found: list[Label] = []
    at = 0
    while at < len(tokens):
        label = _label_at(tokens, at)
        if label:
            found.append(label)
        at = label.end if label else at + 1
    return tuple(found)


def _label_at(tokens: Sequence[Token], at: int) -> Label | None:
    """The label that begins here: the longest phrase letter for letter, else the longest one misread."""
    words = [_letters(token.text) for token in tokens[at : at + _LONGEST_WORDS]]
    spans = [n for n in range(len(words), 0, -1) if words[0] and words[n - 1]]
    for meaning in (_MEANING.get, _misread):
        for length in spans:
            role = meaning("".join(words[:length]))
            if role:
                return Label(role, at, at + length, meaning is not _misread)
    return None


@lru_cache(maxsize=100_000)
def _letters(text: str) -> str:
    """Letters of a word; a word that is mostly digits is a value and has none."""
    is_dotted = text.count(".") * 2 >= len(text) - 1  # D.0.8 is D.O.B.
    if sum(ch.isdigit() for ch in text) > len(text) / 3 and not (is_dotted and text[0].isalpha()):
        return ""
    return "".join(ch for ch in text.lower().translate(_LETTERS) if ch.isalpha())


@lru_cache(maxsize=100_000)
def _misread(phrase: str) -> Role | None:
    """The role of the nearest known phrase, if only few letters differ for its length."""
    if len(phrase) < _FUZZY_FROM:
        return None
    allowed = 1 if len(phrase) < 7 else 2 if len(phrase) < 11 else 3
    lengths = range(max(_FUZZY_FROM, len(phrase) - allowed), len(phrase) + allowed + 1)
    near = [known for length in lengths for known in _BY_LENGTH.get(length, ())]
    best = extractOne(phrase, near, scorer=OSA.distance, score_cutoff=allowed)
    return _MEANING[best[0]] if best else None
