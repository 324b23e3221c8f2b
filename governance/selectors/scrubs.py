"""Reads about scrubs: what waits for a second person, what was decided, what may be destroyed."""

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max, QuerySet

from audit.models import Act, Confirmation, Destruction, Opening, Restoration, Scrubbing, Sequestered
from audit.services.places import closed_parts_of
from governance.choices import Office
from governance.models import Appointment, Hold, Person, Practice
from governance.offices import PHYSICIANS
from governance.selectors.licenses import license_states

TERM = timedelta(days=30)
"""How long hidden text is kept at least, from the decision on it and from the last hold (governance.kept_for)."""


@dataclass(frozen=True, kw_only=True)
class Scrub:
    """One scrub: its act, its places, and what a second person said."""

    act: Act
    places: list[Scrubbing]
    kept: list[Sequestered]
    answer: Act | None
    openings: list[Act]
    destroyed: Act | None

    @property
    def state(self) -> str:
        """waiting, confirmed, restored, destroyed; `former` for one made before a second person was asked."""
        if self.destroyed:
            return "destroyed"
        if self.answer:
            return "confirmed" if self.answer.verb == "scrub.confirmed" else "restored"
        return "waiting" if self.kept else "former"


@dataclass(frozen=True, kw_only=True)
class Inventory:
    """What is due for disposal, and the hash of the list as it is shown."""

    values: list[Sequestered]
    lines: list[dict[str, str]]

    @property
    def sha256(self) -> str:
        """Of the canonical list."""
        return hashlib.sha256(json.dumps(self.lines, sort_keys=True).encode()).hexdigest()


def decided(scrub: UUID) -> bool:
    """Whether a second person has confirmed a scrub or taken it back."""
    return (
        Confirmation.objects.filter(scrub=scrub).exists() or Restoration.objects.filter(scrubbing__act=scrub).exists()
    )


def scrub_acts(practice: Practice) -> QuerySet[Act]:
    """Every act that scrubbed a text of the practice, the newest first."""
    found = Scrubbing.objects.filter(act__practice=practice.pk).values("act")
    return Act.objects.filter(pk__in=found).select_related("entry").order_by("-recorded_at")


def undecided_of(practice: Practice) -> QuerySet[Scrubbing]:
    """The places of the practice's scrubs that wait for a second person."""
    return Scrubbing.objects.undecided().filter(act__practice=practice.pk)


def waits_behind_another(practice: Practice, scrub: UUID) -> bool:
    """Whether an earlier scrub, of which some text is the same, waits for a second person."""
    own = list(Scrubbing.objects.filter(act=scrub))
    earlier = undecided_of(practice).exclude(act=scrub).filter(pk__lt=max(place.pk for place in own))
    rows = {(place.table_name, place.row_key) for place in own}
    rows |= {(table, str(key)) for place in own for table, key in place.rows}
    return any(
        {(one.table_name, one.row_key), *((table, str(key)) for table, key in one.rows)} & rows for one in earlier
    )


def second_persons(practice: Practice, beside: Person, at: datetime) -> list[str]:
    """Names of those who could decide on a scrub of this person: physicians with a license in force, PC counsel.

    As governance.second_person in SQL.
    """
    held = Appointment.objects.in_force(at).filter(practice=practice, office__in=[*PHYSICIANS, Office.PC_COUNSEL])
    others = list(held.exclude(person=beside).select_related("person"))
    licenses = license_states(practice, at, [one.person_id for one in others])
    found = {one.person for one in others if one.office == Office.PC_COUNSEL or licenses[one.person_id].in_force}
    return sorted(str(person) for person in found)


def scrubs(acts: Collection[Act], parts: Collection[int]) -> list[Scrub]:
    """These scrubbing acts with all that became of them, of those whose places are open to whoever looks.

    `parts` are the closed parts open to that person. The number of queries does not grow with theirs.
    """
    keys = [act.pk for act in acts]
    places: dict[UUID, list[Scrubbing]] = {key: [] for key in keys}
    for place in Scrubbing.objects.filter(act__in=keys).order_by("pk"):
        places[place.act_id].append(place)
    closed = closed_parts_of(place for own in places.values() for place in own)
    kept: dict[UUID, list[Sequestered]] = {key: [] for key in keys}
    for value in Sequestered.objects.filter(scrubbing__act__in=keys).select_related("scrubbing").order_by("pk"):
        kept[value.scrubbing.act_id].append(value)
    answers = dict(Confirmation.objects.filter(scrub__in=keys).values_list("scrub", "act"))
    answers |= dict(Restoration.objects.filter(scrubbing__act__in=keys).values_list("scrubbing__act", "act"))
    ended = Destruction.objects.filter(sequestered__scrubbing__act__in=keys)
    destroyed = dict(ended.values_list("sequestered__scrubbing__act", "act"))
    opened = list(
        Opening.objects.filter(sequestered__scrubbing__act__in=keys).values_list("sequestered__scrubbing__act", "act")
    )
    wanted = {*answers.values(), *destroyed.values(), *(act for _, act in opened)}
    named = Act.objects.select_related("entry").in_bulk(wanted)
    return [
        Scrub(
            act=act,
            places=places[act.pk],
            kept=kept[act.pk],
            answer=named.get(answers.get(act.pk)),
            openings=sorted({named[one] for scrub, one in opened if scrub == act.pk}, key=lambda one: one.entry.index),
            destroyed=named.get(destroyed.get(act.pk)),
        )
        for act in acts
        if places[act.pk] and {closed[place.pk] for place in places[act.pk]} <= {None, *parts}
    ]


def disposable(practice: Practice, at: datetime) -> Inventory:
    """Everything of the practice whose term is over at a moment, holds and undecided scrubs left aside."""
    lifted = Hold.objects.filter(practice=practice).aggregate(last=Max("lifted_at"))["last"]
    if lifted and lifted + TERM > at:
        return Inventory(values=[], lines=[])
    kept = Sequestered.objects.filter(practice=practice.pk, destruction__isnull=True).select_related("scrubbing")
    confirmed = Confirmation.objects.filter(practice=practice.pk, confirmed_at__lte=at - TERM).values("scrub")
    restored = Restoration.objects.filter(act__practice=practice.pk, restored_at__lte=at - TERM)
    values = [
        *kept.filter(scrubbing__act__in=confirmed),
        *kept.filter(scrubbing__in=restored.values("scrubbing")),
    ]
    values.sort(key=lambda value: value.pk)
    acts = Act.objects.select_related("entry").in_bulk({value.scrubbing.act_id for value in values})
    return Inventory(values=values, lines=[_line(value, acts[value.scrubbing.act_id]) for value in values])


def _line(value: Sequestered, scrub: Act) -> dict[str, str]:
    return {
        "value": str(value.pk),
        "where": value.scrubbing.where,
        "hidden_by": scrub.actor_name,
        "hidden_at": scrub.occurred_at.isoformat(timespec="seconds"),
        "entry": str(scrub.entry.index),
        "size": str(value.size),
        "sha256": value.sha256,
    }
