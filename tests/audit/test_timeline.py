"""The timeline of an object: acts with readable differences, in as many queries for many acts as for few."""

from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.selectors import Change, as_events, timeline
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
    events = as_events([renamed], ZoneInfo("America/Los_Angeles"))
    assert events[0]["text"] == "Name: Barstow became Barstow North"
    assert events[0]["side"] == "PC"


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
