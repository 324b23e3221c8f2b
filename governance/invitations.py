"""The link by which somebody who was asked in sets a first password.

It is the invitation's key with a keyed hash over it and the state of the account, so nothing secret is stored, and the
first password makes it worthless.
"""

from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from audit.models import AccessEvent
from governance.access import note_account
from governance.mail import Letter
from governance.models import Account, Invitation, Person, Practice


def proof_of(invitation: Invitation) -> str:
    """What the link must carry beside the invitation's key."""
    account = invitation.person.account
    assert account is not None  # who is invited has a sign-in
    state = f"{invitation.pk} {account.pk} {account.email} {account.password}"
    return salted_hmac("brightline.invitation", state, algorithm="sha256").hexdigest()[:40]


def invitation_link(invitation: Invitation) -> str:
    """The address in the mail: for one use, until the invitation expires or is revoked."""
    path = reverse("invitation", kwargs={"key": invitation.pk, "proof": proof_of(invitation)})
    return f"{settings.SITE_URL}{path}"


def invitation_for(key: UUID, proof: str) -> Invitation | None:
    """The invitation that this link opens now; None when it was used, revoked, has expired, or never was."""
    found = Invitation.objects.open(timezone.now()).filter(pk=key).select_related("practice", "person__account").first()
    if found is None or found.person.account is None or found.person.account.has_usable_password():
        return None
    return found if constant_time_compare(proof, proof_of(found)) else None


def accept(invitation: Invitation, password: str) -> Account | None:
    """Set the first password; the mail has come, so the address is verified. None when it was used meanwhile."""
    with transaction.atomic():
        account = Account.objects.select_for_update().get(person=invitation.person_id)
        if account.has_usable_password():
            return None
        account.set_password(password)
        account.save(update_fields=["password"])
        EmailAddress.objects.update_or_create(
            user=account, email=account.email, defaults={"verified": True, "primary": True}
        )
        note_account(AccessEvent.Kind.INVITATION, account, practice=invitation.practice_id)
    return account


def letter(practice: Practice, person: Person, arguments: dict[str, Any]) -> Letter | None:
    """The mail with the link of an invitation; who had a password then is told where to sign in.

    Nothing, where the invitation was accepted, revoked or sent again meanwhile, or has expired. The link is made here
    and stored nowhere.
    """
    invitation = None
    if key := arguments.get("invitation"):
        open_ones = Invitation.objects.open(timezone.now()).select_related("practice", "person__account")
        invitation = open_ones.filter(pk=key).first()
        if invitation is None or person.account is None or person.account.has_usable_password():
            return None
    context = {
        "practice": practice,
        "person": person,
        "link": invitation_link(invitation) if invitation else "",
        "expires_at": practice.local(invitation.expires_at) if invitation else None,
        "sign_in": f"{settings.SITE_URL}{reverse('account_login')}",
    }
    text = render_to_string("governance/mail/invitation.txt", context)
    return Letter(subject=f"Invitation to {practice.name} on Brightline", text=text)
