"""Markdown of the record as safe HTML, the same on the page, before the signer and in the sealed file."""

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

# Raw HTML stays visible as text. Links and images too: a record does not hang on what another address shows one day.
_PARSER = MarkdownIt("commonmark", {"html": False}).disable(["image", "link", "autolink", "reference"])

TAGS = {"p", "h2", "h3", "ul", "ol", "li", "blockquote", "strong", "em", "code", "pre", "hr", "br"}


def rendered(text: str) -> SafeString:
    """The HTML of a Markdown text: paragraphs, two levels of headings, lists, quotations, emphasis.

    The page or the document has its own h1, so headings begin at h2 and never skip a level (ISO 14289-1, 7.4.2).
    """
    tokens = _PARSER.parse(text)
    _level(tokens)
    html = _PARSER.renderer.render(tokens, _PARSER.options, {})
    return mark_safe(nh3.clean(html, tags=TAGS, attributes={"ol": {"start"}}))  # noqa: S308 - cleaned by nh3


def _level(tokens: list[Token]) -> None:
    under = False
    for token in tokens:
        if token.type == "heading_open":
            token.tag = "h3" if under and token.tag not in {"h1", "h2"} else "h2"
            under = True
            last = token.tag
        elif token.type == "heading_close":
            token.tag = last
