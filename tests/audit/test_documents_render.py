"""Rendered and joined documents: conformance, structure, attachments, fixed bytes, refusals, limits."""

import io
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Name, Object, Pdf
from pypdf import PdfReader

from audit.documents.base import Attached, RenderError
from audit.documents.child import render_in_child
from audit.documents.finish import struct_kids
from audit.documents.further import FURTHER
from audit.documents.join import _numbers, join
from audit.documents.render import render_pdf
from tests.audit import documents_sample as sample
from tests.verapdf import failures

LONG = 80


@cache
def minutes() -> bytes:
    return render_pdf(
        html=sample.minutes("Said 🧿, \u202eti &#x1F9FF; \ue000.", rows=LONG),
        title="Minutes of November 20, 2026",
        created=sample.CREATED,
        attachments=sample.data_files(),
    )


@cache
def parts() -> tuple[bytes, ...]:
    cover = render_pdf(html=sample.cover(), title="Cover", created=sample.CREATED)
    annex = render_pdf(html=sample.annex(), title="Annex", created=sample.CREATED)
    return cover, minutes(), annex


@cache
def pack() -> bytes:
    return join(parts(), title="Audit pack", created=sample.CREATED, attachments=sample.data_files())


def opened(data: bytes) -> Pdf:
    return Pdf.open(io.BytesIO(data))


def elements(pdf: Pdf) -> Iterator[Object]:
    waiting = list(struct_kids(pdf.Root.StructTreeRoot))
    while waiting:
        element = waiting.pop()
        if "/S" in element:
            yield element
        waiting += struct_kids(element)


def kinds(data: bytes) -> Counter[str]:
    with opened(data) as pdf:
        return Counter(str(element.S) for element in elements(pdf))


@pytest.mark.verapdf
def test_documents_and_packs_conform(tmp_path: Path) -> None:
    files = [tmp_path / "minutes.pdf", tmp_path / "cover.pdf", tmp_path / "pack.pdf"]
    for file, data in zip(files, (minutes(), parts()[0], pack()), strict=True):
        file.write_bytes(data)
    assert failures(files) == []


@pytest.mark.verapdf
def test_the_validator_finds_a_broken_document(tmp_path: Path) -> None:
    broken = tmp_path / "broken.pdf"
    with opened(minutes()) as pdf:
        del pdf.Root["/StructTreeRoot"]
        pdf.save(broken)
    assert any("ua1\tFAIL" in line for line in failures([broken]))


def test_text_outside_the_fonts_is_written_out() -> None:
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(minutes())).pages)
    assert "Said [U+1F9FF], [U+202E]ti [U+1F9FF] [U+E000]." in " ".join(text.split())


NAMES = "Dr. 李明 · רות כהן · ليلى حداد · สมชาย ใจดี · प्रिया शर्मा · 김민수 · さくら · non\u2011breaking ☑ ☒ ☐"


@pytest.mark.verapdf
def test_a_name_is_a_name_in_every_script(tmp_path: Path) -> None:
    made = render_pdf(html=f"<body><h1>{NAMES}</h1><p>{NAMES} <em>{NAMES}</em>", title=NAMES, created=sample.CREATED)
    again = render_pdf(html=f"<body><h1>{NAMES}</h1><p>{NAMES} <em>{NAMES}</em>", title=NAMES, created=sample.CREATED)
    assert made == again
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages)
    assert "[U+" not in text
    assert "Dr. 李明" in text
    assert "김민수 · さくら · non\u2011breaking ☑ ☒ ☐" in text
    file = tmp_path / "names.pdf"
    file.write_bytes(made)
    assert failures([file]) == []


def test_a_file_without_such_letters_embeds_none_of_their_fonts() -> None:
    further = {font.family.replace(" ", "-") for font in FURTHER}
    with opened(minutes()) as pdf:
        names = {str(o.FontName) for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/FontName" in o}
    assert not [name for name in names for family in further if family in name]


def test_only_the_bundled_fonts_are_embedded() -> None:
    with opened(pack()) as pdf:
        names = {str(o.FontName) for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/FontName" in o}
    assert names
    assert all(name.partition("+")[2].startswith("Document-") for name in names)


def test_title_dates_language_and_outline() -> None:
    with opened(minutes()) as pdf:
        assert str(pdf.docinfo.Title) == "Minutes of November 20, 2026"
        assert str(pdf.docinfo.CreationDate) == str(pdf.docinfo.ModDate) == "D:20261120174209Z"
        assert str(pdf.Root.Lang) == "en"
        with pdf.open_outline() as outline:
            assert [item.title for item in outline.root] == ["Clinical Governance Committee"]
            assert "Attendance" in [item.title for item in outline.root[0].children]


def test_attachments_keep_bytes_dates_and_relationship() -> None:
    with opened(minutes()) as pdf:
        assert list(pdf.attachments) == ["entries.csv", "record.json"]
        file = pdf.attachments["record.json"].get_file()
        assert file.read_bytes() == b'{"v":1}'
        assert file.creation_date == file.mod_date == sample.CREATED
        assert {str(spec.AFRelationship) for spec in pdf.Root.AF} == {"/Source", "/Data"}


def test_the_child_makes_the_same_bytes() -> None:
    job = {
        "html": sample.minutes("Said 🧿, \u202eti &#x1F9FF; \ue000.", rows=LONG),
        "title": "Minutes of November 20, 2026",
        "created": sample.CREATED,
        "attachments": sample.data_files(),
    }
    assert render_in_child(job) == minutes()


def test_the_child_joins_the_same_bytes() -> None:
    job = {
        "parts": parts(),
        "title": "Audit pack",
        "created": sample.CREATED,
        "attachments": sample.data_files(),
    }
    assert render_in_child(job) == pack()


def test_a_join_keeps_every_tag() -> None:
    whole = kinds(pack())
    assert whole["/Document"] == 1
    assert whole["/Part"] == 3
    together = sum((kinds(part) for part in parts()), Counter())
    for kind in ("/TR", "/TH", "/TD", "/H1", "/H2", "/Link", "/P"):
        assert whole[kind] == together[kind] > 0, kind
    assert kinds(minutes())["/TR"] >= LONG


@pytest.mark.parametrize("document", [minutes, pack])
def test_each_page_points_to_its_own_structure(document) -> None:
    with opened(document()) as pdf:
        tree = dict(_numbers(pdf.Root.StructTreeRoot.ParentTree))
        for page in pdf.pages:
            marked = tree[int(page.StructParents)]
            assert len(marked) > 0
            assert {element.Pg.objgen for element in marked} == {page.obj.objgen}
            for annotation in page.get("/Annots", []):
                kid = tree[int(annotation.StructParent)]
                assert annotation.objgen in {k.Obj.objgen for k in struct_kids(kid) if "/Obj" in k}


@pytest.mark.parametrize("document", [minutes, pack])
def test_table_headers_have_ids_of_their_own(document) -> None:
    with opened(document()) as pdf:
        listed = pdf.Root.StructTreeRoot.IDTree.Kids[0].Names
        index = {bytes(key): cell.objgen for key, cell in zip(listed[::2], listed[1::2], strict=True)}
        headers = [e for e in elements(pdf) if e.S == Name.TH]
        assert len(headers) == len({bytes(h.ID) for h in headers}) == len(index)
        assert all(index[bytes(h.ID)] == h.objgen for h in headers)
        assert [bytes(k) for k in listed[::2]] == sorted(index)
        for cell in elements(pdf):
            if cell.S == Name.TD:
                assert all(bytes(header) in index for header in cell.A.Headers)


def test_links_bookmarks_labels_and_files_of_a_pack() -> None:
    with opened(pack()) as pdf:
        starts = [0, 2, 2 + len(opened(minutes()).pages)]
        # A link has an annotation for each of its boxes.
        contents = list(dict.fromkeys(a.Dest[0].objgen for a in pdf.pages[1].Annots))
        assert contents == [pdf.pages[starts[1]].obj.objgen, pdf.pages[starts[2]].obj.objgen]
        inner = [a for page in list(pdf.pages)[2:] for a in page.get("/Annots", [])]
        assert [a.Dest[0].objgen for a in inner] == [pdf.pages[starts[1]].obj.objgen]
        with pdf.open_outline() as outline:
            titles = [item.title for item in outline.root]
        assert titles[0].startswith("Physician authority")
        assert titles[1:] == ["Clinical Governance Committee", "All entries"]
        assert [page.label for page in pdf.pages][:3] == ["1-1", "1-2", "2-1"]
        assert set(pdf.attachments) == {
            "entries.csv",
            "record.json",
            "part-2-entries.csv",
            "part-2-record.json",
        }
        assert len(pdf.Root.AF) == 4


def test_joining_twice_gives_the_same_bytes() -> None:
    again = join(parts(), title="Audit pack", created=sample.CREATED, attachments=sample.data_files())
    assert again == pack()


@pytest.mark.parametrize(
    "markup",
    [
        '<img alt="x" src="http://127.0.0.1:9/x.png">',
        '<img alt="x" src="file:///etc/hostname">',
        '<img alt="x" src="data:image/png;base64,AAAA">',
        '<link rel="stylesheet" href="https://example.org/x.css">',
        '<p style="background: url(//example.org/x.png)">x</p>',
        '<style>@import "brightline-font:../x";</style>',
    ],
)
def test_outside_addresses_are_refused(markup: str) -> None:
    with pytest.raises(RenderError, match="only the bundled fonts"):
        render_pdf(html=f"<body>{markup}", title="Refused", created=sample.CREATED)


def test_bad_input_is_named() -> None:
    with pytest.raises(ValueError, match="title of a document must not be empty"):
        render_pdf(html="<p>x", title="  ", created=sample.CREATED)
    with pytest.raises(ValueError, match="no time zone"):
        render_pdf(html="<p>x", title="x", created=datetime(2026, 1, 1))  # noqa: DTZ001 - the fault under test
    with pytest.raises(ValueError, match=r"record\.json is given twice"):
        render_pdf(html="<p>x", title="x", created=sample.CREATED, attachments=sample.data_files()[:1] * 2)
    with pytest.raises(ValueError, match="plain file name"):
        Attached(name="a/b", data=b"", description="", mime="text/plain")
    with pytest.raises(ValueError, match="parts to join"):
        join([], title="x", created=sample.CREATED)
    with pytest.raises(RenderError, match="part 2 is no readable PDF"):
        join([minutes(), b"no"], title="x", created=sample.CREATED)
    with pytest.raises(RenderError, match="link to part:2: there are 1 parts"):
        join(parts()[:1], title="x", created=sample.CREATED)


def test_the_child_has_limits() -> None:
    job = {"html": sample.minutes(rows=400), "title": "Long minutes", "created": sample.CREATED}
    with pytest.raises(RenderError, match=r"allowed 1\d\d MB of memory"):
        render_in_child(job, memory_bytes=160 << 20)
    large = Attached(name="large.bin", data=bytes(150 << 20), description="", mime="application/x-large")
    with pytest.raises(RenderError, match="allowed 400 MB of memory"):
        render_in_child({**job, "html": "<p>x", "attachments": [large]}, memory_bytes=400 << 20)
    with pytest.raises(RenderError, match="allowed 1 seconds of processor time"):
        render_in_child(job, cpu_seconds=1)
    with pytest.raises(RenderError, match=r"'Long minutes' was not ready after 0\.2 seconds"):
        render_in_child(job, wall_seconds=0.2)
    with pytest.raises(RenderError, match="only the bundled fonts"):
        render_in_child({**job, "html": '<img alt="" src="http://example.org/">'})
    with pytest.raises(ValueError, match="job must have"):
        render_in_child({**job, "parts": []})


def test_a_child_whose_native_library_fell_over_tries_once_more(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from audit.documents import child

    confined, commands = child.confined, list[list[str]]()
    fallen = ["sh", "-c", "kill -SEGV $$"]

    def falling(command: list[str], *rest: Any, **limits: Any) -> Any:
        commands.append(command)
        return confined(fallen if len(commands) <= falls else command, *rest, **limits)

    monkeypatch.setattr(child, "confined", falling)
    job: dict[str, Any] = {"html": "<p>Once more", "title": "Page", "created": sample.CREATED}
    falls = 1
    assert render_in_child(job) == render_pdf(**job)
    assert "'Page' is tried again" in caplog.text
    falls = 99
    commands.clear()
    with pytest.raises(RenderError, match="signal 11"):
        render_in_child(job)
    assert len(commands) == 2


def test_the_child_sees_nothing_of_its_parents_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    from audit.documents import child

    monkeypatch.setenv("OWNER_DATABASE_URL", "postgresql://owner:secret@db/x")
    assert "secret" not in repr(child._environment("/tmp"))
    assert set(child._environment("/tmp")) <= {
        "PATH", "LD_LIBRARY_PATH", "HOME", "TMPDIR", "LANG", "TZ", "FONTCONFIG_FILE",
    }  # fmt: skip
