"""The shape of a section of an audit pack. Sections are wired in settings, so audit knows none of the apps."""

from dataclasses import dataclass, field
from typing import Any

from audit.models import Document


@dataclass(frozen=True, kw_only=True)
class Section:
    """One section: a template rendered with its context, sealed documents joined after it, and data files attached.

    `data` maps a file name to rows, of which the first is the heading.
    """

    title: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)
    documents: list[Document] = field(default_factory=list)
    data: dict[str, list[list[str]]] = field(default_factory=dict)
