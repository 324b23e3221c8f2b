"""A meeting held before the practice began here, entered by the secretary."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from governance.models import Person
from meetings.demonstration.before import scan
from meetings.models import PastMeeting
from meetings.rules.past import attendees, results
from meetings.services.past import PastFacts, enter_past_meeting
from tests.cast import Cast


def facts_of(cast: Cast, **changed: Any) -> PastFacts:
    facts = PastFacts(
        held_at=cast.practice.founded_at - timedelta(days=30),
        ended_at=None,
        place="Riverside",
        mode="in person",
        chair="Elena Marsh, MD",
        chair_office="President",
        attendees=attendees("Elena Marsh, MD\nSamuel Ortiz, MD\nRuth Adeyemi; member; absent"),
        results=results("To extend the hours; carried; 2-0-0; Samuel Ortiz; Elena Marsh"),
    )
    return replace(facts, **changed)


def entered_before(cast: Cast, actor: Person | None = None, **changed: Any) -> PastMeeting:
    return enter_past_meeting(
        actor=actor or cast.secretary, body=cast.body, facts=facts_of(cast, **changed), scan=scan("Minutes")
    )
