"""Versions of the catalogue: drafted, proposed, reviewed by counsel, adopted by the PC; no version rules before."""

from datetime import date, datetime, time

from django.conf import settings
from django.db.models import Max
from django.utils.module_loading import import_string

from audit.acts import current, record, service
from audit.models import Act
from audit.services import jobs
from governance.authority import exercise, moment, never_for_the_past, take_part
from governance.catalogue import CatalogueRefused, RightText, check_version, settled
from governance.choices import CatalogueState, Office, Opinion, Side
from governance.models import (
    CatalogueAdoption,
    CatalogueDraft,
    CatalogueReview,
    CatalogueVersion,
    DecisionRight,
    Person,
    Practice,
)
from governance.selectors.catalogue import latest_version, texts_of
from governance.selectors.physicians import physicians

RENDERER = "catalogue"
SHORTEST = 10
"""Characters of an opinion, a resolution or a reason; what is shorter says nothing."""


@service
def propose_version(*, actor: Person, draft: CatalogueDraft, summary: str) -> CatalogueVersion:
    """Submit a draft: it becomes a proposed version of the record and is deleted. It does not rule.

    Raises AuthorityRefused, CatalogueRefused.
    """
    practice = _lock(draft.practice)
    take_part(
        actor=actor, practice=practice, verb="catalogue.proposed", right=_amending(practice), attempted=summary[:200]
    )
    draft = CatalogueDraft.objects.select_for_update(no_key=True, of=("self",)).get(pk=draft.pk)
    if draft.person_id != actor.pk:
        raise CatalogueRefused("rights", "A draft is submitted by whoever wrote it.")
    _said("summary", "What changes, and why", summary)
    latest = latest_version(practice)
    if draft.base_id != latest.pk:
        raise CatalogueRefused(
            "rights", f"Version {latest.number} was adopted meanwhile; draft the changes anew from it."
        )
    base = texts_of(latest)
    by_counsel = current().office == Office.PC_COUNSEL
    rights = {code: RightText.read(values) for code, values in sorted(draft.rights.items())}
    rights = {code: settled(one, base.get(code), by_counsel=by_counsel) for code, one in rights.items()}
    check_version(rights, base, amended_under=draft.amended_under)
    highest = CatalogueVersion.objects.filter(practice=practice).aggregate(n=Max("number"))["n"] or 0
    version = CatalogueVersion.objects.create(
        practice=practice,
        number=highest + 1,
        state=CatalogueState.PROPOSED,
        base=latest,
        summary=summary.strip(),
        amended_under=draft.amended_under,
        proposed_by=actor,
        proposed_at=moment(),
    )
    for right in rights.values():
        record(DecisionRight, catalogue=version, **right.written())
    draft.delete()
    _about(version)
    return version


@service
def review_version(*, actor: Person, version: CatalogueVersion, outcome: str, opinion: str) -> CatalogueReview:
    """PC counsel's review, with the opinion. Raises AuthorityRefused, CatalogueRefused."""
    practice = _lock(version.practice)
    take_part(
        actor=actor,
        practice=practice,
        verb="catalogue.reviewed",
        offices={Office.PC_COUNSEL},
        right=_amending(practice),
        attempted=f"Review of version {version.number}",
    )
    version = _again(version)
    if outcome not in Opinion.values:
        raise CatalogueRefused("outcome", "Outcome: counsel clears the version, or asks for changes.")
    _said("opinion", "Opinion", opinion)
    if version.state not in {CatalogueState.STARTER, CatalogueState.PROPOSED}:
        raise CatalogueRefused("outcome", f"Version {version.number} is {version.get_state_display().lower()} already.")
    review = record(
        CatalogueReview,
        version=version,
        person=actor,
        outcome=outcome,
        opinion=opinion.strip(),
        reviewed_at=moment(),
    )
    _about(version)
    return review


@service
def adopt_version(
    *, actor: Person, version: CatalogueVersion, resolution: str, effective_on: date | None = None
) -> CatalogueVersion:
    """Adopt a version that counsel has cleared; it rules from the beginning of `effective_on`, tomorrow or later.

    No version changes the rules of a day that has begun. The starter rules already, so its day is not asked; adopting
    it ends its being a draft. `resolution` cites, by its number, the decision of the board under the right of
    adoption, where the actor is one of several directors; else it says why. Raises AuthorityRefused, CatalogueRefused.
    """
    practice = _lock(version.practice)
    ruling = exercise(
        actor=actor,
        practice=practice,
        right=_amending(practice),
        verb="catalogue.adopted",
        attempted=f"Adoption of version {version.number} of the catalogue",
        reason=resolution.strip(),
    )
    if rule := never_for_the_past("The adoption of a catalogue"):
        raise CatalogueRefused("effective_on", f"In force from: {rule}")
    version = _again(version)
    cleared_at = _may_be_adopted(version, practice)
    _said("resolution", "Resolution", resolution)
    spent = CatalogueAdoption.objects.filter(version__practice=practice).values_list("resolution", flat=True)
    if missing := import_string(settings.RESOLUTIONS)(ruling, resolution, since=cleared_at, spent=spent):
        raise CatalogueRefused("resolution", f"Resolution: {missing}")
    now = moment()
    alone = version.proposed_by_id == actor.pk
    if alone and (physicians(practice, now) != 1 or _proposed_for_the_mso(version)):
        raise CatalogueRefused("resolution", "You proposed this version; another who holds the right adopts it.")
    starts = _beginning(version, practice, effective_on, now)
    assert ruling.right
    assert ruling.appointment
    record(
        CatalogueAdoption,
        version=version,
        right=ruling.right,
        appointment=ruling.appointment,
        person=actor,
        proposer=version.proposed_by,
        resolution=resolution.strip(),
        effective_from=starts,
        adopted_at=now,
        sole_physician=alone,
    )
    version.state, version.effective_from = CatalogueState.ADOPTED, starts
    version.adopted_on = practice.local(now).date()
    version.save()
    _about(version)
    jobs.ask(
        key=f"catalogue/{version.pk}",
        renderer=RENDERER,
        practice_id=practice.pk,
        arguments={"version": version.pk},
    )
    return version


@service
def set_version_aside(*, actor: Person, version: CatalogueVersion, reason: str) -> CatalogueVersion:
    """Take a proposed version back (its proposer), or decline it (who may adopt it).

    Raises AuthorityRefused, CatalogueRefused.
    """
    practice = _lock(version.practice)
    version = _again(version)
    attempted, code = f"Setting version {version.number} of the catalogue aside", _amending(practice)
    verb = "catalogue.set_aside"
    if version.proposed_by_id == actor.pk:
        take_part(actor=actor, practice=practice, verb=verb, right=code, reason=reason.strip(), attempted=attempted)
    else:
        exercise(actor=actor, practice=practice, verb=verb, right=code, reason=reason.strip(), attempted=attempted)
    _said("reason", "Reason", reason)
    if version.state != CatalogueState.PROPOSED:
        raise CatalogueRefused("reason", f"Version {version.number} is {version.get_state_display().lower()} already.")
    version.state, version.closing_reason = CatalogueState.SET_ASIDE, reason.strip()
    version.save()
    _about(version)
    return version


def _may_be_adopted(version: CatalogueVersion, practice: Practice) -> datetime:
    """When counsel cleared it; raise CatalogueRefused unless it follows the latest and keeps what the law reserves."""
    if version.state not in {CatalogueState.STARTER, CatalogueState.PROPOSED}:
        raise CatalogueRefused(
            "resolution", f"Version {version.number} is {version.get_state_display().lower()} already."
        )
    review = version.reviews.first()
    if review is None or review.outcome != Opinion.CLEARED:
        raise CatalogueRefused(
            "resolution", f"{practice.name}'s counsel has not cleared version {version.number}; that comes first."
        )
    latest = latest_version(practice)
    if version.base_id is None and latest.pk == version.pk:
        return review.reviewed_at
    if version.base_id != latest.pk:
        raise CatalogueRefused(
            "resolution", f"Version {latest.number} was adopted meanwhile; what follows it is drafted anew from it."
        )
    check_version(texts_of(version), texts_of(latest), amended_under=version.amended_under)
    return review.reviewed_at


def _beginning(version: CatalogueVersion, practice: Practice, wanted: date | None, now: datetime) -> datetime:
    if version.effective_from is not None:
        return version.effective_from
    if wanted is None or wanted <= practice.local(now).date():
        raise CatalogueRefused(
            "effective_on", "In force from: tomorrow or later; no version changes the rules of a day that has begun."
        )
    starts = datetime.combine(wanted, time.min, practice.zone)
    latest = latest_version(practice)
    assert latest.effective_from
    if starts <= latest.effective_from:
        day = practice.local(latest.effective_from)
        raise CatalogueRefused(
            "effective_on", f"In force from: after version {latest.number}, which begins on {day:%-d %B %Y}."
        )
    return starts


def _proposed_for_the_mso(version: CatalogueVersion) -> bool:
    """Whether the proposer spoke for the management company; then not even the sole physician adopts it."""
    return Act.objects.filter(pk__in=version.history.filter(history_type="+").values("act_id"), side=Side.MSO).exists()


def _lock(practice: Practice) -> Practice:
    """Lock the practice's row, so that versions are proposed and adopted one by one."""
    return Practice.objects.select_for_update(no_key=True).get(pk=practice.pk)


def _again(version: CatalogueVersion) -> CatalogueVersion:
    return CatalogueVersion.objects.select_for_update(no_key=True, of=("self",)).get(pk=version.pk)


def _amending(practice: Practice) -> str:
    """The right under which a version is adopted: the catalogue in force names it."""
    version = CatalogueVersion.objects.ruling(practice, moment()).first()
    return version.amended_under if version else ""


def _about(version: CatalogueVersion) -> None:
    current().about(version, key=str(version))


def _said(field: str, label: str, text: str) -> None:
    if len(text.strip()) < SHORTEST:
        raise CatalogueRefused(field, f"{label}: at least {SHORTEST} characters; it stands in the record.")
