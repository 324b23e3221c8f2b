"""Files from elsewhere: judged by their content alone, whatever they are called."""

import io
from time import process_time

import pytest
from pikepdf import Array, Dictionary, Name, Pdf, String
from PIL import Image

from audit.documents import foreign, incoming
from audit.documents.base import FileRefused, RenderError
from audit.documents.foreign import KINDS, check
from audit.documents.incoming import check_in_child
from tests.decisions.paper_files import (
    HOSTILE,
    acting,
    changed,
    field,
    image,
    note,
    office,
    pdf,
    phone_photo,
    relation,
    with_password,
    word,
)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (pdf(), "pdf"),
        (image("PNG"), "png"),
        (image("JPEG"), "jpeg"),
        (phone_photo(), "jpeg"),
        (b"\xef\xbb\xbf" + pdf(), "pdf"),
        (b"\r\n\n" + pdf(), "pdf"),
        (with_password(user=""), "pdf"),
        (changed(Annots=note("Text", Contents=String("Strike clause 4"))), "pdf"),
        (changed(Annots=note("Link", A=acting("URI", URI=String("https://example.org")))), "pdf"),
        (pdf(OpenAction=acting("GoTo", D=String("chapter"))), "pdf"),
        (office(relations=relation("attachedTemplate", r"file:///C:\Templates\Letterhead.dotx")), "docx"),
        (office(relations=relation("attachedTemplate", "Normal.dotm")), "docx"),
        (word(field(" PAGE \\* MERGEFORMAT ") + field("IF ", "{", "NUMPAGES", "}", " = 1 a b")), "docx"),
        (office("docx", relations=relation("hyperlink")), "docx"),
        (office("xlsx"), "xlsx"),
        (office("pptx", parts={"ppt/embeddings/numbers.xlsx": office("xlsx")}), "pptx"),
    ],
)
def test_what_a_file_is(data: bytes, kind: str) -> None:
    assert check(data) is KINDS[kind]


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_refused(name: str) -> None:
    data, rule = HOSTILE[name]
    with pytest.raises(FileRefused, match=rule):
        check(data)


def test_too_many_pages_and_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(foreign, "PAGES", 3)
    with pytest.raises(FileRefused, match="1 to 3 pages, this one has 4"):
        check(pdf(pages=4))
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    with pytest.raises(FileRefused, match="million pixels"):
        check(image(size=(60, 40)))


def test_a_file_is_opened_in_a_child(monkeypatch: pytest.MonkeyPatch) -> None:
    assert check_in_child(office("xlsx"), title="paper").words == "Excel workbook"
    with pytest.raises(FileRefused, match="JavaScript"):
        check_in_child(HOSTILE["a PDF with a script"][0], title="paper")
    monkeypatch.setattr(incoming, "CHECK_MEMORY_BYTES", 60 << 20)
    with pytest.raises(FileRefused, match="could not be opened within 60 MB of memory and 20 seconds"):
        check_in_child(image("JPEG", size=(5000, 5000)), title="paper")


def test_a_crash_of_what_judges_is_not_told_as_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    def falls(*_: object, **__: object) -> None:
        raise RenderError("'paper' could not be made: KeyError")

    monkeypatch.setattr(incoming, "answer_in_child", falls)
    with pytest.raises(FileRefused, match="the program that reads such files failed over it") as refused:
        check_in_child(pdf(), title="paper")
    assert "MB of memory" not in str(refused.value)


def test_a_large_tagged_pdf_is_judged_in_time() -> None:
    """Its structure is looked at as compiled objects: 60,000 elements in a fraction of the time allowed."""
    with Pdf.open(io.BytesIO(pdf())) as made:
        root = made.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        said = Dictionary(O=Name.Layout, Placement=Name.Block)
        root.K = Array([
            made.make_indirect(Dictionary(Type=Name.StructElem, S=Name.P, P=root, K=number, A=said))
            for number in range(60_000)
        ])  # fmt: skip
        made.Root.StructTreeRoot = root
        kept = io.BytesIO()
        made.save(kept)
    started = process_time()
    assert check(kept.getvalue()) is KINDS["pdf"]
    assert process_time() - started < incoming.CHECK_SECONDS / 5
