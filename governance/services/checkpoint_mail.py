"""Each month counsel of both sides receive the newest checkpoint: a copy that this installation cannot reach."""

from hashlib import sha256

from django.core.mail import EmailMessage
from django.db.models import Q
from django.utils import timezone

from audit.acts import Act, open_act, service
from audit.models import Act as StoredAct
from audit.models import Checkpoint
from audit.services.checkpoints import newest
from audit.services.keys import trusted_keys
from governance.models import Appointment, Person, Practice
from governance.offices import COUNSEL

VERB = "checkpoint.mailed"

BODY = """\
This is the newest checkpoint of the record of {practice}.

It covers {size} entries and was signed on {made}. It holds nothing of the record itself.

Please keep this message where {practice} and its management company cannot reach it. Whoever holds a copy can
show that no entry before it was changed, removed or inserted since:

    python verify_pack.py PACK.pdf --against {name}
    manage.py verify_ledger --against {name}

It proves nothing about what was entered after it, nor whether what was entered is true.

The public keys of this ledger, to be compared with those you received before; a new one should have been
announced to you by another way:

{keys}
"""


def due(practice: Practice) -> list[Person]:
    """Counsel in office, of either side, to whom no checkpoint of this practice was mailed this month."""
    counsel = Person.objects.filter(
        Q(appointments__in=Appointment.objects.in_force().filter(practice=practice, office__in=COUNSEL)),
        account__isnull=False,
    )
    had = StoredAct.objects.filter(practice=practice.pk, verb=VERB, object_id__startswith=f"{month(practice)}/")
    reached = set(had.values_list("object_id", flat=True))
    found = counsel.select_related("account").distinct().order_by("name")
    return [person for person in found if f"{month(practice)}/{person.pk}" not in reached]


def month(practice: Practice) -> str:
    """The month on the practice's calendar, as 2026-11."""
    return f"{practice.local(timezone.now()):%Y-%m}"


def mail_checkpoint(practice: Practice, person: Person) -> Checkpoint:
    """Send the newest checkpoint to one counsel, then record it, so that a mail that failed is tried again.

    Raises LookupError when this practice's log was never signed; OSError when the mail cannot be sent.
    """
    checkpoint = newest(practice.pk)
    if checkpoint is None:
        raise LookupError(f"{practice}: there is no checkpoint yet. Does the checkpointer run?")
    assert person.account is not None
    name = f"checkpoint-{practice.slug}-{checkpoint.size}.txt"
    message = EmailMessage(
        subject=f"Checkpoint {checkpoint.size} of {practice}",
        body=BODY.format(
            practice=practice,
            size=checkpoint.size,
            made=f"{practice.local(checkpoint.made_at):%-d %B %Y, %H:%M %Z}",
            name=name,
            keys="\n".join(str(key) for key in trusted_keys()),
        ),
        to=[person.account.email],
    )
    message.attach(name, checkpoint.note, "text/plain")
    message.send()
    _record(practice=practice, person=person, checkpoint=checkpoint)
    return checkpoint


@service
def _record(*, practice: Practice, person: Person, checkpoint: Checkpoint) -> None:
    """A system act: which checkpoint went to whom."""
    act = open_act(Act(verb=VERB, capacity="system", practice_id=practice.pk))
    act.object_type, act.object_id = "audit.checkpoint", f"{month(practice)}/{person.pk}"
    act.attach(
        "checkpoint",
        {"size": checkpoint.size, "sha256": sha256(checkpoint.note.encode()).hexdigest(), "to": str(person)},
    )
