"""What is mailed about legal holds: that one was lifted, and nothing of what it was about."""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from governance.mail import Letter
from governance.models import Hold, Person, Practice
from governance.selectors.holds import told_of_lifting


def hold_lifted(practice: Practice, person: Person, arguments: dict[str, Any]) -> Letter | None:
    """To counsel of the hold's side and to whoever acknowledged it; nothing to who holds no office there any more."""
    hold = Hold.objects.filter(practice=practice, pk=arguments["hold"], lifted_at__isnull=False).first()
    if hold is None or hold.lifted_at is None or person not in told_of_lifting(hold):
        return None
    context = {
        "practice": practice,
        "person": person,
        "hold": hold,
        "lifted_at": practice.local(hold.lifted_at),
        "page": f"{settings.SITE_URL}{reverse('governance:hold', args=[practice.slug, hold.code])}",
    }
    return Letter(
        subject=f"{practice.name}: legal hold {hold.code} was lifted",
        text=render_to_string("governance/mail/hold_lifted.txt", context),
    )
