"""The rule of a body: its authorized number, its quorum, who counts towards it, and who approves its minutes."""

from audit.acts import current, service
from decisions.services.rules import RuleBroken, hold, said
from governance.authority import exercise, moment
from governance.choices import ApprovedBy, BodyKind
from governance.models import Appointment, Body, Person
from meetings.rules.quorum import bylaws_floor
from meetings.selectors.minutes import unsigned_of
from meetings.services.base import OVERSIGHT

SEATS = "DR-33"
"""PC directors and officers: how many directors there are is for the shareholders (Corp. Code 212)."""
MOST = 99
"""Seats of a body at most."""
MOST_NOTICE = 720
"""Hours of notice of a special meeting at most."""


@service
def set_body_rule(
    *,
    actor: Person,
    body: Body,
    authorized: int,
    quorum: int | None,
    interested_counts: bool,
    minutes_approved_by: str,
    reason: str,
    special_notice: int | None = None,
) -> Body:
    """Change by which rule a body is quorate and approves its minutes, from now on.

    `quorum` None is a majority of the authorized number.

    `special_notice` is the notice that a special meeting needs, in hours; None leaves it.

    The Medical Director decides (DR-30); another authorized number of directors is for the shareholders (DR-33).
    Refused while a meeting of the body is in session or its minutes are unsigned: they tell by which rule it met.
    Raises AuthorityRefused, RuleBroken.
    """
    hold(body.practice)
    body = Body.objects.select_for_update(no_key=True, of=("self",)).select_related("practice").get(pk=body.pk)
    exercise(
        actor=actor,
        practice=body.practice,
        right=right_of(body, authorized),
        verb="body.rule_changed",
        reason=reason,
        attempted=f"{body}: {authorized} authorized, quorum {quorum or 'a majority'}",
        about=body,
    )
    said(reason=reason)
    _require_lawful(body, authorized, quorum)
    if minutes_approved_by not in ApprovedBy:
        known = ", ".join(ApprovedBy)
        raise RuleBroken("minutes_approved_by", f"Minutes: they are approved by one of {known}.")
    hours = body.special_notice if special_notice is None else special_notice
    if not 0 <= hours <= MOST_NOTICE:
        raise RuleBroken("special_notice", f"Special notice: 0 to {MOST_NOTICE} hours, not {hours}.")
    rule = {
        "authorized": authorized,
        "quorum": quorum,
        "interested_counts": interested_counts,
        "minutes_approved_by": minutes_approved_by,
        "special_notice": hours,
    }
    if {name: getattr(body, name) for name in rule} == rule:
        raise RuleBroken("rule", "Rule: this is the rule already.")
    if met := unsigned_of(body):
        raise RuleBroken(
            "rule",
            f"Rule: the minutes of the meeting of {met.practice.local(met.starts_at):%-d %B %Y} are not signed; they "
            "tell by which rule it met, so the rule changes after that.",
        )
    for name, value in rule.items():
        setattr(body, name, value)
    body.save()
    current().about(body)
    return body


def right_of(body: Body, authorized: int) -> str:
    """The right under which the change is decided."""
    return SEATS if body.kind == BodyKind.BOARD and authorized != body.authorized else OVERSIGHT


def _require_lawful(body: Body, authorized: int, quorum: int | None) -> None:
    """Raise RuleBroken for a rule that the law, or who holds a seat, does not allow."""
    least = 2 if body.kind == BodyKind.COMMITTEE else 1
    if not least <= authorized <= MOST:
        raise RuleBroken("authorized", f"Authorized: {least} to {MOST} seats, not {authorized} (Corp. Code 212, 311).")
    seated = Appointment.objects.in_force(moment()).filter(practice=body.practice, office=body.seat)
    members = seated.values("person").distinct().count()
    if body.kind != BodyKind.ADVISORY and members > authorized:
        raise RuleBroken("authorized", f"Authorized: {members} hold a seat; end an appointment first.")
    if quorum is None:
        return
    floor = 1 if body.kind == BodyKind.ADVISORY else bylaws_floor(authorized)
    if not floor <= quorum <= authorized:
        raise RuleBroken(
            "quorum",
            f"Quorum: {floor} to {authorized} of {authorized} seats, not {quorum}: at least a third and two, unless "
            "the body has one seat (Corp. Code 307(a)(7)).",
        )
