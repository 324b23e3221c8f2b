"""What a pack leaves out as scrubbed, or as sealed after its checkpoint, in words that a stranger understands."""

from functools import cached_property
from typing import Any
from uuid import UUID

from audit.models import Act, Confirmation, Destruction, Document, Log, Scrubbing
from audit.services.places import BYTES
from audit.verifier.reasons import PATIENT_DATA, SCRUBBED
from governance.models import Practice


class Scrubbed:
    """The scrubs of a practice, as a pack of the first `size` entries of its log tells them."""

    def __init__(self, practice: Practice, log: Log, size: int) -> None:
        self.practice, self.log, self.size = practice, log, size

    @cached_property
    def _acts(self) -> dict[UUID, Act]:
        acts = Act.objects.filter(entry__log=self.log, verb="text.scrubbed", outcome=Act.Outcome.DONE)
        return {act.pk: act for act in acts.select_related("entry")}

    @cached_property
    def _notes(self) -> list[Scrubbing]:
        return list(Scrubbing.objects.standing().filter(act__in=self._acts).order_by("pk"))

    @cached_property
    def _answers(self) -> dict[UUID, str]:
        """What became of each scrub's text, in words."""
        confirmed = dict(Confirmation.objects.filter(scrub__in=self._acts).values_list("scrub", "act"))
        gone = dict(
            Destruction.objects.filter(sequestered__scrubbing__act__in=self._acts).values_list(
                "sequestered__scrubbing__act", "act"
            )
        )
        waiting = set(Scrubbing.objects.undecided().filter(act__in=self._acts).values_list("act", flat=True))
        acts = Act.objects.select_related("entry").in_bulk({*confirmed.values(), *gone.values()})
        told = dict.fromkeys(waiting, "It is kept, encrypted, and waits for a second person.")
        for scrub, act in confirmed.items():
            told[scrub] = f"Confirmed by {acts[act].actor_name} in entry {acts[act].entry.index}; kept, encrypted."
        for scrub, act in gone.items():
            told[scrub] = f"Destroyed by {acts[act].actor_name} in entry {acts[act].entry.index}."
        return told

    @cached_property
    def _parts(self) -> dict[tuple[str, str], Act]:
        return {(act, name): self._acts[note.act_id] for note in self._notes for act, name in note.parts}

    @cached_property
    def _documents(self) -> dict[int, Act]:
        table = Document._meta.db_table
        found = (note for note in self._notes if (note.table_name, note.column_name) == (table, BYTES))
        return {int(note.row_key): self._acts[note.act_id] for note in found}

    @cached_property
    def _later(self) -> frozenset[int]:
        """Documents that the snapshot shows and the checkpoint does not cover: nothing in the pack proves them."""
        acts = Act.objects.filter(entry__log=self.log, entry__index__gte=self.size)
        return frozenset(Document.objects.filter(act__in=acts).values_list("pk", flat=True))

    def sealed_later(self, document: Document) -> bool:
        """Whether a document was sealed after the pack's checkpoint."""
        return document.pk in self._later

    def part(self, act: object, name: str) -> dict[str, str]:
        """What stands for an emptied part: why it is missing, and the act whose entry proves the scrub."""
        scrub = self._parts.get((str(act), name))
        if scrub is None:
            return {"withheld": SCRUBBED}
        return {"withheld": self._words(scrub), **self._proof(scrub)}

    def document(self, document: Document) -> str:
        """Why a document is missing; empty while its bytes are kept."""
        scrub = self._documents.get(document.pk)
        return self._words(scrub) if scrub else ""

    def dropped(self, document: Document) -> dict[str, Any]:
        """A dropped document for the manifest, so that its absence can be judged."""
        scrub = self._documents[document.pk]
        return {
            "title": document.title,
            "sha256": document.sha256,
            "document": str(document.pk),
            "withheld": self._words(scrub),
            **self._proof(scrub),
        }

    def _words(self, scrub: Act) -> str:
        after = "" if scrub.entry.index < self.size else ", after this pack's checkpoint"
        return (
            f"{PATIENT_DATA} by {scrub.actor_name}, {scrub.office_name}, in entry {scrub.entry.index}{after}: "
            f"{scrub.reason} {self._answers.get(scrub.pk, 'Taken out under the former rule.')} Its hash stays"
        )

    def _proof(self, scrub: Act) -> dict[str, str]:
        return {"scrub": str(scrub.pk)} if scrub.entry.index < self.size else {}
