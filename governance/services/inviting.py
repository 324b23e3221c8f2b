"""Invitations written down, inside the current act."""

from datetime import timedelta

from audit.acts import current
from governance.authority import moment
from governance.mail import post
from governance.models import Invitation, Person, Practice


def write_invitation(practice: Practice, person: Person, *, days: int) -> Invitation | None:
    """Ask a person in for so many days; earlier invitations of this practice hold no longer.

    None for somebody who has a password already: they sign in as they always do.
    """
    current()
    withdraw_invitations(practice, person)
    if person.account is None or person.account.has_usable_password():
        return None
    now = moment()
    return Invitation.objects.create(
        practice=practice, person=person, sent_at=now, expires_at=now + timedelta(days=days)
    )


def mail_invitation(practice: Practice, person: Person, invitation: Invitation | None) -> None:
    """Ask for the mail with the link, or, to who has a password, with the way to sign in."""
    arguments = {"invitation": str(invitation.pk)} if invitation else {}
    post(kind="invitation", practice=practice, people=[person], arguments=arguments)


def withdraw_invitations(practice: Practice, person: Person) -> int:
    """Revoke every invitation of this person that still stands here; how many."""
    standing = Invitation.objects.filter(practice=practice, person=person, revoked_at__isnull=True)
    found = list(standing.select_for_update(no_key=True))
    for one in found:
        one.revoked_at = moment()
        one.save()
    return len(found)
