"""The phrases by which pages of each document type are known.

See `phrases` for how they are written. The numbers are points for a phrase among the first lines of a page, where it
says what it is, and for one anywhere else.
"""

from worker.domain.decision import DocumentType as T
from worker.matching.phrases import Phrases

PHRASES: tuple[Phrases[T], ...] = (
    Phrases(
        T.COVER_SHEET,
        7,
        3,
        r"""
        fax cover( sheet| page)?; facsimile( transmittal| cover| transmission| message)( sheet| page)?;
        fax trans(mittal|mission)( sheet)?; cover sheet; transmittal sheet; fax message
        """,
    ),
    Phrases(
        T.COVER_SHEET,
        3,
        3,
        r"""
        (number of )?pages? incl(uding|\.)?( this)? cover; incl(uding|\.)? cover( sheet| page)?
        """,
    ),
    Phrases(
        T.COVER_SHEET,
        2,
        2,
        r"""
        confidential(ity)?( notice| statement)?; reached you in error; received this (fax|transmission)
        """,
    ),
    Phrases(
        T.COVER_SHEET,
        2,
        1,
        r"""
        not the intended recipient; sender( s)? fax; privileged; protected (health )?information enclosed
        """,
    ),
    Phrases(
        T.LETTER,
        6,
        4,
        r"""
        requests? for (medical )?records?; (medical )?records? request(ed)?; documentation request(ed)?;
        records? (are|is) (needed|requested|required); records? needed; notice of documentation request
        """,
    ),
    Phrases(
        T.LETTER,
        4,
        4,
        r"""
        (please|kindly) (send|submit|forward|provide|return|fax|attach|enclose);
        (documents?|records?|items) to (include|send|submit|return); with your (reply|response);
        (attach|return|include|enclose) (this|a copy of this) (letter|page|notice|sheet|form)
        """,
    ),
    Phrases(
        T.LETTER,
        3,
        3,
        r"""
        we are (reviewing|auditing|conducting|requesting); (additional|supporting) (documentation|information);
        without the requested records; contracted rate; claim (might|may) be denied; records do not arrive
        """,
    ),
    Phrases(
        T.LETTER,
        2.5,
        2.5,
        r"""
        your prompt (attention|response|reply); (respond|reply|return) (by|before|no later than|within);
        medical records management; (our|your) reference; dear (provider|doctor|sir|records|medical|health);
        what (we need|to send); how to (respond|send|reply|submit|answer); letter date; due date;
        payment integrity; risk adjustment; records? retrieval; utilization review; thank you for your help
        """,
    ),
    Phrases(
        T.LETTER,
        2,
        0,
        r"""
        special investigations( unit)?; (claims?|clinical) documentation( unit)?; program integrity;
        (claims?|clinical|medical) review unit; appeals and grievances
        """,
    ),
    Phrases(
        T.INVOICE,
        7,
        1,
        r"""
        invoice
        """,
    ),
    Phrases(
        T.INVOICE,
        4,
        4,
        r"""
        amount due; balance due; invoice (no|number|date|total)
        """,
    ),
    Phrases(
        T.INVOICE,
        4,
        3,
        r"""
        remit( payment)? to; (copy|copying|retrieval|search) (fee|charge)s?; copies of (medical )?records
        """,
    ),
    Phrases(
        T.INVOICE,
        1.5,
        1.5,
        r"""
        tax id; per page; terms net; bill to; payment terms; make checks? payable
        """,
    ),
    Phrases(
        T.ITEMIZED_BILL,
        7,
        1,
        r"""
        itemized (statement|bill|charges)( of charges)?; statement of (charges|account)
        """,
    ),
    Phrases(
        T.ITEMIZED_BILL,
        6,
        2,
        r"""
        patient (bill|statement); detail(ed)? (of )?(bill|charges|statement); charge detail
        """,
    ),
    Phrases(
        T.ITEMIZED_BILL,
        3,
        3,
        r"""
        total charges; rev(enue)? code; charge description; hcpcs
        """,
    ),
    Phrases(
        T.ITEMIZED_BILL,
        1,
        1,
        r"""
        room and board; units; qty
        """,
    ),
    Phrases(
        T.CLAIM_FORM,
        8,
        6,
        r"""
        health insurance claim form; \w*(cms|hcfa) 1500; ub ?(04|92)\w*; uniform bill; \w*cms 1450;
        dental claim form
        """,
    ),
    Phrases(
        T.CLAIM_FORM,
        3,
        3,
        r"""
        insured s (name|i ?d|policy)( number)?; \w*relationship to insured; \w*type of bill; nucc;
        \w*tatement covers; \w*m\w?nt covers pe\w*; \w*(fed|federal) tax (i ?d|no)\w*; approved omb no;
        \w*(patient control no|pat cntl)\w*; patient s or authorized person s signature;
        \w*patient s condition related; nature of illness or injury
        """,
    ),
    Phrases(
        T.CLAIM_FORM,
        2,
        2,
        r"""
        tricare; champva; feca; \w*serv units; \w*serv date; \w*rev cd; \w*hcpcs rate\w*; \w*condition codes;
        \w*document control number; insured s unique i ?d; hospitalization dates; prior authorization number;
        rendering provider; accept assignment; (billing|service) provider info; \w*admission (hr|type|src);
        (occurrence|value) codes?; treatment authorization codes
        """,
    ),
    Phrases(
        T.AUTHORIZATION,
        8,
        3,
        r"""
        authorization (to|for)( the)? (release|disclose|disclosure|use); hipaa authorization
        """,
    ),
    Phrases(
        T.AUTHORIZATION,
        7,
        3,
        r"""
        (release|disclosure) of (medical |health |protected )?(health )?(information|records);
        consent (to|for) (release|disclos\w+); patient authorization
        """,
    ),
    Phrases(
        T.AUTHORIZATION,
        2,
        2,
        r"""
        i (hereby )?authorize; right to revoke; signature of patient
        """,
    ),
    Phrases(
        T.APPEAL,
        8,
        4,
        r"""
        (letter|notice|request) (of|for) (an? )?(formal )?(appeal|reconsideration|redetermination);
        appeal (request|letter|form); (formal|provider|first level|member) appeal
        """,
    ),
    Phrases(
        T.APPEAL,
        3,
        3,
        r"""
        (we|i)( am| are)?( hereby| formally)?( wish to)? appeal(ing)?; overturn; denial (of|dated); reconsider
        """,
    ),
    Phrases(
        T.GRIEVANCE,
        8,
        4,
        r"""
        grievance( form| letter| report); member (complaint|grievance); formal complaint; complaint form
        """,
    ),
    Phrases(
        T.GRIEVANCE,
        5,
        1,
        r"""
        grievance
        """,
    ),
    Phrases(
        T.GRIEVANCE,
        3,
        3,
        r"""
        (file|filing|register) a (complaint|grievance); dissatisf\w+; writing to complain; unhappy with
        """,
    ),
    Phrases(
        T.MEDICAL_RECORD,
        5,
        2,
        r"""
        progress (note|report)s?; operative (report|note); discharge (summary|instructions);
        history (and|&) physical; consult(ation)?( report| note)?; radiology report; admission h ?& ?p;
        (laboratory|lab)( test)? (report|results); nurs(ing|es)( s)? (assessment|notes?|flow ?sheet);
        (imaging|pathology|ct|mri|x ray|ultrasound) (report|study); flow ?sheet; (physician|doctor s?) orders?;
        (physical )?therapy( note| evaluation| progress); medication (list|administration record|record);
        emergency department( note| record)?; procedure note; anesthesia record; (office|clinic) (visit|note)
        """,
    ),
    Phrases(
        T.MEDICAL_RECORD,
        4,
        2,
        r"""
        soap note; encounter (note|summary); patient summary; treatment (note|plan); pathology;
        chief complaint
        """,
    ),
    Phrases(
        T.MEDICAL_RECORD,
        3,
        2,
        r"""
        history of present illness; review of systems; (pre|post) ?operative diagnosis; vital signs; specimen
        """,
    ),
    Phrases(
        T.MEDICAL_RECORD,
        1,
        1,
        r"""
        mrn; assessment; impression; findings; diagnos[ie]s; allergies; medications?; subjective; objective;
        plan; mg; bpm; exam; wbc; blood pressure; hemoglobin; glucose; reference( range)?;
        physical exam(ination)?; electronically signed; symptoms; patient denies; denies; follow up; dosage;
        surgeon; technique; comparison; visit date; encounter; attending; tablet; respirations; creatinine;
        pain; wound; incision
        """,
    ),
)
