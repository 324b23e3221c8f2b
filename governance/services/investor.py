"""Who invests in the practice, as the practice records it: it decides what reports say of Health & Safety Code 1191."""

from audit.acts import current, service
from governance.authority import exercise
from governance.choices import Investor
from governance.models import Person, Practice

RIGHT = "DR-30"
"""It is recorded under the right to oversight: it decides what the reports of oversight say."""
SHORTEST_REASON = 10


class InvestorRefused(ValueError):
    """What was entered contradicts a rule; `field` names where, the message says which."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@service
def state_investor(*, actor: Person, practice: Practice, investor: str, reason: str) -> Practice:
    """Record what kind of investor stands behind the practice. Raises AuthorityRefused, InvestorRefused."""
    practice = Practice.objects.select_for_update(no_key=True).get(pk=practice.pk)
    exercise(
        actor=actor,
        practice=practice,
        right=RIGHT,
        verb="investor.stated",
        reason=reason.strip(),
        attempted=f"Investor: {investor}",
        about=practice,
    )
    if investor not in Investor.values:
        raise InvestorRefused("investor", f"Investor: one of {', '.join(Investor.values)}, not “{investor}”.")
    if len(reason.strip()) < SHORTEST_REASON:
        raise InvestorRefused("reason", f"Reason: say in at least {SHORTEST_REASON} characters what it stands on.")
    if practice.investor == investor:
        raise InvestorRefused("investor", f"Investor: “{practice.get_investor_display()}” is recorded already.")
    practice.investor = investor
    practice.save()
    current().about(practice, key=practice.slug)
    return practice
