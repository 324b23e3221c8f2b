"""A person's own calendar: its secret address, of which only the hash is kept, and what it holds.

The address is all that a calendar program can show, so it opens times and places, nothing of a meeting's business. It
is a matter of the sign-in and not of a practice: making it and taking it back stand in the access log.
"""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from audit.models import AccessEvent
from audit.services.access import note
from governance.models import Person
from meetings import calendar
from meetings.models import CalendarFeed, Meeting
from meetings.selectors.calling import issued_at

BACK = timedelta(days=400)
"""How far back a calendar reaches."""
BYTES = 32
"""Bytes of chance in an address."""


def digest_of(token: str) -> str:
    """Under what an address is kept. A plain hash: what is hashed is chance itself, so nothing can be guessed."""
    return sha256(token.encode()).hexdigest()


def make_address(person: Person) -> str:
    """A new address for a person's calendar, told this once; an earlier one opens nothing from now on."""
    token = secrets.token_urlsafe(BYTES)
    with transaction.atomic():
        CalendarFeed.objects.update_or_create(
            person=person, defaults={"digest": digest_of(token), "made_at": timezone.now(), "read_at": None}
        )
        _note(person, "made")
    return reverse("calendar_feed", args=[token])


def take_back(person: Person) -> bool:
    """Make the person's address worthless; whether there was one."""
    with transaction.atomic():
        taken = CalendarFeed.objects.filter(person=person).delete()[0] > 0
        if taken:
            _note(person, "taken back")
    return taken


def _note(person: Person, what: str) -> None:
    note(kind=AccessEvent.Kind.CALENDAR, actor=person.pk, account=person.account_id, object_id=what)


def feed_of(token: str) -> CalendarFeed | None:
    """The calendar that this address opens, while its person may sign in at all; None for every other. One query."""
    found = CalendarFeed.objects.filter(digest=digest_of(token), person__account__is_active=True)
    return found.select_related("person__account").first()


def content(person: Person, now: datetime) -> bytes:
    """The meetings to which the person is asked, in every practice that the person may see now. Two queries."""
    meetings = list(
        Meeting.objects.visible_to(person)
        .filter(attendances__person=person, starts_at__gte=now - BACK)
        .select_related("practice", "body", "secretary__account")
        .order_by("starts_at", "pk")
    )
    return calendar.feed(meetings, issued_at(meetings))


def note_reading(found: CalendarFeed, now: datetime) -> None:
    """A calendar was given anew: an entry of the access log, and the hour of the last reading."""
    person = found.person
    note(kind=AccessEvent.Kind.EXPORT, actor=person.pk, account=person.account_id, path="calendar_feed", status=200)
    hour = now.replace(minute=0, second=0, microsecond=0)
    CalendarFeed.objects.filter(pk=found.pk).exclude(read_at=hour).update(read_at=hour)
