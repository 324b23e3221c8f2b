"""Closed items as the tests of the services and of the attacks want them: put, held, filled with all that they hold."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from audit import store
from audit.models import Document, Job
from audit.services.jobs import run_one
from meetings.models import Matter, Meeting
from meetings.services.closed import (
    enter_closed_session,
    put_closed_item,
    record_resolution,
    return_to_open_session,
)
from meetings.services.closed_amendments import RECORDER_ATTESTS, amend_closed_record
from meetings.services.closed_papers import put_closed_paper, replace_closed_paper, withdraw_closed_paper
from meetings.services.closed_record import (
    ATTESTED,
    SIGNED,
    attest_closed_record,
    draft_of,
    open_closed_part,
    release_closed_part,
    save_closed_draft,
    sign_closed_record,
)
from tests.cast import Cast
from tests.decisions.paper_files import pdf
from tests.meetings.gathering import seat
from tests.meetings.test_minutes_sealed import words

SUBJECT = "Review of the charts of Dr. Ortiz"
MARK = "quokka"
"""Stands in everything that is said in a marked closed part, and nowhere else."""


def put(cast: Cast, meeting: Meeting, **more: Any) -> Matter:
    """A peer review on the physician, recorded by the alternate chair."""
    given_ = {
        "compartment": "peer review",
        "subject": SUBJECT,
        "concerned": [cast.physician],
        "recorder": cast.alternate,
    }
    return put_closed_item(actor=more.pop("actor", cast.director), meeting=meeting, **{**given_, **more})


def held(
    cast: Cast,
    matter: Matter,
    text: str = "To review twenty further charts",
    reported_out: str = "A review was continued.",
    second: str = "for",
) -> None:
    """In closed session with one resolution, and back."""
    item = matter.item
    enter_closed_session(actor=cast.director, item=item)
    chair, recorder = seat(item.meeting, cast.director), seat(item.meeting, cast.alternate)
    record_resolution(
        actor=cast.alternate, item=item, text=text, mover=chair, seconder=recorder,
        votes={chair.pk: "for", recorder.pk: second},
    )  # fmt: skip
    return_to_open_session(actor=cast.director, item=item, reported_out=reported_out)


def attested(cast: Cast, matter: Matter) -> None:
    draft = draft_of(matter)
    attest_closed_record(actor=cast.alternate, item=matter.item, revision=draft.revision, meaning=ATTESTED)


def marked(cast: Cast, meeting: Meeting) -> Matter:
    return put(cast, meeting, subject=f"The {MARK} charts", presenter=f"Dr. {MARK}")


def with_papers(cast: Cast, matter: Matter) -> None:
    """A paper in two versions, and one that is withdrawn."""
    item = matter.item
    paper = put_closed_paper(
        actor=cast.director, item=item, data=pdf(mark=MARK), name=f"{MARK} list.pdf", title=f"The {MARK} list"
    )
    replace_closed_paper(
        actor=cast.alternate, item=item, paper=paper.paper, data=pdf(mark=f"{MARK} anew"), name=f"{MARK}.pdf",
        note=f"The {MARK} was missing.",
    )  # fmt: skip
    second = put_closed_paper(actor=cast.alternate, item=item, data=pdf(pages=1, mark=MARK), name=f"{MARK} two.pdf")
    withdraw_closed_paper(actor=cast.director, item=item, paper=second.paper, reason=f"Another {MARK}.")


def filled(cast: Cast, matter: Matter) -> Matter:
    """Everything that a closed part can hold before it is signed, the mark in each text; back in open session."""
    item = matter.item
    with_papers(cast, matter)
    held(cast, matter, text=f"To {MARK}", reported_out="", second="against")
    assert cast.alternate.account
    save_closed_draft(
        account=cast.alternate.account, item=item, revision=1, text=f"{draft_of(matter).text}\nThe {MARK} said so."
    )
    attest_closed_record(actor=cast.alternate, item=item, revision=2, meaning=ATTESTED)
    release_closed_part(actor=cast.director, item=item, person=cast.pc_counsel, reason=f"Counsel asks for the {MARK}.")
    open_closed_part(actor=cast.pc_counsel, item=item, purpose=f"To read about the {MARK}.")
    return matter


def rendered(job: Job) -> Job:
    """This one alone is rendered, and without waiting for a checkpoint."""
    Job.objects.exclude(pk=job.pk).update(state=Job.State.FAILED)
    Job.objects.update(asked_at=timezone.now() - timedelta(minutes=1))
    run = run_one()
    assert run == job
    assert run
    return run


def sealed(cast: Cast, matter: Matter) -> Document:
    """Signed, amended, and the file that prints both sealed by the worker."""
    sign_closed_record(actor=cast.director, item=matter.item, version=1, meaning=SIGNED)
    amend_closed_record(
        actor=cast.alternate, item=matter.item, text=f"Not this {MARK}.", reason=f"The wrong {MARK}.",
        meaning=RECORDER_ATTESTS,
    )  # fmt: skip
    job = rendered(Job.objects.latest("pk"))
    assert job.document is not None, job.error
    said = words(store.get(job.document.sha256))
    assert f"Not this {MARK}." in said
    assert f"The {MARK} said so." in said
    return job.document
