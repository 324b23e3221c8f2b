"""A second person decides on a scrub: confirms it, or takes it back."""

from datetime import timedelta

from django.db import IntegrityError

from audit import store
from audit.acts import current, record, service
from audit.models import Act, Confirmation, Scrubbing, Sequestered
from audit.services.scrubbing import begin_again, restore
from governance.authority import moment, take_part
from governance.models import Person, Practice
from governance.selectors.scrubs import decided, second_persons, waits_behind_another
from governance.services.sequestered import SECONDS, SequesterRefused, contents, require_open_parts, stated

ALONE = timedelta(days=7)
"""How long whoever scrubbed waits before confirming alone, where nobody else could (governance.waits_alone in SQL)."""


@service
def confirm_scrub(*, actor: Person, practice: Practice, scrub: Act, reason: str) -> Confirmation:
    """Agree that what a scrub hid is patient data: once its term is over, counsel may have it destroyed.

    By a physician or PC counsel other than whoever scrubbed; where the practice has no such person, by whoever
    scrubbed after seven days. An earlier scrub of the same text is decided on first.
    Raises AuthorityRefused, SequesterRefused.
    """
    practice = _enter(actor, practice, "scrub.confirmed", scrub, reason)
    if scrub.actor == actor.pk:
        if names := second_persons(practice, actor, moment()):
            raise SequesterRefused("reason", f"A second person confirms a scrub. Ask {' or '.join(names)}.")
        if moment() < scrub.occurred_at + ALONE:
            day = practice.local(scrub.occurred_at + ALONE)
            raise SequesterRefused(
                "reason", f"This practice has no second person, so you can confirm it from {day:%B %-d, %Y} on."
            )
    if waits_behind_another(practice, scrub.pk):
        raise SequesterRefused("reason", "An earlier scrub hid some of the same text. Decide on that one first.")
    return record(Confirmation, scrub=scrub, practice=practice.pk, confirmed_at=moment())


@service
def restore_scrub(*, actor: Person, practice: Practice, scrub: Act, reason: str, passphrase: str = "") -> list[int]:
    """Take a scrub back: every text and file stands again as it was sealed. Returns the keys of the restorations.

    By any physician or PC counsel, whoever scrubbed included. Later scrubs of the same text are taken back first.
    Raises AuthorityRefused, SequesterRefused.
    """
    practice = _enter(actor, practice, "scrub.restored", scrub, reason)
    kept = Sequestered.objects.filter(scrubbing__act=scrub.pk).select_related("scrubbing").order_by("pk")
    try:
        boxes = [contents(one, passphrase) for one in kept]
        restored = restore(scrub.pk, boxes)
    except store.StoreError as error:
        raise SequesterRefused("reason", f"A file cannot be brought back: {error}") from None
    except IntegrityError as error:
        if "a later scrub" not in str(error):
            raise
        raise SequesterRefused(
            "reason", "A later scrub hid more of the same text. Restore that one first, then this one."
        ) from None
    begin_again(practice.pk)
    return restored


def _enter(actor: Person, practice: Practice, verb: str, scrub: Act, reason: str) -> Practice:
    practice = Practice.objects.select_for_update(no_key=True).get(pk=practice.pk)
    take_part(
        actor=actor,
        practice=practice,
        verb=verb,
        offices=SECONDS,
        licensed=True,
        reason=reason.strip(),
        attempted="Decide on hidden text",
    )
    current().object_type, current().object_id = scrub.object_type, scrub.object_id
    stated(reason)
    places = list(Scrubbing.objects.filter(act=scrub.pk, act__practice=practice.pk))
    if not places:
        raise SequesterRefused("reason", "There is no such scrub in this practice.")
    if decided(scrub.pk):
        raise SequesterRefused("reason", "Somebody has decided on this scrub already.")
    require_open_parts(actor, practice, places)
    return practice
