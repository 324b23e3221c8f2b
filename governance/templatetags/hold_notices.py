"""Legal holds on the pages of what they preserve."""

from typing import Any

from django import template
from django.template import RequestContext

from governance.models import Practice
from governance.offices import AUDIT
from governance.selectors.documents import permissions_of
from governance.selectors.holds import sides_of, standing_on

register = template.Library()


@register.inclusion_tag("governance/_hold_notice.html", takes_context=True)
def hold_notice(context: RequestContext, practice: Practice, kind: str, key: object) -> dict[str, Any]:
    """The holds of the reader's own side on an object; for readers to whom the audit room is open, each with a link."""
    offices = context.request.offices  # type: ignore[attr-defined]
    standing = standing_on(practice, sides_of(offices), kind, key)
    return {"practice": practice, "standing": standing, "opens": AUDIT in permissions_of(offices)}
