"""The proposals of the tests of decisions, and a service without rules."""

from tests.decisions.conftest import approved, live, proposed

__all__ = ["approved", "live", "proposed"]
