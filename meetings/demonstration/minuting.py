"""The demonstration's minutes on their way: circulated, commented on, attested, amended."""

from datetime import timedelta

from governance.forms.people import midnight
from meetings.choices import Topic
from meetings.demonstration.diary import Diary
from meetings.demonstration.gatherings import Gathering
from meetings.demonstration.people import People
from meetings.models import AgendaItem, Minutes, Motion
from meetings.services.amendments import amend_minutes
from meetings.services.minutes import save_draft
from meetings.services.minutes_comments import answer_comment, circulate_minutes, comment_on_minutes

CORRECTION = "Under quality assurance, the number of reviewed charts is 22, not 24."


def circulated(diary: Diary, people: People, minutes: Minutes) -> None:
    """The draft lies before the members for a week; one comment is taken up, one is not."""
    with diary.on(diary.at + timedelta(hours=15)):
        until = midnight(diary.at.astimezone(people.practice.zone).date() + timedelta(days=8), people.practice)
        version = circulate_minutes(
            actor=people.vale, minutes=minutes, revision=minutes.working_draft.revision, until=until
        )
    quality = minutes.meeting.items.filter(topic=Topic.QUALITY).order_by("position")[0]
    with diary.on(diary.at + timedelta(hours=5)):
        asked = comment_on_minutes(
            actor=people.ortiz, minutes=minutes, version=version, item=quality,
            text="Say that the sample was drawn at both sites.",
        )  # fmt: skip
    with diary.on(diary.at + timedelta(hours=3)):
        other = comment_on_minutes(
            actor=people.adeyemi, minutes=minutes, version=version, text="Name who spoke for the longer interval."
        )
    draft = minutes.working_draft
    assert people.vale.account
    with diary.on(diary.at + timedelta(hours=16)):
        text = draft.text.rstrip() + "\n\nThe sample considered under quality assurance was drawn at both sites.\n"
        save_draft(account=people.vale.account, minutes=minutes, text=text, revision=draft.revision)
        answer_comment(actor=people.vale, comment=asked, taken_up=True)
    with diary.next(4):
        answer_comment(
            actor=people.vale, comment=other, taken_up=False,
            reason="Minutes say what was considered, not who said what.",
        )  # fmt: skip
    minutes.working_draft.refresh_from_db()


class Correction:
    """The minutes of an earlier month amended by a motion of a later meeting."""

    def __init__(self, people: People, diary: Diary, minutes: Minutes) -> None:
        self.people, self.diary, self.minutes = people, diary, minutes
        self.motion: Motion

    def move(self, gathering: Gathering, item: AgendaItem) -> None:
        """An event of the later meeting, under its item on the last minutes."""
        held = self.people.practice.local(self.minutes.meeting.starts_at)
        self.motion = gathering.carry(
            item, f"To amend the minutes of {held:%-d %B %Y}: the number of charts reviewed is 22, not 24."
        )
        gathering.handle(item, "The chart list of the month was counted again. The minutes are amended by motion.")

    def write(self) -> None:
        """The chair writes what carried beside the minutes."""
        with self.diary.next(60 * 20):
            amend_minutes(
                actor=self.people.marsh,
                minutes=self.minutes,
                motion=self.motion,
                text=CORRECTION,
                reason="The chart list of the month was counted again by the reviewing physician.",
            )
