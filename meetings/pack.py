"""The section of an audit pack that meetings answer for: every month of the period, and the sealed minutes."""

from datetime import date
from typing import Any

from audit.models import Document
from audit.packs import Section
from governance.authority import moment
from governance.models import Person, Practice
from governance.pack import bounds
from meetings.models import ClosedSession, Meeting, Minutes
from meetings.months import Month, months, special_meetings
from meetings.selectors.compartments import Outside, designation_of


def minutes(practice: Practice, start: date, end: date, *, person: Person | None) -> Section:
    """The meetings of the period with those missed, late or without quorum, and their sealed minutes."""
    today = practice.local(moment()).date()
    found = months(practice, start, end, person=person, today=today)
    extra = special_meetings(practice, start, end, person=person)
    held = [*(month.meeting for month in found if month.meeting), *extra]
    codes = [meeting.minutes.code for meeting in held if hasattr(meeting, "minutes")]
    documents = Document.objects.filter(
        practice=practice.pk, object_type=Minutes._meta.label_lower, object_id__in=codes
    ).order_by("object_id", "sealed_at", "pk")
    heading = ["month", "body", "planned", "held", "chair", "quorum", "status", "days late", "minutes", "sha256"]
    return Section(
        title="Meetings and minutes",
        template="meetings/pack_minutes.html",
        context={
            "months": found,
            "special": extra,
            "findings": sum(month.status.finding for month in found),
            "closed": _closed(practice, start, end),
        },
        documents=list(documents),
        data={"meetings.csv": [heading, *(_row(practice, month) for month in found), *(_extra(one) for one in extra)]},
    )


def _closed(practice: Practice, start: date, end: date) -> list[dict[str, Any]]:
    """A line for each closed session of the period: that it was held, when and on which basis. Two queries."""
    first, after = bounds(practice, start, end)
    sessions = (
        ClosedSession.objects.filter(item__meeting__practice=practice, began_at__gte=first, began_at__lt=after)
        .select_related("item__meeting")
        .prefetch_related("item__designations")
    )
    return [
        {"session": one, "outside": Outside(item=one.item, sessions=[one], designation=designation_of(one.item))}
        for one in sessions
    ]


def _row(practice: Practice, month: Month) -> list[str]:
    row = [f"{month.first:%Y-%m}", month.series.body.name, month.planned.isoformat()]
    return [*row, *_held(practice, month.meeting, month.status.word.label, str(month.status.days_late))]


def _extra(meeting: Meeting) -> list[str]:
    practice = meeting.practice
    row = [meeting.code, meeting.body.name, practice.local(meeting.starts_at).date().isoformat()]
    return [*row, *_held(practice, meeting, f"special meeting, {meeting.get_state_display()}", "")]


def _held(practice: Practice, meeting: Meeting | None, status: str, days_late: str) -> list[str]:
    signed = getattr(meeting, "minutes", None)
    return [
        practice.local(meeting.opened_at).isoformat(timespec="seconds") if meeting and meeting.opened_at else "",
        str(meeting.chair.person) if meeting and meeting.chair else "",
        {True: "yes", False: "no", None: ""}[meeting.quorate_start if meeting else None],
        status,
        days_late,
        signed.state if signed else "",
        signed.signature.sha256 if signed and signed.signature else "",
    ]
