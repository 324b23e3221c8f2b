"""Closed items: who is entitled by rule, the session, its record, and what everybody else may know."""

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from audit import store
from audit.models import Act, Job
from audit.registry import closed_tables
from decisions.services.rules import RuleBroken
from governance.authority import AuthorityRefused
from governance.choices import Office, Side
from governance.models import Appointment, Person
from governance.offices import SIDE
from governance.services.appointments import appoint, end_appointment
from meetings.choices import Compartment, Part
from meetings.facts import record_facts
from meetings.models import AgendaItem, ClosedDraft, ClosedOpening, Matter, Meeting
from meetings.rules.compartments import PC_OFFICES, Reader, ground
from meetings.selectors.closed_papers import files_of
from meetings.selectors.compartments import ground_of, matters_of
from meetings.services.agenda import release_agenda
from meetings.services.closed import (
    defer_closed_item,
    designate,
    enter_closed_session,
    name_on_item,
    record_resolution,
    return_to_open_session,
)
from meetings.services.closed_amendments import CHAIR_SIGNS, RECORDER_ATTESTS, amend_closed_record
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
from meetings.services.motions import make_motion
from meetings.services.room import go_to, handle_item, mark
from tests.cast import Cast, resolve
from tests.conftest import Database
from tests.decisions.paper_files import pdf
from tests.meetings import gathering
from tests.meetings.closed import SUBJECT, held, put, rendered
from tests.meetings.gathering import seat
from tests.meetings.test_minutes_sealed import words
from tests.sign_in import sign_in

OFFICES = st.frozensets(st.sampled_from(Office), max_size=4)
READERS = st.builds(
    Reader,
    then=OFFICES,
    now=OFFICES,
    parts=st.frozensets(st.sampled_from(Part), max_size=3),
    seat=st.sampled_from([Office.DIRECTOR, Office.COMMITTEE_MEMBER, Office.PHYSICIAN]),
    records=st.booleans(),
)
CLOSED_SESSION = st.sampled_from([Compartment.PEER_REVIEW, Compartment.LEGAL])


@given(compartment=st.sampled_from([one for one in Compartment if one != Compartment.OPEN]), reader=READERS)
def test_nobody_sees_a_closed_part_who_is_concerned_or_out_of_office(compartment: Compartment, reader: Reader) -> None:
    if Part.CONCERNED in reader.parts or not reader.now:
        assert not ground(compartment, reader)


@given(compartment=CLOSED_SESSION, reader=READERS)
def test_a_closed_session_is_open_to_the_pc_alone(compartment: Compartment, reader: Reader) -> None:
    if ground(compartment, reader):
        assert set(reader.now) & PC_OFFICES
    if not set(reader.then) & PC_OFFICES and not set(reader.parts) & {Part.RELEASED, Part.RECORDER}:
        assert not ground(compartment, reader), "a successor sees older parts by release alone"


@given(reader=READERS)
def test_what_is_clinical_confidential(reader: Reader) -> None:
    plain = not set(reader.parts) & {Part.ASSIGNED, Part.RELEASED, Part.RECORDER} and not reader.records
    if plain and all(SIDE[Office(one)] == Side.MSO or one == Office.AUDITOR for one in reader.now):
        assert not ground(Compartment.CLINICAL, reader)


TABLE: list[tuple[Office, str, str, str]] = [
    # office then and now       clinical  peer    legal
    (Office.MEDICAL_DIRECTOR,   "yes",    "yes",  "invited"),
    (Office.DIRECTOR,           "yes",    "yes",  "invited"),
    (Office.PHYSICIAN,          "yes",    "no",   "invited"),
    (Office.PC_COUNSEL,         "yes",    "no",   "yes"),
    (Office.MSO_OPERATIONS,     "assigned", "no", "no"),
    (Office.MSO_EXECUTIVE,      "assigned", "no", "no"),
    (Office.RECORDING_SECRETARY, "records", "no", "no"),
    (Office.MSO_COUNSEL,        "no",     "no",   "no"),
    (Office.AUDITOR,            "no",     "no",   "no"),
    (Office.ADMINISTRATOR,      "no",     "no",   "no"),
    (Office.PC_ADMINISTRATOR,   "no",     "no",   "no"),
]  # fmt: skip
"""Every row of DOMAIN's table: "no" by no naming and no release that a service or the database would write."""


@pytest.mark.parametrize(("office", "clinical", "peer", "legal"), TABLE)
def test_the_four_compartments(office: Office, clinical: str, peer: str, legal: str) -> None:
    wanted = {Compartment.CLINICAL: clinical, Compartment.PEER_REVIEW: peer, Compartment.LEGAL: legal}
    by = {"assigned": {"parts": {Part.ASSIGNED}}, "invited": {"parts": {Part.INVITED}}, "records": {"records": True}}
    every = [{Part.ASSIGNED}, {Part.INVITED}] if office not in PC_OFFICES else [set()]
    for compartment, word in wanted.items():
        assert bool(ground(compartment, Reader(then={office}, now={office}))) == (word == "yes")
        if word in by:
            assert ground(compartment, Reader(then={office}, now={office}, **by[word]))  # type: ignore[arg-type]
        if word == "no":
            for parts in every:
                assert not ground(compartment, Reader(then={office}, now={office}, parts=parts))
    assert ground(Compartment.OPEN, Reader(then=set(), now={office}))


# The session


def test_a_closed_session_from_the_agenda_to_the_signature(cast: Cast, meeting: Meeting) -> None:
    mark(actor=cast.secretary, attendance=seat(meeting, cast.secretary), standing="present")
    matter = put(cast, meeting)
    item = matter.item
    assert item.title == "Closed session: peer review"
    with pytest.raises(RuleBroken, match="taken up in closed session"):
        handle_item(actor=cast.secretary, item=item, account="All agreed.")
    with pytest.raises(AuthorityRefused):
        enter_closed_session(actor=cast.secretary, item=item)

    session = enter_closed_session(actor=cast.director, item=item)
    there = {stay.attendance.name: (stay.stayed, stay.rule) for stay in session.stays.select_related("attendance")}
    assert there == {
        "Elena Marsh, MD": (True, "member of the body on the date of the meeting"),
        "Ruth Adeyemi, MD": (True, "named by the chair to record this part"),
        "Samuel Ortiz, MD": (False, "not entitled: peer review"),
        "Mina Vale": (False, "not entitled: peer review"),
    }
    other = gathering.item_of(meeting, "compliance")
    for act in (
        lambda: go_to(actor=cast.secretary, meeting=meeting, item=other),
        lambda: mark(actor=cast.secretary, attendance=seat(meeting, cast.pc_counsel), standing="present"),
        lambda: make_motion(
            actor=cast.secretary, item=other, text="x", mover=seat(meeting, cast.director),
            seconder=seat(meeting, cast.alternate),
        ),
    ):  # fmt: skip
        with pytest.raises(RuleBroken, match="in closed session"):
            act()

    chair, recorder = seat(meeting, cast.director), seat(meeting, cast.alternate)
    ballot = {"text": "To review twenty further charts", "mover": chair, "seconder": recorder}
    for votes in ({chair.pk: "for"}, {chair.pk: "for", recorder.pk: "for", seat(meeting, cast.physician).pk: "for"}):
        with pytest.raises(ValueError, match="refused"):
            record_resolution(actor=cast.alternate, item=item, votes=votes, **ballot)  # type: ignore[arg-type]
    both = {chair.pk: "for", recorder.pk: "for"}
    with pytest.raises(RuleBroken, match="whom the chair named"):
        record_resolution(actor=cast.director, item=item, votes=both, **ballot)  # type: ignore[arg-type]
    carried = record_resolution(actor=cast.alternate, item=item, votes=both, **ballot)  # type: ignore[arg-type]
    assert carried.result == "carried"
    assert {vote["name"]: vote["choice"] for vote in carried.votes}["Samuel Ortiz, MD"] == "recused"

    return_to_open_session(actor=cast.director, item=item, reported_out="A review was continued.")
    item.refresh_from_db()
    assert item.state == "handled"
    assert "Reported out: A review was continued." in item.account
    assert "protection, by counsel's designation: undetermined" in item.account
    minutes = gathering.concluded(cast, meeting)
    told = minutes.working_draft.text + str(record_facts(meeting))
    assert item.account in told
    for secret in (SUBJECT, "twenty further charts", "Ortiz, MD was recused"):
        assert secret not in told

    designate(actor=cast.pc_counsel, item=item, designation="asserted")
    assert cast.alternate.account
    save_closed_draft(
        account=cast.alternate.account,
        item=item,
        text=draft_of(matter).text + "\nTwenty more.",
        revision=1,
    )
    with pytest.raises(RuleBroken, match="whom the chair named"):
        attest_closed_record(actor=cast.director, item=item, revision=2, meaning=ATTESTED)
    version = attest_closed_record(actor=cast.alternate, item=item, revision=2, meaning=ATTESTED)
    assert version.facts["subject"] == SUBJECT
    assert version.facts["designation"] == "asserted"
    assert "Twenty more." in version.text
    signature = sign_closed_record(actor=cast.director, item=item, version=1, meaning=SIGNED)
    assert signature.sha256 == version.sha256
    assert not ClosedDraft.objects.exists()
    with pytest.raises(RuleBroken, match="signed and never changes"):
        attest_closed_record(actor=cast.alternate, item=item, revision=2, meaning=ATTESTED)
    correction = {"text": "Thirty, not twenty.", "reason": "Miscounted."}
    with pytest.raises(RuleBroken, match="Meaning"):
        amend_closed_record(actor=cast.director, item=item, meaning=RECORDER_ATTESTS, **correction)
    with pytest.raises(AuthorityRefused):
        amend_closed_record(actor=cast.secretary, item=item, meaning=CHAIR_SIGNS, **correction)
    signed = amend_closed_record(actor=cast.director, item=item, meaning=CHAIR_SIGNS, **correction)
    own = amend_closed_record(actor=cast.alternate, item=item, meaning=RECORDER_ATTESTS, **correction)
    assert (signed.number, own.number) == (1, 2)
    assert signed.license_status
    assert not own.license_status
    assert matter.versions.get().text == version.text


def test_the_papers_of_a_closed_item_lie_in_its_own_packet_and_are_taken_by_an_act(cast: Cast, client: Client) -> None:
    gathering.series(cast)
    planned = gathering.planned(cast)
    matter = put(cast, planned)
    item, recorder = matter.item, cast.alternate
    paper = put_closed_paper(actor=recorder, item=item, data=pdf(), name="list.pdf", title="The charts").paper
    for person in (cast.secretary, cast.physician, cast.pc_counsel):
        with pytest.raises(AuthorityRefused):
            put_closed_paper(actor=person, item=item, data=pdf(), name="x.pdf")
    assert not Job.objects.filter(renderer="closed_packet").exists()
    release_agenda(actor=cast.director, meeting=planned)
    replace_closed_paper(
        actor=cast.director,
        item=item,
        paper=paper,
        data=pdf(pages=1, mark="anew"),
        name="x.pdf",
        note="One was missing.",
    )
    other = put_closed_paper(actor=recorder, item=item, data=pdf(pages=1), name="other.pdf").paper
    withdraw_closed_paper(actor=recorder, item=item, paper=other, reason="It names another case.")
    asked = Job.objects.filter(renderer="closed_packet").order_by("pk")
    assert [len(job.arguments["papers"]) for job in asked] == [1, 1, 2, 1]
    assert asked[3].arguments == asked[1].arguments
    contents = Job.objects.get(renderer="packet").arguments["items"]
    assert {"item": item.pk, "versions": []} in contents
    rendered(asked[3])
    packet = next(file for file, what in files_of(matter).values() if what.startswith("The packet"))
    told = words(store.get(packet.sha256))
    assert SUBJECT in told
    assert "Page 1 anew" in told
    assert SUBJECT not in packet.title

    page = reverse("meetings:closed_do", args=[cast.practice.slug, planned.code, item.pk, "take"])
    taken = {"document": packet.pk, "purpose": "To prepare the session."}
    assert sign_in(client, cast.secretary).post(page, taken).status_code == 404
    assert sign_in(client, recorder).post(page, taken).content == store.get(packet.sha256)
    opening = ClosedOpening.objects.get()
    assert (opening.document, opening.person) == (packet, recorder)


def test_who_is_concerned_neither_puts_nor_takes_up_the_item_the_medical_director_included(
    cast: Cast, meeting: Meeting
) -> None:
    with pytest.raises(RuleBroken, match="the other chair does"):
        put(cast, meeting, concerned=[cast.director])
    matter = put(cast, meeting, actor=cast.alternate, concerned=[cast.director])
    for act in (
        lambda: enter_closed_session(actor=cast.director, item=matter.item),
        lambda: defer_closed_item(actor=cast.director, item=matter.item, reason="Later."),
        lambda: name_on_item(actor=cast.director, item=matter.item, person=cast.pc_counsel, part="recorder"),
        lambda: release_closed_part(actor=cast.director, item=matter.item, person=cast.pc_counsel, reason="Please."),
    ):
        with pytest.raises(RuleBroken, match=r"not open to you|not concerned"):
            act()
    assert not ground_of(cast.director, matter)
    release_closed_part(actor=cast.alternate, item=matter.item, person=cast.pc_counsel, reason="Counsel advises.")
    assert ground_of(cast.pc_counsel, matter) == "released by the PC"


def test_a_closed_part_is_released_by_the_pc_alone_and_opened_by_an_act(cast: Cast, meeting: Meeting) -> None:
    matter = put(cast, meeting)
    item = matter.item
    held(cast, matter)
    with pytest.raises(RuleBroken, match="not open to you"):
        open_closed_part(actor=cast.pc_counsel, item=item, purpose="To advise on the review.")
    for person, why in (
        (cast.executive, "PC alone"), (cast.mso_counsel, "PC alone"), (cast.physician, "never released"),
        (cast.director, "to themselves"), (cast.alternate, "open to .* already"),
    ):  # fmt: skip
        with pytest.raises(RuleBroken, match=why):
            release_closed_part(actor=cast.director, item=item, person=person, reason="They ask for it.")
    release_closed_part(actor=cast.director, item=item, person=cast.pc_counsel, reason="Counsel advises on it.")
    opening = open_closed_part(actor=cast.pc_counsel, item=item, purpose="To advise on the review.")
    assert opening.rule == "released by the PC"
    act = Act.objects.get(pk=opening.act_id)
    assert (act.verb, act.reason) == ("closed_part.opened", "")
    with pytest.raises(AuthorityRefused):
        release_closed_part(actor=cast.executive, item=item, person=cast.pc_counsel, reason="We ask.")


def test_entitled_is_who_held_the_office_then_and_holds_one_now(cast: Cast, meeting: Meeting) -> None:
    matter = put(cast, meeting)
    held(cast, matter)
    appoint(actor=cast.director, practice=cast.practice, person=cast.pc_counsel, office=Office.COMMITTEE_MEMBER,
            reason=resolve(cast.practice, "Iris Holt sits on the committee"))  # fmt: skip
    assert not ground_of(cast.pc_counsel, matter)
    assert ground_of(cast.alternate, matter)
    away = resolve(cast.practice, "Ruth Adeyemi moved away")
    for held_ in Appointment.objects.filter(person=cast.alternate):
        end_appointment(actor=cast.director, appointment=held_, reason=away)
    assert not ground_of(cast.alternate, matter)


def test_a_closed_item_that_is_broken_off_may_be_taken_up_again_and_a_deferred_one_is_not_carried(
    cast: Cast, meeting: Meeting
) -> None:
    matter = put(cast, meeting)
    enter_closed_session(actor=cast.director, item=matter.item)
    return_to_open_session(actor=cast.director, item=matter.item, reported_out="", concluded=False)
    enter_closed_session(actor=cast.director, item=AgendaItem.objects.get(pk=matter.item_id))
    return_to_open_session(actor=cast.director, item=matter.item, reported_out="")
    item = AgendaItem.objects.get(pk=matter.item_id)
    assert item.account.count("Reported out: nothing.") == 2
    second = put(cast, meeting, subject="Another")
    defer_closed_item(actor=cast.director, item=second.item, reason="The records are not here yet.")
    gathering.concluded(cast, meeting)
    following = gathering.planned(cast, 1)
    assert not following.items.exclude(compartment="open").exists()


@pytest.mark.parametrize(
    ("part", "compartment", "who", "why"),
    [
        ("recorder", "peer review", "secretary", "engaged by the PC"),
        ("recorder", "peer review", "physician", "is concerned"),
        ("invited", "attorney-client", "executive", "people of the PC"),
        ("assigned", "clinical", "mso_counsel", "staff of the management"),
    ],
)
def test_who_may_be_named(cast: Cast, meeting: Meeting, part: str, compartment: str, who: str, why: str) -> None:
    person: Person = getattr(cast, who)
    with pytest.raises(RuleBroken, match=why):
        put(cast, meeting, compartment=compartment, **{part: person if part == "recorder" else [person]})
    assert not Matter.objects.exists()


def test_what_is_assigned_or_recorded_of_the_clinical_confidential(cast: Cast, meeting: Meeting) -> None:
    matter = put(cast, meeting, compartment="clinical", recorder=cast.secretary, assigned=[cast.operations])
    found = matters_of(meeting).get()
    open_to = {name for name in vars(cast) if name != "practice" and ground_of(getattr(cast, name), found)}
    assert open_to == {"director", "alternate", "secretary", "operations", "pc_counsel"}
    enter_closed_session(actor=cast.director, item=matter.item)
    return_to_open_session(actor=cast.director, item=matter.item, reported_out="")
    draft = draft_of(matter)
    attest_closed_record(actor=cast.secretary, item=matter.item, revision=draft.revision, meaning=ATTESTED)


def test_every_closed_table_is_known_to_the_registry_and_to_the_database(house: Database) -> None:
    below = {
        model._meta.db_table
        for model in apps.get_models()
        if model is Matter or any(field.related_model is Matter for field in model._meta.concrete_fields)
    }
    assert closed_tables() == below
    with house.connect("superuser") as connection:
        guarded = connection.execute("select meetings.closed_tables()").fetchone()
    assert guarded
    assert set(guarded[0]) == below - {ClosedDraft._meta.db_table}
