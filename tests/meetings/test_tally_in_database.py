"""The rule of quorum and majority that the database holds is the one that the services ask, over all small numbers."""

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meetings.rules.quorum import QuorumRule, bylaws_floor, votes_needed
from meetings.rules.tally import Choice, tally
from tests.conftest import Database

RULE = "%(authorized)s, %(quorum)s, %(interested)s"


@pytest.fixture
def owner(database: Database) -> psycopg.Connection:
    return database.connect("owner")


def test_votes_needed_over_all_small_numbers(owner: psycopg.Connection) -> None:
    """Every rule of up to nine seats, a sole director among them, with everybody who may be there or recused."""
    said = []
    for authorized in range(1, 10):
        for needed in (None, *range(1, authorized + 1)):
            for interested in (True, False):
                for present in range(authorized + 1):
                    for recused in range(present + 1):
                        for start in (True, False):
                            rule = QuorumRule(authorized, needed, interested_count=interested)
                            found = votes_needed(rule, present, start, recused=recused).needed
                            said.append((authorized, needed, interested, present, recused, start, found))
    assert len(said) > 5000
    with owner.cursor() as cursor:
        cursor.execute("create temporary table said (a int, q int, i boolean, p int, r int, s boolean, found int)")
        with cursor.copy("copy said from stdin") as copy:
            for row in said:
                copy.write_row(row)
        cursor.execute(
            "select said, meetings.votes_needed(a, q, i, p, r, s) from said"
            " where meetings.votes_needed(a, q, i, p, r, s) is distinct from found limit 5"
        )
        assert cursor.fetchall() == []


def test_the_floor_of_the_bylaws(owner: psycopg.Connection) -> None:
    for authorized in range(1, 100):
        told = owner.execute("select meetings.bylaws_floor(%s)", [authorized]).fetchone()
        assert told == (bylaws_floor(authorized),)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(data=st.data())
def test_the_outcome_of_a_roll_call(owner: psycopg.Connection, data: st.DataObject) -> None:
    """Any roll call of a body: for, against, abstaining, recused, absent; tied, lost and carried alike."""
    authorized = data.draw(st.integers(1, 9))
    quorum = data.draw(st.none() | st.integers(1, authorized))
    interested, start = data.draw(st.booleans()), data.draw(st.booleans())
    votes = {seat: data.draw(st.sampled_from(Choice)) for seat in range(authorized)}
    present = [seat for seat, choice in votes.items() if choice is not Choice.ABSENT]
    counted = tally(
        votes, rule=QuorumRule(authorized, quorum, interested_count=interested), present=present, quorate_start=start
    )
    told = owner.execute(
        f"select n.needed, meetings.outcome(%(for)s, %(against)s, n.needed) from (select meetings.votes_needed({RULE},"
        " %(present)s, %(recused)s, %(start)s) as needed) n",
        {
            "authorized": authorized, "quorum": quorum, "interested": interested, "present": len(present),
            "recused": counted.recused, "start": start, "for": counted.for_, "against": counted.against,
        },
    ).fetchone()  # fmt: skip
    assert told == (counted.needed, counted.result.value)
