"""The sealed file of signed minutes: what it says, what it carries, that it conforms and is always the same."""

import hashlib
import io
from datetime import date, timedelta
from pathlib import Path

import pikepdf
import pypdf
import pytest
from django.template.loader import render_to_string
from django.utils import timezone

from audit import store
from audit.documents.render import render_pdf
from audit.documents.sign import check_signature
from audit.models import Act, Document, Job
from audit.services import jobs
from meetings import pack, rendering
from meetings.models import Minutes, Signature
from meetings.months import months
from meetings.rules.cadence import MonthWord
from meetings.services.amendments import amend_minutes
from meetings.services.minutes import ATTESTED, MEANING, sign_minutes, submit_minutes
from tests.cast import Cast
from tests.meetings.gathering import carried, meeting_now
from tests.meetings.minuted import OCTOBER, held, house
from tests.verapdf import failures

__all__ = ["house"]

pytestmark = pytest.mark.usefixtures("house")

NOTE = (
    "brightline.localhost/practice/aa3b8c\n41\nq2uk0v0oKk2hrJtQx5ZbZ0n5s1n3pDc0w1m6oYcQ1zE=\n\n"
    "— brightline.localhost AAAAAA==\n"
)


def signed(cast: Cast) -> Signature:
    minutes = held(cast)
    version = submit_minutes(actor=cast.secretary, minutes=minutes, revision=1, attested=ATTESTED)
    return sign_minutes(actor=cast.director, minutes=minutes, version=version, meaning=MEANING)


def made(arguments: dict[str, int], note: str = NOTE) -> bytes:
    """The file a renderer's answer gives, as the worker makes it."""
    found = rendering.minutes(arguments, note)
    assert found.html is not None
    assert found.created is not None
    return render_pdf(html=found.html, title=found.title, created=found.created, attachments=found.attachments)


def words(data: bytes) -> str:
    """The text of all pages on one line."""
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages).split())


@pytest.mark.verapdf
def test_the_file_says_all_that_was_signed_conforms_and_never_differs(cast: Cast, tmp_path: Path) -> None:
    signature = signed(cast)
    key = {"minutes": signature.minutes_id}
    first = made(key)
    text = words(first)
    for expected in (
        "Oversight board",
        "Meeting of Tuesday, 27 October 2020, Riverside Physicians, P.C.",
        "5:34 p.m. by Elena Marsh, MD, Medical Director, in the chair",
        "Ruth Adeyemi, MD",
        "5:40 p.m. to 6:22 p.m., in person",
        "Excused",
        "Moved by Samuel Ortiz, MD, seconded by Elena Marsh, MD.",
        "Carried: 2 for, 0 against, 1 recused.",
        "D-2020-001",
        "CA-2020-001",
        "Her spouse is employed by the university",
        "The report of counsel is not in yet.",
        MEANING,
        ATTESTED,
        "Medical Director",
        "License A-riverside-1, in force",
        signature.sha256,
        "MIN-2020-10",
        "brightline.localhost/practice/aa3b8c",
        "ledger of 41 entries",
        "Demonstration: people, practice and figures are invented",
    ):
        assert expected in text, expected
    assert made(key) == first
    entry = Act.objects.get(pk=signature.act_id).entry.index
    for size, claim in ((entry, "does not cover it yet"), (entry + 1, "below covers it")):
        assert claim in words(made(key, NOTE.replace("41", str(size), 1)))

    with pikepdf.open(io.BytesIO(first)) as pdf:
        files = {name: spec.get_file().read_bytes() for name, spec in pdf.attachments.items()}
    assert hashlib.sha256(files["record.json"]).hexdigest() == signature.sha256
    assert files["text.txt"].decode() == signature.version.text
    assert files["checkpoint.txt"].decode() == NOTE

    motion = carried(cast, meeting_now(cast))
    amend_minutes(
        actor=cast.director, minutes=signature.minutes, motion=motion, text="Fifty charts.", reason="Read 🧿 wrongly."
    )
    amended = made({**key, "amendments": 1})
    assert "Fifty charts." in words(amended)
    assert "To amend the minutes: fifty charts.” Carried:" in words(amended)
    assert "[U+1F9FF]" in words(amended)
    assert made(key) == first

    paths = [tmp_path / "minutes.pdf", tmp_path / "amended.pdf", tmp_path / "no-checkpoint.pdf"]
    for path, data in zip(paths, (first, amended, made(key, "")), strict=True):
        path.write_bytes(data)
    assert failures(paths) == []


def test_only_signed_minutes_are_rendered(cast: Cast) -> None:
    with pytest.raises(Minutes.DoesNotExist):
        rendering.minutes({"minutes": held(cast).pk}, NOTE)


def test_the_worker_seals_the_file_and_the_pack_takes_it(cast: Cast) -> None:
    month, after = OCTOBER, date(2020, 11, 1)
    minutes = held(cast, items=1)
    version = submit_minutes(actor=cast.secretary, minutes=minutes, revision=1)
    sign_minutes(actor=cast.director, minutes=minutes, version=version, meaning=MEANING)
    Job.objects.update(asked_at=timezone.now() - timedelta(minutes=1))
    job = jobs.run_one()
    assert job is not None
    assert job.state == Job.State.DONE, job.error
    document = Document.objects.get()
    assert (document.kind, document.object_id, document.compartment) == ("minutes", minutes.code, "open")
    file = store.get(document.sha256)
    assert version.sha256 in words(file)
    seal = check_signature(file)
    assert seal.intact
    assert seal.covers_whole_file
    assert seal.reason == f"{document.title}: sealed"
    assert not check_signature(file.replace(b"/Reason", b"/reason")).intact

    section = pack.minutes(cast.practice, month, after - timedelta(days=1), person=cast.director)
    assert section.documents == [document]
    row = dict(zip(*section.data["meetings.csv"], strict=True))
    assert (row["month"], row["quorum"], row["minutes"], row["sha256"]) == (
        f"{month:%Y-%m}", "yes", "signed", version.sha256,
    )  # fmt: skip
    assert "Signed" in render_to_string(section.template, section.context)

    later = months(cast.practice, month, after + timedelta(days=40), person=None, today=after + timedelta(days=60))
    assert later[1].status.word == MonthWord.MISSED
    assert [found.status.finding for found in later[1:]] == [True] * len(later[1:])
    assert later[0].meeting == minutes.meeting
    assert months(cast.practice, after, after + timedelta(days=20), person=None, today=month) == []
