"""What a practice administrator does: keep the rules of access, send invitations again, revoke them."""

from collections.abc import Mapping

from audit.acts import current, service
from governance.authority import AuthorityRefused, moment, take_part
from governance.choices import Office
from governance.factors import rules_of
from governance.models import AccessRules, Invitation, Person, Practice
from governance.models.access import IDLE_MINUTES, INVITATION_DAYS, REMINDER_DAYS
from governance.offices import ADMINISTRATORS, INVITERS
from governance.services.inviting import mail_invitation, write_invitation

__all__ = ["AccessRefused", "AuthorityRefused", "change_access_rules", "revoke_invitation", "send_again"]


NAMES = {
    "second_factor": "Second factor required",
    "idle_minutes": "Idle time",
    "invitation_days": "Days an invitation holds",
    "reminders": "Reminders of meetings",
    "reminder_days": "Days before a meeting",
}
"""Each rule as a sentence names it."""
LIMITS = {"idle_minutes": IDLE_MINUTES, "invitation_days": INVITATION_DAYS, "reminder_days": REMINDER_DAYS}
MORE_IS_LOOSER = ("idle_minutes", "invitation_days")
"""Rules that grow looser with a larger number; of every other a smaller one, or none, asks less."""


class AccessRefused(ValueError):
    """What was asked contradicts a rule; `field` names where, the message says which."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@service
def change_access_rules(
    *,
    actor: Person,
    practice: Practice,
    second_factor: bool,
    idle_minutes: int,
    invitation_days: int,
    reason: str,
    reminders: bool | None = None,
    reminder_days: int | None = None,
) -> AccessRules:
    """Set what the practice asks of who signs in, and its reminders; only the PC's administrator makes a rule looser.

    Fewer reminders, or none, are looser too: who forgets a meeting oversees nothing. None leaves them.

    Raises AuthorityRefused, AccessRefused.
    """
    AccessRules.objects.select_for_update(no_key=True).filter(practice=practice).first()
    take_part(
        actor=actor,
        practice=practice,
        verb="access_rules.changed",
        offices=ADMINISTRATORS,
        reason=reason,
        attempted="Rules of access",
        about=practice,
    )
    if not reason.strip():
        raise AccessRefused("reason", "Reason: say why, in a sentence.")
    rules = rules_of(Practice.objects.get(pk=practice.pk))
    before = {name: getattr(rules, name) for name in NAMES}
    wanted: dict[str, int] = {
        "second_factor": second_factor,
        "idle_minutes": idle_minutes,
        "invitation_days": invitation_days,
        "reminders": rules.reminders if reminders is None else reminders,
        "reminder_days": rules.reminder_days if reminder_days is None else reminder_days,
    }
    for field, (least, most) in LIMITS.items():
        name, value = NAMES[field], wanted[field]
        if not least <= value <= most:
            raise AccessRefused(field, f"{name}: from {least} to {most}.")
    if not rules._state.adding and before == wanted:
        raise AccessRefused("reason", "Nothing changed: the rules are like that already.")
    if current().office != Office.PC_ADMINISTRATOR:
        _only_stricter(before, wanted)
    for name, value in wanted.items():
        setattr(rules, name, value)
    rules.save()
    current().about(rules)
    return rules


def _only_stricter(before: Mapping[str, int], wanted: Mapping[str, int]) -> None:
    """Raise AccessRefused where a rule would ask less than it does: who is not the PC's does not open its record."""
    for field, name in NAMES.items():
        now, then = before[field], wanted[field]
        if then > now if field in MORE_IS_LOOSER else then < now:
            raise AccessRefused(
                field, f"{name}: only the PC's administrator makes a rule looser; you may make it stricter."
            )


@service
def send_again(*, actor: Person, invitation: Invitation) -> Invitation:
    """Invite once more; the earlier link works no longer. Raises AuthorityRefused, AccessRefused."""
    invitation = _locked(invitation)
    practice, person = invitation.practice, invitation.person
    take_part(
        actor=actor, practice=practice, verb="invitation.sent", offices=INVITERS, attempted=str(person), about=person
    )
    made = write_invitation(practice, person, days=rules_of(practice).invitation_days)
    if made is None:
        raise AccessRefused("", f"{person} accepted and has a password; there is nothing to send.")
    mail_invitation(practice, person, made)
    return made


@service
def revoke_invitation(*, actor: Person, invitation: Invitation, reason: str) -> Invitation:
    """Take an invitation back before it is accepted. Raises AuthorityRefused, AccessRefused."""
    invitation = _locked(invitation)
    practice, person = invitation.practice, invitation.person
    take_part(
        actor=actor,
        practice=practice,
        verb="invitation.revoked",
        offices=INVITERS,
        attempted=str(person),
        about=person,
        reason=reason,
    )
    if not reason.strip():
        raise AccessRefused("reason", "Reason: say why, in a sentence.")
    if invitation.revoked_at:
        raise AccessRefused("", f"The invitation of {person} was revoked already.")
    if person.account and person.account.has_usable_password():
        raise AccessRefused("", f"{person} has accepted; end the person's offices instead.")
    invitation.revoked_at = moment()
    invitation.save()
    return invitation


def _locked(invitation: Invitation) -> Invitation:
    found = Invitation.objects.select_for_update(no_key=True, of=("self",))
    return found.select_related("practice", "person__account").get(pk=invitation.pk)
