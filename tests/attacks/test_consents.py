"""A director who wants the board's written consent without the board, and appoints without it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from audit.acts import record
from decisions.models import Decision
from decisions.models.base import by
from decisions.services.bodies import IN_WRITING
from decisions.services.log import record_decision
from governance.authority import moment
from governance.choices import Office
from governance.models import Appointment, Person
from governance.models.scoped import next_number
from governance.services.appointments import AppointmentRefused, appoint, end_appointment
from governance.services.grants import place
from meetings.models import ConsentAnswer, WrittenConsent
from meetings.services.consents import MEANING, give_consent, open_consent
from tests.attacks.forging import Write, change, decide, forge, refused
from tests.attacks.test_bodies import written
from tests.cast import Cast, resolve


def lying(cast: Cast, right: str = "DR-29") -> WrittenConsent:
    return open_consent(
        actor=cast.director, practice=cast.practice, right=right, title="Fees", text="They double.", rationale="So.",
        ends_at=timezone.now() + timedelta(days=3),
    )  # fmt: skip


def answer(consent: WrittenConsent, held: Appointment, **other: object) -> ConsentAnswer:
    said = {
        "consent": consent, "answer": "consents", "sha256": consent.sha256, "meaning": MEANING,
        "printed_name": str(held.person), "office_name": held.get_office_display(), "license_number": "A",
        "license_status": "Active", "signed_at": moment(), **by(held),
    }  # fmt: skip
    return record(ConsentAnswer, **{**said, **other})


def adopted(consent: WrittenConsent, *, sign: bool = True) -> Write:
    """Sign, decide and adopt in one act, asking nobody."""

    def write(held: Appointment) -> Decision:
        if sign:
            answer(consent, held)
        decision = written(consent.practice, held, body=f"Board of directors{IN_WRITING}")
        change(consent, decision=decision, state="adopted")(held)
        return decision

    return write


def directing(cast: Cast, person: Person, write: Write) -> None:
    decide(person, cast.practice, write, right="DR-29", office=Office.DIRECTOR)


def test_one_signature_adopts_nothing(cast: Cast) -> None:
    consent = lying(cast)
    with refused("or by unanimous written consent"):
        directing(cast, cast.director, adopted(consent))
    give_consent(actor=cast.alternate, consent=consent, sha256=consent.sha256, meaning=MEANING)
    consent.refresh_from_db()
    with refused("or by unanimous written consent"):
        directing(cast, cast.director, adopted(consent))


def test_a_decision_is_what_all_signed_word_by_word(cast: Cast) -> None:
    consent = lying(cast)
    for person in (cast.alternate, cast.physician):
        give_consent(actor=person, consent=consent, sha256=consent.sha256, meaning=MEANING)
    consent.refresh_from_db()

    def other(held: Appointment) -> None:
        answer(consent, held)
        decision = record(
            Decision, practice=cast.practice, **next_number(Decision, cast.practice, 2031), right=consent.right,
            holder="PC", title="Fees", text="They triple.", rationale="So.", decided_at=moment(),
            body_name=f"Board of directors{IN_WRITING}", **by(held),
        )  # fmt: skip
        change(consent, decision=decision, state="adopted")(held)

    with refused("or by unanimous written consent"):
        directing(cast, cast.director, other)
    consent.refresh_from_db()
    with refused("or by unanimous written consent"):
        directing(cast, cast.director, adopted(consent, sign=False))
    consent.refresh_from_db()
    own = record_decision(
        actor=cast.director, practice=cast.practice, right="DR-30", title="Agenda", text="As is.", rationale="So."
    )
    with refused("nothing makes this written consent adopted"):
        directing(cast, cast.director, change(consent, state="adopted", decision=own))
    consent.refresh_from_db()
    directing(cast, cast.director, adopted(consent))


def test_nobody_signs_for_another_or_from_another_office(cast: Cast) -> None:
    consent = lying(cast)
    theirs = Appointment.objects.get(person=cast.physician, office=Office.DIRECTOR)
    with refused("names another office than its act"):
        directing(cast, cast.director, lambda _: answer(consent, theirs))
    with refused("a member of the body with a license"):
        decide(
            cast.director, cast.practice, lambda held: answer(consent, held), right="DR-30", office="medical_director"
        )
    with refused("the text that lies before all"):
        directing(cast, cast.director, lambda held: answer(consent, held, sha256="0" * 64))
    with refused("kept by the members of its body"):
        forge(cast.director, cast.practice, lambda held: answer(consent, held), office=Office.DIRECTOR)
    with refused("a member of the body with a license|meetings_answer_of_the_pc"):
        forge(cast.executive, cast.practice, lambda held: answer(consent, held))


def test_nobody_takes_back_or_declines_what_another_put(cast: Cast) -> None:
    consent = lying(cast)
    for state in ("withdrawn", "declined"):
        with refused(f"nothing makes this written consent {state}"):
            directing(cast, cast.physician, change(consent, state=state, closing_reason="So."))
        consent.refresh_from_db()


def test_no_director_appoints_alone(cast: Cast) -> None:
    """Neither without a decision, nor on one about somebody else, of one member, or spent already."""
    sitting = resolve(cast.practice, "Samuel Ortiz sits on the quality committee")

    def name(person: Person, reason: str) -> None:
        def write(_: Appointment) -> Appointment:
            return place(practice=cast.practice, person=person, office="committee_member", starts_at=moment())

        decide(
            cast.director, cast.practice, lambda held: write(held), right="DR-31", office=Office.DIRECTOR, reason=reason
        )

    for person, reason in ((cast.physician, "He is needed."), (cast.alternate, sitting)):
        with refused("appoints as the body decided"):
            name(person, reason)
    name(cast.physician, sitting)
    seat = Appointment.objects.get(person=cast.physician, office=Office.COMMITTEE_MEMBER)
    for reason in ("He may go.", resolve(cast.practice, "Ruth Adeyemi sits there too")):
        with refused("appoints as the body decided"):
            decide(
                cast.director, cast.practice, change(seat, ends_at=timezone.now() + timedelta(seconds=1)),
                right="DR-31", office=Office.DIRECTOR, reason=reason,
            )  # fmt: skip
        seat.refresh_from_db()


def test_the_only_shareholder_elects_a_second_who_is_not_sent_away_by_the_first(cast: Cast) -> None:
    second = appoint(actor=cast.director, practice=cast.practice, person=cast.physician, office="pc_shareholder")
    with refused("appoints as the body decided"):
        decide(
            cast.director, cast.practice, change(second, ends_at=timezone.now()), right="DR-32",
            office=Office.SHAREHOLDER, reason="We are one again.",
        )  # fmt: skip
    second.refresh_from_db()
    with pytest.raises(AppointmentRefused, match="you are one of several"):
        end_appointment(actor=cast.director, appointment=second, reason="We are one again.")
