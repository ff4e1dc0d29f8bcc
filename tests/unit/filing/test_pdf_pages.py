"""Pages of a PDF in the PDF: moved as they are, turned by /Rotate, without what acts or belongs to others."""

from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream, String

from tests.builders.scans import LETTER_200, dark_corner, drawn_page, rendered, scanned_pdf
from worker.domain.document import DocumentKind
from worker.errors import BadDocumentError
from worker.filing.copy import ChosenPage, CopiedPage, CopyMethod
from worker.filing.page_pdf import write_page_pdf


def copy_pages(original: Path, *chosen: ChosenPage) -> tuple[Path, tuple[CopiedPage, ...]]:
    target = original.parent / "copy.pdf"
    return target, write_page_pdf(original, DocumentKind.PDF, chosen, target, sha256="ab" * 32)


def text_page(pdf: pikepdf.Pdf, text: str, **entries: object) -> None:
    page = pdf.add_blank_page(page_size=(612, 792))
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    page.obj.Resources = Dictionary(Font=Dictionary(F1=font))
    page.obj.Contents = pdf.make_stream(f"0 0 0 rg 40 650 150 100 re f BT /F1 20 Tf 72 400 Td ({text}) Tj ET".encode())
    for name, value in entries.items():
        page.obj[f"/{name}"] = value


def test_jpeg_of_a_scanned_page_is_the_same_stream(tmp_path: Path) -> None:
    original = scanned_pdf(tmp_path / "a.pdf", [drawn_page(f"page {n}", LETTER_200, "L") for n in (1, 2, 3)])

    target, copied = copy_pages(original, ChosenPage(3), ChosenPage(1))

    assert copied == (CopiedPage(3, CopyMethod.COPIED), CopiedPage(1, CopyMethod.COPIED))
    with pikepdf.open(original) as before, pikepdf.open(target) as after:
        for position, number in enumerate((3, 1)):
            old, new = before.pages[number - 1], after.pages[position]
            assert new.Resources.XObject.Im0.read_raw_bytes() == old.Resources.XObject.Im0.read_raw_bytes()


@pytest.mark.parametrize("own", [0, 90, 180, 270, -90, 450, 89.6])
@pytest.mark.parametrize("turn", [0, 90])
def test_rotation_is_added_to_the_pages_own(tmp_path: Path, own: float, turn: int) -> None:
    original = tmp_path / "a.pdf"
    with pikepdf.new() as pdf:
        text_page(pdf, "one", Rotate=own)
        pdf.save(original)

    target, _ = copy_pages(original, ChosenPage(1, turn))

    with pikepdf.open(target) as pdf:
        assert pdf.pages[0].Rotate == (round(own / 90) * 90 + turn) % 360


def test_inherited_rotation_and_boxes_are_kept(tmp_path: Path) -> None:
    original = tmp_path / "a.pdf"
    with pikepdf.new() as pdf:
        text_page(pdf, "one")
        page = pdf.pages[0].obj
        del page["/MediaBox"]
        page.Parent.Rotate = 90
        page.Parent.MediaBox = Array([-50, -20, 562, 772])
        page.Parent.CropBox = Array([0, 300, 400, 772])
        pdf.save(original)

    target, copied = copy_pages(original, ChosenPage(1, 270))

    assert copied[0].method is CopyMethod.COPIED
    with pikepdf.open(target) as pdf:
        page = pdf.pages[0].obj
        assert page.Rotate == 0
        assert [int(side) for side in page.MediaBox] == [-50, -20, 562, 772]
        assert [int(side) for side in page.CropBox] == [0, 300, 400, 772]
    assert dark_corner(rendered(target, 1)) == "top left"


def test_nothing_that_acts_comes_along(tmp_path: Path) -> None:
    original = tmp_path / "a.pdf"
    with pikepdf.new() as pdf:
        script = Dictionary(S=Name.JavaScript, JS=String("app.alert('bad')"))
        link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 99, 99]), A=script)
        text_page(pdf, "one", AA=Dictionary(O=script), Annots=Array([pdf.make_indirect(link)]))
        pdf.Root.OpenAction = script
        pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("x"), script])))
        pdf.attachments["virus.exe"] = b"bad bytes"
        pdf.save(original)

    target, _ = copy_pages(original, ChosenPage(1))

    with pikepdf.open(target) as pdf:
        everything = "".join(repr(thing) for thing in pdf.objects)
        assert "JavaScript" not in everything
        assert "bad bytes" not in everything
        assert not pdf.attachments
        assert set(pdf.Root.keys()) == {"/Type", "/Pages"}


def test_stamp_that_somebody_put_on_the_page_stays_visible(tmp_path: Path) -> None:
    original = tmp_path / "a.pdf"
    with pikepdf.new() as pdf:
        black = Stream(
            pdf, b"0 0 0 rg 0 0 200 100 re f", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 200, 100])
        )
        stamp = Dictionary(
            Type=Name.Annot, Subtype=Name.Stamp, Rect=Array([40, 650, 240, 750]), F=4, AP=Dictionary(N=black)
        )
        pdf.add_blank_page(page_size=(612, 792))
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(stamp)])
        pdf.save(original)

    target, _ = copy_pages(original, ChosenPage(1))

    assert sum(rendered(target, 1).histogram()[:128]) > 1000
    with pikepdf.open(target) as pdf:
        assert "/Annots" not in pdf.pages[0].obj


def test_pictures_of_other_pages_stay_behind(tmp_path: Path) -> None:
    original = tmp_path / "a.pdf"
    pages = [drawn_page(f"page {number}", LETTER_200, "L") for number in (1, 2, 3)]
    scanned_pdf(original, pages)
    with pikepdf.open(original, allow_overwriting_input=True) as pdf:
        pictures = {f"/Im{n}": page.Resources.XObject.Im0 for n, page in enumerate(pdf.pages)}
        shared = pdf.make_indirect(Dictionary(XObject=Dictionary(pictures)))
        for n, page in enumerate(pdf.pages):
            page.obj.Resources = shared
            page.obj.Contents = pdf.make_stream(f"q 612 0 0 792 0 0 cm /Im{n} Do Q".encode())
        strangers = pictures["/Im2"].read_raw_bytes()
        pdf.save(original)

    target, _ = copy_pages(original, ChosenPage(1), ChosenPage(2))

    with pikepdf.open(target) as pdf:
        streams = [thing.read_raw_bytes() for thing in pdf.objects if isinstance(thing, Stream)]
        assert strangers not in streams
        assert list(pdf.pages[0].Resources.XObject.keys()) == ["/Im0"]
    assert dark_corner(rendered(target, 2)) == "top left"


def test_hidden_layer_stays_hidden(tmp_path: Path) -> None:
    original = tmp_path / "a.pdf"
    with pikepdf.new() as pdf:
        layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("draft")))
        pdf.add_blank_page(page_size=(612, 792))
        pdf.pages[0].obj.Resources = Dictionary(Properties=Dictionary(L1=layer))
        pdf.pages[0].obj.Contents = pdf.make_stream(b"/OC /L1 BDC 0 0 0 rg 0 0 612 792 re f EMC")
        off = Dictionary(OFF=Array([layer]), Order=Array([layer]))
        pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=off)
        pdf.save(original)
    assert sum(rendered(original, 1).histogram()[:128]) == 0

    target, _ = copy_pages(original, ChosenPage(1))

    assert sum(rendered(target, 1).histogram()[:128]) == 0


def test_pdf_that_lost_its_end_is_still_copied(tmp_path: Path) -> None:
    original = scanned_pdf(tmp_path / "a.pdf", [drawn_page(f"page {n}", (850, 1100), "L") for n in (1, 2)], dpi=100)
    original.write_bytes(original.read_bytes()[:-300])

    _, copied = copy_pages(original, ChosenPage(1), ChosenPage(2))

    assert len(copied) == 2


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4\nnothing more", b"a letter, renamed"])
def test_pdf_that_cannot_be_opened_leaves_a_sheet(tmp_path: Path, content: bytes) -> None:
    original = tmp_path / "a.pdf"
    original.write_bytes(content)

    target, copied = copy_pages(original, ChosenPage(1))

    assert copied == (CopiedPage(1, CopyMethod.MISSING),)
    with pikepdf.open(target) as pdf:
        assert len(pdf.pages) == 1


def test_page_that_is_not_there_does_not_cost_the_others(tmp_path: Path) -> None:
    original = scanned_pdf(tmp_path / "a.pdf", [drawn_page("one", (850, 1100), "L")], dpi=100)

    _, copied = copy_pages(original, ChosenPage(2), ChosenPage(1))

    assert [page.method for page in copied] == [CopyMethod.MISSING, CopyMethod.COPIED]


def test_same_pages_give_the_same_bytes(tmp_path: Path) -> None:
    original = scanned_pdf(tmp_path / "a.pdf", [drawn_page("one", LETTER_200, "L")])

    first = copy_pages(original, ChosenPage(1, 90))[0].read_bytes()
    second = copy_pages(original, ChosenPage(1, 90))[0].read_bytes()

    assert first == second
    assert b"CreationDate" not in first


def test_page_that_cannot_be_moved_is_rendered(tmp_path: Path) -> None:
    original = tmp_path / "a.pdf"
    with pikepdf.new() as pdf:
        text_page(pdf, "one", Rotate=Name.Sideways)
        text_page(pdf, "two")
        pdf.save(original)

    target, copied = copy_pages(original, ChosenPage(1), ChosenPage(2))

    assert [page.method for page in copied] == [CopyMethod.RENDERED, CopyMethod.COPIED]
    assert dark_corner(rendered(target, 1)) == "top left"
    with pikepdf.open(target) as pdf:
        assert [float(side) for side in pdf.pages[0].mediabox] == pytest.approx([0, 0, 612, 792], abs=1)


def test_locked_pdf_without_a_password_is_copied_and_unlocked(tmp_path: Path) -> None:
    original = scanned_pdf(tmp_path / "open.pdf", [drawn_page("one", (850, 1100), "L")], dpi=100)
    locked = tmp_path / "a.pdf"
    with pikepdf.open(original) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(owner="secret", user=""))

    target, copied = copy_pages(locked, ChosenPage(1))

    assert copied[0].method is CopyMethod.COPIED
    with pikepdf.open(target) as pdf:
        assert not pdf.is_encrypted
    assert dark_corner(rendered(target, 1)) == "top left"


def test_original_that_is_gone_is_not_hidden_by_a_sheet(tmp_path: Path) -> None:
    with pytest.raises(BadDocumentError, match="gone"):
        copy_pages(tmp_path / "gone.pdf", ChosenPage(1))
