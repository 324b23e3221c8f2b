"""Invitations with their state, and who lacks a second factor."""

from datetime import datetime

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When

from governance.factors import factors
from governance.models import Appointment, Invitation, Practice
from governance.offices import SECOND_FACTOR

_ACCEPTED = ~Q(person__account__password__startswith=UNUSABLE_PASSWORD_PREFIX)


def invitations(practice: Practice, at: datetime) -> QuerySet[Invitation]:
    """The practice's invitations, each with its `state` at that moment: open, accepted, expired or revoked."""
    return (
        Invitation.objects.filter(practice=practice)
        .select_related("person__account")
        .annotate(
            state=Case(
                When(revoked_at__isnull=False, then=Value("revoked")),
                When(_ACCEPTED, then=Value("accepted")),
                When(expires_at__lte=at, then=Value("expired")),
                default=Value("open"),
            )
        )
    )


def in_state(rows: QuerySet[Invitation], state: str) -> QuerySet[Invitation]:
    """Those of `invitations` in that state."""
    return rows.filter(Q(("state", state)))


def without_factor(practice: Practice, at: datetime) -> QuerySet[Appointment]:
    """Offices in force that need a second factor, whose holder has none."""
    return (
        Appointment.objects.in_force(at)
        .filter(practice=practice, office__in=SECOND_FACTOR)
        .annotate(account=F("person__account"))
        .exclude(Exists(factors(OuterRef("account"))))
        .select_related("person")
        .order_by("person__name", "office")
    )
