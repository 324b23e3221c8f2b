"""The catalogue in the demonstration: counsel's first version is adopted, the next is in review; and a delegation."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from decisions.services.log import record_decision
from governance.choices import Opinion
from governance.models import CatalogueVersion, Person
from governance.selectors.catalogue import latest_version, texts_of
from governance.services.catalogue import adopt_version, propose_version, review_version
from governance.services.delegations import delegate
from governance.services.drafts import begin_draft, write_right
from meetings.demonstration.diary import ZONE, Diary, first_of
from meetings.demonstration.gatherings import Event, Gathering
from meetings.demonstration.people import People
from meetings.models import AgendaItem, Meeting
from meetings.services.outcomes import decide_under_item

CONFIRMED = ("DR-05", "DR-16", "DR-17", "DR-18", "DR-23")
"""The rights whose basis counsel confirmed in the first review."""


class CatalogueStory:
    """What happens to the catalogue, month by month."""

    def __init__(self, people: People, diary: Diary) -> None:
        self.people, self.diary = people, diary

    def second_version(self, index: int) -> None:
        """Counsel proposes what the review of the starter found, and clears it."""
        people, diary = self.people, self.diary
        changes: dict[str, dict[str, Any]] = {code: {"confirmed": True} for code in CONFIRMED}
        changes["DR-20"] = {
            "basis": "HSC 1191(a)(1)(D) and (a)(2)(B); B&P 2400",
            "other_side_note": "MSO is consulted on feasibility and cost; its answer is minuted",
            "confirmed": True,
        }
        changes["DR-38"] = {
            "other_side": "consulted",
            "other_side_note": "PC is consulted where care or the record is affected",
        }
        with diary.on(max(diary.day(index, 7, 10), diary.at + timedelta(minutes=9))):
            self._propose(
                people.holt,
                changes,
                "Six bases that waited for counsel are confirmed. On facilities, vendors and IT the corporation is"
                " consulted, and no longer only told, where care or the record is affected.",
            )
        with diary.next(60 * 26):
            review_version(
                actor=people.holt,
                version=CatalogueVersion.objects.get(practice=people.practice, number=2),
                outcome=Opinion.CLEARED,
                opinion="Every right that the law reserves to physicians stays where it was. The citations were read"
                " against the statutes in force. Four bases stay marked for confirmation.",
            )

    def adoption(self, meeting: Meeting) -> Event:
        """An event: the board decides, and one of the directors adopts the version for the next month."""

        def event(gathering: Gathering, item: AgendaItem) -> None:
            people, diary = self.people, self.diary
            carried = gathering.carry(item, "To adopt version 2 of the catalogue of decision rights from next month.")
            with diary.next(2):
                decided = decide_under_item(
                    actor=people.marsh,
                    item=item,
                    right="DR-34",
                    title="Version 2 of the catalogue of decision rights",
                    text="The catalogue that counsel reviewed is adopted and replaces the draft.",
                    rationale="Counsel cleared it; no right moves across the line.",
                    motion=carried,
                )
            with diary.next(2):
                adopt_version(
                    actor=people.ortiz,
                    version=CatalogueVersion.objects.get(practice=people.practice, number=2),
                    resolution=f"Decision {decided.code} of the board, on a motion that carried at this meeting.",
                    effective_on=first_of(diary.at.astimezone(ZONE).date(), 1),
                )

        return event

    def stand_in(self, index: int) -> None:
        """The Medical Director is away; another physician decides in her place, and the record says so."""
        people, diary = self.people, self.diary
        with diary.on(max(diary.day(index, 2, 8), diary.at + timedelta(minutes=9))):
            delegate(
                actor=people.marsh,
                practice=people.practice,
                delegate=people.ortiz,
                rights=["DR-16", "DR-24"],
                ends_at=diary.at + timedelta(days=16),
                reason="Away at a conference and on leave.",
            )
        with diary.next(60 * 30):
            record_decision(
                actor=people.ortiz,
                practice=people.practice,
                right="DR-24",
                title="Second vaccine refrigerator for Riverside",
                text="A purpose-built refrigerator with a telephone alarm is bought; the model is the one on the list.",
                rationale="The alarm of the old one rings in an empty building.",
            )

    def third_version(self) -> None:
        """The management company proposes the next version; counsel has it under review."""
        self._propose(
            self.people.quill,
            {
                "DR-37": {
                    "other_side_note": "Templates that set visit volume are DR-04; changes are told a week ahead"
                },
                "DR-39": {"other_side": "consulted"},
            },
            "The front desk's changes are announced a week ahead, and the corporation is consulted on reporting.",
        )

    def _propose(self, actor: Person, changes: dict[str, dict[str, Any]], summary: str) -> None:
        draft = begin_draft(actor=actor, practice=self.people.practice)
        texts = texts_of(latest_version(self.people.practice))
        for code, values in changes.items():
            write_right(actor=actor, draft=draft, right=replace(texts[code], **values))
        propose_version(actor=actor, draft=draft, summary=summary)
