"""Written consent: unanimous, of this very text, in time; and what one of several may do with the decision."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from audit.models import Act, Job
from audit.workflow import IllegalTransition
from decisions.models import Decision
from decisions.services.bodies import IN_WRITING
from decisions.services.rules import RuleBroken
from governance.authority import AuthorityRefused
from governance.choices import Office
from governance.models import Appointment, Person
from governance.services.appointments import AppointmentRefused, appoint, end_appointment
from meetings.models import ConsentAnswer, WrittenConsent
from meetings.rules.consents import LAPSED, ConsentState, standing, unanimity
from meetings.services.consents import (
    MEANING,
    decline_consent,
    give_consent,
    open_consent,
    withdraw_consent,
)
from tests.cast import Cast, local_day, resolve
from tests.sign_in import sign_in

TITLE = "Professional fees of 2027"


@pytest.fixture(autouse=True)
def _no_waiting(settings: object) -> None:
    settings.CHECKPOINT_WAIT = 0.0  # type: ignore[attr-defined]


def put(cast: Cast, actor: Person | None = None, right: str = "DR-29", days: int = 7) -> WrittenConsent:
    return open_consent(
        actor=actor or cast.director, practice=cast.practice, right=right, title=TITLE,
        text="The fees stay as they are.", rationale="Market data of October.",
        ends_at=timezone.now() + timedelta(days=days),
    )  # fmt: skip


def sign(person: Person, consent: WrittenConsent, sha256: str = "", meaning: str = MEANING) -> ConsentAnswer:
    return give_consent(actor=person, consent=consent, sha256=sha256 or consent.sha256, meaning=meaning)


def broken(field: str, act: Callable[[], object]) -> str:
    with pytest.raises(RuleBroken) as problem:
        act()
    assert problem.value.field == field
    return str(problem.value)


@given(st.sets(st.integers(0, 5)), st.sets(st.integers(0, 5)))
def test_unanimity_is_every_member_in_office_and_nobody_else(members: set[int], consented: set[int]) -> None:
    judged = unanimity(members, consented)
    assert judged.reached == (bool(members) and members <= consented)
    assert set(judged.missing) == members - consented


def test_a_consent_lapses_by_time_alone() -> None:
    end = datetime(2026, 11, 30, tzinfo=timezone.get_default_timezone())
    assert standing(ConsentState.OPEN, end, end) == ConsentState.OPEN
    assert standing(ConsentState.OPEN, end, end + timedelta(seconds=1)) == LAPSED
    assert standing(ConsentState.ADOPTED, end, end + timedelta(days=9)) == ConsentState.ADOPTED


def test_the_last_signature_makes_it_a_decision_of_the_board(cast: Cast) -> None:
    consent = put(cast)
    before = Decision.objects.count()
    sign(cast.director, consent)
    sign(cast.alternate, consent)
    consent.refresh_from_db()
    assert consent.state == ConsentState.OPEN
    assert Decision.objects.count() == before
    answer = sign(cast.physician, consent)
    consent.refresh_from_db()
    decision = consent.decision
    assert consent.state == ConsentState.ADOPTED
    assert decision
    assert decision.right.code == "DR-29"
    assert decision.body_name == f"Board of directors{IN_WRITING}"
    assert (decision.title, decision.text) == (consent.title, consent.text)
    assert decision.act_id == answer.act_id
    assert Job.objects.get(key=f"consent:{consent.pk}").renderer == "consent"
    with pytest.raises(IllegalTransition):
        withdraw_consent(actor=cast.director, consent=consent, reason="Too late")


def test_only_a_member_puts_and_signs(cast: Cast) -> None:
    consent = put(cast)
    for stranger in (cast.executive, cast.operations, cast.pc_counsel, cast.secretary):
        with pytest.raises(AuthorityRefused):
            put(cast, stranger)
        with pytest.raises(AuthorityRefused):
            sign(stranger, consent)
    assert Act.objects.filter(outcome="refused", verb="consent.given").count() == 4
    assert not consent.answers.exists()


def test_what_an_office_decides_alone_needs_no_consent(cast: Cast) -> None:
    assert "alone" in broken("right", lambda: put(cast, right="DR-30"))
    assert "only member" in broken("right", lambda: put(cast, right="DR-33"))


def test_each_signs_once_and_exactly_this_text(cast: Cast) -> None:
    consent = put(cast)
    assert "read it again" in broken("sha256", lambda: sign(cast.director, consent, sha256="0" * 64))
    broken("meaning", lambda: sign(cast.director, consent, meaning="Yes."))
    sign(cast.director, consent)
    assert "already" in broken("meaning", lambda: sign(cast.director, consent))


def test_one_who_declines_ends_it(cast: Cast) -> None:
    consent = put(cast)
    sign(cast.director, consent)
    broken("reason", lambda: decline_consent(actor=cast.physician, consent=consent, sha256=consent.sha256, reason=" "))
    decline_consent(actor=cast.physician, consent=consent, sha256=consent.sha256, reason="I own a share in the lab.")
    consent.refresh_from_db()
    assert consent.state == ConsentState.DECLINED
    with pytest.raises(IllegalTransition):
        sign(cast.alternate, consent)


def test_who_put_it_takes_it_back(cast: Cast) -> None:
    consent = put(cast)
    broken("reason", lambda: withdraw_consent(actor=cast.physician, consent=consent, reason="Mine now"))
    withdraw_consent(actor=cast.director, consent=consent, reason="The figures were wrong")
    consent.refresh_from_db()
    assert consent.state == ConsentState.WITHDRAWN


def test_nobody_signs_after_the_last_day(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    broken("ends_on", lambda: put(cast, days=61))
    broken("ends_on", lambda: put(cast, days=0))
    consent = put(cast)
    later = timezone.now() + timedelta(days=8)
    monkeypatch.setattr("meetings.services.consents.moment", lambda: later)
    assert "lapsed" in broken("ends_on", lambda: sign(cast.director, consent))


def test_a_board_short_of_its_quorum_does_not_act_in_writing(cast: Cast) -> None:
    consent = put(cast)
    for person in (cast.physician, cast.alternate):
        seat = Appointment.objects.in_force().get(practice=cast.practice, person=person, office=Office.DIRECTOR)
        end_appointment(actor=cast.director, appointment=seat, reason="Left the practice")
    # Of three seats one is held: the only director in office is no quorum, and alone in no sense of the law.
    assert "at least 2" in broken("right", lambda: put(cast))
    assert "at least 2" in broken("right", lambda: sign(cast.director, consent))


def test_one_of_several_appoints_only_as_the_board_decided(cast: Cast) -> None:
    def name(person: Person, office: str = Office.COMMITTEE_MEMBER, reason: str = "") -> Appointment:
        return appoint(actor=cast.director, practice=cast.practice, person=person, office=office, reason=reason)

    other = resolve(cast.practice, "The fees stay as they are", right="DR-29")
    elsewhere = resolve(cast.practice, "Elena Marsh sits on the quality committee")
    for reason in ("", "The board wishes it", "As decided, D-2099-001.", other, elsewhere):
        with pytest.raises(AppointmentRefused, match="names Samuel Ortiz") as problem:
            name(cast.physician, reason=reason)
        assert problem.value.field == "reason"
    good = resolve(cast.practice, "Samuel Ortiz sits on the quality committee")
    seat = name(cast.physician, reason=good)
    with pytest.raises(AppointmentRefused, match="one of several"):
        end_appointment(actor=cast.director, appointment=seat, reason="He may go")
    leaving = resolve(cast.practice, "Samuel Ortiz leaves the quality committee")
    end_appointment(actor=cast.director, appointment=seat, reason=leaving)
    with pytest.raises(AppointmentRefused, match="not carried out before"):
        name(cast.physician, reason=good)


# Pages


def test_the_pages_of_a_consent(cast: Cast, client: Client) -> None:
    sign_in(client, cast.director)
    base = "/p/riverside/consents/"
    assert "No written consent" not in client.get(base).content.decode()  # the one that named the chairs
    typed = {"right": "DR-29", "title": TITLE, "text": "They stay.", "rationale": "", "ends_on": "2020-01-01"}
    page = client.post(f"{base}new/", typed).content.decode()
    assert "They stay." in page
    assert "From today on" in page
    typed |= {"rationale": "Market data.", "ends_on": f"{local_day() + timedelta(days=3)}"}
    made = client.post(f"{base}new/", typed)
    consent = WrittenConsent.objects.latest("pk")
    assert made["Location"] == f"{base}{consent.code}/"
    for person in (cast.director, cast.alternate, cast.physician):
        sign_in(client, person)
        assert TITLE in client.get("/p/riverside/").content.decode()
        assert "They stay." in client.get(f"{base}{consent.code}/sign/").content.decode()
        refused = client.post(f"{base}{consent.code}/sign/", {"sha256": consent.sha256, "meaning": "on"})
        assert "Agree to sign electronically" in refused.content.decode()
        signed = client.post(
            f"{base}{consent.code}/sign/", {"sha256": consent.sha256, "meaning": "on", "electronic": "on"}
        )
        assert signed.status_code == 302
        assert client.get(f"{base}{consent.code}/sign/").status_code == 404
    consent.refresh_from_db()
    assert consent.decision
    assert consent.decision.code in client.get(f"{base}{consent.code}/").content.decode()
    assert client.get(f"{base}?state=adopted&format=csv").content.decode().count("WC-") >= 2


def test_the_mso_never_sees_what_lies_before_the_board(cast: Cast, client: Client) -> None:
    consent = put(cast)
    for person in (cast.operations, cast.executive, cast.secretary, cast.mso_counsel):
        sign_in(client, person)
        for path in ("", "new/", f"{consent.code}/", f"{consent.code}/sign/", f"{consent.code}/decline/"):
            assert client.get(f"/p/riverside/consents/{path}").status_code == 404
        for path in ("", "decisions/", "meetings/", f"people/{cast.director.pk}/"):
            assert TITLE not in client.get(f"/p/riverside/{path}").content.decode()
    sign_in(client, cast.pc_counsel)
    assert TITLE in client.get(f"/p/riverside/consents/{consent.code}/").content.decode()


def test_the_list_asks_a_fixed_number_of_queries(
    cast: Cast, client: Client, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    sign_in(client, cast.director)
    for _ in range(6):
        put(cast)
    client.get("/p/riverside/consents/")
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        client.get("/p/riverside/consents/")
    code = WrittenConsent.objects.latest("pk").code
    with django_assert_max_num_queries(17):  # type: ignore[attr-defined]
        client.get(f"/p/riverside/consents/{code}/")


# Raw SQL as the application


@pytest.mark.parametrize(
    "statement",
    [
        "update meetings_writtenconsent set text = 'The fees double.'",
        "update meetings_writtenconsent set state = 'adopted'",
        "update meetings_writtenconsent set ends_at = ends_at + interval '9 days'",
        "delete from meetings_consentanswer",
        "update meetings_consentanswer set answer = 'consents'",
    ],
)
def test_the_application_alters_no_consent(cast: Cast, statement: str) -> None:
    consent = put(cast)
    sign(cast.director, consent)
    with pytest.raises(DatabaseError), transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(statement)
