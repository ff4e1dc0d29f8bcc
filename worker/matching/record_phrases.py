"""The titles, headings and words by which kinds of medical records are known: the field's standard terms.

See `phrases` for how they are written.
"""

from worker.domain.decision import RecordKind as K
from worker.matching.phrases import Phrases

#: What a page calls itself, in a line of its own near the head. Where titles overlap the longest one counts.
TITLES: tuple[Phrases[K], ...] = (
    Phrases(
        K.PROGRESS_NOTE,
        6,
        0,
        r"""
        progress notes?; (clinic|office|encounter|soap|interval|daily|(in|out)patient|clinical|physician|provider)
        ( visit| progress)? notes?; (attending|resident|hospitalist|follow ?up|visit|chart)( visit| progress)? notes?;
        (office|clinic|outpatient|return|follow ?up|(new|established) patient|telehealth) visit( note)?;
        subsequent (hospital )?(visit|care)( note)?; psychiatric progress note
        """,
    ),
    Phrases(
        K.OPERATIVE_REPORT,
        6,
        0,
        r"""
        (brief )?(operative|operation|op|procedure|procedural|surgery|surgical) (reports?|notes?|record|summary);
        report of (operation|procedure|surgery); operative procedure;
        (endoscopy|colonoscopy|bronchoscopy|egd|(cardiac )?catheterization) (procedure )?(report|note)
        """,
    ),
    Phrases(
        K.DISCHARGE_SUMMARY,
        6,
        0,
        r"""
        (hospital |inpatient |physician |final )?discharge (summary|report)( report| note)?;
        summary of (hospitali[sz]ation|hospital stay)
        """,
    ),
    Phrases(
        K.LABORATORY,
        6,
        0,
        r"""
        ((final|interim|cumulative|clinical|patient) )*(lab|laboratory|labs)( test)? (reports?|results?|data|summary);
        (laboratory|lab) (values|findings|test results);
        (chemistry|hematology|microbiology|urinalysis|coagulation|serology|toxicology|culture|blood gas)
        (panel|reports?|results?|profile); (comprehensive|basic) metabolic panel; complete blood count; lipid panel
        """,
    ),
    Phrases(
        K.LABORATORY,
        4,
        0,
        r"""
        chemistry; hematology; microbiology; urinalysis; coagulation; serology; toxicology; laboratory; test results;
        cumulative (report|summary)
        """,
    ),
    Phrases(
        K.IMAGING,
        6,
        0,
        r"""
        (diagnostic )?(radiology|imaging|diagnostic imaging|x ?ray|ct|cat|mri|ultrasound|sonogram|fluoroscopy)( scan)?
        (consultation )?(reports?|study|interpretation|exam(ination)?|results?|note); mammogra(m|phy)( report)?;
        (nuclear medicine|pet ct|bone density|dexa|doppler|vascular|angiogra(m|phy)|duplex)( scan)? (report|study);
        diagnostic (imaging|radiology); echocardiogra(m|phy)( report)?; radiological (report|consultation);
        (ct|mri|mra|cta|xr|x ?rays?|ultrasound|radiographs?)( scan)?( of)?( the)?( left| right| bilateral)?
        (chest|abdomen|pelvis|head|brain|neck|sinuses|(cervical |lumbar |thoracic )?spine|knee|hip|shoulder|ankle|wrist)
        ( and( the)? pelvis)?( (with|without|w o)( and without)?( iv)? contrast)?;
        (chest|abdom(en|inal)|knee|hip|shoulder|ankle|spine|foot|hand|wrist) (x ?rays?|radiographs?|ultrasound|ct|mri)
        ( (one|two|three|four) views?)?
        """,
    ),
    Phrases(
        K.IMAGING,
        4,
        0,
        r"""
        radiology; department of (radiology|diagnostic imaging|medical imaging); medical imaging
        """,
    ),
    Phrases(
        K.NURSING,
        6,
        0,
        r"""
        nurs(ing|es?)( s)?( (admission|daily|shift|progress|discharge|skilled|weekly|narrative|initial|care))*
        (notes?|assessment|(flow ?)?sheet|documentation|record|report|plan|evaluation|summary|charting|visit);
        ((24|12) (hour|hr) )?((vital signs?|icu|critical care|graphic|neuro|patient care|daily care|skin|wound) )?
        flow ?sheets?; vital signs? (record|log|chart|sheet); graphic (sheet|record); intake (and |& )?output( record);
        (shift|triage|braden( scale)?|fall risk) assessment; triage note; rn (notes?|assessment); skilled nursing visit
        """,
    ),
    Phrases(
        K.CONSULTATION,
        6,
        0,
        r"""
        ((initial|inpatient|specialist|specialty|cardiology|neurology|surgical|medical|pre ?operative) )*
        consult(ation)?s?( reports?| notes?| letter)?; report of consultation; consultative (report|note|examination)
        """,
    ),
    Phrases(
        K.HISTORY_AND_PHYSICAL,
        6,
        0,
        r"""
        ((admission|admitting|complete|interval|pre ?op(erative)?) )*history( and| b| 6| a)? physical
        ( exam(ination)?)?( note| report)?; (admission |pre ?op(erative)? )?h( and| &| b) p( note| update| exam)?;
        admission (note|history)
        """,
    ),
    Phrases(
        K.OTHER,
        6,
        0,
        r"""
        (surgical )?pathology( consultation)?( report)?; cytology( report)?; autopsy report;
        medication(s)? (administration )?(record|list|profile|reconciliation|sheet|orders?); ^mar$;
        ((physical|occupational|speech|respiratory|radiation|infusion|initial|pt|ot) )*(therapy|pt|ot)
        ( (daily|progress|weekly|treatment|initial|discharge|visit))* (notes?|evaluation|reports?|record|summary);
        (after )?visit summary; (patient|clinical|encounter|transfer) summary;
        discharge (instructions?|orders?|plan(ning)?)( sheet| note)?; patient instructions; treatment (plan|record);
        (physicians?|doctors?|admission|admitting|standing|transfer)( s)? orders?( sheet)?; order sheet;
        anesthesia (record|report|note|evaluation|flow ?sheet); (plan of care|care plan); problem list; face ?sheet;
        (emergency (department|room)|ed|er)( physician| provider| nursing)? (notes?|reports?|record|visit|summary);
        consent (for|to) (surgery|treatment|procedure|anesthesia); immunization (record|history);
        (social work|case management|nutrition|dietary|psychosocial|wound care|telephone)
        (notes?|assessment|evaluation|encounter); (electrocardiogram|ekg|ecg)( report| interpretation)?; sleep study;
        pulmonary function (tests?|report); psych(iatric|ological) evaluation; referral( form)?
        """,
    ),
)

#: What heads a part of a page: points for a line that begins so.
HEADINGS: tuple[Phrases[K], ...] = (
    Phrases(K.PROGRESS_NOTE, 1.5, 0, "subjective; objective; interval history"),
    Phrases(K.PROGRESS_NOTE, 0.5, 0, "assessment( (and|&) plan)?; plan"),
    Phrases(
        K.OPERATIVE_REPORT,
        2,
        0,
        r"""
        pre ?op(erative)? diagnos[ie]s; post ?op(erative)? diagnos[ie]s; (operation|procedure)s?( s)? performed;
        operative (findings|technique|procedure); (description|details) of( the)? (procedure|operation);
        (estimated )?blood loss; ebl
        """,
    ),
    Phrases(
        K.OPERATIVE_REPORT,
        1,
        0,
        r"""
        (assistant )?surgeon; anesthesia( type)?; anesthesiologist; complications; drains; implants; tourniquet time;
        specimens? removed
        """,
    ),
    Phrases(K.OPERATIVE_REPORT, 0.5, 0, "findings; procedures?; description"),
    Phrases(
        K.DISCHARGE_SUMMARY,
        2.5,
        0,
        r"""
        (brief )?hospital course; course in( the)? hospital; condition (at|on|upon) discharge; discharge condition
        """,
    ),
    Phrases(K.DISCHARGE_SUMMARY, 2, 0, "discharge (diagnos[ie]s|medications?|disposition); discharged to"),
    Phrases(K.DISCHARGE_SUMMARY, 1, 0, "(admitting|admission) diagnos[ie]s; (date of discharge|discharge date)"),
    Phrases(K.IMAGING, 1.5, 0, "technique; comparison"),
    Phrases(K.IMAGING, 1, 0, "findings; impression; (clinical )?(indication|history|information); radiologist"),
    Phrases(
        K.HISTORY_AND_PHYSICAL,
        0.4,
        0,
        r"""
        chief complaint; (history of )?present(ing)? illness; hpi; past( medical| surgical)? history; family history;
        social history; review of systems; physical exam(ination)?; allergies
        """,
    ),
    Phrases(K.HISTORY_AND_PHYSICAL, 1.5, 0, "reason for admission; (admission|admitting) (diagnosis|impression)"),
    Phrases(
        K.OTHER, 2, 0, "gross description; microscopic description; specimens? submitted; final pathologic diagnosis"
    ),
    Phrases(K.OTHER, 1.5, 0, "treatment today; plan of care; (short|long) term goals"),
)

#: What stands anywhere on a page.
WORDS: tuple[Phrases[K], ...] = (
    Phrases(
        K.LABORATORY,
        3,
        3,
        r"""
        (test|analyte|component|procedure)( name)?[^\n]*? (result|value)s?[^\n]*? (flag|units?|ref(erence)?)
        """,
    ),
    Phrases(K.LABORATORY, 1, 1, "(reference|ref|normal) (range|interval|values?)s?; accession( no| number)?"),
    Phrases(K.CONSULTATION, 4, 4, "reason for( the)? consult(ation)?"),
    Phrases(
        K.CONSULTATION,
        1.5,
        1.5,
        r"""
        (requesting|referring) (physician|provider|doctor); consulting (physician|provider);
        thank you for (asking|consulting|referring|allowing|the opportunity)
        """,
    ),
    Phrases(K.NURSING, 1, 1, "iv site; side rails?; braden( score)?; fall risk; call light; bed alarm; rn signature"),
)
