"""The verifier answers whatever it is given."""

from tests.audit import fuzzing

SECONDS = 20


def test_packs_changed_at_random() -> None:
    """The same cases in each run, as many as time allows. An hour: `python -m tests.audit.fuzzing 3600`."""
    assert {number: fault for number in fuzzing.KEPT if (fault := fuzzing.fails(number))} == {}
    tried, failed = fuzzing.run_for(SECONDS)
    assert tried > 50
    assert failed == []
