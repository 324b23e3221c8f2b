"""The access log: what enters it, that nothing can be changed in it, and that no view waits for the ledger."""

import io
import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pikepdf
import psycopg
import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import AccessBatch, AccessEvent, Entry, Head, Log
from audit.services.access import note, seal_waiting
from governance.access import hash_of
from tests.audit.test_verify_ledger import Tamper, Verify
from tests.cast import PASSWORD, Cast
from tests.conftest import Database
from tests.governance.test_pack import judge
from tests.sign_in import sign_in

REFUSED = psycopg.errors.InsufficientPrivilege


def matrix(cast: Cast) -> str:
    return reverse("governance:matrix", args=[cast.practice.slug])


def seal(house: Database) -> int:
    with house.connect("checkpointer") as checkpointer:
        return seal_waiting(checkpointer)


@pytest.fixture
def looked(cast: Cast, client: Client) -> list[AccessEvent]:
    """Three accesses of one practice, the first to the last."""
    sign_in(client, cast.physician)
    client.get(matrix(cast))
    client.get(matrix(cast), {"q": "Jane Roe, diabetes", "holder": "PC"})
    client.get(matrix(cast), {"format": "csv"})
    return list(AccessEvent.objects.filter(practice=cast.practice.pk).order_by("id"))


def test_view_search_and_export_are_noted_without_what_was_typed(cast: Cast, looked: list[AccessEvent]) -> None:
    assert [event.kind for event in looked] == ["view", "search", "export"]
    for event in looked:
        assert (event.actor, event.account) == (cast.physician.pk, cast.physician.account_id)
        assert (event.path, event.object, event.status) == ("governance:matrix", "", 200)
        assert len(event.request) == 32
    assert (looked[1].fields, looked[1].length) == ("holder q", 18)
    assert "Roe" not in json.dumps(list(AccessEvent.objects.values()), default=str)


def test_object_is_named_and_what_was_not_shown_is_not_noted(cast: Cast, client: Client) -> None:
    sign_in(client, cast.physician)
    before = AccessEvent.objects.count()
    client.get(reverse("governance:right", args=[cast.practice.slug, "DR-99"]))
    client.get("/healthz/")
    client.get(reverse("governance:matrix", args=["elsewhere"]))
    assert AccessEvent.objects.count() == before
    client.get(reverse("governance:right", args=[cast.practice.slug, "DR-07"]))
    assert AccessEvent.objects.latest("id").object == "DR-07"


def test_a_page_takes_exactly_one_statement_more(cast: Cast, client: Client) -> None:
    sign_in(client, cast.physician)
    client.get(matrix(cast))
    with CaptureQueriesContext(connection) as queries:
        client.get(matrix(cast))
    assert sum("note_access" in query["sql"] for query in queries) == 1
    assert not any("audit_accessevent" in query["sql"] for query in queries)


def test_sign_ins_are_noted_and_failed_ones_without_the_address(cast: Cast, client: Client) -> None:
    account = cast.physician.account
    assert account is not None
    form = {"login": account.email, "password": PASSWORD}
    client.post(reverse("account_login"), form | {"password": "not the password"})
    client.post(reverse("account_login"), form | {"login": "nobody@nowhere.example"})
    client.post(reverse("account_login"), form)
    client.post(reverse("account_logout"))
    events = list(AccessEvent.objects.order_by("id"))
    assert [event.kind for event in events] == ["failed sign-in", "failed sign-in", "sign-in", "sign-out"]
    assert [event.address for event in events[:2]] == [
        hash_of(account.email.upper()),
        hash_of("nobody@nowhere.example"),
    ]
    assert {event.actor for event in events[2:]} == {cast.physician.pk}
    written = json.dumps(list(AccessEvent.objects.values()), default=str)
    assert account.email not in written
    assert "nowhere" not in written


def test_a_view_does_not_wait_for_a_locked_head(cast: Cast, client: Client, house: Database) -> None:
    sign_in(client, cast.physician)
    with house.connect("superuser") as superuser:
        superuser.execute(f"alter database {house.name} set lock_timeout = '1s'")
    with house.connect("owner") as other, other.transaction():
        other.execute("select from audit_head for update")
        other.execute("select from audit_log for update")
        with house.connect("owner") as fresh, pytest.raises(psycopg.errors.LockNotAvailable):
            fresh.execute("select from audit_head for update")
        connection.close()
        assert client.get(matrix(cast)).status_code == 200
    assert AccessEvent.objects.filter(practice=cast.practice.pk).count() == 1


def test_a_batch_is_one_entry_a_log(cast: Cast, looked: list[AccessEvent], house: Database, verify: Verify) -> None:
    log = Log.objects.get(practice=cast.practice.pk)
    size = Head.objects.get(log=log).size
    assert "wait to be sealed" in verify()[1]
    assert seal(house) == AccessEvent.objects.count()
    assert seal(house) == 0
    assert Head.objects.get(log=log).size == size + 1
    entry = Entry.objects.get(log=log, index=size)
    header = json.loads(entry.header)
    assert header["verb"] == "access.sealed"
    assert (header["parts"], header["practice"]) == ({}, str(cast.practice.pk))
    assert header["access"].items() >= {"count": 3, "first": looked[0].pk, "last": looked[-1].pk}.items()
    assert AccessBatch.objects.get(entry=entry).ids == [event.pk for event in looked]
    code, said = verify()
    assert code == 0, said
    assert f"{AccessEvent.objects.count()} accesses" in said
    assert verify("--practice", cast.practice.slug)[0] == 0


def test_what_commits_late_is_in_the_next_batch(cast: Cast, house: Database, verify: Verify) -> None:
    """Numbers are given before a row commits; none may be passed over."""
    event = {"kind": "view", "path": "x", "object": "", "request": "r", "fields": "", "address": "", "practice": None}
    with house.connect("app") as late:
        late.execute("begin")
        late.execute("select audit.note_access(%s)", [json.dumps(event)])
        note(kind=AccessEvent.Kind.VIEW)
        assert seal(house) == 1
        late.execute("commit")
    assert seal(house) == 1
    first, second = AccessBatch.objects.order_by("id")
    assert second.ids < first.ids
    assert verify()[0] == 0


def test_large_batches_have_the_root_of_rfc_6962(cast: Cast, house: Database, verify: Verify) -> None:
    for count in (1, 2, 3, 5, 8, 13):
        for _ in range(count):
            note(kind=AccessEvent.Kind.VIEW, practice=cast.practice.pk, path='a "quoted" \\ path, Ärzte \u2028')
        assert seal(house) == count
    code, said = verify()
    assert code == 0, said


def test_raw_sql_is_refused(cast: Cast, looked: list[AccessEvent], house: Database) -> None:
    seal(house)
    statements = [
        f"{statement} {table}{rest}"
        for table in ("audit_accessevent", "audit_accessbatch")
        for statement, rest in (("delete from", ""), ("truncate", ""), ("update", " set id = id"))
    ]
    for login in ("app", "owner", "checkpointer"):
        with house.connect(login) as raw:
            for statement in statements:
                with pytest.raises(REFUSED):
                    raw.execute(statement)
    with house.connect("app") as app:
        for statement in (
            "insert into audit_accessevent select * from audit_accessevent",
            "insert into audit_accessbatch select * from audit_accessbatch",
            "delete from audit.unsealed",
            "insert into audit.unsealed values (1)",
            "select audit.seal_access()",
            "select audit.tree_root('')",
        ):
            with pytest.raises(REFUSED):
                app.execute(statement)
    with house.connect("checkpointer") as checkpointer:
        for statement in (
            "select audit.note_access('{}')",
            "insert into audit_accessbatch select * from audit_accessbatch",
            "select audit.append(1, '{}')",
        ):
            with pytest.raises(REFUSED):
                checkpointer.execute(statement)


def test_no_access_to_a_practice_that_does_not_exist(house: Database) -> None:
    with house.connect("app") as app, pytest.raises(REFUSED, match="no log of practice"):
        app.execute("select audit.note_access(%s)", [json.dumps({"kind": "view", "practice": str(uuid4())})])


ATTACKS = {
    "changed": (
        "update audit_accessevent set actor = null where id = {row}",
        "row {row} of the access log was changed",
    ),
    "postdated": (
        "update audit_accessevent set at = at + interval '1 second' where id = {row}",
        "row {row} of the access log was changed",
    ),
    "removed": ("delete from audit_accessevent where id = {row}", "row {row} of the access log was removed"),
    "planted": (
        "insert into audit_accessevent select (e).* from (select jsonb_populate_record(t, '{{\"id\": 7777}}') as e"
        " from audit_accessevent t where id = {row}) x",
        "row 7777 of the access log was never sealed",
    ),
    "row and leaf": (
        "update audit_accessbatch set leaves = sha256('x') || substr(leaves, 33)",
        "the list of the accesses it seals was changed",
    ),
    "list shortened": (
        "update audit_accessbatch set ids = ids[2:], leaves = substr(leaves, 33)",
        "the list of the accesses it seals was changed",
    ),
    "list removed": ("delete from audit_accessbatch", "the list of the accesses it seals is missing"),
    "batch forged": (
        "insert into audit_accessbatch (entry_id, ids, leaves)"
        " select id, array[{row}], sha256('x') from audit_entry where index = 0"
        " and log_id = (select id from audit_log where kind = 'practice')",
        "was forged: its entry seals no accesses",
    ),
    "listed twice": (
        "insert into audit_accessbatch (entry_id, ids, leaves)"
        " select id, array[{row}], sha256('x') from audit_entry where index = 0"
        " and log_id = (select id from audit_log where kind = 'practice')",
        "row {row} of the access log is listed in 2 batches",
    ),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_attack_is_found(
    attack: str, looked: list[AccessEvent], house: Database, tamper: Tamper, verify: Verify, sign: Any
) -> None:
    seal(house)
    sign()
    statement, words = ATTACKS[attack]
    tamper(statement.format(row=looked[1].pk))
    code, said = verify()
    assert code == 1
    assert words.format(row=looked[1].pk) in said


def test_a_pack_with_sealed_accesses_verifies(
    cast: Cast, looked: list[AccessEvent], house: Database, sign: Any, tmp_path: Path
) -> None:
    seal(house)
    sign()
    out = tmp_path / "pack.pdf"
    period = ["--from=2026-01-01", "--to=2026-12-31"]
    call_command("export_pack", cast.practice.slug, *period, f"--out={out}", stdout=io.StringIO())
    code, verdict = judge(out)
    assert code == 3, verdict
    assert "CONSISTENT" in verdict
    with pikepdf.open(out) as pdf:
        entries = pdf.attachments["entries.ndjson"].get_file().read_bytes()
    assert b"access.sealed" in entries
