"""Clinical text: own sentence templates filled with drawn numbers, so that no two pages read the same."""

import random

from bench.words import read_words

FREQUENCIES = ("daily", "twice a day", "three times a day", "at bedtime", "every other day", "as needed")
JOINTS = ("knee", "shoulder", "hip", "ankle", "wrist", "elbow")
COURSES = (
    "slowly getting worse",
    "improving",
    "unchanged",
    "stable on current treatment",
    "poorly controlled",
)
TRIGGERS = ("a fall at home", "lifting a box", "a viral illness", "a long drive", "no clear trigger")
THERAPIES = ("therapeutic exercise", "gait training", "manual therapy", "transfer training")


def sentence(rng: random.Random, subject: str = "the patient") -> str:
    """One sentence of a note."""
    template = rng.choice(read_words("sentences"))
    return template.format_map(_facts(rng, subject))


def paragraph(rng: random.Random, sentences: int, subject: str = "the patient") -> str:
    """Some sentences in a row."""
    return " ".join(sentence(rng, subject) for _ in range(sentences))


def _facts(rng: random.Random, subject: str) -> dict[str, object]:
    complaint = rng.choice(read_words("complaints"))
    return {
        "subject": subject,
        "complaint": complaint,
        "Complaint": complaint[0].upper() + complaint[1:],
        "trigger": rng.choice(TRIGGERS),
        "course": rng.choice(COURSES),
        "condition": rng.choice(read_words("conditions")),
        "condition2": rng.choice(read_words("conditions")),
        "drug": rng.choice(read_words("drugs")),
        "drug2": rng.choice(read_words("drugs")),
        "freq": rng.choice(FREQUENCIES),
        "freq2": rng.choice(FREQUENCIES),
        "side": rng.choice(("left", "right")),
        "joint": rng.choice(JOINTS),
        "therapy": rng.choice(THERAPIES),
        **_numbers(rng),
    }


def _numbers(rng: random.Random) -> dict[str, object]:
    return {
        "n": rng.randint(2, 14),
        "n2": rng.randint(4, 10),
        "dose": rng.choice((5, 10, 20, 25, 40, 50, 100)),
        "dose2": rng.choice((5, 10, 20, 40, 81, 250, 500)),
        "sys": rng.randint(98, 178),
        "dia": rng.randint(52, 98),
        "pulse": rng.randint(52, 112),
        "resp": rng.randint(12, 24),
        "temp": f"{rng.uniform(97, 101):.1f}",
        "sat": rng.randint(88, 100),
        "kg": f"{rng.uniform(45, 128):.1f}",
        "small": f"{rng.uniform(0.5, 6):.1f}",
        "small2": f"{rng.uniform(0.5, 4):.1f}",
        "deg": rng.randrange(40, 140, 5),
        "grade": rng.randint(2, 5),
        "grade2": rng.randint(3, 5),
        "hgb": f"{rng.uniform(7, 16):.1f}",
        "crea": f"{rng.uniform(0.6, 3.4):.2f}",
        "pot": f"{rng.uniform(3.1, 5.6):.1f}",
        "ml": rng.randrange(50, 1400, 10),
        "ml2": rng.randrange(200, 1800, 10),
        "min": rng.randrange(10, 60, 5),
        "glu": rng.randint(70, 130),
        "glu2": rng.randint(140, 310),
    }
