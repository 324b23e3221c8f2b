"""The sections of an audit pack that decisions answers for: what was decided, and what was put right."""

from datetime import date, datetime

from django.db.models import OuterRef, Q, Subquery
from django.utils.timezone import localtime

from audit.packs import Section
from decisions.models import CorrectiveAction, Decision, Determination, OperationalItem
from governance.models import Person, Practice
from governance.pack import LONGEST_TABLE, bounds


def decisions(practice: Practice, start: date, end: date, *, person: Person | None) -> Section:
    """Decisions, determinations of proposals and pulled items of the period, with how long each text lay open."""
    first, after = bounds(practice, start, end)
    taken = list(
        Decision.objects.filter(practice=practice, decided_at__gte=first, decided_at__lt=after)
        .select_related("right", "person", "appointment", "supersedes", "act")
        .order_by("decided_at", "id")
    )
    determined = list(
        Determination.objects.filter(proposal__practice=practice, decided_at__gte=first, decided_at__lt=after)
        .select_related("proposal__right", "person", "proposer", "decision", "act")
        .order_by("decided_at", "id")
    )
    logged = OperationalItem.objects.filter(practice=practice, happened_on__gte=start, happened_on__lte=end)
    entered = OperationalItem.history.filter(id=OuterRef("pk"), history_type="+")
    items = list(
        logged.select_related("right", "person")
        .annotate(flag=Subquery(entered.values("act__flag")), recorded_at=Subquery(entered.values("act__recorded_at")))
        .order_by("happened_on", "id")
    )
    outcomes = [str(row.outcome) for row in determined]
    return Section(
        title="Decisions",
        template="decisions/pack_decisions.html",
        context={
            "decisions": taken[:LONGEST_TABLE],
            "decisions_left_out": max(0, len(taken) - LONGEST_TABLE),
            "determinations": determined[:LONGEST_TABLE],
            "outcomes": [(outcome.label, outcomes.count(outcome)) for outcome in Determination.Outcome],
            "items": items[:LONGEST_TABLE],
            "pulled": sum(item.state == OperationalItem.State.PULLED for item in items),
        },
        data={
            "decisions.csv": [
                ["code", "decided", "right", "holder", "title", "decision", "rationale", "by", "office", "body",
                 "supersedes"],
                *(
                    [
                        row.code, _at(row.decided_at), row.right.code, row.holder, row.title, row.text,
                        row.rationale, str(row.person), row.appointment.get_office_display(), row.body_name,
                        row.supersedes.code if row.supersedes else "",
                    ]
                    for row in taken
                ),
            ],
            "determinations.csv": [
                ["proposal", "revision", "outcome", "opened", "decided", "by", "proposer", "sole physician",
                 "conditions", "rationale"],
                *(
                    [
                        row.proposal.code, str(row.revision_number), row.outcome,
                        _at(row.opened_at), _at(row.decided_at), str(row.person),
                        str(row.proposer), "yes" if row.sole_physician else "no", row.conditions, row.rationale,
                    ]
                    for row in determined
                ),
            ],
            "operational-log.csv": [
                ["code", "happened", "right", "category", "title", "detail", "by", "state", "reason"],
                *(
                    [
                        row.code, row.happened_on.isoformat(), row.right.code, row.category, row.title, row.detail,
                        str(row.person), row.state, row.pull_reason,
                    ]
                    for row in items
                ),
            ],
        },
    )  # fmt: skip


def corrective_actions(practice: Practice, start: date, end: date, *, person: Person | None) -> Section:
    """Corrective actions that were open at any moment of the period, each with its account."""
    first, after = bounds(practice, start, end)
    rows = list(
        CorrectiveAction.objects.filter(practice=practice, opened_at__lt=after)
        .filter(Q(closed_at__isnull=True) | Q(closed_at__gte=first))
        .select_related("owner", "verifier", "past__act")
        .prefetch_related("reviews__person", "reviews__act")
        .order_by("opened_at", "id")
    )
    return Section(
        title="Corrective actions",
        template="decisions/pack_actions.html",
        context={
            "actions": rows[:LONGEST_TABLE],
            "left_out": max(0, len(rows) - LONGEST_TABLE),
            "closed": sum(row.closed_at is not None for row in rows),
            "end": end,
        },
        data={
            "corrective-actions.csv": [
                ["code", "title", "root cause", "action", "strength", "owner", "due", "measure", "verifier", "state",
                 "opened", "closed", "entered afterwards", "result"],
                *(
                    [
                        row.code, row.title, row.root_cause, row.action, row.strength, str(row.owner),
                        row.due_on.isoformat(), row.measure, str(row.verifier), row.state, _at(row.opened_at),
                        _at(row.closed_at),
                        *_afterwards(row),
                    ]
                    for row in rows
                ),
            ]
        },
    )  # fmt: skip


def _at(moment: datetime | None) -> str:
    """ISO 8601 on the practice's clock, on which a pack is made; empty for none."""
    return localtime(moment).isoformat() if moment else ""


def _afterwards(row: CorrectiveAction) -> list[str]:
    """When an action was entered afterwards, and what came of it; nothing for one that was opened here."""
    return [_at(row.past.act.recorded_at), row.past.result] if hasattr(row, "past") else ["", ""]
