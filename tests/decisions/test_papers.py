"""Papers under a proposal: who puts them, what stays, and that nobody alters or removes one."""

import hashlib
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from audit import store
from audit.models import Act, Document
from audit.services.verification.report import Report
from audit.services.verification.rows import verify_documents
from decisions.models import Paper, PaperVersion, Proposal
from decisions.selectors.papers import papers_of
from decisions.services.papers import attach_to_proposal, replace_proposal_paper, withdraw_proposal_paper
from decisions.services.proposals import approve_proposal
from decisions.services.rules import RuleBroken
from governance.authority import AuthorityRefused
from tests.cast import Cast
from tests.conftest import Database
from tests.decisions.paper_files import HOSTILE, image, office, pdf
from tests.sign_in import sign_in

type Proposed = Callable[..., Proposal]


def test_a_paper_through_its_versions(cast: Cast, proposed: Proposed, house: Database) -> None:
    found = proposed()
    data = pdf()
    first = attach_to_proposal(actor=cast.operations, proposal=found, data=data, name="C:\\temp\\Demand survey.exe")
    assert (first.title, first.file_name, first.side) == ("Demand survey", "Demand survey.pdf", "MSO")
    assert first.document.sha256 == hashlib.sha256(data).hexdigest()
    act = Act.objects.get(pk=first.act_id)
    assert (act.verb, act.object_id) == ("paper.attached", found.code)
    assert first.document.sha256 in str(act.parts.get(name="paper").body)
    again: dict[str, Any] = {
        "actor": cast.operations_2,
        "paper": first.paper,
        "name": "b.docx",
        "note": "With figures.",
    }
    with pytest.raises(RuleBroken, match="the same, byte for byte, as version 1"):
        replace_proposal_paper(**{**again, "data": data})
    second = replace_proposal_paper(**again, data=office())
    assert (second.number, second.title, second.file_name) == (2, "Demand survey", "b.docx")
    assert store.get(first.document.sha256) == data
    with pytest.raises(RuleBroken, match="Reason: say it in words"):
        withdraw_proposal_paper(actor=cast.operations, paper=first.paper, reason=" ")
    withdraw_proposal_paper(actor=cast.operations, paper=first.paper, reason="The survey is done again.")
    for late in (
        lambda: replace_proposal_paper(**again, data=image()),
        lambda: withdraw_proposal_paper(actor=cast.operations, paper=first.paper, reason="Again."),
    ):
        with pytest.raises(RuleBroken, match="is withdrawn already"):
            late()
    shown = papers_of(found)[0]
    assert [one.number for one in shown.versions] == [2, 1]
    assert shown.withdrawal is not None
    with house.connect("reader") as reader:
        assert list(verify_documents(reader, cast.practice.pk, Report())) == []
        store.drop(first.document.sha256)
        assert list(verify_documents(reader, cast.practice.pk, Report())) == [
            f"document 'Demand survey': The file {first.document.sha256} is missing from the store."
        ]


def test_who_may(cast: Cast, proposed: Proposed) -> None:
    found = proposed()
    for person in (cast.pc_counsel, cast.mso_counsel, cast.secretary):
        with pytest.raises(AuthorityRefused):
            attach_to_proposal(actor=person, proposal=found, data=pdf(), name="a.pdf")
    theirs = attach_to_proposal(actor=cast.operations, proposal=found, data=pdf(), name="a.pdf").paper
    attach_to_proposal(actor=cast.physician, proposal=found, data=image(), name="b.png")
    with pytest.raises(RuleBroken, match="changed by the side that put it"):
        withdraw_proposal_paper(actor=cast.director, paper=theirs, reason="Unwelcome.")
    for name in ("a program", "a PDF with a script"):
        data, rule = HOSTILE[name]
        with pytest.raises(RuleBroken, match=f"File: .*{rule}") as refusal:
            attach_to_proposal(actor=cast.operations, proposal=found, data=data, name="a.pdf")
        assert refusal.value.field == "file"
    approve_proposal(actor=cast.director, proposal=found, revision=1, rationale="Staff are ready.")
    with pytest.raises(RuleBroken, match="is approved, and its papers stay"):
        attach_to_proposal(actor=cast.operations, proposal=found, data=pdf(mark="late"), name="a.pdf")
    assert PaperVersion.objects.count() == 2


def test_nobody_alters_or_removes_a_paper(cast: Cast, proposed: Proposed, house: Database) -> None:
    found = proposed()
    version = attach_to_proposal(actor=cast.operations, proposal=found, data=pdf(), name="a.pdf")
    withdraw_proposal_paper(actor=cast.operations, paper=version.paper, reason="Done again.")
    tables = {
        "decisions_paper": "practice_id",
        "decisions_paperversion": "title",
        "decisions_paperwithdrawal": "reason",
    }
    for login in ("app", "owner"):
        with house.connect(login) as connection:
            for table, column in tables.items():
                for attack in (
                    f"update {table} set {column} = {column}", f"delete from {table}", f"truncate {table} cascade",
                ):  # fmt: skip
                    with pytest.raises(psycopg.errors.InsufficientPrivilege):
                        connection.execute(attack)
    with house.connect("app") as connection:
        for attack, why in (
            ("update audit_document set sha256 = repeat('0', 64)", psycopg.errors.InsufficientPrivilege),
            (
                "insert into decisions_paperwithdrawal (paper_id, reason, made_at, side, act_id, appointment_id,"
                " person_id) select paper_id, 'x', now(), side, gen_random_uuid(), appointment_id, person_id"
                " from decisions_paperversion",
                psycopg.errors.CheckViolation,
            ),
            (
                "insert into decisions_paperversion (paper_id, number, title, file_name, note, document_id, made_at,"
                " side, act_id, appointment_id, person_id) select paper_id, 2, 'x', 'x', 'x', document_id, now(), side,"
                " gen_random_uuid(), appointment_id, person_id from decisions_paperversion",
                psycopg.errors.CheckViolation,
            ),
        ):
            with pytest.raises(why):
                connection.execute(attack)


def test_its_pages_keep_what_was_typed(cast: Cast, proposed: Proposed) -> None:
    found = proposed()
    client = sign_in(Client(), cast.operations)
    slug = cast.practice.slug
    form = reverse("decisions:paper_attach", args=[slug, found.code])

    def post(page: str, data: bytes, **typed: str) -> Any:
        return client.post(page, {**typed, "file": SimpleUploadedFile("survey.pdf", data)})

    refused = post(form, HOSTILE["a PDF with a script"][0], title="Demand survey")
    assert "A PDF with active content is not accepted: it holds JavaScript" in refused.content.decode()
    assert 'value="Demand survey"' in refused.content.decode()
    assert post(form, pdf(), title="Demand survey").status_code == 302
    paper = Paper.objects.get()
    page = reverse("decisions:paper", args=[slug, found.code, paper.pk])
    assert "Demand survey" in client.get(reverse("decisions:proposal", args=[slug, found.code])).content.decode()
    refused = post(page, HOSTILE["a zip"][0], act="replace", note="New figures.", title="Survey")
    assert "New figures." in refused.content.decode()
    assert "By its content it is none of" in refused.content.decode()
    assert post(page, image(), act="replace", note="New figures.", title="Survey").status_code == 302
    looked = sign_in(Client(), cast.director).get(page).content.decode()
    assert "Withdraw it" not in looked
    assert "PNG image" in looked
    document = Document.objects.get(media_type="image/png")
    taken = client.post(reverse("governance:document", args=[slug, document.sha256]))
    assert taken.content == image()
    assert taken["Content-Disposition"] == 'attachment; filename="survey.png"'
    assert taken["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert taken["X-Content-Type-Options"] == "nosniff"
    assert Act.objects.filter(verb="document.downloaded").count() == 1
    assert client.post(page, {"act": "withdraw", "reason": ""}).status_code == 200
    assert client.post(page, {"act": "withdraw", "reason": "Done again."}).status_code == 302
    assert "Done again." in client.get(page).content.decode()
