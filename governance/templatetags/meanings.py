"""What a form means, beside the form."""

from collections.abc import Collection
from typing import Any

from django import template

from governance.explaining import meaning_of
from governance.models import DecisionRight
from governance.web import rights_now

register = template.Library()


@register.inclusion_tag("components/means.html", takes_context=True)
def means(
    context: dict[str, Any],
    key: str = "",
    act: str = "",
    *,
    under: Collection[DecisionRight] = (),
    effects: Collection[str] = (),
    brief: bool = False,
    title: str = "What this act means",
) -> dict[str, Any]:
    """What sending a form means. `key`: the name of the address it goes to, by default that of this page.

    `act`: which of several forms at one address; `under`: the rights of the case at hand, where the meaning names
    none; `effects`: sentences on the case at hand; `brief`: folded until it is wanted, where a page has several.
    """
    request = context["request"]
    key = " ".join(filter(None, [key or request.resolver_match.view_name, act]))
    said, known = meaning_of(key), rights_now(request)
    return {
        "key": key,
        "said": said,
        "rights": under or [known[code] for code in said.rights if code in known],
        "effects": effects,
        "open": not brief,
        "title": title,
        "practice": request.practice,
    }
