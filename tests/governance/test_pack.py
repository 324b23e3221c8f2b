"""Audit packs: asked for, rendered, sealed, downloaded, and judged by the script inside them."""

import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit import store
from audit.acts import Refused
from audit.documents.sign import check_signature
from audit.models import Act, Document, Job
from audit.services.checkpoints import make_checkpoints
from audit.services.documents import seal_document
from audit.services.jobs import run_one
from audit.services.keys import load_signer
from governance.authority import AuthorityRefused
from governance.choices import Office
from governance.models import CatalogueVersion
from governance.rendering import _told
from governance.services.appointments import appoint
from governance.services.packs import PackRefused, record_download, request_pack
from tests import verapdf
from tests.cast import Cast, local_day
from tests.conftest import Database
from tests.sign_in import sign_in

PURPOSE = "Quarterly review by counsel"


@pytest.fixture(autouse=True)
def _checkpoint_folders(tmp_path: Path, settings: Any) -> None:
    settings.CHECKPOINT_FOLDER = str(tmp_path / "checkpoints")
    settings.CHECKPOINT_KEY_FOLDER = str(tmp_path / "checkpointer")
    settings.CHECKPOINT_WAIT = 0


@pytest.fixture
def sign(house: Database) -> Callable[[], None]:
    def do() -> None:
        with house.connect("checkpointer") as connection:
            make_checkpoints(connection, load_signer())

    return do


def ask(cast: Cast, actor: Any, **changes: Any) -> Job:
    today = cast.practice.local(timezone.now()).date()
    period = {"start": today - timedelta(days=30), "end": today}
    return request_pack(**{"actor": actor, "practice": cast.practice, "purpose": PURPOSE, **period, **changes})


def refuse(cast: Cast) -> None:
    """Somebody from the management side tries to name the Medical Director."""
    with pytest.raises(AuthorityRefused):
        appoint(
            actor=cast.operations,
            practice=cast.practice,
            person=cast.physician,
            office=Office.MEDICAL_DIRECTOR,
            reason="Attempt",
        )


def judge(pack: Path) -> tuple[int, str]:
    """What the script inside the pack says about it."""
    script = pack.with_name("verify_pack.py")
    with pikepdf.open(pack) as pdf:
        script.write_bytes(pdf.attachments["verify_pack.py"].get_file().read_bytes())
    done = subprocess.run(
        [sys.executable, "-I", "-X", "utf8", str(script), str(pack)], capture_output=True, encoding="utf-8", check=False
    )
    return done.returncode, done.stdout


def test_a_pack_proves_itself_and_conforms(
    cast: Cast, sign: Callable[[], None], client: Client, tmp_path: Path
) -> None:
    refuse(cast)
    ask(cast, cast.director)
    sign()
    job = run_one()
    assert job is not None
    assert job.state == Job.State.DONE, job.error
    assert job.document is not None

    sign_in(client, cast.director)
    url = reverse("governance:document", args=[cast.practice.slug, job.document.sha256])
    response = client.post(url, {"purpose": PURPOSE})
    assert response.status_code == 200
    assert response["ETag"] == f'"{job.document.sha256}"'
    taken = Act.objects.get(verb="pack.downloaded")
    assert (taken.actor, taken.reason) == (cast.director.pk, PURPOSE)

    pack = tmp_path / "pack.pdf"
    pack.write_bytes(response.content)
    code, said = judge(pack)
    assert code == 3, said
    assert "\nCONSISTENT: the pack agrees with itself, no more." in said
    assert "The PDF is, byte for byte, as it was signed" in said
    assert verapdf.failures([pack]) == []
    assert check_signature(response.content).intact
    with pikepdf.open(pack) as pdf:
        refusals = pdf.attachments["refusals.csv"].get_file().read_bytes().decode()
    assert "DR-31" in refusals
    assert "Dana Cole" in refusals


def test_a_changed_pack_is_known(cast: Cast, sign: Callable[[], None], tmp_path: Path) -> None:
    ask(cast, cast.director)
    sign()
    job = run_one()
    assert job is not None
    assert job.document is not None
    pack = tmp_path / "pack.pdf"
    pack.write_bytes(store.get(job.document.sha256))
    with pikepdf.open(pack, allow_overwriting_input=True) as pdf:
        entries = pdf.attachments["entries.ndjson"].get_file().read_bytes()
        pdf.attachments["entries.ndjson"] = entries.replace(b"appointment.made", b"appointment.lost", 1)
        pdf.save(pack)
    code, said = judge(pack)
    assert code == 1, said
    assert "\nDAMAGED: " in said
    assert "the PDF: its signature" in said


@pytest.mark.parametrize("name", ["operations", "executive", "secretary"])
def test_offices_without_the_audit_room_are_refused(cast: Cast, name: str) -> None:
    with pytest.raises(AuthorityRefused):
        ask(cast, getattr(cast, name))
    assert Act.objects.filter(verb="pack.requested", outcome=Act.Outcome.REFUSED).count() == 1
    assert not Job.objects.filter(renderer="pack").exists()


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("purpose", {"purpose": "   short   "}),
        ("end", {"start": local_day(), "end": local_day() - timedelta(days=2)}),
        ("end", {"end": local_day() + timedelta(days=3)}),
    ],
)
def test_a_request_against_a_rule_writes_nothing(cast: Cast, field: str, changes: dict[str, Any]) -> None:
    with pytest.raises(PackRefused) as problem:
        ask(cast, cast.director, **changes)
    assert problem.value.field == field
    assert not Act.objects.filter(verb="pack.requested").exists()


def test_a_pack_is_closed_to_whom_it_shows_more_than_they_may_see(
    cast: Cast, sign: Callable[[], None], client: Client
) -> None:
    ask(cast, cast.director)
    sign()
    job = run_one()
    assert job is not None
    assert job.document is not None
    assert job.document.compartment == "confidential"
    url = reverse("governance:document", args=[cast.practice.slug, job.document.sha256])
    for person in (cast.mso_counsel, cast.operations):
        sign_in(client, person)
        assert client.get(url).status_code == 404
        with pytest.raises(Refused):
            record_download(actor=person, practice=cast.practice, document=job.document, purpose=PURPOSE)
    sign_in(client, cast.pc_counsel)
    assert client.get(url).status_code == 200


def test_a_pack_wants_a_fresh_sign_in_and_nothing_typed_is_lost(cast: Cast, client: Client) -> None:
    from tests.cast import PASSWORD

    sign_in(client, cast.director, seconds_ago=3600)
    room = reverse("governance:audit_room", args=[cast.practice.slug])
    assert client.get(room).status_code == 200
    today = cast.practice.local(timezone.now()).date()
    asked = client.post(room, {"start": today, "end": today, "purpose": PURPOSE})
    assert asked.status_code == 302
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    assert not Job.objects.filter(renderer="pack").exists()
    proven = client.post(asked["Location"], {"password": PASSWORD, "next": room})
    assert proven.status_code == 302
    assert Job.objects.get(renderer="pack").arguments["purpose"] == PURPOSE


def test_parts_of_a_closed_compartment_are_withheld() -> None:
    closed = '{"compartment": "privileged"}'
    assert "withheld" in _told("row/audit_document/3", b"x" * 32, closed, frozenset({"see_practice"}))
    assert "withheld" in _told(
        "row/audit_document/3", b"x" * 32, '{"compartment": "peer"}', frozenset({"see_practice"})
    )
    assert _told("row/audit_document/3", b"x" * 32, closed, frozenset({"see_privileged"}))["body"] == closed
    closed_after = _told("after/audit_document/3", b"x" * 32, closed, frozenset({"see_practice"}))
    assert "withheld" in closed_after
    assert _told("reason", None, None, frozenset()) == {}


def test_a_document_of_another_practice_does_not_exist(cast: Cast, client: Client) -> None:
    sign_in(client, cast.director)
    assert not Document.objects.exists()
    assert client.get(reverse("governance:document", args=[cast.practice.slug, "0" * 64])).status_code == 404


def test_what_was_sealed_after_the_checkpoint_is_left_out_and_said_so(
    cast: Cast, sign: Callable[[], None], tmp_path: Path
) -> None:
    """The pages show the moment at which the pack is made, the proof ends at the checkpoint: it must not claim more."""
    ask(cast, cast.director)
    sign()
    version = CatalogueVersion.objects.ruling(cast.practice, timezone.now()).get()
    sealed = seal_document(
        data=b"%PDF-1.7 later", title="Sealed later", kind="catalogue", object_type="governance.catalogueversion",
        object_id=str(version), compartment="open", practice_id=cast.practice.pk,
    )  # fmt: skip
    job = run_one()
    assert job is not None
    assert job.document is not None, job.error
    pack = tmp_path / "pack.pdf"
    pack.write_bytes(store.get(job.document.sha256))
    with pikepdf.open(pack) as pdf:
        assert sealed.sha256 not in pdf.attachments["manifest.json"].get_file().read_bytes().decode()
    assert judge(pack)[0] == 3
