"""Reads for the pages of written consents."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from audit.models import Document
from governance.models import Appointment, Person, Practice
from meetings.choices import Answer
from meetings.models import ConsentAnswer, WrittenConsent
from meetings.rules.consents import WORDS, ConsentState, Unanimity, standing, unanimity
from meetings.services.consents import members


@dataclass(frozen=True, kw_only=True)
class Lying:
    """A written consent with its members and answers, at a moment. A fixed number of queries."""

    consent: WrittenConsent
    word: str
    answers: list[ConsentAnswer]
    seats: list[Appointment]
    unanimity: Unanimity[object]
    documents: list[Document]

    @property
    def open(self) -> bool:
        return self.word == ConsentState.OPEN

    @property
    def label(self) -> str:
        return WORDS[self.word]

    @property
    def awaited(self) -> list[Appointment]:
        """The members who have not answered, while it is open."""
        answered = {answer.person_id for answer in self.answers}
        return [seat for seat in self.seats if seat.person_id not in answered] if self.open else []

    def awaits(self, person: Person) -> bool:
        return any(seat.person_id == person.pk for seat in self.awaited)


def consents(practice: Practice, person: Person) -> QuerySet[WrittenConsent]:
    """The consents of a practice, as far as this person may see them."""
    found = WrittenConsent.objects.visible_to(person).filter(practice=practice)
    return found.select_related("practice", "right", "person", "decision")


def lying(consent: WrittenConsent, now: datetime) -> Lying:
    """How one consent stands now."""
    answers = list(consent.answers.select_related("person"))
    seats = members(consent.practice, consent.body, now)
    given = {answer.person_id for answer in answers if answer.answer == Answer.CONSENTS}
    return Lying(
        consent=consent,
        word=standing(consent.state, consent.ends_at, now),
        answers=answers,
        seats=seats,
        unanimity=unanimity([seat.person_id for seat in seats], given),
        documents=list(
            Document.objects.filter(
                practice=consent.practice_id,
                object_type=WrittenConsent._meta.label_lower,
                object_id=consent.code,
            )
        ),
    )
