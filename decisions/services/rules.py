"""What the services of decisions share: rules that a form shows at its field, locks, and words that must be there."""

from datetime import date

from governance.authority import moment
from governance.choices import Office
from governance.models import Practice
from governance.offices import MSO_STAFF, PHYSICIANS

PROPOSERS = PHYSICIANS | MSO_STAFF | {Office.SHAREHOLDER, Office.DIRECTOR, Office.OFFICER, Office.COMMITTEE_MEMBER}
"""Offices through which a member of either side proposes; counsel, auditor and recording secretary do not."""


class RuleBroken(ValueError):
    """What was entered contradicts a rule: `field` names where, the message says which."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def hold(practice: Practice) -> None:
    """Lock the practice's row. Every writer of decisions takes it before any other row, so none waits in a circle."""
    Practice.objects.select_for_update(no_key=True).get(pk=practice.pk)


def today(practice: Practice) -> date:
    """The day of the act on the practice's calendar."""
    return practice.local(moment()).date()


def said(**texts: str) -> None:
    """Raise RuleBroken for the first of these fields that is blank."""
    for field, text in texts.items():
        if not text.strip():
            raise RuleBroken(field, f"{field.replace('_', ' ').capitalize()}: say it in words; it may not be blank.")
