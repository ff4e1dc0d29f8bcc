"""What a payer decides about reviewing: second looks, the audit sample, sensitive pages."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReviewPolicy:
    """How people review. Shares are from 0 to 1; words are compared folded, as whole words.

    `second_look_without_id`: a page that a person files although no id of the request was read on it is decided by
    another person as well; so are pages of `second_look_lines`, of sensitive pages with `second_look_sensitive`, and of
    documents in which one person files more than `second_look_above` pages (None: never for their number).
    `audit_share` of the automatically filed pages is shown blind among the work. `hold_minutes` without a sign of
    life give an item back. `sensitive_programs` and `sensitive_words` make pages sensitive: blurred, opened with a
    reason, for `opened_minutes`.
    """

    second_look_without_id: bool = True
    second_look_sensitive: bool = True
    second_look_lines: frozenset[str] = frozenset({"expedited"})
    second_look_above: int | None = None
    audit_share: float = 0.01
    hold_minutes: float = 5.0
    sensitive_programs: frozenset[str] = frozenset()
    sensitive_words: tuple[str, ...] = (
        "substance use",
        "substance abuse",
        "opioid use disorder",
        "alcohol use disorder",
        "methadone",
        "buprenorphine",
        "psychotherapy",
        "hiv",
    )
    opened_minutes: float = 30.0
