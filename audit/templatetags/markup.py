"""Filters for the texts of the record."""

from django import template
from django.utils.safestring import SafeString

from audit.markup import rendered

register = template.Library()


@register.filter
def markup(text: str) -> SafeString:
    """Markdown as safe HTML."""
    return rendered(text)
