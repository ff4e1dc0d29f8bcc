"""What a file is told by its content, and what a clerk is told about the others."""

import zipfile
from pathlib import Path

import pytest

from tests.builders.pages import paper
from worker.domain.document import DocumentKind
from worker.errors import BadDocumentError
from worker.ocr.kinds import sniff


@pytest.mark.parametrize(
    ("save_as", "kind"),
    [("TIFF", DocumentKind.TIFF), ("PDF", DocumentKind.PDF), ("PNG", DocumentKind.PNG), ("JPEG", DocumentKind.JPEG)],
)
def test_names_do_not_matter(tmp_path: Path, save_as: str, kind: DocumentKind) -> None:
    path = tmp_path / "scan.doc"

    paper(1, 1).save(path, save_as)

    assert sniff(path) is kind


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"Dear sir,\nplease find attached\n", "plain text"),
        (b"<!DOCTYPE html><html>", "web page"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00", "HEIC"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "Microsoft Office"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "WebP"),
        (b"\x00" * 2000, "zeros"),
        (b"\x81\x02\xff" * 30, "not a kind of file"),
    ],
)
def test_a_clerk_is_told_what_came_instead(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "renamed.tif"
    path.write_bytes(content)

    with pytest.raises(BadDocumentError) as refused:
        sniff(path)

    assert words in refused.value.reason


def test_word_documents_are_told_from_zip_archives(tmp_path: Path) -> None:
    word, plain = tmp_path / "letter.tif", tmp_path / "scans.tif"
    with zipfile.ZipFile(word, "w") as archive:
        archive.writestr("[Content_Types].xml", "")
        archive.writestr("word/document.xml", "")
    with zipfile.ZipFile(plain, "w") as archive:
        archive.writestr("page.tif", "")

    reasons = []
    for path in (word, plain):
        with pytest.raises(BadDocumentError) as refused:
            sniff(path)
        reasons.append(refused.value.reason)

    assert "Word" in reasons[0]
    assert "ZIP archive" in reasons[1]


def test_rubbish_before_a_pdf_header_is_allowed(tmp_path: Path) -> None:
    path = tmp_path / "mailed.bin"

    path.write_bytes(b"\r\n--boundary\r\n%PDF-1.4\n")

    assert sniff(path) is DocumentKind.PDF
