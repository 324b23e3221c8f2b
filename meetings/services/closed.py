"""Closed items: put on the agenda, taken up in closed session, returned from with what may be reported out.

An open row never holds a word of what is closed; an act on a closed item gives no reason, for reasons are open.
"""

from collections.abc import Collection, Iterable, Mapping

from django.db.models import Max

from audit.acts import record, service
from audit.workflow import next_state
from decisions.models.base import by
from decisions.services.rules import RuleBroken, said
from governance.authority import moment, offices_of, take_part
from governance.choices import Office
from governance.models import Person
from governance.offices import CHAIRS
from meetings.choices import Compartment, Designation, Part, Purpose, Topic
from meetings.models import (
    AgendaItem,
    Attendance,
    ClosedDraft,
    ClosedSession,
    Designated,
    Matter,
    Meeting,
    Naming,
    Resolution,
    Stay,
)
from meetings.rules.compartments import TITLES, basis, may_be_named
from meetings.rules.tally import Choice, VoteRefused, tally
from meetings.rules.workflow import BEFORE_SESSION, ITEM, ItemEvent, ItemState, MeetingState
from meetings.selectors.compartments import designation_of, ground_of, recorder_of
from meetings.selectors.quorum import rule_of
from meetings.services.base import OVERSIGHT, enter_meeting, lock_meeting, name_meeting, require_state, running_session
from meetings.services.closed_base import RECORDERS, enter_part
from meetings.services.room import call_next
from meetings.words import clock

NAMED_BY_CHAIRS = (Part.CONCERNED, Part.INVITED, Part.ASSIGNED, Part.RECORDER)


@service
def put_closed_item(
    *,
    actor: Person,
    meeting: Meeting,
    compartment: str,
    subject: str,
    recorder: Person,
    presenter: str = "",
    concerned: Iterable[Person] = (),
    invited: Iterable[Person] = (),
    assigned: Iterable[Person] = (),
) -> Matter:
    """A chair puts a closed item on the agenda, which says only that it exists. It comes last.

    `concerned` never see it. The chair who puts a matter of legal advice is invited to it. Raises AuthorityRefused,
    RuleBroken.
    """
    if compartment not in TITLES:
        raise RuleBroken("compartment", f"Compartment: a closed item is {', '.join(TITLES)}, not “{compartment}”.")
    title = TITLES[Compartment(compartment)]
    meeting, _ = enter_meeting(actor, meeting, "agenda.closed_item_added", chair=True, attempted=title)
    require_state(meeting, *BEFORE_SESSION, MeetingState.IN_SESSION)
    said(subject=subject)
    last = meeting.items.aggregate(n=Max("position"))["n"] or 0
    item = AgendaItem.objects.create(
        meeting=meeting,
        position=last + 1,
        topic=Topic.OTHER,
        title=title,
        purpose=Purpose.DISCUSSION,
        compartment=compartment,
    )
    matter = record(Matter, item=item, subject=subject.strip(), presenter=presenter.strip())
    named = {Part.CONCERNED: concerned, Part.INVITED: invited, Part.ASSIGNED: assigned, Part.RECORDER: [recorder]}
    if compartment == Compartment.LEGAL:
        named[Part.INVITED] = {actor, *invited}
    for part, people in named.items():
        for person in people:
            write_naming(matter, person, part)
    if not ground_of(actor, matter):
        raise RuleBroken("concerned", "Concerned: who is concerned puts no item on the matter; the other chair does.")
    return matter


@service
def name_on_item(*, actor: Person, item: AgendaItem, person: Person, part: str) -> Naming:
    """A chair names somebody on a closed item: concerned, invited, assigned or its recorder.

    Raises AuthorityRefused, RuleBroken.
    """
    meeting, matter, _ = enter_part(actor, item, "closed_item.named", offices=CHAIRS, licensed=True)
    if part not in NAMED_BY_CHAIRS:
        raise RuleBroken("part", f"Part: somebody is {', '.join(NAMED_BY_CHAIRS)}, not “{part}”.")
    if part == Part.CONCERNED and running_session(meeting):
        raise RuleBroken("person", "Person: return to open session first; whoever is concerned leaves before it.")
    if part != Part.RECORDER and matter.namings.filter(person=person, part=part).exists():
        raise RuleBroken("person", f"Person: {person} is named as such already.")
    return write_naming(matter, person, part)


def write_naming(matter: Matter, person: Person, part: str, reason: str = "") -> Naming:
    """Name a person whose offices of today allow it. Raises RuleBroken."""
    meeting = matter.item.meeting
    field = "person" if part == Part.RELEASED else part
    if part == Part.RECORDER and matter.namings.filter(person=person, part=Part.CONCERNED).exists():
        raise RuleBroken(field, f"{field.capitalize()}: {person} is concerned and records nothing of the matter.")
    if part != Part.CONCERNED:
        offices = [one.office for one in offices_of(person, meeting.practice)]
        if why := may_be_named(part, matter.item.compartment, offices):
            raise RuleBroken(field, f"{field.capitalize()}: {why}; {person} holds no such office.")
    return record(Naming, matter=matter, person=person, part=part, reason=reason, named_at=moment())


@service
def enter_closed_session(*, actor: Person, item: AgendaItem) -> ClosedSession:
    """A chair who is entitled goes into closed session on an item: who stays, who leaves and by which rule is recorded.

    From now on the room's page is empty for everybody else. Raises AuthorityRefused, RuleBroken.
    """
    meeting, matter, _ = enter_part(actor, item, "closed_session.entered", offices=CHAIRS, licensed=True)
    name_meeting(meeting)
    require_state(meeting, MeetingState.IN_SESSION)
    item = _still_open(matter)
    recorder = recorder_of(matter)
    if recorder is None or not ground_of(recorder, matter):
        raise RuleBroken("recorder", "Recorder: name who records this part; whoever was named is not in office.")
    there = list(
        meeting.attendances.filter(presences__isnull=False, presences__left_at__isnull=True).select_related("person")
    )
    if actor.pk not in {one.person_id for one in there}:
        raise RuleBroken("item", "The chair who goes into closed session is in the meeting; record the arrival first.")
    session = ClosedSession.objects.create(item=item, began_at=moment())
    for attendance in there:
        rule = ground_of(attendance.person, matter)
        record(
            Stay,
            matter=matter,
            session=session,
            attendance=attendance,
            stayed=bool(rule),
            rule=rule or f"not entitled: {item.get_compartment_display().lower()}",
        )
    meeting.current_item = item
    meeting.save()
    return session


@service
def return_to_open_session(
    *, actor: Person, item: AgendaItem, reported_out: str, concluded: bool = True
) -> ClosedSession:
    """Return to open session with what may be reported out, in words that everybody reads; empty: nothing.

    The item is handled with the open account, unless not `concluded`: then it may be taken up again.
    Raises AuthorityRefused, RuleBroken.
    """
    meeting, matter, _ = enter_part(actor, item, "closed_session.returned", offices=CHAIRS, licensed=True)
    name_meeting(meeting)
    session = _running(meeting, matter)
    session.ended_at, session.reported_out = moment(), reported_out.strip()
    session.save()
    item = matter.item
    ClosedDraft.objects.get_or_create(matter=matter)
    if concluded:
        item.state = next_state(ITEM, item.state, ItemEvent.HANDLE)
        item.account = account_of(item)
        item.save()
        call_next(meeting, item)
    return session


def account_of(item: AgendaItem) -> str:
    """The open account of a closed item: that it was held, its basis, from when to when, what was reported out."""
    local = item.meeting.practice.local
    told = []
    for session in item.closed_sessions.all():
        began, ended = (clock(local(at).isoformat()) if at else "" for at in (session.began_at, session.ended_at))
        told.append(
            f"The body met in closed session from {began} to {ended.rstrip('.')}. "
            f"Reported out: {session.reported_out.rstrip('.') or 'nothing'}."
        )
    words = basis(item.compartment, designation_of(item))
    return " ".join([*told, f"Basis: {words}."])


@service
def defer_closed_item(*, actor: Person, item: AgendaItem, reason: str) -> AgendaItem:
    """A chair defers a closed item; the reason is open. It is not carried over by itself: a chair puts it again.

    Raises AuthorityRefused, RuleBroken.
    """
    meeting, matter, _ = enter_part(actor, item, "item.deferred", offices=CHAIRS, licensed=True)
    name_meeting(meeting)
    require_state(meeting, MeetingState.IN_SESSION)
    item = _still_open(matter)
    said(reason=reason)
    item.state = next_state(ITEM, item.state, ItemEvent.DEFER)
    item.deferral_reason = reason.strip()
    item.save()
    call_next(meeting, item)
    return item


@service
def record_resolution(
    *,
    actor: Person,
    item: AgendaItem,
    text: str,
    mover: Attendance,
    seconder: Attendance | None,
    votes: Mapping[int, str],
) -> Resolution:
    """The named recorder records a motion of the closed session with its roll call; `votes` by attendances' keys.

    Raises AuthorityRefused, RuleBroken, VoteRefused.
    """
    meeting, matter, _ = enter_part(actor, item, "closed_session.voted", offices=RECORDERS)
    session = _running(meeting, matter)
    if actor != recorder_of(matter):
        raise RuleBroken("text", "This part is recorded by whom the chair named, and by nobody else.")
    said(text=text)
    stayed = members_who_stayed(session)
    for field, member in (("mover", mover), ("seconder", seconder)):
        if member is not None and member not in stayed:
            raise RuleBroken(field, f"{field.capitalize()}: {member.name} is no member in this closed session.")
    if (seconder is None and meeting.body.authorized > 1) or seconder == mover:
        raise RuleBroken("seconder", "Seconder: a motion is seconded by another member.")
    roll = _roll(meeting, matter, stayed, votes)
    counted = tally(roll, rule=rule_of(meeting.body), present=stayed, quorate_start=bool(meeting.quorate_start))
    return record(
        Resolution,
        matter=matter,
        session=session,
        number=matter.resolutions.count() + 1,
        text=text.strip(),
        mover=mover,
        seconder=seconder,
        votes=[
            {"attendance": seat.pk, "name": seat.name, "office": seat.office, "side": seat.side, "choice": choice.value}
            for seat, choice in sorted(roll.items(), key=lambda pair: pair[0].name)
        ],
        result=counted.result,
        votes_for=counted.for_,
        votes_against=counted.against,
        abstentions=counted.abstain,
        needed=counted.needed,
        sentence=counted.sentence,
        decided_at=moment(),
    )


def members_who_stayed(session: ClosedSession) -> list[Attendance]:
    """The voting members in a closed session."""
    return [
        stay.attendance
        for stay in session.stays.filter(stayed=True, attendance__role="member").select_related("attendance")
    ]


def _roll(
    meeting: Meeting, matter: Matter, stayed: Collection[Attendance], votes: Mapping[int, str]
) -> dict[Attendance, Choice]:
    concerned = set(matter.namings.filter(part=Part.CONCERNED).values_list("person", flat=True))
    roll: dict[Attendance, Choice] = {}
    for seat in meeting.attendances.filter(role="member"):
        if seat not in stayed:
            roll[seat] = Choice.RECUSED if seat.person_id in concerned else Choice.ABSENT
            continue
        word = votes.get(seat.pk, "")
        if word not in (Choice.FOR, Choice.AGAINST, Choice.ABSTAIN):
            raise VoteRefused(seat, "say for, against or abstain.")
        roll[seat] = Choice(word)
    if strange := set(votes) - {seat.pk for seat in stayed}:
        raise VoteRefused(min(strange), "nobody votes who is not in this closed session.")
    return roll


@service
def designate(*, actor: Person, item: AgendaItem, designation: str) -> Designated:
    """The PC's counsel says whether protection of a closed part is asserted. Raises AuthorityRefused, RuleBroken."""
    meeting = lock_meeting(item.meeting)
    ruling = take_part(
        actor=actor,
        practice=meeting.practice,
        verb="closed_item.designated",
        offices={Office.PC_COUNSEL},
        right=OVERSIGHT,
        about=meeting,
        attempted=item.title,
    )
    name_meeting(meeting)
    if item.compartment == Compartment.OPEN:
        raise RuleBroken("designation", "Designation: an open item has none.")
    if designation not in Designation:
        raise RuleBroken("designation", f"Designation: it is {', '.join(Designation)}, not “{designation}”.")
    assert ruling.appointment
    return record(Designated, **by(ruling.appointment), item=item, designation=designation, designated_at=moment())


def _running(meeting: Meeting, matter: Matter) -> ClosedSession:
    session = running_session(meeting)
    if session is None or session.item_id != matter.item_id:
        raise RuleBroken("item", "The meeting is not in closed session on this item.")
    return session


def _still_open(matter: Matter) -> AgendaItem:
    item = matter.item
    if item.state != ItemState.OPEN:
        raise RuleBroken("item", f"Item {item.position} is {item.state} already.")
    return item
