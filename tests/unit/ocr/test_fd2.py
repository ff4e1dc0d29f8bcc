"""What C code writes to file descriptor 2 is caught, and nothing else changes."""

import os

import pytest

from worker.ocr.fd2 import overhear_fd2


def test_messages_are_caught_and_the_descriptor_is_put_back(capfd: pytest.CaptureFixture[str]) -> None:
    with overhear_fd2() as overheard:
        os.write(2, b"Fax3Decode1D: Bad code word")
    os.write(2, b"afterwards")

    assert overheard.text == "Fax3Decode1D: Bad code word"
    assert capfd.readouterr().err == "afterwards"


def test_an_error_inside_puts_it_back_as_well(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="inside"), overhear_fd2():
        raise ValueError("inside")
    os.write(2, b"afterwards")

    assert capfd.readouterr().err == "afterwards"
