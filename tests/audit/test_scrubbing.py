"""Scrubbing takes a span out of row, history and payload, leaves every proof valid, and opens no other way in."""

import hashlib
import json
from collections.abc import Callable
from uuid import uuid4

import psycopg
import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from audit.acts import current, service
from audit.models import Act, Part, Scrubbing
from audit.services.scrubbing import MARK, Place, find, scrub
from decisions.models import Decision, OperationalItem
from decisions.services.log import log_item, pull_over_the_line, record_decision
from governance.authority import AuthorityRefused, take_part
from governance.models import Person, Practice
from governance.offices import MEMBERS
from governance.services.scrubbing import ScrubRefused, scrub_text
from meetings.models import AgendaItem
from meetings.services.minutes import MEANING, sign_minutes, submit_minutes
from meetings.services.room import adjourn, handle_item
from tests.cast import Cast, decided, found
from tests.conftest import Database
from tests.decisions.conftest import NO
from tests.meetings import gathering

NAME = 'Jane "JD" Doe, born 4 May 1990'
REASON = "A patient was named."
REFUSED = psycopg.errors.InsufficientPrivilege


def decide(cast: Cast, text: str = f"The complaint of {NAME} is answered.") -> Decision:
    return record_decision(
        actor=cast.director, practice=cast.practice, right="DR-21", title="A complaint", text=text,
        rationale=f"{NAME} wrote to us.",
    )  # fmt: skip


def log(cast: Cast) -> OperationalItem:
    return log_item(
        actor=cast.operations, practice=cast.practice, right="DR-37", category="facilities", title="Chair repaired",
        detail=f"{NAME} fell off it.", happened_on=cast.practice.local(timezone.now()).date(), screen=NO,
    )  # fmt: skip


def everything(house: Database) -> str:
    """Every text column of the whole database, as the owner reads it."""
    with house.connect("superuser") as owner:
        names = owner.execute(
            "select quote_ident(schemaname) || '.' || quote_ident(tablename) from pg_tables"
            " where schemaname in ('public', 'audit')"
        ).fetchall()
        return "\n".join(
            str(owner.execute(f"select coalesce(string_agg(t::text, E'\\n'), '') from {name} t").fetchone())
            for (name,) in names
        )


def test_the_span_leaves_the_whole_database_and_the_proof_holds(
    cast: Cast, house: Database, verify: Callable[..., tuple[int, str]], sign: Callable[[], object]
) -> None:
    decision, item = decide(cast), log(cast)
    pull_over_the_line(actor=cast.director, item=item, reason=f"{NAME} is a patient.")
    sign()
    assert "Jane" in everything(house)
    places = scrub_text(
        actor=cast.physician, practice=cast.practice, about=decision, key=decision.code, value=NAME, reason=REASON
    )
    assert "Jane" not in everything(house)
    decision.refresh_from_db()
    item.refresh_from_db()
    assert decision.text == f"The complaint of {MARK} is answered."
    assert decision.rationale == f"{MARK} wrote to us."
    assert {row.detail for row in item.history.all()} == {f"{MARK} fell off it."} == {item.detail}
    assert {place.table_name for place in places} >= {"decisions_decision", "decisions_operationalitem", "audit_act"}
    act = Act.objects.get(verb="text.scrubbed")
    assert (act.actor_name, act.reason, act.object_id) == (str(cast.physician), REASON, decision.code)
    code, said = verify()
    assert code == 0, said
    assert "(0 scrubbed)" not in said


def test_a_second_scrub_of_the_same_row_holds_too(
    cast: Cast, house: Database, verify: Callable[..., tuple[int, str]]
) -> None:
    decision = decide(cast, f"{NAME} and John Roe complain.")
    for value in (NAME, "John Roe"):
        scrub_text(actor=cast.director, practice=cast.practice, about=decision, value=value, reason=REASON)
    decision.refresh_from_db()
    assert decision.text == f"{MARK} and {MARK} complain."
    assert "John Roe" not in everything(house)
    code, said = verify()
    assert code == 0, said


def test_signed_minutes_lose_the_span_in_text_facts_and_canonical_record(
    cast: Cast, house: Database, verify: Callable[..., tuple[int, str]]
) -> None:
    gathering.series(cast)
    meeting = gathering.opened(cast, gathering.planned(cast))
    value = "the student of room 12"
    for item in meeting.items.all():
        handle_item(actor=cast.secretary, item=item, account=f"The body considered {value}.")
    minutes = adjourn(actor=cast.director, meeting=meeting)
    version = submit_minutes(actor=cast.secretary, minutes=minutes, revision=1)
    sign_minutes(actor=cast.director, minutes=minutes, version=version, meaning=MEANING)
    scrub_text(actor=cast.director, practice=cast.practice, about=minutes, value=value, reason=REASON)
    version.refresh_from_db()
    assert value not in version.text + json.dumps(version.facts) + version.canonical
    assert MARK in version.text
    assert MARK in version.canonical
    assert hashlib.sha256(version.canonical.encode()).hexdigest() != version.sha256
    assert not AgendaItem.objects.filter(account__contains=value).exists()
    assert value not in everything(house)
    code, said = verify()
    assert code == 0, said


@pytest.mark.parametrize("who", ["operations", "executive", "pc_counsel", "secretary"])
def test_only_physicians_scrub(cast: Cast, who: str) -> None:
    decision = decide(cast)
    with pytest.raises(AuthorityRefused):
        scrub_text(actor=getattr(cast, who), practice=cast.practice, about=decision, value=NAME, reason=REASON)
    refusal = Act.objects.get(verb="text.scrubbed", outcome="refused")
    assert NAME not in refusal.reason + "".join(part.body or "" for part in refusal.parts.all())
    assert decided().get().text.startswith("The complaint of Jane")


@pytest.mark.parametrize(
    ("value", "reason", "field"),
    [
        ("ab", REASON, "value"),
        ("nobody here", REASON, "value"),
        (NAME, " ", "reason"),
        (NAME, f"It is {NAME}", "reason"),
    ],
)
def test_what_is_asked_of_span_and_reason(cast: Cast, value: str, reason: str, field: str) -> None:
    with pytest.raises(ScrubRefused) as refusal:
        scrub_text(actor=cast.director, practice=cast.practice, about=decide(cast), value=value, reason=reason)
    assert refusal.value.field == field
    assert not Scrubbing.objects.exists()


@service
def forged(
    *,
    actor: Person,
    practice: Practice,
    place: Place,
    value: str,
    verb: str = "text.scrubbed",
    touched: bool = True,
    also: str = "",
) -> None:
    """An act of the application that scrubs by its own code."""
    take_part(actor=actor, practice=practice, verb=verb, offices=MEMBERS, reason=REASON)
    scrub(place, value)
    if not touched:
        current().rows.clear()
    if also:
        with connection.cursor() as cursor:
            cursor.execute(also)


def place_of(row: Decision, column: str = "text") -> Place:
    return Place("decisions_decision", str(row.pk), column)


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        (("decisions_decision", "decided_at"), "2026", "cannot be scrubbed"),
        (("governance_person", "name"), "Elena", "cannot be scrubbed"),
        (("audit_entry", "header"), "verb", "cannot be scrubbed"),
        (("audit_act", "actor_name"), "Elena", "cannot be scrubbed"),
        (("decisions_decision", "text"), "no such words", "does not hold the span"),
        (("decisions_decision", "text"), "of", "at least 3"),
    ],
)
def test_the_function_scrubs_nothing_else(cast: Cast, place: tuple[str, str], value: str, said: str) -> None:
    decision = decide(cast)
    with pytest.raises(DatabaseError, match=said):
        forged(
            actor=cast.director, practice=cast.practice, place=Place(place[0], str(decision.pk), place[1]), value=value
        )


def test_the_application_cannot_scrub_by_itself(cast: Cast, house: Database) -> None:
    decision = decide(cast)
    tries = [
        "update decisions_decision set text = '[scrubbed]'",
        "update audit_part set salt = null, body = null",
        "insert into audit_scrubbing (act_id, table_name, row_key, column_name, rows, parts, xid, scrubbed_at)"
        f" values ('{uuid4()}', 'decisions_decision', '{decision.pk}', 'text', '[]', '[]', '1', now())",
        "insert into audit.scrubbable values ('audit_entry', 'header', 'id', '')",
        "select audit.is_scrub('a', 'b', '{}', '{}')",
        "select audit.blotted('\"x\"', 'x')",
    ]
    with house.connect("app") as app:
        for statement in tries:
            with pytest.raises(REFUSED):
                app.execute(statement)
        # Without an act that commits to it, the scrub does not outlast its transaction.
        with pytest.raises(psycopg.errors.ForeignKeyViolation, match="audit_act"):
            app.execute("select audit.scrub(%s, 'decisions_decision', %s, 'text', 'Jane')", [uuid4(), str(decision.pk)])
        sealed = app.execute("select id from audit_act limit 1").fetchone()
        assert sealed
        with pytest.raises(REFUSED, match="sealed already"):
            app.execute(
                "select audit.scrub(%s, 'decisions_decision', %s, 'text', 'Jane')", [sealed[0], str(decision.pk)]
            )
    assert "Jane" in decided().get().text


def test_the_owner_cannot_change_more_than_the_span_in_the_scrubbing_transaction(cast: Cast, house: Database) -> None:
    decision = decide(cast)
    with house.connect("owner") as owner:
        for change in (
            "update decisions_decision set text = 'Something else'",
            "update decisions_decision set text = 'Approved. [scrubbed]'",
            "update decisions_decision set rationale = '[scrubbed]'",
            "update decisions_decision set decided_at = now()",
            "update audit_part set salt = null, body = null where name like 'row/governance%'",
            "update audit_part set body = 'other' where body is null",
            "update audit_act set reason = '[scrubbed]'",
            "update audit_entry set header = '[scrubbed]'",
            "delete from audit_scrubbing",
            "update audit_scrubbing set parts = '[]'",
        ):
            owner.execute("begin")
            owner.execute(
                "select audit.scrub(%s, 'decisions_decision', %s, 'text', 'Jane')", [uuid4(), str(decision.pk)]
            )
            with pytest.raises(REFUSED):
                owner.execute(change)
            owner.execute("rollback")
    assert "Jane" in decided().get().text


def test_the_database_wants_a_physician_s_act_that_names_the_scrub(cast: Cast) -> None:
    decision = decide(cast)
    place = place_of(decision)
    for actor, changes, said in (
        (cast.operations, {}, "by a physician|not written from this office"),
        (cast.pc_counsel, {}, "by a physician|not written from this office"),
        (cast.director, {"verb": "site.renamed"}, "by a physician|not written from this office"),
        (cast.director, {"touched": False}, "does not commit"),
        (
            cast.director,
            {"also": f"update decisions_decision set text = 'x' where id = {decision.pk}"},
            "permission denied",
        ),
    ):
        with pytest.raises(DatabaseError, match=said):
            forged(actor=actor, practice=cast.practice, place=place, value=NAME, **changes)
    assert not Scrubbing.objects.exists()


def test_a_physician_of_another_practice_scrubs_nothing_here(cast: Cast) -> None:
    decision, other = decide(cast), found("ontario")
    assert find(other.practice.pk, NAME) == []
    with pytest.raises(DatabaseError, match="another practice"):
        forged(actor=other.director, practice=other.practice, place=place_of(decision), value=NAME)


def test_what_verify_ledger_finds_after_a_scrub(
    cast: Cast, verify: Callable[..., tuple[int, str]], tamper: Callable[..., None]
) -> None:
    decision = decide(cast)
    scrub_text(actor=cast.director, practice=cast.practice, about=decision, value=NAME, reason=REASON)
    emptied = Part.objects.get(name=f"row/decisions_decision/{decision.pk}")
    assert (emptied.salt, emptied.body) == (None, None)
    tamper(f"update audit_part set salt = '\\x00', body = '{{}}' where id = {emptied.pk}")
    code, said = verify()
    assert code == 1
    assert f"its part {emptied.name} was changed" in said


def test_an_emptied_part_that_no_scrub_names_is_damage(
    cast: Cast, verify: Callable[..., tuple[int, str]], tamper: Callable[..., None]
) -> None:
    decision = decide(cast)
    tamper(f"update audit_part set salt = null, body = null where name = 'row/decisions_decision/{decision.pk}'")
    code, said = verify()
    assert code == 1
    assert "was emptied, and no scrub names it" in said


def test_a_scrubbed_row_is_still_under_seal(
    cast: Cast, house: Database, verify: Callable[..., tuple[int, str]]
) -> None:
    decision = decide(cast)
    scrub_text(actor=cast.director, practice=cast.practice, about=decision, value=NAME, reason=REASON)
    with house.connect("superuser") as root:
        root.execute("alter table decisions_decision disable trigger user")
        root.execute("update decisions_decision set text = 'We did nothing wrong.'")
    code, said = verify()
    assert code == 1
    assert f"row {decision.pk} of decisions_decision was changed: text" in said
