"""Past corrective actions from a file: flagged, in one act, by whom may open or close them by hand."""

from datetime import date

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from audit.models import Act
from decisions.models import CorrectiveAction, PastAction
from decisions.services import past_actions
from decisions.services.past_actions import import_past_actions
from decisions.sheets import PAST_ACTIONS
from governance.authority import AuthorityRefused
from governance.models import ImportDraft, Person
from governance.services.imports import ImportRefused, keep_upload
from tests.cast import Cast
from tests.governance.importing import csv_file, problems, taken, uploaded
from tests.sign_in import sign_in

HEADING = "Title,Root cause,Action,Strength,Owner,Opened on,Due on,Closed on,Result,Measure,Verifier"
OPEN = (
    "Fridge log,No owner,A logger,strong,cole@riverside.example,2025-03-04,2025-05-01,,,Gaps a month,"
    "ortiz@riverside.example"
)
CLOSED = (
    "Charts,No template,A template,Intermediate,cole@riverside.example,2024-02-01,2024-04-01,2024-05-06,"
    "40 of 40 complete,,"
)


def page(cast: Cast, name: str = "import_actions") -> str:
    return reverse(f"decisions:{name}", args=[cast.practice.slug])


def kept(cast: Cast, actor: Person, *rows: str) -> ImportDraft:
    return keep_upload(
        actor=actor, practice=cast.practice, kind="actions", name="actions.csv", layout=PAST_ACTIONS,
        data="\n".join([HEADING, *rows]).encode(),
    )  # fmt: skip


def test_past_actions_are_entered_and_say_so(cast: Cast, client: Client) -> None:
    sign_in(client, cast.director)
    suspicious = OPEN.replace("No owner", "Seen with patient John Smith")
    answer = uploaded(client, page(cast), csv_file(HEADING, [suspicious, CLOSED]))
    assert problems(answer) == {}
    unattested = taken(client, answer, reason="From the old list")
    assert "looks like a patient&#x27;s name" in unattested.content.decode()
    assert not CorrectiveAction.objects.exists()

    done = taken(client, answer, reason="From the old list", attest_0="on")
    assert "2 corrective actions entered" in done.content.decode()
    assert "entered afterwards" in done.content.decode()
    act = Act.objects.get(verb="actions.imported")
    assert (act.flag, act.right, act.capacity, act.occurred_at) == ("back-entry", "DR-19", "decides", act.recorded_at)
    assert act.parts.filter(name="attestation", body__contains="Root cause, row 2").exists()
    closed = CorrectiveAction.objects.get(title="Charts")
    assert (closed.code, closed.state, closed.verifier, closed.past.result) == (
        "CA-2024-001", "closed", cast.director, "40 of 40 complete",
    )  # fmt: skip
    assert cast.practice.local(closed.closed_at).date() == date(2024, 5, 6)  # type: ignore[arg-type]
    told = client.get(reverse("decisions:action", args=[cast.practice.slug, closed.code])).content.decode()
    assert "Entered afterwards" in told
    assert "Elena Marsh, MD, Medical Director" in told
    again = problems(uploaded(client, page(cast), csv_file(HEADING, [CLOSED])))
    assert again == {2: ["Title: stands in the record already, with the same first day, as CA-2024-001"]}


def test_every_problem_is_told(cast: Cast, client: Client) -> None:
    sign_in(client, cast.operations)
    rows = [
        CLOSED,
        OPEN.replace("ortiz@", "cole@").replace("log", "A"),
        OPEN.replace("cole@", "nobody@").replace("log", "B"),
        OPEN.replace("2025-03-04", "2025-06-04").replace("Gaps a month", "").replace("log", "C"),
        OPEN.replace(",,,Gaps", ",2025-02-01,,Gaps").replace("log", "D"),
        OPEN,
        OPEN,
    ]
    told = problems(uploaded(client, page(cast), csv_file(HEADING, rows)))
    assert "Closed on: DR-19 is decided" in told[2][0] or "DR-19 is held by" in told[2][0]
    assert told[3] == ["Verifier: whoever owns the action does not verify its effect; name another"]
    assert told[4] == ["Owner: nobody with this address is known here"]
    assert told[5] == [
        "Due on: is before the day on which it was opened",
        "Measure: may not be empty while the action is open",
    ]
    assert "Closed on: is before the day on which it was opened" in told[6]
    assert told[8] == ["Title: stands in row 7 with the same first day"]
    assert 7 not in told


def test_nobody_closes_by_a_file_what_they_could_not_close(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = kept(cast, cast.operations, OPEN, CLOSED)
    for right in ("", "DR-19"):
        with pytest.raises(AuthorityRefused):
            import_past_actions(actor=cast.operations, practice=cast.practice, draft=draft, right=right, reason="Mine")
    with pytest.raises(AuthorityRefused):
        import_past_actions(
            actor=cast.secretary, practice=cast.practice, draft=kept(cast, cast.secretary, OPEN), right=""
        )
    own = kept(cast, cast.director, CLOSED.replace("cole@", "marsh@"))
    with pytest.raises(ImportRefused):
        import_past_actions(actor=cast.director, practice=cast.practice, draft=own, right="DR-19", reason="Own")
    # Without the check of the rows the database still refuses an own action closed.
    monkeypatch.setattr(past_actions, "take_up", lambda draft, preview, part: preview.rows)
    with pytest.raises(DatabaseError, match="decisions: who owns an action does not close it"):
        import_past_actions(
            actor=cast.director, practice=cast.practice, right="DR-19", reason="Own",
            draft=kept(cast, cast.director, CLOSED.replace("cole@", "marsh@") + "ortiz@riverside.example"),
        )  # fmt: skip
    assert not PastAction.objects.exists()
    # Open actions are opened by either side, as by hand.
    monkeypatch.undo()
    made = import_past_actions(
        actor=cast.operations, practice=cast.practice, draft=kept(cast, cast.operations, OPEN), right=""
    )
    assert [one.state for one in made] == ["open"]
