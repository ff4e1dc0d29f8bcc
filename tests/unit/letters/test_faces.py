"""Breaking lines in points."""

from worker.letters.faces import broken, width


def test_lines_are_no_wider_than_the_room() -> None:
    text = "Please send the complete record of this stay, with orders and notes"

    lines = broken(text, "Helvetica", 11, 120)

    assert " ".join(lines) == text
    assert all(width(line, "Helvetica", 11) <= 120 for line in lines)


def test_a_word_wider_than_the_room_is_cut() -> None:
    word = "W" * 40

    lines = broken(word, "Helvetica", 11, 100)

    assert "".join(lines) == word
    assert all(width(line, "Helvetica", 11) <= 100 for line in lines)


def test_no_text_is_no_line() -> None:
    text = "   "

    lines = broken(text, "Helvetica", 11, 100)

    assert lines == []
