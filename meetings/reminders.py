"""Reminders by mail: one a day at most, of what still waits for a person, and never of what was done meanwhile."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from governance.authority import offices_of
from governance.desk import Waiting
from governance.factors import rules_of
from governance.mail import Letter, post
from governance.models import Appointment, Mail, Person, Practice
from meetings.selectors.desk import waits
from meetings.waiting import replies

KIND = "reminder"
HOUR = 7
"""From which hour on, on the practice's clock, reminders are asked for."""
AGAIN = timedelta(days=3) - timedelta(hours=1)
"""How long nobody is reminded of the same thing again."""


def remind() -> int:
    """Ask for the reminders of the day; how many. The worker's regular work: what was asked for is not asked again."""
    return sum(_remind(practice, timezone.now()) for practice in Practice.objects.order_by("slug"))


def _remind(practice: Practice, now: datetime) -> int:
    local = practice.local(now)
    if local.hour < HOUR:
        return 0
    day = f"{practice.pk}/{local.date()}"
    asked = Mail.objects.filter(practice=practice, kind=KIND)
    had = set(asked.filter(key__startswith=f"{KIND}/{day}/").values_list("person_id", flat=True))
    in_office = Appointment.objects.in_force(now).filter(practice=practice)
    found = 0
    people = Person.objects.filter(appointments__in=in_office, account__isnull=False).exclude(pk__in=had)
    for person in people.distinct():
        recent = asked.filter(person=person, asked_at__gt=now - AGAIN).values_list("arguments", flat=True)
        told = {code for arguments in recent for code in arguments["codes"]}
        codes = [one.code for one in _things(practice, person, now) if one.code not in told]
        if codes:
            post(kind=KIND, practice=practice, people=[person], arguments={"codes": codes}, key=day)
            found += 1
    return found


def _things(practice: Practice, person: Person, now: datetime) -> list[Waiting]:
    """What waits for the person and is worth a mail; nothing where the practice wants no reminders."""
    if not rules_of(practice).reminders:
        return []
    offices, today = offices_of(person, practice, now), practice.local(now).date()
    if not offices:
        return []
    return [one for one in [*replies(person, practice, today), *waits(person, practice, offices, today)] if one.remind]


def letter(practice: Practice, person: Person, arguments: dict[str, Any]) -> Letter | None:
    """The reminder of what still waits now; nothing where all of it was done. Codes and acts, no title."""
    things = [one for one in _things(practice, person, timezone.now()) if one.code in arguments["codes"]]
    if not things:
        return None
    context = {"person": person, "practice": practice, "things": things, "site": settings.SITE_URL}
    number = "one thing waits" if len(things) == 1 else f"{len(things)} things wait"
    return Letter(
        subject=f"{practice.name}: {number} for you", text=render_to_string("meetings/mail/reminder.txt", context)
    )
