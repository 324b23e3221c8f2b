"""Jobs: leased, taken over when a worker dies, tried three times, and never sealed twice."""

import io
from datetime import timedelta
from io import StringIO
from typing import Any

import pikepdf
import pytest
from django.core.management import call_command
from django.utils import timezone

from audit import store
from audit.acts import service
from audit.documents.sign import check_signature
from audit.management.commands.worker import Regular
from audit.models import Act, Document, Job
from audit.services import jobs
from audit.services.documents import LeaseLost, seal_document
from governance import authority
from governance.models import Person, Practice
from tests.cast import Cast

NOTES: list[str] = []


def blank(title: str) -> bytes:
    """An empty page, the same bytes each time."""
    file = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.docinfo["/Title"] = title
        pdf.save(file, deterministic_id=True)
    return file.getvalue()


def leaflet(arguments: dict[str, Any], checkpoint_note: str) -> jobs.Rendering:
    NOTES.append(checkpoint_note)
    return jobs.Rendering(
        title="A leaflet", kind="leaflet", object_type="test.leaflet", object_id=arguments["id"], compartment="open",
        practice_id=None, pdf=blank(arguments["id"]),
    )  # fmt: skip


def broken(arguments: dict[str, Any], checkpoint_note: str) -> jobs.Rendering:
    raise ValueError("title: is empty")


@service
def ask_for(*, actor: Person, practice: Practice, key: str, renderer: str = "leaflet") -> Job:
    authority.take_part(actor=actor, practice=practice, verb="leaflet.asked")
    return jobs.ask(key=key, renderer=renderer, practice_id=practice.pk, arguments={"id": key})


@pytest.fixture(autouse=True)
def _renderers(settings: Any) -> None:
    NOTES.clear()
    settings.RENDERERS = {"leaflet": f"{__name__}.leaflet", "broken": f"{__name__}.broken"}


def test_asked_rendered_sealed(cast: Cast, sign: Any) -> None:
    job = ask_for(actor=cast.director, practice=cast.practice, key="one")
    assert ask_for(actor=cast.director, practice=cast.practice, key="one") == job
    sign()
    done = jobs.run_one()
    assert done is not None
    assert done.state == Job.State.DONE
    assert done.document is not None
    file = store.get(done.document.sha256)
    assert file.startswith(blank("one"))
    assert check_signature(file).intact
    act = Act.objects.get(verb="document.sealed")
    assert (act.capacity, act.actor, act.via) == ("system", None, "worker")
    assert jobs.run_one() is None
    assert Document.objects.count() == 1


def test_waits_for_the_checkpoint_that_covers_its_act(cast: Cast, sign: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    sign()
    job = ask_for(actor=cast.director, practice=cast.practice, key="one")
    assert jobs.run_one() is None
    sign()
    covering = jobs.covering(job)
    assert covering is not None
    jobs.run_one()
    assert [covering.note] == NOTES
    later = ask_for(actor=cast.director, practice=cast.practice, key="two")
    assert jobs.run_one() is None
    monkeypatch.setattr(jobs, "PATIENCE", timedelta(0))
    assert jobs.run_one() == later
    newest = jobs.newest(cast.practice.pk)
    assert newest is not None
    assert NOTES[1:] == [newest.note]


def test_a_dead_worker_loses_its_lease(cast: Cast, sign: Any) -> None:
    ask_for(actor=cast.director, practice=cast.practice, key="one")
    sign()
    dead = jobs._lease()
    assert dead is not None
    assert jobs.run_one() is None
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    done = jobs.run_one()
    assert done is not None
    assert (done.state, done.attempts) == (Job.State.DONE, 2)
    # The first worker was only slow, and comes to seal the same.
    with pytest.raises(LeaseLost):
        seal_document(
            data=b"%PDF-1.7 late", title="A leaflet", kind="leaflet", object_type="test.leaflet", object_id="one",
            compartment="open", practice_id=None, job=dead,
        )  # fmt: skip
    assert Document.objects.count() == 1


def test_a_job_over_which_workers_die_is_given_up(cast: Cast, sign: Any) -> None:
    ask_for(actor=cast.director, practice=cast.practice, key="one")
    sign()
    for _ in range(jobs.ATTEMPTS):
        assert jobs._lease() is not None
        Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert jobs.run_one() is None
    job = Job.objects.get()
    assert job.state == Job.State.FAILED
    assert "died" in job.error


def test_a_failure_is_kept_and_tried_again(cast: Cast, sign: Any) -> None:
    ask_for(actor=cast.director, practice=cast.practice, key="one", renderer="broken")
    sign()
    rests = []
    while job := jobs.run_one():
        assert job.error == "ValueError: title: is empty"
        assert jobs.run_one() is None
        assert jobs.waiting() == 0
        if job.lease_until:
            rests.append(round((job.lease_until - timezone.now()) / timedelta(seconds=10)))
            Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert rests == [wait / timedelta(seconds=10) for wait in jobs.WAITS]
    assert Job.objects.get().state == Job.State.FAILED
    assert not Document.objects.exists()


def test_what_was_given_up_is_tried_again_by_a_command(cast: Cast, sign: Any) -> None:
    ask_for(actor=cast.director, practice=cast.practice, key="one")
    ask_for(actor=cast.director, practice=cast.practice, key="two", renderer="broken")
    sign()
    Job.objects.filter(key="one").update(state=Job.State.FAILED, attempts=jobs.ATTEMPTS)
    Job.objects.filter(key="two").update(lease_until=timezone.now() + timedelta(hours=1), attempts=4)
    assert jobs.run_one() is None
    said = StringIO()
    call_command("retry_documents", stdout=said)
    assert said.getvalue() == "2 documents are tried again.\n"
    done = jobs.run_one()
    assert done is not None
    assert done.state == Job.State.DONE
    assert Job.objects.get(key="two").attempts == 0


def test_two_workers_take_two_jobs(cast: Cast, sign: Any) -> None:
    for key in ("one", "two"):
        ask_for(actor=cast.director, practice=cast.practice, key=key)
    sign()
    first, second = jobs._lease(), jobs._lease()
    assert first is not None
    assert second is not None
    assert {first.key, second.key} == {"one", "two"}
    assert jobs._lease() is None


def test_unknown_renderer(cast: Cast) -> None:
    with pytest.raises(ValueError, match="renderer: 'scroll' is not one of broken, leaflet"):
        ask_for(actor=cast.director, practice=cast.practice, key="one", renderer="scroll")


def test_rendering_has_one_content() -> None:
    with pytest.raises(ValueError, match="exactly one"):
        jobs.Rendering(
            title="", kind="", object_type="", object_id="", compartment="", practice_id=None, pdf=b"", html="<p>"
        )


def test_regular_work_has_its_rhythm_and_no_failure_ends_the_worker(settings: Any, monkeypatch: Any) -> None:
    settings.REGULAR_WORK = {f"{__name__}.breaks": 5, f"{__name__}.counts": 60}
    clock = [100.0]
    monkeypatch.setattr("audit.management.commands.worker.time.monotonic", lambda: clock[0])
    regular = Regular()
    done.clear()
    for at in (100.0, 104.0, 105.0, 159.0, 160.0):
        clock[0] = at
        regular.run()
    assert done == ["breaks", "counts", "breaks", "breaks", "counts"]
    assert regular.run(at_once=True) == 1


done: list[str] = []


def counts() -> int:
    done.append("counts")
    return 1


def breaks() -> int:
    done.append("breaks")
    raise OSError("no server")


def test_html_is_rendered_in_the_child(cast: Cast, sign: Any, settings: Any) -> None:
    settings.RENDERERS = {"leaflet": f"{__name__}.page"}
    ask_for(actor=cast.director, practice=cast.practice, key="one")
    sign()
    out = io.StringIO()
    call_command("worker", "--until-idle", stdout=out)
    assert "one: Done; 0 left" in out.getvalue()
    assert "1 documents were sealed" in out.getvalue()
    assert store.get(Document.objects.get().sha256).startswith(b"%PDF-1.7")


def page(arguments: dict[str, Any], checkpoint_note: str) -> jobs.Rendering:
    html = "<html lang='en'><head><title>A leaflet</title></head><body><h1>A leaflet</h1></body></html>"
    return jobs.Rendering(
        title="A leaflet", kind="leaflet", object_type="test.leaflet", object_id="1", compartment="open",
        practice_id=None, html=html,
    )  # fmt: skip
