"""A version of the catalogue being written. A draft is no record: it is overwritten, and no act tells of it."""

from django.db import transaction

from governance.authority import offices_of
from governance.catalogue import CatalogueRefused, RightText, check_right, settled
from governance.choices import Office
from governance.models import CatalogueDraft, Person, Practice
from governance.selectors.catalogue import latest_version, texts_of


def begin_draft(*, actor: Person, practice: Practice) -> CatalogueDraft:
    """The person's draft here; a new one is a copy of the latest version."""
    base = latest_version(practice)
    draft, _ = CatalogueDraft.objects.get_or_create(
        practice=practice,
        person=actor,
        defaults={
            "base": base,
            "rights": {code: right.written() for code, right in texts_of(base).items()},
            "amended_under": base.amended_under,
        },
    )
    return draft


def write_right(*, actor: Person, draft: CatalogueDraft, right: RightText) -> RightText:
    """Write one right of the draft, new or changed. Raises CatalogueRefused at the field that is wrong."""
    with transaction.atomic():
        draft = _own(actor, draft)
        base = texts_of(draft.base).get(right.code)
        by_counsel = any(one.office == Office.PC_COUNSEL for one in offices_of(actor, draft.practice))
        check_right(right, base)
        right = settled(right, base, by_counsel=by_counsel)
        draft.rights[right.code] = right.written()
        draft.save()
    return right


def drop_right(*, actor: Person, draft: CatalogueDraft, code: str) -> None:
    """Leave a right out of the draft. Raises CatalogueRefused for one that the law reserves to physicians."""
    with transaction.atomic():
        draft = _own(actor, draft)
        base = texts_of(draft.base).get(code)
        if base is not None and base.reserved:
            raise CatalogueRefused("code", f"{code} is reserved to physicians by law and cannot be left out.")
        draft.rights.pop(code, None)
        draft.save()


def restore_right(*, actor: Person, draft: CatalogueDraft, code: str) -> None:
    """Have a right of the draft read as in the version it was drafted from; a new one goes."""
    with transaction.atomic():
        draft = _own(actor, draft)
        base = texts_of(draft.base).get(code)
        draft.rights.pop(code, None)
        if base is not None:
            draft.rights[code] = base.written()
        draft.save()


def name_amending_right(*, actor: Person, draft: CatalogueDraft, code: str) -> None:
    """Name the right under which the version that follows this one will be adopted. Raises CatalogueRefused."""
    with transaction.atomic():
        draft = _own(actor, draft)
        right = draft.rights.get(code)
        if right is None or right["holder"] != "PC":
            raise CatalogueRefused("amended_under", "Adopted under: name a right of the PC that stands in this draft.")
        draft.amended_under = code
        draft.save()


def discard_draft(*, actor: Person, draft: CatalogueDraft) -> None:
    """Throw a draft away; nothing of it was a record."""
    with transaction.atomic():
        _own(actor, draft).delete()


def _own(actor: Person, draft: CatalogueDraft) -> CatalogueDraft:
    """The draft, locked. Raises CatalogueDraft.DoesNotExist when it is gone or somebody else's."""
    return CatalogueDraft.objects.select_for_update(no_key=True, of=("self",)).get(pk=draft.pk, person=actor)
