"""Mails as fax-to-email gateways send them."""

from collections.abc import Sequence
from email.message import EmailMessage
from pathlib import Path

from tests.builders.scans import FAX_STANDARD, drawn_page, scanned_pdf, write_tiff

#: (file name, bytes)
File = tuple[str, bytes]


def gateway_mail(
    *files: File,
    subject: str = "Fax from 2155550123 (2 pages)",
    text: str = "A fax has arrived.",
    message_id: str | None = "<fax-1@gateway.example>",
) -> EmailMessage:
    """A mail with these attachments, all application/octet-stream."""
    mail = EmailMessage()
    mail["From"] = "Gateway <noreply@gateway.example>"
    mail["To"] = "records@payer.example"
    mail["Subject"] = subject
    if message_id:
        mail["Message-ID"] = message_id
    mail.set_content(text)
    for name, data in files:
        mail.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return mail


def fax_tiff(folder: Path, pages: Sequence[str] = ("One", "Two")) -> bytes:
    """A fax as TIFF."""
    return write_tiff(folder / "drawn.tif", [drawn_page(text, FAX_STANDARD) for text in pages]).read_bytes()


def fax_pdf(folder: Path, pages: Sequence[str] = ("One", "Two")) -> bytes:
    """A fax as PDF."""
    return scanned_pdf(folder / "drawn.pdf", [drawn_page(text, (850, 1100), "L") for text in pages]).read_bytes()
