"""A practice whose body meets by a series."""

import pytest

from meetings.models import Meeting
from tests.cast import Cast
from tests.meetings import gathering


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
