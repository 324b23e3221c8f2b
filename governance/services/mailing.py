"""What a practice administrator does about a mail that could not be delivered."""

from django.utils import timezone

from audit.acts import service
from governance.authority import take_part
from governance.models import Mail, Person
from governance.offices import ADMINISTRATORS
from governance.services.access import AccessRefused


@service
def mail_again(*, actor: Person, mail: Mail) -> Mail:
    """Send a mail that was given up once more, from the first attempt on, as soon as the worker comes to it.

    Raises AuthorityRefused, AccessRefused.
    """
    mail = (
        Mail.objects.select_for_update(no_key=True, of=("self",)).select_related("practice", "person").get(pk=mail.pk)
    )
    take_part(
        actor=actor,
        practice=mail.practice,
        verb="mail.asked_again",
        offices=ADMINISTRATORS,
        attempted=f"{mail.kind} to {mail.person}",
        about=mail.person,
    )
    if mail.state != Mail.State.FAILED:
        raise AccessRefused("", "This mail was not given up; it needs no second order.")
    mail.state, mail.attempts, mail.due_at = Mail.State.WAITING, 0, timezone.now()
    mail.save(update_fields=["state", "attempts", "due_at"])
    return mail
