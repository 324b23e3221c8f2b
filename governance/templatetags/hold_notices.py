"""Legal holds on the pages of what they preserve."""

from typing import Any

from django import template

from governance.models import Practice
from governance.selectors.holds import standing_on

register = template.Library()


@register.inclusion_tag("governance/_hold_notice.html")
def hold_notice(practice: Practice, kind: str, key: object) -> dict[str, Any]:
    """The holds that stand on an object, each with a link."""
    return {"practice": practice, "standing": standing_on(practice, kind, key)}
