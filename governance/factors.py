"""Second factors: who has one, and whose office needs one here."""

from collections.abc import Iterable
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import QuerySet

from governance.models import AccessRules, Appointment, Practice
from governance.offices import SECOND_FACTOR

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""Recovery codes are no factor of their own: they stand in for a lost one."""


def factors(account: Any) -> QuerySet[Authenticator]:
    """The second factors of a sign-in; `account` may be a reference to an outer query's."""
    return Authenticator.objects.filter(user_id=account, type__in=FACTORS)


def rules_of(practice: Practice) -> AccessRules:
    """The practice's rules of access; where none were ever kept, the default, without a factor in a demonstration."""
    try:
        return practice.access_rules
    except AccessRules.DoesNotExist:
        return AccessRules(practice=practice, second_factor=not practice.demonstration)


def needs_factor(offices: Iterable[Appointment]) -> bool:
    """Whether one of these offices is among those that need a second factor."""
    return any(one.office in SECOND_FACTOR for one in offices)


def factor_missing(offices: list[Appointment], rules: AccessRules) -> bool:
    """Whether who was admitted in these offices must enrol a factor before the practice opens."""
    return rules.second_factor and needs_factor(offices) and not getattr(offices[0], "has_factor", False)
