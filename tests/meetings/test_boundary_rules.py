"""The computations of the boundary report, against plain models of their rules."""

from datetime import date, timedelta
from itertools import groupby, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from meetings.boundary.headings import cited, headings
from meetings.boundary.texts import HELP, OWN_FIGURES, TITLES
from meetings.rules import plots
from meetings.rules.boundary import (
    FEW,
    QUICK_SECONDS,
    Band,
    Course,
    Reading,
    Share,
    band_of,
    course_of,
    duration,
    longest_run,
    median,
    unbroken,
    weaknesses,
)

COUNTS = some.integers(0, 10_000)
SECONDS = some.floats(0, 10**9, allow_nan=False)
DAYS = some.dates(date(2020, 1, 1), date(2030, 12, 31))


@given(COUNTS, COUNTS)
def test_a_share_says_all_only_of_all_and_none_only_of_none(part: int, more: int) -> None:
    share = Share(part, part + more)
    if part + more == 0:
        assert share.percent is None
        return
    assert share.percent is not None
    assert (share.percent == 100) == (more == 0)
    assert (share.percent == 0) == (part == 0)
    assert abs(share.percent - 100 * part / (part + more)) <= 1


@pytest.mark.parametrize(("part", "whole"), [(2, 1), (-1, 4)])
def test_a_part_beyond_its_whole_is_refused(part: int, whole: int) -> None:
    with pytest.raises(ValueError, match="part"):
        Share(part, whole)


@given(some.lists(SECONDS))
def test_the_median_has_as_many_below_as_above(seconds: list[float]) -> None:
    found = median(seconds)
    if not seconds:
        assert found is None
        return
    assert found is not None
    assert 2 * sum(one < found for one in seconds) <= len(seconds)
    assert 2 * sum(one > found for one in seconds) <= len(seconds)


@given(some.lists(some.booleans()))
def test_the_longest_run_is_that_of_the_groups(marks: list[bool]) -> None:
    assert longest_run(marks) == max((len(list(run)) for mark, run in groupby(marks) if mark), default=0)


@given(SECONDS, SECONDS)
def test_bands_follow_the_times(one: float, other: float) -> None:
    order = list(Band)
    low, high = sorted((one, other))
    assert order.index(band_of(low)) <= order.index(band_of(high))
    assert (band_of(one) is Band.MINUTE) == (one < QUICK_SECONDS)
    assert band_of(one) is not Band.UNKNOWN
    assert band_of(None) is Band.UNKNOWN


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 seconds"), (1, "1 second"), (59.9, "59 seconds"), (60, "1 minute"), (7200, "2 hours"), (86400, "1 day"),
     (None, "not on record")],
)  # fmt: skip
def test_durations_in_words(seconds: float | None, words: str) -> None:
    assert duration(seconds) == words


def test_the_course_of_a_determination() -> None:
    assert course_of("approved", conditions="", amended=False) is Course.AS_PROPOSED
    assert course_of("approved", conditions=" ", amended=False) is Course.AS_PROPOSED
    assert course_of("approved", conditions="Review the charts", amended=False) is Course.WITH_CHANGES
    assert course_of("approved", conditions="", amended=True) is Course.WITH_CHANGES
    assert course_of("returned", conditions="", amended=True) is Course.RETURNED
    assert course_of("refused", conditions="x", amended=False) is Course.REFUSED
    with pytest.raises(ValueError, match="withdrawn"):
        course_of("withdrawn", conditions="", amended=False)


@given(some.lists(some.sampled_from(list(Course))))
def test_one_change_breaks_the_run(courses: list[Course]) -> None:
    assert unbroken(courses) == (len(courses) >= FEW and set(courses) == {Course.AS_PROPOSED})


READINGS = some.builds(
    Reading,
    courses=some.lists(some.sampled_from(list(Course)), max_size=12),
    seconds=some.lists(some.none() | SECONDS, max_size=8),
    under_pc=some.tuples(COUNTS, COUNTS).map(lambda pair: Share(pair[0], sum(pair))),
    findings=some.tuples(COUNTS, COUNTS).map(lambda pair: Share(pair[0], sum(pair))),
    before_approval=COUNTS,
    after_the_fact=COUNTS,
    alone=COUNTS,
)


@given(READINGS)
def test_every_weakness_is_said_and_nothing_else(reading: Reading) -> None:
    said = weaknesses(reading)
    quick = sum(one is not None and one < QUICK_SECONDS for one in reading.seconds)
    expected = {
        ("decisions", ""): reading.under_pc.whole - reading.under_pc.part,
        ("before-approval", ""): reading.before_approval,
        ("after-the-fact", ""): reading.after_the_fact,
        ("time", f"band={Band.MINUTE.value}"): quick,
        ("time", f"band={Band.UNKNOWN.value}"): reading.seconds.count(None),
        ("proposals", ""): len(reading.courses) if unbroken(reading.courses) else 0,
        ("proposals", "alone=yes"): reading.alone,
        ("months", "finding=yes"): reading.findings.part,
    }
    assert {(one.figure, one.only): int(one.sentence.split()[0]) for one in said} == {
        key: number for key, number in expected.items() if number
    }
    assert all("{" not in one.sentence and "|" not in one.sentence for one in said)


def test_a_clean_record_has_no_weakness() -> None:
    courses = [Course.AS_PROPOSED] * (FEW - 1)
    assert weaknesses(Reading(courses=courses, seconds=[3600.0], under_pc=Share(4, 4), findings=Share(0, 3))) == []
    assert [one.figure for one in weaknesses(Reading(courses=[*courses, Course.AS_PROPOSED]))] == ["proposals"]


# Headings


def test_the_headings_are_those_of_the_section() -> None:
    lettered = [f"(a)(1)({one})" for one in "ABCD"] + [f"(a)(2)({one})" for one in "ABCDEF"]
    assert [one.code for one in headings() if one.code.count("(") == 3] == lettered
    assert {slug for one in headings() for slug in one.figures} == set(TITLES), "each figure bears on a heading"
    assert set(HELP) == set(TITLES) > set(OWN_FIGURES)


@pytest.mark.parametrize(
    ("basis", "codes"),
    [
        ("HSC 1191(a)(1)(D) and (a)(2)(B)", {"(a)(1)(D)", "(a)(2)(B)"}),
        ("Medical Board list A; Health & Safety Code 1191(a)(1)(A); AG Op. 00-206 (2000)", {"(a)(1)(A)"}),
        ("HSC 1191(a)(2)(B); B&P 809.05", {"(a)(2)(B)"}),
        ("B&P 650(b); Corporations Code 310", set()),
        ("HSC 11910(a)(1)(A)", set()),
    ],
)
def test_a_basis_cites_its_headings(basis: str, codes: set[str]) -> None:
    assert cited(basis) == codes


# Plots


@given(some.lists(some.floats(0, 400)), some.floats(2, 40))
def test_marks_of_a_lane_keep_apart(places: list[float], gap: float) -> None:
    places.sort()
    taken = plots.lanes(places, gap)
    assert len(taken) == len(places)
    assert all(0 <= lane < plots.LANES for lane in taken)
    for lane in range(plots.LANES - 1):  # the last lane takes what no other has room for
        there = [place for place, own in zip(places, taken, strict=True) if own == lane]
        assert all(after - before >= gap for before, after in pairwise(there))


@given(some.integers(0, 10**6))
def test_a_scale_begins_at_nothing_and_holds_the_most(most: int) -> None:
    scale = plots.steps(most)
    assert scale[0] == 0
    assert scale[-1] >= max(most, 1)
    assert len(scale) <= 7
    assert len({after - before for before, after in pairwise(scale)}) == 1


@given(some.lists(some.tuples(DAYS, SECONDS), max_size=20), DAYS, some.integers(0, 4000), some.sampled_from([340, 700]))
def test_marks_lie_on_their_sheet(points: list[tuple[date, float]], start: date, days: int, width: int) -> None:
    end = start + timedelta(days=days)
    sides = [(day, "pc" if seconds > 60 else "mso") for day, seconds in points]
    sheets = [
        plots.times(points, start=start, end=end, width=width, limit=QUICK_SECONDS),
        plots.timeline([("One", sides), ("Two", [])], start=start, end=end, width=width, gutter=width // 4),
        plots.dots([("DR-01 Tests", "pc", len(points))], width=width, gutter=0),
    ]
    for sheet in sheets:
        for mark in sheet.marks:
            assert plots.MARK / 2 <= mark.x <= sheet.width - plots.MARK / 2
            assert plots.MARK / 2 <= mark.y <= sheet.height
        assert all(0 <= tick.at <= sheet.width for tick in sheet.ticks)
    assert [mark.out for mark in sheets[0].marks] == [seconds < QUICK_SECONDS for _, seconds in points]
    assert len(sheets[1].marks) == len(points)


def test_long_labels_are_cut() -> None:
    assert plots.shortened("DR-04", 100) == "DR-04"
    assert plots.shortened("Patients seen per period and hours", 100).endswith("…")
