"""Holding one of the demonstration's meetings, from the agenda to the signature, as its people would."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from governance.models import Person
from meetings.choices import STANDING, Compartment, Method, Mode, Standing, Topic
from meetings.demonstration import texts
from meetings.demonstration.diary import Diary
from meetings.demonstration.people import People
from meetings.models import AgendaItem, Attendance, Meeting, Minutes, Motion
from meetings.rules.consent_agenda import consent_text
from meetings.rules.tally import Choice
from meetings.rules.workflow import ItemState
from meetings.services.agenda import refresh_agenda, release_agenda
from meetings.services.ballots import cast_ballot
from meetings.services.calling import plan_meeting
from meetings.services.consent_agenda import take_consent
from meetings.services.minutes import ATTESTED, MEANING, sign_minutes, submit_minutes
from meetings.services.motions import make_motion, record_votes
from meetings.services.room import adjourn, defer_item, handle_item, leave, mark, open_meeting


@dataclass
class Gathering:
    """One meeting under way; the story's events act through it."""

    diary: Diary
    people: People
    meeting: Meeting
    index: int
    chair: Person
    absent: list[Person] = field(default_factory=list)

    def seat(self, person: Person) -> Attendance:
        return self.meeting.attendances.get(person=person)

    def present(self) -> list[Attendance]:
        """The voting members in the room, in order of name."""
        there = [person for person in self.people.physicians if person not in self.absent]
        return [self.seat(person) for person in there]

    def carry(
        self,
        item: AgendaItem,
        text: str,
        *,
        against: list[Person] | None = None,
        recused: list[Person] | None = None,
        own: list[Person] | None = None,
    ) -> Motion:
        """Move, second and vote by roll call; everybody is for it but those named. `own` vote in their own browsers."""
        seats = self.present()
        away = {self.seat(person).pk for person in recused or []}
        voting = [seat for seat in seats if seat.pk not in away]
        with self.diary.next(2):
            motion = make_motion(
                actor=self.people.vale,
                item=item,
                text=text,
                mover=voting[0],
                seconder=voting[1] if len(voting) > 1 else None,
                method=Method.ROLL_CALL,
            )
        contrary = {self.seat(person).pk for person in against or []}
        votes = {
            seat.pk: Choice.RECUSED if seat.pk in away else Choice.AGAINST if seat.pk in contrary else Choice.FOR
            for seat in seats
        }
        for person in own or []:
            with self.diary.next(0.2):
                cast_ballot(actor=person, motion=motion, choice=votes[self.seat(person).pk])
        with self.diary.next(1):
            record_votes(actor=self.people.vale, motion=motion, votes=votes)
        motion.refresh_from_db()
        return motion

    def take_consent(self) -> None:
        """One motion takes every item on the consent agenda."""
        items = list(self.meeting.items.filter(consent=True, state=ItemState.OPEN).order_by("position"))
        motion = self.carry(items[0], consent_text(items))
        with self.diary.next(0.5):
            take_consent(actor=self.people.vale, motion=motion)

    def handle(self, item: AgendaItem, account: str) -> None:
        with self.diary.next(4):
            handle_item(actor=self.people.vale, item=item, account=account)

    def defer(self, item: AgendaItem, reason: str) -> None:
        with self.diary.next(1):
            defer_item(actor=self.people.vale, item=item, reason=reason)

    def depart(self, person: Person) -> None:
        with self.diary.next(1):
            leave(actor=self.people.vale, attendance=self.seat(person))
        self.absent.append(person)


Event = Callable[[Gathering, AgendaItem], None]


def prepare(diary: Diary, people: People, index: int, *, release: bool = True) -> Meeting:
    """Plan the month's meeting early in the month; the chair releases its agenda eight days before."""
    moment = max(diary.day(index, 1, 10), diary.at + timedelta(minutes=5))
    with diary.on(moment if diary.past(moment) else max(diary.now - timedelta(hours=1), diary.at)):
        meeting = plan_meeting(actor=people.vale, practice=people.practice, month=diary.month(index))
    return Meeting.objects.get(pk=meeting.pk) if not release else release_in_time(diary, people, meeting, people.marsh)


def release_in_time(diary: Diary, people: People, meeting: Meeting, chair: Person) -> Meeting:
    """Add what has come due since, and release the agenda with notice."""
    moment = max(meeting.starts_at - timedelta(days=7), diary.at + timedelta(minutes=5))
    with diary.on(moment):
        refresh_agenda(actor=people.vale, meeting=meeting)
    with diary.next(15):
        release_agenda(actor=chair, meeting=meeting)
    meeting.refresh_from_db()
    return meeting


def hold(
    diary: Diary,
    people: People,
    meeting: Meeting,
    index: int,
    *,
    events: dict[str, Event] | None = None,
    chair: Person | None = None,
    absent: list[Person] | None = None,
    sign_after_days: float | None = 2,
    before_submitting: Callable[[Diary, People, Minutes], None] | None = None,
) -> Gathering:
    """Open, take attendance, go through the items, adjourn; then the minutes, unless `sign_after_days` is None.

    `before_submitting` happens to the draft of the minutes. `events` is keyed by an item's topic, or by its compartment, or by the code of its proposal or corrective action.
    """
    presiding = chair or people.marsh
    gathering = Gathering(diary, people, meeting, index, presiding, list(absent or []))
    events = events or {}
    with diary.on(max(meeting.starts_at - timedelta(minutes=4), diary.at + timedelta(minutes=1))):
        _take_seats(gathering)
    with diary.on(max(meeting.starts_at, diary.at + timedelta(seconds=20))):
        open_meeting(actor=presiding, meeting=meeting)
    for item in meeting.items.select_related("proposal", "corrective_action").order_by("position"):
        item.refresh_from_db()
        if item.consent and item.state == ItemState.OPEN:
            gathering.take_consent()
        elif item.state == ItemState.OPEN:
            _go_through(gathering, item, events)
    with diary.next(2):
        adjourn(actor=presiding, meeting=meeting)
    if before_submitting:
        before_submitting(diary, people, meeting.minutes)
    _minutes(gathering, sign_after_days)
    return gathering


def _take_seats(gathering: Gathering) -> None:
    for seat in gathering.meeting.attendances.select_related("person").order_by("pk"):
        away = seat.person in gathering.absent
        remote = gathering.meeting.mode == Mode.REMOTE or seat.person in (gathering.people.holt, gathering.people.reyes)
        with gathering.diary.next(0.1):
            mark(
                actor=gathering.people.vale,
                attendance=seat,
                standing=Standing.EXCUSED if away else Standing.PRESENT,
                mode=Mode.REMOTE if remote else Mode.IN_PERSON,
            )


def _go_through(gathering: Gathering, item: AgendaItem, events: dict[str, Event]) -> None:
    keys = [item.topic]
    if item.compartment != Compartment.OPEN:
        keys = [item.compartment]
    elif item.proposal:
        keys = [item.proposal.code]
    elif item.corrective_action:
        keys = [item.corrective_action.code]
    event = next((events[key] for key in keys if key in events), None)
    if event:
        event(gathering, item)
        item.refresh_from_db()
        if item.state != "open":
            return
    if item.topic in STANDING and not item.proposal:
        gathering.handle(item, texts.account(item.topic, gathering.index))
    elif item.topic == Topic.MINUTES:
        gathering.handle(
            item, "The signed minutes of the last meeting were before the members; no correction was asked for."
        )
    elif item.corrective_action:
        gathering.handle(item, "The owner reported on the state of the action; the due date stands.")
    elif item.proposal:
        gathering.defer(item, "The members ask for more time to read the proposal.")
    else:
        gathering.handle(item, "Taken note of.")


def _minutes(gathering: Gathering, sign_after_days: float | None) -> None:
    diary, people = gathering.diary, gathering.people
    minutes = gathering.meeting.minutes
    with diary.on(diary.at + timedelta(hours=16)):
        revision = minutes.working_draft.revision
        submit_minutes(actor=people.vale, minutes=minutes, revision=revision, attested=ATTESTED)
    if sign_after_days is None:
        return
    with diary.on(diary.at + timedelta(days=sign_after_days)):
        version = minutes.versions.latest("number")
        sign_minutes(actor=gathering.chair, minutes=minutes, version=version, meaning=MEANING)
