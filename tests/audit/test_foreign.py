"""Files from elsewhere: judged by their content alone, whatever they are called."""

import pytest
from PIL import Image

from audit.documents import foreign, incoming
from audit.documents.foreign import KINDS, FileRefused, check
from audit.documents.incoming import check_in_child
from tests.decisions.paper_files import HOSTILE, image, office, pdf, relation


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (pdf(), "pdf"),
        (image("PNG"), "png"),
        (image("JPEG"), "jpeg"),
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
