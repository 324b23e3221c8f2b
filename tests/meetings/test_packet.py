"""The meeting packet: what it holds, in which order, under one outline, one count of pages and one tree of tags."""

import io
import re
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pytest
from django.test import Client
from django.urls import reverse
from pikepdf import String

from audit import store
from audit.documents.child import render_in_child
from audit.documents.office import office_as_pdf
from audit.models import Job
from audit.services.documents import seal_document
from audit.services.jobs import Rendering
from decisions import rendering
from decisions.services.papers import attach_to_proposal, withdraw_proposal_paper
from meetings.models import Meeting
from meetings.packet import packet
from meetings.selectors.packets import packets_of
from meetings.services.agenda import release_agenda
from meetings.services.papers import attach_to_item
from tests.cast import Cast
from tests.decisions.paper_files import changed, filled, image, note, office, pdf
from tests.meetings.gathering import item_of, planned, proposal
from tests.sign_in import sign_in
from tests.verapdf import failures


def made(job: Job) -> tuple[Rendering, bytes]:
    """What the worker makes of a packet's job, without the seal."""
    found = packet(job.arguments, "")
    return found, render_in_child(
        {"title": found.title, "created": job.asked_at, "attachments": found.attachments, **found.content}
    )


def packets() -> list[Job]:
    return list(Job.objects.filter(renderer="packet").order_by("pk"))


def outline(book: pikepdf.Pdf) -> list[tuple[str, list[str]]]:
    with book.open_outline() as found:
        return [(item.title, [child.title for child in item.children]) for item in found.root]


def held(board: Cast) -> Meeting:
    """A released agenda with a PDF and an Office file under a proposal, and an image under an item."""
    put = proposal(board)
    attach_to_proposal(actor=board.operations, proposal=put, data=pdf(pages=3), name="Demand.pdf")
    attach_to_proposal(actor=board.operations, proposal=put, data=office(), name="Questions.docx")
    meeting = planned(board)
    attach_to_item(actor=board.secretary, item=item_of(meeting, "compliance"), data=image(), name="Lists.png")
    release_agenda(actor=board.director, meeting=meeting)
    meeting.refresh_from_db()
    return meeting


def test_the_packet_of_a_released_agenda(board: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.conf.settings.SOFFICE", "no-such-program")
    meeting = held(board)
    (job,) = packets()
    found, data = made(job)
    assert found.title.endswith("agenda version 1")
    titles = [item.title for item in meeting.items.all()]
    with pikepdf.open(io.BytesIO(data)) as book:
        marks = outline(book)
        assert [title for title, _ in marks] == [
            "Cover and contents", *(f"{number}. {title}" for number, title in enumerate(titles, start=1)),
        ]  # fmt: skip
        under = dict(marks)
        of_proposal = next(f"{n}. {t}" for n, t in enumerate(titles, start=1) if t.startswith("TB testing"))
        assert under[of_proposal] == ["Demand", "Questions"]
        assert [papers for title, papers in marks if "Compliance" in title] == [["Lists"]]
        # Each page's structure is its own, and all pages hang in one tree.
        tree = book.Root.StructTreeRoot
        nums = list(tree.ParentTree.Nums)
        known = dict(zip(map(int, nums[::2]), nums[1::2], strict=True))
        for page in book.pages:
            for element in known[int(page.obj.StructParents)]:
                assert "/Pg" not in element or element.Pg.objgen == page.obj.objgen
        assert len(tree.K[0].K) == 1 + len(titles) + 3
        assert [name for name in book.attachments if name.endswith("Questions.docx")]
        assert b"<pdfaid:part>" not in book.Root.Metadata.read_bytes()
    texts = [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(data)).pages]
    assert len(texts) == 2 + len(titles) + 3 + 1 + 1
    for number, text in enumerate(texts, start=1):
        assert f"Page {number} of {len(texts)}" in text
    first = next(number for number, text in enumerate(texts, start=1) if "· Demand" in text)
    assert re.search(rf"Demand [. ]+ {first} ", " ".join(texts[:2]))
    assert any("LibreOffice is not installed here" in text for text in texts)
    # The same papers again are the same packet; a late paper makes another, in which it is marked.
    attach_to_item(actor=board.secretary, item=item_of(meeting, "supervision"), data=image("JPEG"), name="Late.jpg")
    assert len(packets()) == 2
    assert "(late)" in packet(packets()[1].arguments, "").leaves[0].html
    paper = meeting.items.get(proposal__isnull=False).proposal.papers.earliest("pk")  # type: ignore[union-attr]
    withdraw_proposal_paper(actor=board.operations, paper=paper, reason="Done again.")
    assert "Demand" not in packet(packets()[2].arguments, "").leaves[0].html


@pytest.mark.verapdf
def test_a_packet_of_our_own_pages_conforms(board: Cast, tmp_path: Path) -> None:
    meeting = planned(board)
    attach_to_item(actor=board.secretary, item=item_of(meeting, "compliance"), data=image(), name="Lists.png")
    release_agenda(actor=board.director, meeting=meeting)
    _, data = made(packets()[0])
    file = tmp_path / "packet.pdf"
    file.write_bytes(data)
    assert failures([file]) == []


def test_office_files_where_libreoffice_is(
    board: Cast, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "soffice"
    (tmp_path / "made.pdf").write_bytes(pdf(pages=2, mark="from Word"))
    program.write_text(
        '#!/bin/sh\nfor last; do :; done\n[ "$DATABASE_URL" = "" ] || exit 9\n'
        '[ "$FONTCONFIG_FILE" = "" ] || exit 134\n'  # as LibreOffice does where it finds no font
        f'cp {tmp_path}/made.pdf "$(dirname "$last")/paper.pdf"\n'
    )
    program.chmod(0o755)
    settings.SOFFICE = str(program)
    assert office_as_pdf(office(), ending="docx", program=settings.SOFFICE) == (tmp_path / "made.pdf").read_bytes()
    version = attach_to_proposal(actor=board.operations, proposal=proposal(board), data=office(), name="Questions.docx")
    shown = rendering.preview(Job.objects.get(renderer="preview").arguments, "")
    assert shown.pdf is not None
    assert "from Word" in pypdf.PdfReader(io.BytesIO(shown.pdf)).pages[1].extract_text()
    program.write_text("#!/bin/sh\nexec sleep 60\n")
    monkeypatch.setattr("audit.documents.office.WALL_SECONDS", 0.5)
    page = rendering.preview({"version": version.pk}, "")
    assert "LibreOffice was not ready after 0.5 seconds" in str(page.html)
    assert page.attachments[0].data == store.get(version.document.sha256)


def test_the_meeting_page_shows_the_making(board: Cast) -> None:
    meeting = held(board)
    client = sign_in(Client(), board.secretary)
    page = reverse("meetings:meeting", args=[board.practice.slug, meeting.code])
    assert "1 of 3 papers" in client.get(page).content.decode()
    Job.objects.filter(renderer="preview").update(state="done")
    assert "3 of 3 papers" in client.get(page).content.decode()
    Job.objects.filter(renderer="packet").update(state="failed", error="RenderError: no")
    assert "Make it again" in client.get(page).content.decode()
    assert "Make it again" not in sign_in(Client(), board.mso_counsel).get(page).content.decode()
    client.post(reverse("meetings:packet", args=[board.practice.slug, meeting.code]))
    assert packets_of(meeting).pending
    Job.objects.filter(renderer="packet").update(state="done")
    sealed = seal_document(
        data=b"%PDF-1.7 packet", title="Meeting packet", kind="packet", object_type="meetings.agendarelease",
        object_id=f"{meeting.code}/1", compartment="open", practice_id=board.practice.pk,
    )  # fmt: skip
    assert sealed.sha256 in client.get(page).content.decode()


def test_a_packet_tells_the_comments_and_answers_that_pages_do_not_show(board: Cast) -> None:
    meeting = planned(board)
    item = item_of(meeting, "compliance")
    noted = changed(Annots=note("Text", Contents=String("Strike clause 4"), T=String("Reviewer")))
    attach_to_item(actor=board.secretary, item=item, data=noted, name="Contract.pdf")
    attach_to_item(actor=board.secretary, item=item, data=filled("Limited until June\nSECOND LINE"), name="Form.pdf")
    release_agenda(actor=board.director, meeting=meeting)
    (job,) = packets()
    _, data = made(job)
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages]
    (comments,) = [text for text in pages if "Comments and answers in “Contract”" in text]
    assert "Page 1, Text, Reviewer" in comments
    assert "Strike clause 4" in comments
    (answers,) = [text for text in pages if "Comments and answers in “Form”" in text]
    assert "SECOND LINE" in answers
