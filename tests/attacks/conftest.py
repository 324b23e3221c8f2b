"""The proposals of the tests of decisions, the meeting of those of meetings, and a service without rules."""

from tests.decisions.conftest import approved, live, proposed
from tests.meetings.conftest import board, meeting

__all__ = ["approved", "board", "live", "meeting", "proposed"]
