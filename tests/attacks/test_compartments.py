"""A closed item against a hostile management company, and against the physician it concerns: not one word comes out."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from audit.acts import record
from audit.ledger.canonical import canonical
from audit.models import Document, Log, Part, Sequestered
from audit.services.documents import write_document
from audit.services.places import CLOSED_KIND, Place, find
from audit.services.scrubbing import scrub
from decisions.models import PaperVersion
from decisions.models.base import by
from governance.authority import moment
from governance.models import Appointment, Person
from governance.rendering import _parts
from governance.selectors.documents import permissions_of
from governance.selectors.scrubbing import preview
from governance.services.scrubbing import ScrubRefused, scrub_text
from governance.services.sequestered import SequesterRefused, open_sequestered
from governance.withheld import Scrubbed
from meetings import pack
from meetings.models import (
    AgendaItem,
    ClosedAmendment,
    ClosedOpening,
    ClosedPaper,
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
from meetings.services.closed import defer_closed_item, enter_closed_session
from meetings.services.closed_papers import put_closed_paper
from meetings.services.closed_record import ATTESTED, SIGNED, sign_closed_record
from meetings.services.papers import attach_to_item
from tests.attacks.forging import change, forge, refused
from tests.cast import Cast
from tests.decisions.paper_files import pdf
from tests.meetings import gathering
from tests.meetings.closed import MARK, filled, marked, sealed, with_papers
from tests.meetings.gathering import seat
from tests.sign_in import sign_in
from tests.test_access_matrix import rows, things


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
    matter = filled(cast, marked(cast, meeting))
    sealed(cast, matter)
    hidden = Part.objects.filter(body__contains=MARK).values_list("name", flat=True)
    assert {name.split("/")[1] for name in hidden} == {
        "meetings_matter", "meetings_resolution", "meetings_closedversion", "meetings_naming", "meetings_closedopening",
        "meetings_closedpaper", "meetings_closedpaperwithdrawal", "meetings_closedamendment",
    }  # fmt: skip
    files = Document.objects.filter(kind=CLOSED_KIND)
    assert files.count() == 4
    today = cast.practice.local(moment()).date()
    for person in (cast.secretary, cast.mso_counsel, cast.physician):
        visitor = sign_in(client.__class__(), person)
        for method, name, wanted, _ in rows():
            if method == "POST":
                continue
            page = reverse(name, args=[cast.practice.slug, *(known[one] for one in wanted)])
            for query in ("", f"?export=csv&as_of={today}"):
                assert MARK.encode() not in told(visitor, page + query), f"{person} {name}{query}"
        for file in files:
            page = reverse("governance:document", args=[cast.practice.slug, file.sha256])
            assert visitor.get(page).status_code == 404
    minutes = gathering.concluded(cast, meeting)
    assert MARK not in minutes.working_draft.text
    section = pack.minutes(cast.practice, today.replace(day=1), today, person=cast.director)
    assert len(section.context["closed"]) == 1
    assert MARK not in json.dumps(section.data)


def test_the_same_bytes_in_a_closed_part_hide_no_open_file(cast: Cast, meeting: Meeting, client: Client) -> None:
    item, same = gathering.item_of(meeting, "compliance"), pdf()
    opened = attach_to_item(actor=cast.secretary, item=item, data=same, name="list.pdf").document
    matter = marked(cast, meeting)
    closed = put_closed_paper(actor=cast.director, item=matter.item, data=same, name=f"{MARK}.pdf").document
    assert closed.sha256 == opened.sha256
    page = reverse("governance:document", args=[cast.practice.slug, opened.sha256])
    said = sign_in(client, cast.secretary).get(page)
    assert said.status_code == 200
    assert said.context["document"] == opened


def test_patient_data_in_a_closed_part_is_scrubbed_by_whom_it_is_open_to(
    cast: Cast, meeting: Meeting, client: Client
) -> None:
    """The physician it concerns finds nothing; what is taken out is kept, for who may know it alone."""
    matter = marked(cast, meeting)
    with_papers(cast, matter)
    page = reverse("governance:scrub", args=[cast.practice.slug, "meetings.matter", matter.pk])
    assert sign_in(client, cast.physician).get(page).status_code == 404
    typed: dict[str, Any] = {"value": MARK, "reason": "A name."}
    with pytest.raises(ScrubRefused, match="no text of this practice"):
        scrub_text(actor=cast.physician, practice=cast.practice, about=meeting, **typed)
    visitor = sign_in(client.__class__(), cast.director)
    shown = visitor.post(page, typed).content.decode()
    assert "Not shown here" in shown
    assert "charts" not in shown
    marks = [one.token for one in preview(cast.practice, MARK, {matter.pk}).places]
    visitor.post(page, {**typed, "scrub": "1", "place": marks})
    assert not find(cast.practice.pk, MARK, parts={matter.pk})
    assert Matter.objects.get().subject == "The [scrubbed] charts"
    assert not Part.objects.filter(body__contains=MARK).exists()
    assert Sequestered.objects.count() == len(marks) > 8
    hidden = reverse("governance:hidden_text", args=[cast.practice.slug, Sequestered.objects.all()[0].act_id])
    for who, status in ((cast.pc_counsel, 404), (cast.physician, 404), (cast.director, 200)):
        assert sign_in(client.__class__(), who).get(hidden).status_code == status
    scrubs_list = reverse("governance:hidden", args=[cast.practice.slug])
    assert hidden not in sign_in(client.__class__(), cast.physician).get(scrubs_list).content.decode()
    with pytest.raises(SequesterRefused, match="not open to you"):
        open_sequestered(
            actor=cast.pc_counsel, practice=cast.practice, values=Sequestered.objects.all()[:1],
            reason="Counsel asks for it.",
        )  # fmt: skip
    with refused("not by who is concerned"):
        forge(
            cast.physician, cast.practice,
            lambda _: scrub(Place("meetings_matter", str(matter.pk), "subject"), "charts"),
            office="physician", verb="text.scrubbed",
        )  # fmt: skip


def test_a_scrub_finds_nothing_of_it_for_who_looks_for_a_word(cast: Cast, meeting: Meeting, client: Client) -> None:
    matter = filled(cast, marked(cast, meeting))
    sealed(cast, matter)
    page = reverse("governance:scrub", args=[cast.practice.slug, "meetings.agendaitem", matter.item_id])
    answer = sign_in(client, cast.physician).post(page, {"value": MARK, "reason": "I wonder what they said."})
    said = answer.content.decode()
    assert "No text of this practice holds exactly these characters." in said
    assert "It stands in" not in said


def test_a_pack_withholds_every_closed_part_whoever_asks(cast: Cast, meeting: Meeting) -> None:
    matter = filled(cast, marked(cast, meeting))
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
    matter = marked(cast, meeting)
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


def written(matter: Matter, *, number: int = 1, compartment: str = "peer review") -> Callable[[Appointment], object]:
    """A paper under a closed item with its file, as nobody's service writes it."""

    def write(office: Appointment) -> object:
        document = write_document(
            data=pdf(pages=1), title="x", kind=CLOSED_KIND, object_type="meetings.matter", object_id=f"{matter.pk}/x",
            compartment=compartment, practice_id=office.practice_id,
        )  # fmt: skip
        return record(
            ClosedPaper, matter=matter, paper=1, number=number, title="x", file_name="x.pdf", document=document,
            note="x", made_at=moment(), **by(office),
        )  # fmt: skip

    return write


def test_a_paper_of_a_closed_item_is_put_by_its_chair_and_tied_to_no_open_item(cast: Cast, meeting: Meeting) -> None:
    matter = marked(cast, meeting)
    with refused("no part in a closed item"):
        forge(cast.secretary, cast.practice, written(matter))
    with refused("who is concerned"):
        forge(cast.physician, cast.practice, written(matter), office="physician")
    with refused("is put by a chair"):
        forge(cast.pc_counsel, cast.practice, written(matter))
    for other in ("open", "clinical"):
        with refused("in the compartment of its item"):
            forge(cast.director, cast.practice, written(matter, compartment=other), office="medical_director")
    with refused("version 1 follows version 0"):
        forge(cast.director, cast.practice, written(matter, number=7), office="medical_director")
    closed = put_closed_paper(actor=cast.alternate, item=matter.item, data=pdf(), name="x.pdf")
    item = gathering.item_of(meeting, "compliance")
    mine = attach_to_item(actor=cast.secretary, item=item, data=pdf(), name="list.pdf")
    with refused("the file that its own act recorded"):
        forge(
            cast.secretary, cast.practice,
            lambda office: record(
                PaperVersion, paper=mine.paper, number=2, title="x", file_name="x.pdf", note="x", made_at=moment(),
                document=closed.document, **by(office),
            ),
        )  # fmt: skip
    with refused("is a file of that part"):
        forge(
            cast.director, cast.practice,
            lambda office: record(
                ClosedOpening, matter=matter, rule="mine", purpose="To see", file=True, document=mine.document,
                opened_at=moment(), **by(office),
            ),
            office="medical_director",
        )  # fmt: skip
    defer_closed_item(actor=cast.director, item=matter.item, reason="Later.")
    with refused("closed item that is deferred stay"):
        forge(cast.director, cast.practice, written(matter), office="medical_director")


def test_a_closed_record_is_amended_beside_it_by_who_was_there(cast: Cast, meeting: Meeting) -> None:
    matter = filled(cast, marked(cast, meeting))
    sealed_text = canonical({"text": "x", "reason": "y"})

    def amendment(**more: Any) -> Callable[[Appointment], object]:
        values = {
            "number": 1, "text": "x", "reason": "y", "canonical": sealed_text,
            "sha256": hashlib.sha256(sealed_text.encode()).hexdigest(), **more,
        }  # fmt: skip
        return lambda office: record(
            ClosedAmendment, matter=matter, signature_id=signed, meaning="x", printed_name=str(office.person),
            office_name=office.get_office_display(), amended_at=moment(), **values, **by(office),
        )  # fmt: skip

    signed: int | None = 0
    with refused("only a signed closed record"):
        forge(cast.alternate, cast.practice, amendment(), office="physician")
    signed = sign_closed_record(actor=cast.director, item=matter.item, version=1, meaning=SIGNED).pk
    with refused("by its recorder or a chair who was in the session"):
        forge(cast.pc_counsel, cast.practice, amendment())
    with refused("who is concerned"):
        forge(cast.physician, cast.practice, amendment(), office="physician")
    with refused("one by one"):
        forge(cast.director, cast.practice, amendment(number=2), office="medical_director")
    with refused("covers its text and its reason"):
        forge(cast.director, cast.practice, amendment(text="z"), office="medical_director")
    forge(cast.director, cast.practice, amendment(), office="medical_director")


def test_an_open_row_of_a_closed_item_holds_no_words(cast: Cast, meeting: Meeting) -> None:
    matter = marked(cast, meeting)
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
    matter = filled(cast, marked(cast, meeting))

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
    matter = filled(cast, marked(cast, meeting))
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
