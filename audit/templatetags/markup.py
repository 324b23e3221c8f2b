"""Filters for the texts of the record: each is the same reading, for another place."""

from django import template
from django.utils.safestring import SafeString

from audit.markup import in_line, rendered

register = template.Library()


@register.filter
def markup(text: str) -> SafeString:
    """A text that stands for itself, with its headings: minutes, the record of a closed part."""
    return rendered(text)


@register.filter
def typed(text: str) -> SafeString:
    """A text of several lines under a heading of its page: a motion, a rationale, an account."""
    return rendered(text or "", headings=False)


@register.filter
def inline(text: str) -> SafeString:
    """A text inside a sentence or a cell, with its line ends."""
    return in_line(text or "")
