"""How it stands with the notice of a meeting, member by member."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min

from governance.choices import BodyKind
from meetings.choices import Role, Said
from meetings.models import AgendaRelease, Attendance, Meeting, MinutesVersion, NoticeAnswer
from meetings.rules.notice import Short, Verdict, Word, asked_words, judge, short_by_hours, verdict
from meetings.rules.workflow import BEFORE_SESSION, MeetingState

_MARKS = {Word.IN_TIME: "ok", Word.WAIVED: "ok", Word.ATTENDED: "ok", Word.OPEN: "neutral"}


def first_release(meeting: Meeting, releases: Iterable[AgendaRelease] | None = None) -> AgendaRelease | None:
    """The release that is the notice: the first for the time and place for which the meeting is called now.

    A later version changes the agenda, not the notice. `releases` are those of the meeting, where they are read
    already; else one query.
    """
    called = (meeting.practice.local(meeting.starts_at).isoformat(), meeting.place)
    rows = sorted(meeting.releases.all() if releases is None else releases, key=lambda one: one.number)
    return next((one for one in rows if (one.content["starts_at"], one.content["place"]) == called), None)


def shortness(meeting: Meeting, at: datetime, releases: Iterable[AgendaRelease] | None = None) -> Short:
    """By how much the notice, or where none is given yet one at this moment, is later than the rule asks for."""
    if given := first_release(meeting, releases):
        return given.short
    if meeting.special:
        return short_by_hours(meeting.starts_at, at, meeting.notice_hours)
    days = (meeting.practice.local(meeting.starts_at).date() - meeting.practice.local(at).date()).days
    return Short(days=max(0, meeting.notice_days - max(0, days)))


@dataclass(frozen=True)
class MemberNotice:
    """One member: how it stands with the notice to that member, since when, and by what."""

    seat: Attendance
    word: Word
    answer: NoticeAnswer | None = None

    @property
    def kind(self) -> str:
        """The mark of the word."""
        return _MARKS.get(self.word, "late")


@dataclass(frozen=True)
class NoticeState:
    """The notice of a meeting: what is asked for, when it was given, each member, and whether the body could act."""

    asked: str
    given_at: datetime | None
    members: list[MemberNotice]
    verdict: Verdict

    def of(self, person: object) -> MemberNotice | None:
        """How it stands with this person, by key; None for who is no member."""
        return next((one for one in self.members if one.seat.person_id == person), None)


def notice_state(
    meeting: Meeting, seats: Sequence[Attendance], now: datetime, releases: Iterable[AgendaRelease] | None = None
) -> NoticeState | None:
    """How it stands with the notice; None where there is nothing to tell: a monthly meeting in time, or none asked for.

    `seats` bring their presences. Three queries of a special meeting, and of a monthly one whose notice is short.
    """
    if (not meeting.special and not meeting.notice_days) or meeting.state == MeetingState.CANCELED:
        return None
    release = first_release(meeting, releases)
    short = shortness(meeting, now, [release] if release else [])
    if not meeting.special and not short:
        return None
    members = [seat for seat in seats if seat.role == Role.MEMBER]
    answers: dict[tuple[int, str], NoticeAnswer] = {
        (one.attendance_id, one.said): one
        for one in NoticeAnswer.objects.filter(attendance__in=members, starts_at=meeting.starts_at)
    }
    late = _seated_later(members, release) if meeting.special and release else set()
    opened = meeting.state not in BEFORE_SESSION
    told = []
    for seat in members:
        waiver, protest = answers.get((seat.pk, Said.WAIVES)), answers.get((seat.pk, Said.PROTESTS))
        word = judge(
            given=release is not None,
            short=bool(short) or seat.pk in late,
            waived=waiver is not None,
            protested=protest is not None,
            attended=opened and bool(seat.presences.all()),
        )
        told.append(MemberNotice(seat, word, waiver or (protest if word == Word.PROTESTED else None)))
    over = meeting.state == MeetingState.ADJOURNED
    asked = asked_words(meeting.notice_days, meeting.notice_hours)
    cites = bool(meeting.special) and meeting.body.kind != BodyKind.ADVISORY
    found = verdict([(one.seat.name, one.word) for one in told], asked=asked, over=over, cites=cites)
    return NoticeState(asked, release.released_at if release else None, told, found)


def _seated_later(members: list[Attendance], release: AgendaRelease) -> set[int]:
    """Members who came to be expected only after the notice went out, so that none was given to them. One query."""
    rows = (
        Attendance.history.filter(id__in=[seat.pk for seat in members])
        .values("id")
        .annotate(at=Min("act__occurred_at"))
    )
    return {row["id"] for row in rows if row["at"] > release.released_at}


def filed_since(version: MinutesVersion) -> list[NoticeAnswer]:
    """The waivers of notice given after a version of the minutes was submitted: filed with it, not told in it."""
    meeting = version.minutes.meeting
    given = NoticeAnswer.objects.filter(attendance__meeting=meeting, starts_at=meeting.starts_at, said=Said.WAIVES)
    return list(given.filter(answered_at__gt=version.submitted_at))
