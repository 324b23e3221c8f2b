"""A practice whose body meets by a series."""

import pytest

from config.embedded import Cluster
from meetings.models import Meeting
from tests.cast import Cast
from tests.conftest import people
from tests.meetings import gathering
from tests.meetings.minuted import FOUNDED


@pytest.fixture(scope="session")
def long_founded(cluster: Cluster, template: str, django_db_blocker: object) -> str:
    """A template with the usual people in a practice founded years ago, for `minuted.house`."""
    return people(cluster, template, django_db_blocker, name="long_founded", founded=FOUNDED)


@pytest.fixture
def board(cast: Cast) -> Cast:
    """The cast, with a monthly series."""
    gathering.series(cast)
    return cast


@pytest.fixture
def meeting(board: Cast) -> Meeting:
    """This month's meeting in session, with every member there and a proposal on its agenda."""
    gathering.proposal(board)
    return gathering.opened(board, gathering.planned(board))
