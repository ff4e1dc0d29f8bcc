"""Text that every database takes."""


def storable(text: str) -> str:
    """The text without what cannot be stored: PostgreSQL refuses NUL, and no encoding takes half a surrogate pair."""
    return text.replace("\0", "").encode("utf-8", "backslashreplace").decode("utf-8")
