"""Founding a practice and exporting a pack at the command line."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from audit.models import Act, Document
from governance.models import Account, Appointment, Practice
from tests.cast import Cast
from tests.conftest import Database
from tests.governance.test_pack import _checkpoint_folders, judge, sign  # noqa: F401

FOUNDING = {
    "operator": "Jo Park",
    "resolution": "Organizational resolution of 2 November 2026",
    "slug": "harbor",
    "name": "Harbor Physicians, P.C.",
    "mso-name": "Harbor Management",
    "authorized": "1",
    "flagship": "Harbor Clinic",
    "city": "Long Beach",
    "shareholder": "Tomas Rey",
    "shareholder-email": "Rey@Harbor.example",
    "license-number": "A-9",
    "license-expires": "2099-01-31",
    "license-verified": "2026-11-01",
    "executive": "Una Beck",
    "executive-email": "beck@harbor.example",
}


def found(**changes: str) -> str:
    out = io.StringIO()
    given = {**FOUNDING, **changes}
    options = [f"--{name}={value}" for name, value in given.items()]
    call_command("open_practice", *options, "--no-input", stdout=out)
    return out.getvalue()


def test_a_practice_is_founded_and_the_invited_set_a_password(database: Database, client: Client) -> None:
    said = found()
    practice = Practice.objects.get(slug="harbor")
    act = Act.objects.get(verb="practice.opened")
    assert (act.capacity, act.actor_name, act.reason) == ("founding", "Jo Park", FOUNDING["resolution"])
    assert {one.office for one in Appointment.objects.filter(practice=practice)} == {
        "pc_shareholder", "pc_director", "mso_executive",
    }  # fmt: skip
    link = next(line for line in said.splitlines() if "Tomas Rey" in line).split(": ", 1)[1]
    path = "/" + link.split("/", 3)[3]
    form = client.get(path, follow=True)
    assert form.status_code == 200
    word = "quiet harbor lantern seven"
    client.post(form.request["PATH_INFO"], {"password1": word, "password2": word})
    assert Account.objects.get(email="rey@harbor.example").check_password(word)
    used = client.get(path)
    assert used.status_code == 410
    assert b"password1" not in used.content


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"license-expires": "2020-01-31"}, "license has expired"),
        ({"executive-email": "rey@harbor.example"}, "two addresses"),
        ({"body-kind": "committee", "authorized": "1"}, "at least two directors"),
    ],
)
def test_founding_names_the_rule_it_breaks(database: Database, changes: dict[str, str], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        found(**changes)
    assert not Practice.objects.exists()


def test_founding_asks_for_what_is_missing(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["Jo", "Resolution", "not a slug!", "harbor"])
    monkeypatch.setattr("builtins.input", lambda question: next(answers, "") or _given(question))

    def _given(question: str) -> str:
        from governance.management.commands.open_practice import QUESTIONS

        return next(FOUNDING.get(option, "") for option, _, _, text in QUESTIONS if question.startswith(text))

    complaints = io.StringIO()
    given = {k: v for k, v in FOUNDING.items() if k not in {"operator", "resolution", "slug", "name"}}
    call_command("open_practice", *[f"--{k}={v}" for k, v in given.items()], stdout=io.StringIO(), stderr=complaints)
    assert "may hold only letters" in complaints.getvalue()
    assert Practice.objects.get(slug="harbor").name == FOUNDING["name"]


def test_a_practice_is_founded_once(database: Database) -> None:
    found()
    with pytest.raises(CommandError, match="founded once"):
        found()


def export(cast: Cast, out: Path, **changes: str) -> str:
    said = io.StringIO()
    options: dict[str, Any] = {"from": "2026-01-01", "to": "2026-12-31", "out": str(out), **changes}
    call_command("export_pack", "riverside", *[f"--{k}={v}" for k, v in options.items()], stdout=said)
    return said.getvalue()


def test_a_pack_is_exported_and_sealed(cast: Cast, sign: Callable[[], None], tmp_path: Path) -> None:  # noqa: F811
    out = tmp_path / "pack.pdf"
    with pytest.raises(CommandError, match="No checkpoint"):
        export(cast, out)
    sign()
    said = export(cast, out)
    document = Document.objects.get(kind="pack")
    assert document.sha256 in said
    assert document.compartment == "open"
    code, verdict = judge(out)
    assert code == 3, verdict
    assert "CONSISTENT" in verdict
    with pytest.raises(CommandError, match="exists"):
        export(cast, out)


def test_an_export_names_what_is_wrong(cast: Cast, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="before the first"):
        export(cast, tmp_path / "x.pdf", to="2025-01-01")
    with pytest.raises(CommandError, match="practice: there is none"):
        call_command("export_pack", "nowhere", "--from=2026-01-01", "--to=2026-01-02", f"--out={tmp_path / 'x.pdf'}")
