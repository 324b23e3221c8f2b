"""Which table is kept how. Every model of ours is governed, recorded, part of the ledger, or named here."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from django.apps import apps
from django.conf import settings
from django.db import models

OUR_APPS = ("audit", "governance", "registers", "decisions", "meetings")

LEDGER = {
    "audit.Log",
    "audit.Head",
    "audit.Entry",
    "audit.Act",
    "audit.Part",
    "audit.Checkpoint",
    "audit.AccessEvent",
    "audit.AccessBatch",
}
"""What only functions of the owner insert. The application reads."""

EXEMPT: dict[str, str] = {
    "governance.Account": "the sign-in; holds a password hash, which never enters history",
    "governance.Account_groups": "Django's groups of sign-ins; they give nothing here",
    "governance.Account_user_permissions": "Django's permissions of sign-ins; they give nothing here",
    "governance.Shared": "counts of failed sign-ins and the like; forgotten by themselves",
    "governance.CatalogueDraft": "a version of the catalogue being written; no record until submitted",
    "governance.Mail": "a mail to be sent, without its text; what it tells of stands in the record",
    "governance.ImportDraft": "a file that was uploaded and is looked at before it is imported; forgotten within a day",
    "audit.Job": "a rendering to be done; its result is a sealed document",
    "meetings.CalendarFeed": "the hash of a secret address; like a sign-in, of no practice; the access log tells of it",
    "meetings.ItemDraft": "what is being typed for an item; deleted when it is recorded",
    "meetings.WorkingDraft": "what is being typed; no record until submitted",
    "meetings.ClosedDraft": "what is being typed of a closed part; no record until submitted",
}
"""Models of ours that keep no record, each with its reason."""


class Kind(StrEnum):
    GOVERNED = "governed"
    HISTORY = "history"
    RECORDED = "recorded"
    LEDGER = "ledger"
    EXEMPT = "exempt"


@dataclass(frozen=True)
class Table:
    """A table and how it is kept; `history` and `base` name the other half of a governed pair."""

    name: str
    kind: Kind
    key: str
    base: str = ""
    history: str = ""
    removable: bool = False
    by_owner: bool = False
    """Only functions of the owner insert here."""
    closed: bool = False
    """Its rows lie in a closed compartment: no timeline, search or pack of the open record reads them."""


def kind_of(model: type[models.Model]) -> Kind:
    """How the tables of this model are kept. Raises LookupError when nobody said."""
    from_history = getattr(model, "instance_type", None)
    if from_history is not None:
        return Kind.HISTORY
    if model._meta.label in LEDGER:
        return Kind.LEDGER
    if hasattr(model, "history"):
        return Kind.GOVERNED
    if any(base.__name__ == "Recorded" for base in model.__mro__):
        return Kind.RECORDED
    if model._meta.label in EXEMPT:
        return Kind.EXEMPT
    raise LookupError(
        f"{model._meta.label} is neither governed nor recorded, and audit.registry.EXEMPT gives no reason for it."
    )


def is_closed(model: type[models.Model]) -> bool:
    """Whether rows of this model lie in a closed compartment: recorded rows, or drafts of them, that say so."""
    return bool(getattr(model, "closed", False))


@cache
def closed_tables() -> frozenset[str]:
    """The tables of closed compartments."""
    return frozenset(table.name for table in tables() if table.closed)


@cache
def tables() -> tuple[Table, ...]:
    """Every table of the installation, ours by its kind, those of the libraries as exempt."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        meta = model._meta
        if not meta.managed or meta.proxy:
            continue
        if meta.app_label not in OUR_APPS:
            found.append(Table(meta.db_table, Kind.EXEMPT, str(meta.pk.column)))
            continue
        kind = kind_of(model)
        if kind is Kind.HISTORY:
            base = model.instance_type._meta  # type: ignore[attr-defined]
            found.append(Table(meta.db_table, kind, "history_id", base=base.db_table, history=meta.db_table))
        elif kind is Kind.GOVERNED:
            history = model.history.model._meta.db_table  # type: ignore[attr-defined]
            removable = getattr(model, "removable", False)
            found.append(Table(meta.db_table, kind, str(meta.pk.column), meta.db_table, history, removable))
        else:
            by_owner, closed = getattr(model, "by_owner", False), is_closed(model)
            found.append(Table(meta.db_table, kind, str(meta.pk.column), by_owner=by_owner, closed=closed))
    return tuple(sorted(found, key=lambda table: table.name))


@dataclass(frozen=True)
class Scrubbable:
    """A text column in which a span may be scrubbed; `history` is the other table that holds copies of it."""

    table: str
    column: str
    key: str
    history: str = ""


@cache
def scrubbable() -> tuple[Scrubbable, ...]:
    """Every text that `audit.scrub` accepts: those settings.SCRUBBABLE names, acts' reasons and payloads, documents."""
    found = [
        Scrubbable("audit_act", "reason", "id"),
        Scrubbable("audit_part", "body", "id"),
        Scrubbable("audit_scrubbing", "remains", "id"),
        Scrubbable("audit_document", "title", "id"),
        # The sealed file itself: no column; the scrub notes that its bytes may go, its hash stays.
        Scrubbable("audit_document", "bytes", "id"),
    ]
    kept = {table.name: table for table in tables()}
    for label, (_, fields) in settings.SCRUBBABLE.items():
        meta = apps.get_model(label)._meta
        table = kept[meta.db_table]
        found += [Scrubbable(table.name, meta.get_field(name).column, table.key, table.history) for name in fields]
    return tuple(found)
