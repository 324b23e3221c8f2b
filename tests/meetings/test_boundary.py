"""The boundary report on the demonstration and on single acts: who sees what of it, and every number is its list."""

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit.acts import Refused
from audit.context import occurring
from audit.documents.child import render_in_child
from audit.models import Act
from decisions.models import Determination
from decisions.services.log import log_item, pull_over_the_line, record_decision
from decisions.services.proposals import approve_proposal, return_proposal, revise
from governance.authority import offices_of
from governance.models import Appointment, Person, Practice
from governance.rendering import printed
from governance.services.investor import InvestorRefused, state_investor
from meetings.boundary.figures import Figures, Report
from meetings.boundary.pack import boundary as section
from meetings.boundary.texts import OWN_FIGURES, TITLES
from meetings.rules.boundary import Course
from meetings.selectors.boundary import determined, window_for
from tests import verapdf
from tests.cast import Cast
from tests.conftest import Database
from tests.decisions.conftest import NO
from tests.meetings import gathering
from tests.sign_in import sign_in

pytestmark = pytest.mark.usefixtures("_no_waiting")


@pytest.fixture
def _no_waiting(settings: Any) -> None:
    settings.CHECKPOINT_WAIT = 0


@pytest.fixture
def practice(demonstration: Database) -> Practice:
    return Practice.objects.get(slug="riverside")


def named(name: str) -> Person:
    return Person.objects.get(account__email=f"{name}@demo.example")


def today(practice: Practice) -> date:
    return practice.local(timezone.now()).date()


def figures(practice: Practice, person: Person, days: int = 500) -> Figures:
    """What the person sees of the last days."""
    end = today(practice)
    window = window_for(offices_of(person, practice), person, practice, end - timedelta(days=days), end)
    assert window is not None
    return Figures(window)


def links(report: Report) -> Iterator[tuple[str, str]]:
    """Every count of a report with the address that it leads to: all numbers but times and runs."""
    for figure in report.figures:
        for number in figure.numbers:
            if number.url and not number.label.startswith(("Median", "Longest")):
                yield number.value, number.url
        for row in figure.rows:
            yield from ((cell["text"], cell["url"]) for cell in row if cell.get("numeric") and cell.get("url"))
    for row in report.heading_rows:
        yield from ((cell["text"], cell["url"]) for cell in row if cell.get("url"))
    yield from ((one.sentence, url) for one, url in report.weaknesses)


def address(practice: Practice, name: str = "boundary", *args: str, days: int = 430) -> str:
    end = today(practice)
    return f"{reverse(f'meetings:{name}', args=[practice.slug, *args])}?start={end - timedelta(days=days)}&end={end}"


@pytest.mark.parametrize("name", ["marsh", "holt", "cole", "prado", "quill", "vale"])
def test_every_number_is_the_length_of_its_list(practice: Practice, name: str) -> None:
    reader = figures(practice, named(name))
    report = reader.report()
    counts = list(links(report))
    assert len(counts) >= (30 if report.whole else 4)
    for value, url in counts:
        parts = urlsplit(url)
        slug = parts.path.rstrip("/").rpartition("/")[2]
        only = {key: one[0] for key, one in parse_qs(parts.query).items() if key not in {"start", "end"}}
        assert len(reader.events(slug, only)) == int(value.split()[0]), (value, url)


def test_the_report_tells_the_fourteen_months(practice: Practice, client: Client) -> None:
    page = sign_in(client, named("marsh")).get(address(practice)).text
    for title in TITLES.values():
        assert title in page
    assert "2 approvals were given within 60 seconds of opening the text." in page
    assert "1 thing was carried out before the physicians approved." in page
    assert "2 months were without a meeting, late, or without quorum." in page
    assert "Used as a yardstick" in page
    assert page.count("<svg") == 2 * page.count('<figure class="plot">') > 0
    assert 'style="' not in page
    assert "<style" not in page
    reader = figures(practice, named("marsh"))
    assert {one.course for one in reader.determined} == set(Course)
    assert len(reader.refusals) == Act.objects.filter(outcome="refused").count()
    assert sum(reader.done.values()) == Act.objects.filter(outcome="done", capacity="decides").count()
    assert len(reader.determined) == Determination.objects.count()


def test_who_does_not_read_it_is_told_of_nothing(practice: Practice, client: Client) -> None:
    for name in ("ortiz", "adeyemi", "reyes"):
        sign_in(client, named(name))
        assert client.get(address(practice)).status_code == 404
        assert client.get(address(practice, "boundary_list", "decisions")).status_code == 404
        assert "Boundary report" not in client.get(reverse("meetings:desk", args=[practice.slug])).text
    assert "Boundary report" in sign_in(client, named("holt")).get(reverse("meetings:desk", args=[practice.slug])).text


def test_management_sees_its_own_hand_alone(practice: Practice, client: Client) -> None:
    cole, others = named("cole"), ("Prado", "Quill", "Adeyemi", "Ortiz")
    sign_in(client, cole)
    page = client.get(address(practice)).text
    assert "your own part" in page
    assert "Weaknesses" not in page
    for slug in TITLES:
        answer = client.get(address(practice, "boundary_list", slug))
        assert answer.status_code == (200 if slug in OWN_FIGURES else 404)
        page += answer.text + client.get(address(practice, "boundary_list", slug) + "&format=csv").text
    assert not [name for name in others if name in page]
    own = figures(practice, cole)
    mine = Act.objects.filter(actor=cole.pk)
    assert sum(own.done.values()) == mine.filter(outcome="done", capacity="decides").count()
    assert len(own.refusals) == mine.filter(outcome="refused").count() == 2
    assert 0 < len(own.determined) < Determination.objects.count()
    assert {one.row.proposer for one in own.determined} == {cole}


def test_queries_do_not_grow_with_the_period(practice: Practice) -> None:
    counted = {}
    for days in (28, 430, 9000):
        reader = figures(practice, named("marsh"), days)
        with CaptureQueriesContext(connection) as queries:
            reader.report()
        counted[days] = len(queries)
    assert counted[28] == counted[430] == counted[9000] <= 16


def test_pages_of_the_list_ask_as_often_however_long_it_is(practice: Practice, client: Client) -> None:
    sign_in(client, named("marsh"))
    for slug in TITLES:
        counted = []
        for days in (28, 430):
            client.get(address(practice, "boundary_list", slug, days=days))  # the session is read once
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address(practice, "boundary_list", slug, days=days) + "&again=1").status_code == 200
            counted.append(len(queries))
        assert abs(counted[0] - counted[1]) <= 2, slug  # a list without acts asks for no parts of them
        assert max(counted) <= 22, slug


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("start=2026-02-30&end=2026-03-01", "Enter a valid date"),
        ("start=2026-03-02&end=2026-03-01", "The last day is before the first."),
        ("start=2026-03-02&end=2999-03-01", "This day lies in the future."),
        ("start=1066-01-01&end=2026-03-01", "Not before 1 January 2000."),
    ],
)
def test_a_period_that_is_none_is_said_at_its_field(
    practice: Practice, client: Client, query: str, sentence: str
) -> None:
    page = sign_in(client, named("marsh")).get(f"{reverse('meetings:boundary', args=[practice.slug])}?{query}")
    assert page.status_code == 200
    assert sentence in page.text
    assert "the last twelve months are shown" in page.text


def test_an_empty_period_and_a_long_one(practice: Practice, client: Client) -> None:
    sign_in(client, named("marsh"))
    home = reverse("meetings:boundary", args=[practice.slug])
    assert "Nothing in this period" in client.get(f"{home}?start=2001-01-01&end=2001-12-31").text
    long = client.get(f"{home}?start=2000-01-01&end={today(practice)}")
    assert long.status_code == 200
    assert "Nothing in this period" not in long.text
    empty = client.get(
        reverse("meetings:boundary_list", args=[practice.slug, "time"]) + "?start=2001-01-01&end=2001-02-01"
    )
    assert "None in this period" in empty.text


def test_the_report_and_its_lists_as_files(practice: Practice, client: Client) -> None:
    sign_in(client, named("holt"))
    rows = list(csv.reader(io.StringIO(client.get(address(practice) + "&format=csv").text.lstrip("\ufeff"))))
    assert rows[0] == ["Figure", "Item", "Number"]
    assert ["Refused attempts", "Attempts refused", str(Act.objects.filter(outcome="refused").count())] in rows
    assert any(row[0] == "HSC 1191 (a)(2)(F)" and row[2] == "1" for row in rows)
    told = client.get(address(practice, "boundary_list", "refused") + "&right=DR-24&format=csv").text
    listed = list(csv.reader(io.StringIO(told.lstrip("\ufeff"))))
    assert len(listed) == 2
    assert listed[1][1:4] == ["Dana Cole", "MSO operations", "MSO"]
    assert listed[1][4] == "Attempt: Switch to a cheaper audiometer"


def test_an_office_that_ended_closes_the_report(practice: Practice, client: Client) -> None:
    sign_in(client, named("holt"))
    assert client.get(address(practice)).status_code == 200
    held = Appointment.objects.get(practice=practice, office="pc_counsel")
    day = today(practice)
    assert window_for([held], named("holt"), practice, day, day) is not None
    assert window_for([], named("holt"), practice, day, day) is None


# Single acts


def determine(cast: Cast, service: Any, **more: Any) -> Any:
    proposal = gathering.proposal(cast)
    service(actor=cast.director, proposal=proposal, revision=1, rationale="Judged.", **more)
    proposal.refresh_from_db()
    return proposal


def test_what_was_approved_after_a_return_counts_as_changed(cast: Cast) -> None:
    proposal = determine(cast, return_proposal)
    revise(
        actor=cast.operations, proposal=proposal, base_revision=1, summary="Shorter.", clinical_effect="Less.",
        operations="Same.", change_note="As asked.",
    )  # fmt: skip
    proposal.refresh_from_db()
    approve_proposal(actor=cast.director, proposal=proposal, revision=2, rationale="Now it is safe.")
    window = figures(cast.practice, cast.director).window
    assert [one.course for one in determined(window)] == [Course.RETURNED, Course.WITH_CHANGES]
    assert [one.seconds for one in determined(window)] == [None, None]


def test_approvals_within_seconds_and_without_an_opening_are_weaknesses(cast: Cast) -> None:
    determine(cast, approve_proposal, opened_at=timezone.now() - timedelta(seconds=20))
    said = [one.sentence for one, _ in figures(cast.practice, cast.director).weak()]
    assert said == ["1 approval was given within 60 seconds of opening the text."]
    assert determined(figures(cast.practice, cast.director).window)[0].course is Course.AS_PROPOSED


def test_what_was_done_first_and_decided_later_stands_in_both_figures(cast: Cast) -> None:
    item = log_item(
        actor=cast.operations, practice=cast.practice, right="DR-37", category="scheduling", title="Kiosk",
        detail="One kiosk.", happened_on=today(cast.practice), screen=NO,
    )  # fmt: skip
    proposal = pull_over_the_line(actor=cast.director, item=item, reason="It asks for symptoms.")
    revise(
        actor=cast.operations, proposal=proposal, base_revision=1, summary="Without symptoms.", clinical_effect="None.",
        operations="Same.", change_note="The question is gone.",
    )  # fmt: skip
    proposal.refresh_from_db()
    assert [event.word for event in figures(cast.practice, cast.director).early] == ["now submitted"]
    approve_proposal(actor=cast.director, proposal=proposal, revision=2, rationale="It asks nothing clinical now.")
    reader = figures(cast.practice, cast.director)
    assert reader.early[0].word.startswith("approved ")
    assert [event.word for event in reader.late] == ["after it was done"]
    assert {one.put_by for one in reader.determined} == {"MSO"}
    assert len(figures(cast.practice, cast.operations).early) == 1
    assert len(figures(cast.practice, cast.executive).early) == 0


def test_a_decision_entered_later_is_shown_as_such(cast: Cast) -> None:
    with occurring(timezone.now() - timedelta(milliseconds=5), flag="back-entry"):
        record_decision(
            actor=cast.director, practice=cast.practice, right="DR-22", title="Hours", text="To six.", rationale="Need."
        )
    reader = figures(cast.practice, cast.director)
    assert [event.word for event in reader.late] == ["entered later"]
    assert "1 decision was taken or entered after the fact." in [one.sentence for one, _ in reader.weak()]


def test_the_investor_decides_what_the_report_says(cast: Cast, client: Client) -> None:
    page = reverse("governance:investor", args=[cast.practice.slug])
    home = reverse("meetings:boundary", args=[cast.practice.slug])
    sign_in(client, cast.pc_counsel)
    assert "The Medical Director records it, under DR-30." in client.get(page).text
    assert client.post(page, {"investor": "none", "reason": "Nobody invests in it."}).status_code == 403
    sign_in(client, cast.director)
    answer = client.post(page, {"investor": "private equity", "reason": "Letter of the fund, 3 March"})
    assert answer.status_code == 302
    act = Act.objects.get(verb="investor.stated", outcome="done")
    assert (act.actor, act.right) == (cast.director.pk, "DR-30")
    assert "Section 1191 applies: a private equity group" in client.get(home).text
    assert Practice.objects.get(pk=cast.practice.pk).investor == "private equity"
    again = client.post(page, {"investor": "private equity", "reason": "Letter of the fund, 3 March"})
    assert "is recorded already" in again.text
    assert "Investor stated" in again.text


@pytest.mark.parametrize("name", ["operations", "executive", "physician", "pc_counsel"])
def test_only_the_medical_director_states_the_investor(cast: Cast, name: str) -> None:
    with pytest.raises(Refused):
        state_investor(
            actor=getattr(cast, name), practice=cast.practice, investor="none", reason="Nobody invests in it."
        )
    assert Act.objects.get(verb="investor.stated").outcome == "refused"


@pytest.mark.parametrize(("field", "investor", "reason"), [("investor", "a bank", "x" * 12), ("reason", "none", "no")])
def test_a_statement_against_a_rule_writes_nothing(cast: Cast, field: str, investor: str, reason: str) -> None:
    with pytest.raises(InvestorRefused) as problem:
        state_investor(actor=cast.director, practice=cast.practice, investor=investor, reason=reason)
    assert problem.value.field == field
    assert not Act.objects.filter(verb="investor.stated").exists()


# The pack


def test_the_section_of_a_pack_conforms_and_holds_every_list(practice: Practice, tmp_path: Path) -> None:
    end = today(practice)
    start = end - timedelta(days=430)
    page = {"practice": practice, "start": start, "end": end, "seal": "PACK-001"}
    found = section(practice, start, end, person=named("holt"))
    assert set(found.data) == {"boundary-report.csv", *(f"boundary-{slug}.csv" for slug in TITLES)}
    assert len(found.data["boundary-refused.csv"]) == 1 + Act.objects.filter(outcome="refused").count()
    with timezone.override(practice.zone):
        html = printed(found, page)
    assert html.count("<svg") == 7
    pdf = tmp_path / "boundary.pdf"
    pdf.write_bytes(render_in_child({"title": "Boundary report", "created": timezone.now(), "html": html}))
    assert verapdf.failures([pdf]) == []


@pytest.mark.parametrize("name", ["ortiz", "reyes", "cole"])
def test_a_pack_of_somebody_else_leaves_the_report_out(practice: Practice, name: str) -> None:
    end = today(practice)
    found = section(practice, end - timedelta(days=430), end, person=named(name))
    assert found.data == {}
    html = printed(found, {"practice": practice, "start": end, "end": end, "seal": "PACK-001"})
    assert "It is left out of this pack" in html
    assert "Weaknesses" not in html
