"""A sealed file that holds a scrubbed span loses its bytes, keeps its hash, and a redacted one stands in its place."""

import io
from collections.abc import Callable

import pypdf
import pytest

from audit import store
from audit.documents.reading import mentions
from audit.models import Document, Job, Scrubbing
from audit.services import jobs
from audit.services.documents import seal_document
from audit.services.places import BYTES, elsewhere, find
from audit.services.scrubbing import MARK, sweep
from governance.services.scrubbing import ScrubRefused, scrub_text
from meetings.models import Minutes, WorkingDraft
from meetings.services.minutes import MEANING, sign_minutes, submit_minutes
from meetings.services.room import adjourn, handle_item
from tests.cast import Cast
from tests.conftest import Database
from tests.meetings import gathering

SPAN = "Jane Doe of room 12"
REASON = "A patient was named in the minutes."


def signed(cast: Cast) -> Minutes:
    """Signed minutes that name a patient."""
    gathering.series(cast)
    meeting = gathering.opened(cast, gathering.planned(cast))
    # Only the minutes are rendered here, not the packet of the meeting.
    Job.objects.all().delete()
    for item in meeting.items.all():
        handle_item(actor=cast.secretary, item=item, account=f"The body considered {SPAN}.")
    minutes = adjourn(actor=cast.director, meeting=meeting)
    version = submit_minutes(actor=cast.secretary, minutes=minutes, revision=1)
    sign_minutes(actor=cast.director, minutes=minutes, version=version, meaning=MEANING)
    return minutes


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "PATIENCE", jobs.PATIENCE * 0)


def render() -> None:
    while (job := jobs.run_one()) is not None:
        assert job.state == Job.State.DONE, job.error


def words(document: Document) -> str:
    pages = pypdf.PdfReader(io.BytesIO(store.get(document.sha256))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_the_sealed_minutes_are_replaced_by_a_redacted_file_that_names_the_scrub(
    cast: Cast, house: Database, verify: Callable[..., tuple[int, str]]
) -> None:
    minutes = signed(cast)
    render()
    sealed = Document.objects.get()
    assert mentions(store.get(sealed.sha256), SPAN)
    scrub_text(actor=cast.physician, practice=cast.practice, about=minutes, value=SPAN, reason=REASON)
    assert not store.holds(sealed.sha256)
    assert verify()[0] == 0
    render()
    redacted = Document.objects.exclude(pk=sealed.pk).get()
    assert (redacted.replaces, redacted.kind, redacted.object_id) == (sealed, sealed.kind, sealed.object_id)
    assert not mentions(store.get(redacted.sha256), SPAN)
    said = words(redacted)
    for expected in (str(cast.physician), "Physician", REASON, sealed.sha256, MARK):
        assert expected.replace(" ", "") in said.replace(" ", "")
    assert find(cast.practice.pk, SPAN) == []
    assert elsewhere(cast.practice.pk, SPAN) == []
    code, report = verify()
    assert code == 0, report
    assert "dropped by scrub" in report


def test_a_redacted_file_can_be_redacted_again(cast: Cast, house: Database) -> None:
    minutes = signed(cast)
    render()
    for value in (SPAN, "body considered"):
        scrub_text(actor=cast.physician, practice=cast.practice, about=minutes, value=value, reason=REASON)
        render()
    first, second, third = Document.objects.order_by("pk")
    assert (second.replaces, third.replaces) == (first, second)
    assert not mentions(store.get(third.sha256), "body considered")
    said = words(third).replace(" ", "")
    assert first.sha256 in said
    assert second.sha256 in said
    assert third.title.count("redacted") == 1


def test_a_rendering_under_way_is_thrown_away(cast: Cast, house: Database) -> None:
    minutes = signed(cast)
    job = jobs._lease()
    assert job is not None
    rendering = jobs._rendering(job)
    data = jobs._pdf(rendering, job)
    scrub_text(actor=cast.physician, practice=cast.practice, about=minutes, value=SPAN, reason=REASON)
    with pytest.raises(jobs.LeaseLost):
        jobs._seal(job, rendering, data)
    render()
    assert find(cast.practice.pk, SPAN) == []
    assert MARK in words(Document.objects.get())


def test_a_working_draft_is_overwritten_and_an_older_text_does_not_come_back(cast: Cast, house: Database) -> None:
    gathering.series(cast)
    meeting = gathering.opened(cast, gathering.planned(cast))
    for item in meeting.items.all():
        handle_item(actor=cast.secretary, item=item, account=f"The body considered {SPAN}.")
    minutes = adjourn(actor=cast.director, meeting=meeting)
    revision = WorkingDraft.objects.get().revision
    scrub_text(actor=cast.physician, practice=cast.practice, about=minutes, value=SPAN, reason=REASON)
    draft = WorkingDraft.objects.get()
    assert SPAN not in draft.text
    assert MARK in draft.text
    assert draft.revision == revision + 1
    assert find(cast.practice.pk, SPAN) == []


def paper(cast: Cast, data: bytes, media_type: str = "text/plain") -> Document:
    return seal_document(
        data=data, title="A letter", kind="paper", object_type="meetings.minutes", object_id="MIN-1",
        compartment="open", practice_id=cast.practice.pk, media_type=media_type,
    )  # fmt: skip


def test_a_file_that_nobody_can_render_again_is_replaced_by_the_notice(cast: Cast, house: Database) -> None:
    document = paper(cast, f"Dear {SPAN}".encode())
    scrub_text(actor=cast.director, practice=cast.practice, about=document, value=SPAN, reason=REASON)
    render()
    notice = Document.objects.get(replaces=document)
    assert "could not be rendered again" in words(notice)


def test_only_marked_places_are_scrubbed_and_what_was_sealed_since_is_read(cast: Cast, house: Database) -> None:
    first, second = paper(cast, f"One {SPAN}".encode()), paper(cast, f"Two {SPAN}".encode())
    marked = [place for place in find(cast.practice.pk, SPAN) if place.key == str(first.pk)]
    third = paper(cast, f"Three {SPAN}".encode())
    scrub_text(
        actor=cast.director, practice=cast.practice, about=first, value=SPAN, reason=REASON, places=marked,
        read_up_to=second.pk,
    )  # fmt: skip
    assert [store.holds(one.sha256) for one in (first, second, third)] == [False, True, False]
    assert [place.key for place in find(cast.practice.pk, SPAN)] == [str(second.pk)]


def test_a_clean_file_is_not_dropped_though_it_is_marked(cast: Cast, house: Database) -> None:
    clean, held = paper(cast, b"Nothing in it"), paper(cast, SPAN.encode())
    from audit.services.places import Place

    marked = [Place("audit_document", str(one.pk), BYTES) for one in (clean, held)]
    scrub_text(
        actor=cast.director, practice=cast.practice, about=held, value=SPAN, reason=REASON, places=marked,
        read_up_to=held.pk,
    )  # fmt: skip
    assert store.holds(clean.sha256)
    assert [one.row_key for one in Scrubbing.objects.all()] == [str(held.pk)]


def test_what_a_crash_left_is_swept_away(cast: Cast, house: Database, verify: Callable[..., tuple[int, str]]) -> None:
    document = paper(cast, SPAN.encode())
    scrub_text(actor=cast.director, practice=cast.practice, about=document, value=SPAN, reason=REASON)
    store.put(SPAN.encode())
    assert "still lie in the store" in verify()[1]
    assert sweep() == 1
    assert not store.holds(document.sha256)


def test_a_missing_file_that_no_scrub_names_is_damage(
    cast: Cast, house: Database, verify: Callable[..., tuple[int, str]]
) -> None:
    store.drop(paper(cast, b"A paper").sha256)
    code, report = verify()
    assert code == 1
    assert "is missing from the store" in report


def test_a_span_that_is_nowhere_is_said(cast: Cast, house: Database) -> None:
    with pytest.raises(ScrubRefused, match="no text of this practice"):
        scrub_text(actor=cast.director, practice=cast.practice, about=cast.body, value="Zebedee", reason=REASON)
