"""Written consent: putting a resolution to the members of a body, signing it, declining it, taking it back."""

import hashlib
from datetime import datetime, timedelta

from audit.acts import current, record, service
from audit.ledger.canonical import canonical
from audit.services import jobs
from audit.workflow import next_state
from decisions.models.base import by
from decisions.services.bodies import MEMBERS_OF, is_sole
from decisions.services.deciding import write_decision
from decisions.services.rules import RuleBroken, hold, said
from governance.authority import Ruling, exercise, moment
from governance.choices import BodyKind, Exerciser, Office
from governance.models import Appointment, Body, Person, Practice
from governance.models.scoped import next_number
from meetings.choices import Answer
from meetings.models import ConsentAnswer, WrittenConsent
from meetings.rules.consents import CONSENT, LAPSED, ConsentEvent, standing, unanimity
from meetings.selectors.quorum import rule_of
from meetings.services.signing import signed_as

LONGEST = timedelta(days=60)
"""How long a resolution may lie before the members."""
MEANING = "I consent to this resolution as a member of the body; my signature counts as my vote at a meeting."
REFUSAL = "I decline to act without a meeting; the matter goes to a meeting of the body."
RENDERER = "consent"
OFFICE_OF = {exerciser: office for office, exerciser in MEMBERS_OF.items()}
LEAST = {Exerciser.COMMITTEE: 2}
"""A committee of the board has at least two directors (Corp. Code 311)."""


def hash_of(title: str, text: str, rationale: str) -> str:
    """What a member signs: SHA-256 of the canonical text (RFC 8785) of the resolution."""
    return hashlib.sha256(canonical({"title": title, "text": text, "rationale": rationale}).encode()).hexdigest()


def members(practice: Practice, body: str, at: datetime) -> list[Appointment]:
    """Who holds a seat of the body at that moment."""
    held = Appointment.objects.in_force(at).filter(practice=practice, office=OFFICE_OF[Exerciser(body)])
    return list(held.select_related("person").order_by("person__name", "pk"))


@service
def open_consent(
    *, actor: Person, practice: Practice, right: str, title: str, text: str, rationale: str, ends_at: datetime
) -> WrittenConsent:
    """Put a resolution to all members of the body that decides the right (Corp. Code 307(b), 603).

    By one of them. Raises AuthorityRefused, RuleBroken.
    """
    hold(practice)
    ruling = exercise(actor=actor, practice=practice, right=right, verb="consent.opened", attempted="Written consent")
    body = _body(ruling)
    said(title=title, text=text, rationale=rationale)
    at = moment()
    if not at < ends_at <= at + LONGEST:
        raise RuleBroken("ends_on", f"Last day: from today on, and at most {LONGEST.days} days ahead.")
    _enough(practice, body, at)
    assert ruling.right
    assert ruling.appointment
    consent = WrittenConsent.objects.create(
        practice=practice,
        **next_number(WrittenConsent, practice, practice.local(at).year),
        body=body,
        right=ruling.right,
        title=title.strip(),
        text=text.strip(),
        rationale=rationale.strip(),
        sha256=hash_of(title.strip(), text.strip(), rationale.strip()),
        opened_at=at,
        ends_at=ends_at,
        **by(ruling.appointment),
    )
    current().about(consent, key=consent.code)
    return consent


@service
def give_consent(*, actor: Person, consent: WrittenConsent, sha256: str, meaning: str) -> ConsentAnswer:
    """Sign the resolution; with the last member's signature it is a decision of the body, taken at that moment.

    `sha256` is that of the text the actor read. Raises AuthorityRefused, RuleBroken.
    """
    consent, ruling = _enter(actor, consent, "consent.given")
    answer = _answer(consent, ruling, Answer.CONSENTS, sha256, meaning, MEANING)
    at = moment()
    seats = members(consent.practice, consent.body, at)
    consented = set(consent.answers.filter(answer=Answer.CONSENTS).values_list("person_id", flat=True))
    if unanimity([seat.person_id for seat in seats], consented).reached:
        _enough(consent.practice, Exerciser(consent.body), at)
        consent.decision = write_decision(
            ruling=ruling,
            title=consent.title,
            text=consent.text,
            rationale=consent.rationale,
            consented=consent.get_body_display(),
        )
        consent.state = next_state(CONSENT, consent.state, ConsentEvent.ADOPT)
        consent.save()
        jobs.ask(
            key=f"consent:{consent.pk}",
            renderer=RENDERER,
            practice_id=consent.practice_id,
            arguments={"consent": consent.pk},
        )
    return answer


@service
def decline_consent(*, actor: Person, consent: WrittenConsent, sha256: str, reason: str) -> ConsentAnswer:
    """Refuse to sign, with the reason: nothing is decided, and the matter goes to a meeting.

    Raises AuthorityRefused, RuleBroken.
    """
    consent, ruling = _enter(actor, consent, "consent.declined")
    said(reason=reason)
    answer = _answer(consent, ruling, Answer.DECLINES, sha256, REFUSAL, REFUSAL, reason.strip())
    consent.state = next_state(CONSENT, consent.state, ConsentEvent.DECLINE)
    consent.closing_reason = reason.strip()
    consent.save()
    return answer


@service
def withdraw_consent(*, actor: Person, consent: WrittenConsent, reason: str) -> WrittenConsent:
    """Take the resolution back, by whoever put it. Raises AuthorityRefused, IllegalTransition, RuleBroken."""
    consent, _ = _enter(actor, consent, "consent.withdrawn")
    said(reason=reason)
    if consent.person_id != actor.pk:
        raise RuleBroken("reason", f"{consent.person} put this resolution, and takes it back; you may decline it.")
    consent.state = next_state(CONSENT, consent.state, ConsentEvent.WITHDRAW)
    consent.closing_reason = reason.strip()
    consent.save()
    return consent


def _enter(actor: Person, consent: WrittenConsent, verb: str) -> tuple[WrittenConsent, Ruling]:
    """Lock the practice, then the consent, and open an act under its right as a member of its body."""
    hold(consent.practice)
    consent = (
        WrittenConsent.objects.select_for_update(no_key=True, of=("self",))
        .select_related("practice", "right", "person")
        .get(pk=consent.pk)
    )
    ruling = exercise(
        actor=actor,
        practice=consent.practice,
        right=consent.right.code,
        verb=verb,
        about=consent,
        attempted=f"Written consent {consent.code}",
    )
    current().about(consent, key=consent.code)
    if _body(ruling) != consent.body:
        raise RuleBroken("right", f"Right: {consent.right.code} is decided by another body now; put it to that one.")
    now = standing(consent.state, consent.ends_at, moment())
    if now == LAPSED:
        raise RuleBroken("ends_on", f"{consent.code} has lapsed: not every member consented in time.")
    return consent, ruling


def _body(ruling: Ruling) -> Exerciser:
    """The body in which the actor decides the right as one of several."""
    assert ruling.right
    assert ruling.appointment
    body = MEMBERS_OF.get(Office(ruling.appointment.office))
    if body is None:
        raise RuleBroken(
            "right",
            f"Right: {ruling.right.code} is decided in your office of {ruling.appointment.get_office_display()} alone; "
            "record the decision.",
        )
    if is_sole(ruling.appointment):
        raise RuleBroken("right", "Right: you are the only member, and decide alone; record the decision.")
    return body


def _enough(practice: Practice, body: Exerciser, at: datetime) -> None:
    """Raise RuleBroken where the members in office are fewer than the body needs to act at all."""
    seated = len(members(practice, body, at))
    least = LEAST.get(body, 1)
    if body == Exerciser.BOARD:
        board = Body.objects.filter(practice=practice, kind=BodyKind.BOARD).first()
        least = rule_of(board).quorum if board else least
    if seated < least:
        raise RuleBroken(
            "right", f"Right: the {body.label.lower()} has {seated} in office and acts with at least {least}; "
            "fill the vacant seats first.",
        )  # fmt: skip


def _answer(
    consent: WrittenConsent, ruling: Ruling, answer: Answer, sha256: str, meaning: str, wanted: str, reason: str = ""
) -> ConsentAnswer:
    event = ConsentEvent.ADOPT if answer == Answer.CONSENTS else ConsentEvent.DECLINE
    next_state(CONSENT, consent.state, event)
    if sha256 != consent.sha256:
        raise RuleBroken("sha256", "Resolution: this is not the text that lies before the members; read it again.")
    columns = signed_as(ruling, sha256=sha256, meaning=meaning, wanted=wanted)
    if consent.answers.filter(person=ruling.person).exists():
        raise RuleBroken("meaning", f"You have answered {consent.code} already.")
    return record(ConsentAnswer, **columns, consent=consent, answer=answer, reason=reason)
