"""What is left of a payload when the reader's control characters are gone."""


def clean_payload(text: str) -> str:
    """A payload without control characters (FNC1 is one) and outer blanks."""
    return "".join(c for c in text if c.isprintable()).strip()
