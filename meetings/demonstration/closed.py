"""The demonstration's one peer review in closed session: it concerns a director, and another one records it."""

from meetings.choices import Compartment
from meetings.demonstration import papers
from meetings.demonstration.diary import Diary
from meetings.demonstration.gatherings import Gathering
from meetings.demonstration.people import People
from meetings.models import AgendaItem, Matter, Meeting
from meetings.rules.tally import Choice
from meetings.services.closed import (
    enter_closed_session,
    put_closed_item,
    record_resolution,
    return_to_open_session,
)
from meetings.services.closed_record import ATTESTED, SIGNED, attest_closed_record, draft_of, sign_closed_record


def put_review(diary: Diary, people: People, meeting: Meeting) -> Matter:
    """The Medical Director puts the review on the agenda, which says that it exists, and a paper under it."""
    with diary.next(20):
        matter = put_closed_item(
            actor=people.marsh,
            meeting=meeting,
            compartment=Compartment.PEER_REVIEW,
            subject="Review of charts after a late referral, case reference QA-11",
            presenter="The Medical Director",
            concerned=[people.ortiz],
            recorder=people.adeyemi,
        )
    papers.lay_closed(diary, people.marsh, matter.item, "reading")
    return matter


def session(gathering: Gathering, item: AgendaItem) -> None:
    """The members who are entitled stay, vote, and return with what may be reported out."""
    people, diary = gathering.people, gathering.diary
    marsh, adeyemi = gathering.seat(people.marsh), gathering.seat(people.adeyemi)
    with diary.next(1):
        enter_closed_session(actor=people.marsh, item=item)
    with diary.next(14):
        record_resolution(
            actor=people.adeyemi,
            item=item,
            text="To have ten further charts read by a physician from outside the practice.",
            mover=marsh,
            seconder=adeyemi,
            votes={marsh.pk: Choice.FOR, adeyemi.pk: Choice.FOR},
        )
    with diary.next(4):
        return_to_open_session(
            actor=people.marsh, item=item, reported_out="A review was taken up and will be continued."
        )


def record_review(diary: Diary, people: People, matter: Matter) -> None:
    """Afterwards the named recorder attests the record of the closed part, and the chair signs it."""
    with diary.next(25):
        attest_closed_record(
            actor=people.adeyemi, item=matter.item, revision=draft_of(matter).revision, meaning=ATTESTED
        )
    with diary.next(40):
        sign_closed_record(actor=people.marsh, item=matter.item, version=1, meaning=SIGNED)
