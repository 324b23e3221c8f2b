"""What is typed for an item in the room, saved every few seconds. No act: a draft leaves neither history nor entry."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from decisions.services.rules import RuleBroken
from governance.models import Account, Appointment
from meetings.models import AgendaItem, ItemDraft
from meetings.services.base import RECORDERS, item_at_hand, lock_meeting

DRAFTED = frozenset(
    {
        "account.account",
        "defer.reason",
        "recuse.disclosure",
        "motion.text",
        "decide.text",
        "decide.rationale",
        "determine.rationale",
        "determine.conditions",
        "action.root_cause",
        "action.action",
    }
)
"""The fields in which sentences are typed, by form and name."""


class ItemDraftConflict(ValueError):
    """Somebody saved another text in this field since; nothing was overwritten. `draft` is what stands."""

    def __init__(self, draft: ItemDraft) -> None:
        self.draft = draft
        super().__init__("Somebody saved another text since. Nothing was overwritten; both texts are shown.")


def save_item_draft(*, account: Account, item: AgendaItem, field: str, text: str, revision: int) -> ItemDraft:
    """Save what is typed in a field; `revision` is what the typing began from, 0 where nothing was saved.

    Raises ItemDraftConflict when another text was saved since, PermissionDenied for anybody but chair and secretary,
    RuleBroken for an unknown field or once the item is settled.
    """
    if field not in DRAFTED:
        raise RuleBroken("field", f"Field: there is no draft of “{field[:40]}”.")
    text = text.replace("\r\n", "\n")
    with transaction.atomic():
        meeting = lock_meeting(item.meeting)
        recorders = Appointment.objects.in_force().filter(practice=meeting.practice, office__in=RECORDERS)
        if not recorders.filter(person__account=account).exists():
            raise PermissionDenied("Only the chairs and the recording secretary write in the room.")
        item = item_at_hand(item, meeting)
        draft = ItemDraft.objects.filter(item=item, field=field).select_related("saved_by__person").first()
        if draft is None:
            return ItemDraft.objects.create(item=item, field=field, text=text, saved_by=account)
        if draft.text == text:
            return draft
        if draft.revision != revision:
            raise ItemDraftConflict(draft)
        draft.text, draft.revision, draft.saved_by = text, revision + 1, account
        draft.save()
        return draft


def forget_drafts(item: AgendaItem, act: str = "") -> None:
    """Delete what was typed for the act that is now recorded; for all, once the item is settled."""
    drafts = ItemDraft.objects.filter(item=item)
    (drafts.filter(field__startswith=f"{act}.") if act else drafts).delete()
