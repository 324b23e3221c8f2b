"""The timeline of an object: acts with readable differences, in as many queries for many acts as for few."""

from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.context import occurring
from audit.past import as_of, since_when
from audit.selectors import Change, as_events, timeline
from governance.choices import Office
from governance.models import Appointment, DecisionRight
from tests.audit.conftest import rename_site
from tests.cast import Cast


def test_differences_are_readable(cast: Cast, act: Any) -> None:
    site = act("Barstow")
    rename_site(actor=cast.director, practice=cast.practice, site=site, name="Barstow North")
    renamed, opened = timeline("governance.site", str(site.pk), cast.practice.pk)
    assert renamed.title == "Site renamed"
    assert renamed.changes == [Change(row="site", label="Name", before="Barstow", after="Barstow North")]
    assert renamed.who.startswith("Elena Marsh, MD, ")
    assert Change(row="site", label="Practice", before="", after=cast.practice.name) in opened.changes
    assert Change(row="site", label="Flagship", before="", after="no") in opened.changes
    (event,) = as_events([renamed], ZoneInfo("America/Los_Angeles"))
    assert event["rows"] == [{"name": "Site", "changes": renamed.changes}]
    assert (event["fields"], event["side"], event["recorded"]) == (1, "pc", "")
    assert event["basis"] == f"DR-21, entry {renamed.act.entry.index}"


def test_both_times_are_told_where_they_differ(cast: Cast, act: Any) -> None:
    site = act("Barstow")
    with occurring(timezone.now(), flag="demonstration"):
        rename_site(actor=cast.director, practice=cast.practice, site=site, name="Barstow North")
    (event,) = as_events(
        timeline("governance.site", str(site.pk), cast.practice.pk, limit=1), ZoneInfo("America/Los_Angeles")
    )
    assert event["flag"] == "demonstration"
    assert event["recorded"]


def test_an_act_about_something_else_that_wrote_the_row_is_told_with_that_row_alone(cast: Cast) -> None:
    """Founding is about the practice; the site's own story begins with it."""
    site = cast.flagship
    assert timeline("governance.site", str(site.pk), cast.practice.pk) == []
    (founding,) = timeline("governance.site", str(site.pk), cast.practice.pk, rows=[site])
    assert founding.title == "Practice opened"
    assert {change.row for change in founding.changes} == {"site"}
    whole = timeline("governance.practice", cast.practice.slug, cast.practice.pk)[-1]
    assert {"practice", "site", "body", "appointment"} <= {change.row for change in whole.changes}


def test_the_word_of_a_choice_and_the_name_of_a_row(cast: Cast) -> None:
    appointment = Appointment.objects.get(person=cast.physician, office=Office.PHYSICIAN)
    (made,) = timeline("governance.appointment", str(appointment.pk), cast.practice.pk, rows=[appointment])
    told = {change.label: change.after for change in made.changes if change.row == "appointment"}
    assert told["Person"] == "Samuel Ortiz, MD"
    assert told["Office"] == "Physician"


def test_state_as_of_a_moment(cast: Cast, act: Any) -> None:
    site = act("Barstow")
    opened = timezone.now()
    rename_site(actor=cast.director, practice=cast.practice, site=site, name="Barstow North")
    (then,), (now,) = as_of([site], opened), as_of([site], timezone.now())
    assert dict(then.facts)["Name"] == "Barstow"
    assert dict(now.facts)["Name"] == "Barstow North"
    assert dict(now.facts)["Practice"] == cast.practice.name
    began = since_when(site)
    assert began is not None
    assert as_of([site], began) == []
    right = DecisionRight.objects.filter(catalogue__practice=cast.practice, code="DR-21").get()
    (state,) = as_of([right], timezone.now())
    assert dict(state.facts)["Code"] == "DR-21"
    adopted = since_when(right)
    assert adopted is not None
    assert as_of([right], adopted) == []


def test_another_practice_sees_nothing(cast: Cast, act: Any) -> None:
    site = act("Barstow")
    assert timeline("governance.site", str(site.pk), None) == []


def test_queries_are_bounded(cast: Cast, act: Any) -> None:
    site = act("Barstow")

    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            timeline("governance.site", str(site.pk), cast.practice.pk)
        return len(queries)

    few = count()
    for number in range(5):
        rename_site(actor=cast.director, practice=cast.practice, site=site, name=f"Barstow {number}")
    assert count() == few
