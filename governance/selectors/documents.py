"""Who may see a sealed document: by its compartment, through offices in force."""

from collections.abc import Collection, Iterable

from audit.models import Act, Document, Scrubbing
from audit.services.places import BYTES
from governance.choices import Office
from governance.models import Appointment, Person, Practice
from governance.offices import AUDIT, GRANTS, SEE, SEE_CONFIDENTIAL, SEE_PRIVILEGED

COMPARTMENTS: dict[str, str] = {
    "": SEE,
    "open": SEE,
    "confidential": SEE_CONFIDENTIAL,
    "privileged": SEE_PRIVILEGED,
}
"""The permission that opens each compartment; one that is not named here opens to nobody."""

WORDS = {SEE: "open", SEE_CONFIDENTIAL: "clinical confidential", SEE_PRIVILEGED: "attorney-client"}


def permissions_of(appointments: Iterable[Appointment]) -> frozenset[str]:
    """Everything these appointments grant."""
    return frozenset(name for one in appointments for name in GRANTS[Office(one.office)])


def compartment_of(permissions: Collection[str]) -> str:
    """The compartment of a document that shows everything these permissions open."""
    if SEE_PRIVILEGED in permissions:
        return "privileged"
    return "confidential" if SEE_CONFIDENTIAL in permissions else "open"


def needed(document: Document) -> frozenset[str]:
    """The permissions that open a document, all of them; a pack wants the audit room's too. Impossible when unknown."""
    opens = frozenset({COMPARTMENTS.get(document.compartment, "nobody")})
    return opens | {AUDIT} if document.kind == "pack" else opens


def offices_that_see(document: Document) -> frozenset[Office]:
    """The offices each of which alone opens the document."""
    return frozenset(office for office in Office if needed(document) <= GRANTS[office])


def document_for(person: Person, practice: Practice, sha256: str) -> Document | None:
    """The practice's newest document with this hash that the person may see; else it does not exist.

    The same bytes may lie in a closed part as well: that hides no document that is open.
    """
    documents = Document.objects.filter(practice=practice.pk, sha256=sha256).order_by("-pk")
    return next((one for one in documents if may_open(person, practice, one)), None)


def dropped_by(document: Document) -> Act | None:
    """The act of the scrub that dropped the document's bytes, with its entry; None while they are kept."""
    acts = (
        Scrubbing.objects.standing()
        .filter(table_name=Document._meta.db_table, row_key=str(document.pk), column_name=BYTES)
        .values("act_id")
    )
    return Act.objects.select_related("entry").filter(pk__in=acts).first()


def may_open(person: Person, practice: Practice, document: Document) -> bool:
    """Whether grants and an appointment in force, both, open the document to a person."""
    return all(Practice.objects.visible_to(person, name).filter(pk=practice.pk).exists() for name in needed(document))
