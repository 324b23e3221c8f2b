"""What of decisions waits for a person (settings.DESK_SOURCES)."""

from datetime import date, timedelta

from django.db.models import Count, F, Q
from django.urls import reverse

from decisions.models import CorrectiveAction, OperationalItem, Proposal
from decisions.rules.gate import Requirement
from decisions.rules.workflow import ActionState, ProposalState
from governance.choices import Office
from governance.desk import Waiting
from governance.models import Appointment, Person, Practice
from governance.offices import MSO_STAFF

GLANCE_DAYS = 14
GLANCE = (OperationalItem.Category.STAFFING, OperationalItem.Category.SCHEDULING)
"""Categories that lie closest to the line; the Medical Director sees them while they are new."""
CHECKS = len(Requirement) - 1


def proposals(person: Person, practice: Practice, offices: list[Appointment], today: date) -> list[Waiting]:
    """To determine (Medical Director), to answer (proposers of what was returned), to switch live (MSO). One query."""
    held = {appointment.office for appointment in offices}
    director, staff = Office.MEDICAL_DIRECTOR in held, bool(held & MSO_STAFF)
    wanted = Q(state=ProposalState.RETURNED) & (Q(revisions__person=person) | Q(from_item__person=person))
    if director:
        wanted |= Q(state=ProposalState.SUBMITTED)
    if staff:
        wanted |= Q(state=ProposalState.APPROVED)
    found = (
        Proposal.objects.filter(pk__in=Proposal.objects.filter(wanted, practice=practice).values("pk"))
        .select_related("right")
        .annotate(settled=Count("checks", filter=Q(checks__revision_number=F("revision"))))
        .order_by("year", "number")
    )
    return [
        _proposal(proposal, practice)
        for proposal in found
        if proposal.state != ProposalState.APPROVED or proposal.settled == CHECKS
    ]


def _proposal(proposal: Proposal, practice: Practice) -> Waiting:
    url = reverse("decisions:proposal", args=[practice.slug, proposal.code])
    detail, action, weight = {
        ProposalState.SUBMITTED: (
            f"Revision {proposal.revision} waits for determination under {proposal.right.code}.", "Read, determine", 20,
        ),
        ProposalState.RETURNED: ("Returned by the physicians; say what they asked for.", "Revise", 30),
        ProposalState.APPROVED: ("Approved, and every requirement of the gate is settled.", "Go live", 30),
    }[ProposalState(proposal.state)]  # fmt: skip
    return Waiting(code=proposal.code, title=proposal.title, detail=detail, url=url, action=action, weight=weight)


def corrective_actions(person: Person, practice: Practice, offices: list[Appointment], today: date) -> list[Waiting]:
    """Due from their owner, evidence for their verifier, effect for the Medical Director to decide. One query."""
    director = any(appointment.office == Office.MEDICAL_DIRECTOR for appointment in offices)
    own = Q(owner=person, state__in=[ActionState.OPEN, ActionState.REOPENED])
    judged = Q(state=ActionState.EVIDENCE_SUBMITTED) & ~Q(owner=person)
    if not director:
        judged &= Q(verifier=person)
    wanted = own | judged
    if director:
        wanted |= Q(state=ActionState.EFFECTIVENESS_WINDOW, window_ends_on__lte=today) & ~Q(owner=person)
    rows = CorrectiveAction.objects.filter(wanted, practice=practice).select_related("owner")
    return [_action(row, practice, today) for row in rows]


def _action(row: CorrectiveAction, practice: Practice, today: date) -> Waiting:
    url = reverse("decisions:action", args=[practice.slug, row.code])
    due: date | None
    if row.state == ActionState.EVIDENCE_SUBMITTED:
        detail, action, due = f"{row.owner} submitted evidence; judge it and start the window.", "Judge evidence", None
    elif row.state == ActionState.EFFECTIVENESS_WINDOW:
        detail, action, due = f"Did it work? Measure: {row.measure}", "Verify effect", row.window_ends_on
    else:
        again = "Reopened, it did not work. " if row.state == ActionState.REOPENED else ""
        detail, action, due = f"{again}You own this action.", "Submit evidence", row.due_on
    return Waiting(
        code=row.code,
        title=row.title,
        detail=detail,
        url=url,
        action=action,
        due=due,
        weight=40,
        remind=due is not None and due < today,
    )


def operational_items(person: Person, practice: Practice, offices: list[Appointment], today: date) -> list[Waiting]:
    """What the MSO logged lately on staffing and scheduling, for the Medical Director to glance at. One query."""
    if not any(appointment.office == Office.MEDICAL_DIRECTOR for appointment in offices):
        return []
    recent = OperationalItem.objects.filter(
        practice=practice,
        state=OperationalItem.State.LOGGED,
        category__in=GLANCE,
        happened_on__gt=today - timedelta(days=GLANCE_DAYS),
    )
    return [
        Waiting(
            code=item.code,
            title=item.title,
            detail=f"{item.get_category_display()}, logged by the MSO. Does it touch care?",
            url=reverse("decisions:operation", args=[practice.slug, item.code]),
            action="Look",
            weight=80,
        )
        for item in recent[:5]
    ]
