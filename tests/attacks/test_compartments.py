"""A closed item against a hostile management company, and against the physician it concerns: not one word comes out."""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit import store
from audit.acts import record
from audit.ledger.canonical import canonical
from audit.models import Document, Job, Log, Part
from audit.services.jobs import run_one
from governance.authority import moment
from governance.models import Appointment, Person
from governance.rendering import _parts
from governance.selectors.documents import permissions_of
from governance.withheld import Scrubbed
from meetings import pack
from meetings.models import (
    AgendaItem,
    ClosedOpening,
    ClosedSession,
    ClosedVersion,
    Designated,
    ItemPaper,
    Matter,
    Meeting,
    Motion,
    Naming,
    Recusal,
    Resolution,
    Stay,
)
from meetings.services.closed import (
    defer_closed_item,
    enter_closed_session,
    put_closed_item,
    record_resolution,
    return_to_open_session,
)
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
from tests.attacks.forging import change, forge, refused
from tests.cast import Cast
from tests.meetings import gathering
from tests.meetings.gathering import seat
from tests.meetings.test_minutes_sealed import words
from tests.sign_in import sign_in
from tests.test_access_matrix import rows, things

MARK = "quokka"
"""Stands in everything that is said in the closed part, and nowhere else."""


def put(cast: Cast, meeting: Meeting) -> Matter:
    return put_closed_item(
        actor=cast.director, meeting=meeting, compartment="peer review", subject=f"The {MARK} charts",
        presenter=f"Dr. {MARK}", concerned=[cast.physician], recorder=cast.alternate,
    )  # fmt: skip


def held(cast: Cast, matter: Matter) -> Matter:
    """Everything that a closed part can hold, the mark in each of its texts; back in open session."""
    item, meeting = matter.item, matter.item.meeting
    enter_closed_session(actor=cast.director, item=item)
    chair, recorder = seat(meeting, cast.director), seat(meeting, cast.alternate)
    record_resolution(
        actor=cast.alternate, item=item, text=f"To {MARK}", mover=chair, seconder=recorder,
        votes={chair.pk: "for", recorder.pk: "against"},
    )  # fmt: skip
    return_to_open_session(actor=cast.director, item=item, reported_out="")
    assert cast.alternate.account
    save_closed_draft(
        account=cast.alternate.account, item=item, revision=1, text=f"{draft_of(matter).text}\nThe {MARK} said so."
    )
    attest_closed_record(actor=cast.alternate, item=item, revision=2, meaning=ATTESTED)
    release_closed_part(actor=cast.director, item=item, person=cast.pc_counsel, reason=f"Counsel asks for the {MARK}.")
    open_closed_part(actor=cast.pc_counsel, item=item, purpose=f"To read about the {MARK}.")
    return matter


def sealed(cast: Cast, matter: Matter) -> Document:
    """Signed, and its file sealed by the worker."""
    sign_closed_record(actor=cast.director, item=matter.item, version=1, meaning=SIGNED)
    Job.objects.exclude(renderer="closed").update(state=Job.State.FAILED)  # this file alone is rendered here
    Job.objects.update(asked_at=timezone.now() - timedelta(minutes=1))
    job = run_one()
    assert job is not None
    assert job.document is not None, job.error
    assert MARK in words(store.get(job.document.sha256))
    return job.document


def told(client: Client, page: str) -> bytes:
    """Everything an answer says: body, headers, messages."""
    response: Any = client.get(page)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body + str(response.headers).encode()


def test_not_a_word_comes_out_at_any_address(cast: Cast, client: Client) -> None:
    known = things(cast)
    meeting = Meeting.objects.get(month=f"{known['meeting']}-01")
    first = AgendaItem.objects.get(pk=known["closed_item"])
    defer_closed_item(actor=cast.director, item=first, reason="Next month.")
    matter = held(cast, put(cast, meeting))
    hidden = Part.objects.filter(body__contains=MARK).values_list("name", flat=True)
    assert {name.split("/")[1] for name in hidden} == {
        "meetings_matter", "meetings_resolution", "meetings_closedversion", "meetings_naming", "meetings_closedopening",
    }  # fmt: skip
    file = sealed(cast, matter)
    today = cast.practice.local(moment()).date()
    for person in (cast.secretary, cast.mso_counsel, cast.physician):
        visitor = sign_in(client.__class__(), person)
        for method, name, wanted, _ in rows():
            if method == "POST":
                continue
            page = reverse(name, args=[cast.practice.slug, *(known[one] for one in wanted)])
            for query in ("", f"?export=csv&as_of={today}"):
                assert MARK.encode() not in told(visitor, page + query), f"{person} {name}{query}"
        page = reverse("governance:document", args=[cast.practice.slug, file.sha256])
        assert visitor.get(page).status_code == 404
    minutes = gathering.concluded(cast, meeting)
    assert MARK not in minutes.working_draft.text
    section = pack.minutes(cast.practice, today.replace(day=1), today, person=cast.director)
    assert len(section.context["closed"]) == 1
    assert MARK not in json.dumps(section.data)


def test_a_scrub_finds_nothing_of_it_for_who_looks_for_a_word(cast: Cast, meeting: Meeting, client: Client) -> None:
    matter = held(cast, put(cast, meeting))
    sealed(cast, matter)
    page = reverse("governance:scrub", args=[cast.practice.slug, "meetings.agendaitem", matter.item_id])
    answer = sign_in(client, cast.physician).post(page, {"value": MARK, "reason": "I wonder what they said."})
    said = answer.content.decode()
    assert "No text of this practice holds exactly these characters." in said
    assert "It stands in" not in said


def test_a_pack_withholds_every_closed_part_whoever_asks(cast: Cast, meeting: Meeting) -> None:
    matter = held(cast, put(cast, meeting))
    log = Log.objects.get(practice=cast.practice.pk)
    for person in (cast.director, cast.mso_counsel):
        sees = permissions_of(Appointment.objects.in_force().filter(person=person))
        data = _parts(log, sees, Scrubbed(cast.practice, log, 10_000))
        assert MARK.encode() not in data
        lines = [json.loads(line) for line in data.splitlines()]
        closed = [line for line in lines if line["name"] == f"row/meetings_matter/{matter.pk}"]
        assert [set(line) for line in closed] == [{"act", "name", "withheld"}]


# The database itself


def naming(matter: Matter, person: Person, part: str = "invited", reason: str = "") -> Callable[[object], object]:
    return lambda _: record(Naming, matter=matter, person=person, part=part, reason=reason, named_at=moment())


def test_the_management_company_writes_nothing_in_a_closed_item(cast: Cast, meeting: Meeting) -> None:
    matter = put(cast, meeting)
    item, session = matter.item, enter_closed_session(actor=cast.director, item=matter.item)
    marsh = seat(meeting, cast.director)
    for person in (cast.secretary, cast.executive, cast.mso_counsel):
        with refused("no part in a closed item"):
            forge(person, cast.practice, naming(matter, person))
    with refused("no part in a closed item"):
        forge(
            cast.secretary, cast.practice,
            lambda _: record(Stay, matter=matter, session=session, attendance=seat(meeting, cast.secretary),
                             stayed=True, rule="because"),
        )  # fmt: skip
    with refused("goes into closed session and returns from it"):
        forge(cast.secretary, cast.practice, change(session, ended_at=moment(), reported_out="All is well."))
    session.refresh_from_db()
    with refused("put and settled by a chair"):
        forge(cast.secretary, cast.practice, change(item, state="handled", account="Nothing was found."))
    item.refresh_from_db()
    with refused("put and settled by a chair"):
        forge(
            cast.secretary, cast.practice,
            lambda _: AgendaItem.objects.create(
                meeting=meeting, position=99, topic="other", title="Closed session: peer review",
                compartment="peer review",
            ),
        )  # fmt: skip
    with refused("stands in its closed part alone"):
        forge(
            cast.secretary, cast.practice,
            lambda _: Motion.objects.create(
                meeting=meeting, item=item, number=9, text="To acquit", mover=marsh, moved_at=moment()
            ),
        )  # fmt: skip
    with refused("stands in its closed part alone"):
        forge(
            cast.secretary, cast.practice,
            lambda _: record(
                Recusal, item=item, attendance=marsh, disclosure="x", left_room=True, disclosed_at=moment()
            ),
        )  # fmt: skip
    with refused("designated by the PC"):
        forge(
            cast.director, cast.practice,
            lambda office: record(
                Designated, item=item, designation="not asserted", designated_at=moment(), appointment=office,
                side="PC", person=cast.director,
            ),
            office="medical_director",
        )  # fmt: skip
    forge(cast.secretary, cast.practice, change(item, position=77))


def test_an_open_row_of_a_closed_item_holds_no_words(cast: Cast, meeting: Meeting) -> None:
    matter = put(cast, meeting)
    with refused("compartment of meetings_agendaitem never changes"):
        forge(
            cast.secretary, cast.practice, change(matter.item, compartment="open", title="Dr. Ortiz"),
        )  # fmt: skip
    with refused("says_that_it_exists"):
        forge(
            cast.director, cast.practice,
            lambda _: AgendaItem.objects.create(
                meeting=meeting, position=99, topic="other", title="Review of Dr. Ortiz", compartment="peer review"
            ),
            office="medical_director",
        )  # fmt: skip
    values: dict[str, Any]
    for values in ({"presenter_person": cast.physician}, {"consent": True}, {"budget": 20}, {"presenter": "Dr. Ortiz"}):
        matter.item.refresh_from_db()
        with refused("says_that_it_exists"):
            forge(cast.director, cast.practice, change(matter.item, **values), office="medical_director")
    with refused("says_that_it_exists"), connection.cursor() as cursor:
        cursor.execute("update meetings_agendaitem set consent = true, budget = 5 where id = %s", [matter.item_id])
    with refused("no paper lies under a closed item"):
        forge(
            cast.director, cast.practice,
            lambda _: record(ItemPaper, item=matter.item, paper_id=1), office="medical_director",
        )  # fmt: skip
    with refused("an open item has no closed part"):
        forge(
            cast.director, cast.practice,
            lambda _: record(Matter, item=meeting.items.filter(compartment="open")[0], subject="x"),
            office="medical_director",
        )  # fmt: skip


def test_who_is_concerned_or_not_named_records_opens_and_releases_nothing(cast: Cast, meeting: Meeting) -> None:
    matter = held(cast, put(cast, meeting))

    def opening(office: Appointment) -> object:
        return record(
            ClosedOpening, matter=matter, rule="mine", purpose="To see", opened_at=moment(), appointment=office,
            side=office.side, person_id=office.person_id,
        )  # fmt: skip

    with refused("who is concerned"):
        forge(cast.physician, cast.practice, opening, office="physician")
    with refused("no part in a closed item"):
        forge(cast.executive, cast.practice, opening)
    with refused("is written by a chair"):
        forge(cast.pc_counsel, cast.practice, naming(matter, cast.pc_counsel, "recorder"))
    for person in (cast.physician, cast.executive):
        with refused("released to the PC alone"):
            forge(
                cast.director, cast.practice, naming(matter, person, "released", "They asked"),
                office="medical_director",
            )  # fmt: skip
    text = canonical({"facts": {}, "text": "x"})
    with refused("whom the chair named"):
        forge(
            cast.director, cast.practice,
            lambda office: record(
                ClosedVersion, matter=matter, number=2, text="x", facts={}, canonical=text,
                sha256=hashlib.sha256(text.encode()).hexdigest(),
                meaning=ATTESTED, printed_name=str(cast.director), office_name=office.get_office_display(),
                submitted_at=moment(), appointment=office, side=office.side, person=cast.director,
            ),
            office="medical_director",
        )  # fmt: skip


def test_a_resolution_is_what_the_members_in_its_session_voted(cast: Cast, meeting: Meeting) -> None:
    matter = held(cast, put(cast, meeting))
    session = ClosedSession.objects.get()
    marsh, ortiz = seat(meeting, cast.director), seat(meeting, cast.physician)

    def resolution(voter: Any, number: int, votes_for: int) -> Callable[[object], object]:
        return lambda _: record(
            Resolution, matter=matter, session=session, number=number, text="x", mover=marsh, seconder=None,
            votes=[{"attendance": voter.pk, "choice": "for"}], result="lost", votes_for=votes_for, votes_against=0,
            abstentions=0, needed=2, sentence="x", decided_at=moment(),
        )  # fmt: skip

    for voter, votes_for in ((ortiz, 1), (marsh, 2)):
        with refused("the members in its session voted"):
            forge(cast.alternate, cast.practice, resolution(voter, 2, votes_for), office="physician")


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    gathering.series(cast)
    return gathering.opened(cast, gathering.planned(cast))
