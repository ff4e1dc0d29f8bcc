"""Asking for records: request letters whose symbols come back to us readable, even through a standard fax."""

from worker.letters.letter import STANDARD_RECORDS, render_letter
from worker.letters.payer import Payer

__all__ = ["STANDARD_RECORDS", "Payer", "render_letter"]
