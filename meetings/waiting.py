"""What of the meetings waits for a person."""

from datetime import date, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from decisions.services.bodies import MEMBERS_OF
from governance.choices import ApprovedBy, Office
from governance.desk import Waiting
from governance.factors import rules_of
from governance.models import Appointment, Person, Practice
from governance.offices import CHAIRS
from meetings.choices import Role, Standing
from meetings.models import Approval, Attendance, Attestation, Meeting, MinutesVersion, ProposedItem, WrittenConsent
from meetings.rules.consents import ConsentState
from meetings.rules.notice import Word
from meetings.rules.workflow import BEFORE_SESSION, MeetingState, MinutesState, ProposedState
from meetings.selectors.calling import answer_of
from meetings.selectors.minutes import last_day
from meetings.selectors.notice import notice_state
from meetings.services.base import RECORDERS

AHEAD = timedelta(days=31)
"""How long before its meeting a planned agenda waits for its release."""


def meetings(person: Person, practice: Practice, offices: list[Appointment], today: date) -> list[Waiting]:
    """Agendas to release, meetings to open or in session, minutes to finish and to sign. One query.

    For chairs and the recording secretary; everybody else has nothing of a meeting to do.
    """
    held = {appointment.office for appointment in offices}
    if not held & RECORDERS:
        return []
    found = (
        Meeting.objects.filter(practice=practice)
        .exclude(minutes__state=MinutesState.SIGNED)
        .select_related("minutes", "chair", "practice", "body")
        .annotate(
            comments=Count("minutes__versions__comments", filter=Q(minutes__versions__comments__answer=None)),
            approved=Exists(
                Approval.objects.filter(meeting=OuterRef("pk")).filter(
                    Q(version=None) | Q(version__number=F("meeting__minutes__version"))
                )
            ),
            attested=Exists(
                Attestation.objects.filter(minutes__meeting=OuterRef("pk"), version__number=F("minutes__version"))
            ),
        )
        .order_by("month")
    )
    return [one for meeting in found if (one := _waiting(person, meeting, held, today))]


def circulated(person: Person, practice: Practice, offices: list[Appointment], today: date) -> list[Waiting]:
    """Minutes that lie before the person for comment, who has not commented yet. One query."""
    now = timezone.now()
    found = MinutesVersion.objects.filter(
        minutes__meeting__practice=practice,
        minutes__meeting__attendances__person=person,
        minutes__state=MinutesState.DRAFT,
        number=F("minutes__version"),
        circulated_until__gt=now,
    ).exclude(minutes__meeting__secretary=person)
    waiting = []
    for version in found.exclude(comments__person=person).select_related("minutes__meeting__practice"):
        meeting = version.minutes.meeting
        last = last_day(version)
        detail = f"A draft. You were expected at the meeting, and may comment on it until {last:%-d %B}."
        title = f"Draft minutes of {practice.local(meeting.starts_at):%-d %B}"
        code = version.minutes.code
        waiting.append(_one(meeting, "minutes", title, detail, "Read and comment", 20, last, code=code))
    return waiting


def consents(person: Person, practice: Practice, offices: list[Appointment], today: date) -> list[Waiting]:
    """Written consents that wait for this member's answer. One query, for who has a seat of a body."""
    bodies = [MEMBERS_OF[Office(one.office)] for one in offices if one.office in MEMBERS_OF]
    if not bodies:
        return []
    found = (
        WrittenConsent.objects.filter(practice=practice, body__in=bodies, state=ConsentState.OPEN)
        .filter(ends_at__gt=timezone.now())
        .exclude(answers__person=person)
        .order_by("ends_at")
    )
    return [
        Waiting(
            code=one.code,
            title=one.title,
            detail="A resolution that is decided only when every member signs it.",
            url=reverse("meetings:consent", args=[practice.slug, one.code]),
            action="Read and sign",
            due=practice.local(one.ends_at - timedelta(seconds=1)).date(),
            weight=12,
        )
        for one in found
    ]


def proposed_items(person: Person, practice: Practice, offices: list[Appointment], today: date) -> list[Waiting]:
    """Items that somebody proposes for an agenda, for the chairs to answer. One query, for chairs alone."""
    if not {appointment.office for appointment in offices} & CHAIRS:
        return []
    waiting = ProposedItem.objects.filter(practice=practice, state=ProposedState.PROPOSED).select_related("person")
    return [
        Waiting(
            code="Item",
            title=one.title,
            detail=f"{one.person} proposes it for the agenda. {one.reason}",
            url=reverse("meetings:proposed_item", args=[practice.slug, one.pk]),
            action="Answer",
            due=None,
            weight=25,
        )
        for one in waiting.order_by("proposed_at")
    ]


def notices(person: Person, practice: Practice, offices: list[Appointment], today: date) -> list[Waiting]:
    """Special meetings whose notice to this member was short, which the member may waive until the minutes are signed.

    One query for who has a seat of a body, and four for each such meeting.
    """
    if not {one.office for one in offices} & set(MEMBERS_OF):
        return []
    mine = Meeting.objects.filter(
        practice=practice, special__gt=0, attendances__person=person, attendances__role=Role.MEMBER
    ).exclude(Q(state=MeetingState.CANCELED) | Q(minutes__state=MinutesState.SIGNED))
    found = []
    for meeting in mine.select_related("practice", "body").order_by("starts_at"):
        if meeting.missed(today) and meeting.state in BEFORE_SESSION:
            continue
        seats = list(meeting.attendances.prefetch_related("presences"))
        state = notice_state(meeting, seats, timezone.now())
        own = state.of(person.pk) if state else None
        if own is not None and own.word == Word.LACKING:
            day = practice.local(meeting.starts_at)
            title = f"Notice of the special meeting of {day:%-d %B} was short"
            detail = "You may waive it, attend without protest, or protest."
            found.append(_one(meeting, "meeting", title, detail, "Read and answer", 8, day.date(), remind=True))
    return found


def _waiting(person: Person, meeting: Meeting, held: set[str], today: date) -> Waiting | None:
    day = meeting.practice.local(meeting.starts_at)
    chairs, writes = bool(held & CHAIRS), Office.RECORDING_SECRETARY in held
    if meeting.state == MeetingState.ADJOURNED:
        return _minutes(person, meeting, held, day.date())
    kind = meeting.kind.capitalize()
    if meeting.state == MeetingState.IN_SESSION:
        return _one(meeting, "room", f"{kind} of {day:%-d %B} is in session", "It is open.", "Enter the room", 0, today)
    if meeting.missed(today):
        return None  # missed: nothing of it can be made good
    if meeting.state == MeetingState.CANCELED and meeting.special:
        return None
    if meeting.state == MeetingState.CANCELED:
        return _one(
            meeting, "call", f"Meeting of {day:%-d %B} is canceled", "Without another one the month is a finding.",
            "Call it again", 5, day.date(),
        ) if chairs else None  # fmt: skip
    if meeting.state == MeetingState.AGENDA_RELEASED:
        if chairs and day.date() <= today:
            return _one(
                meeting, "room", f"{kind} of {day:%-d %B}", "The agenda is released; the chair opens the meeting.",
                "Open the meeting", 5, day.date(),
            )  # fmt: skip
        return None
    if day.date() > today + AHEAD:
        return None
    if chairs:
        return _one(
            meeting, "meeting", f"Agenda of {day:%-d %B}", "Planned; your release is the notice of the meeting.",
            "Read and release", 20, day.date(),
        )  # fmt: skip
    if writes:
        return _one(
            meeting, "agenda", f"Agenda of {day:%-d %B}", "Planned; the chair releases it.", "Prepare", 30, day.date()
        )
    return None


def _minutes(person: Person, meeting: Meeting, held: set[str], day: date) -> Waiting | None:
    minutes = getattr(meeting, "minutes", None)
    if minutes is None:
        return None
    title = f"Minutes of {day:%-d %B}"
    presided = meeting.chair is not None and meeting.chair.person_id == person.pk
    awaited = meeting.body.minutes_approved_by == ApprovedBy.BODY and not meeting.approved  # type: ignore[attr-defined]
    if minutes.state == MinutesState.SUBMITTED and not awaited and (Office.MEDICAL_DIRECTOR in held or presided):
        text = f"Version {minutes.version}, submitted. Your signature seals them."
        return _one(meeting, "minutes", title, text, "Read and sign", 10, day, code=minutes.code, remind=True)
    attests = Office.RECORDING_SECRETARY in held and meeting.secretary_id == person.pk
    if minutes.state == MinutesState.SUBMITTED and attests and not meeting.attested:  # type: ignore[attr-defined]
        text = f"Version {minutes.version}, submitted by the chair. You recorded the meeting."
        return _one(meeting, "minutes", title, text, "Read and attest", 15, day, code=minutes.code)
    comments: int = meeting.comments  # type: ignore[attr-defined]
    if minutes.state == MinutesState.DRAFT and comments and (presided or meeting.secretary_id == person.pk):
        text = f"{comments} comment{'s' if comments > 1 else ''} on the draft not answered yet."
        return _one(meeting, "minutes", title, text, "Answer", 15, day, code=minutes.code)
    if minutes.state == MinutesState.DRAFT and meeting.secretary_id == person.pk:
        text = "Drafted from the record of the meeting; finish them and submit them to the chair."
        return _one(meeting, "minutes", title, text, "Write", 15, day, code=minutes.code)
    return None


def _one(
    meeting: Meeting,
    page: str,
    title: str,
    detail: str,
    action: str,
    weight: int,
    due: date,
    *,
    code: str = "",
    remind: bool = False,
) -> Waiting:
    return Waiting(
        code=code or f"M-{meeting.code}",
        title=title,
        detail=detail,
        url=reverse(f"meetings:{page}", args=[meeting.practice.slug, meeting.code]),
        action=action,
        due=due,
        weight=weight,
        remind=remind,
    )


def replies(person: Person, practice: Practice, today: date) -> list[Waiting]:
    """Invitations not answered for the time for which the meeting is called, as many days before as the rules say."""
    seats = Attendance.objects.filter(
        person=person,
        standing=Standing.EXPECTED,
        meeting__practice=practice,
        meeting__state=MeetingState.AGENDA_RELEASED,
        meeting__starts_at__gt=timezone.now(),
    )
    found, ahead = [], timedelta(days=rules_of(practice).reminder_days)
    for seat in seats.select_related("reply", "meeting__practice"):
        day = practice.local(seat.meeting.starts_at).date()
        if day - today <= ahead and answer_of(seat, seat.meeting) is None:
            detail = "Chair and secretary wait to know whether you come."
            title = f"{seat.meeting.kind.capitalize()} of {day:%-d %B}"
            found.append(_one(seat.meeting, "meeting", title, detail, "Say whether you come", 25, day, remind=True))
    return found
