"""The first draft of the minutes, written from the facts of the meeting in its text format. The secretary edits it.

A short account of what was considered and what was decided, not who said what.
"""

from collections.abc import Iterator

from audit.visible import line_feeds
from meetings.choices import Change, MotionKind, Topic
from meetings.facts import Facts, record_facts
from meetings.models import Meeting
from meetings.rules.tally import CAST, Result
from meetings.words import clock, day, in_brief, listed, told_notice, weekday

__all__ = ["draft_text", "record_facts", "text_of"]


def draft_text(meeting: Meeting) -> str:
    """The drafted minutes of a meeting, in the text format of the record."""
    return text_of(record_facts(meeting))


def text_of(facts: Facts) -> str:
    """The draft that these facts make: opening, each item under its heading, adjournment."""
    blocks = [*_opening(facts)]
    for motion in facts["procedure"]:
        if motion["kind"] == MotionKind.AGENDA:
            blocks += ["## Agenda", *_motion(motion)] if "## Agenda" not in blocks else _motion(motion)
    for item in facts["items"]:
        blocks += _item(item)
    return "\n\n".join([*blocks, *_closing(facts)]) + "\n"


def _opening(facts: Facts) -> Iterator[str]:
    chair = f"{facts['chair']['name']}, {facts['chair']['office']}, presided" if facts["chair"] else "Nobody presided"
    recorded = f"; {facts['secretary']} recorded the minutes" if facts["secretary"] else ""
    yield "## Call to order"
    yield (
        f"The {facts['body']['name']} of {facts['practice']} met on {weekday(facts['date'])} at "
        f"{clock(facts['opened_at']) or clock(facts['called_for'])} at {facts['place']} ({facts['mode'].lower()}). "
        f"{chair}{recorded}."
    )
    if facts["notice_at"]:
        agenda = " with the agenda" if facts["agenda"] else ""
        yield f"Notice was given on {day(facts['notice_at'])}{agenda}."
    if "special" in facts:
        yield f"It was a special meeting, called for this reason: {_sentence(facts['special']['reason'])}"
    if "notice" in facts:
        yield f"Notice to each member: {listed([told_notice(one) for one in facts['notice']['members']])}."
        yield facts["notice"]["sentence"]
    yield _attended(facts)
    if facts["quorum"]:
        reached = facts["quorum"]["reached_at"]
        opening = f"A quorum was present from {clock(reached)}" if reached else "There was no quorum at the opening"
        yield f"{opening}: {facts['quorum']['sentence'].removesuffix(': no quorum')}."
    if facts["quorum_lost_at"]:
        yield _sentence(f"The quorum was lost at {clock(facts['quorum_lost_at'])}")


def _attended(facts: Facts) -> str:
    here = [person for person in facts["attendance"] if person["standing"] == "present"]
    sentences = []
    for role, words in (("member", "Members present"), ("", "Also in attendance, without a vote")):
        group = [_present(person, facts) for person in here if (person["role"] == "member") == (role == "member")]
        if group:
            sentences.append(f"{words}: {listed(group)}.")
    for standing in ("excused", "absent"):
        away = [person["name"] for person in facts["attendance"] if person["standing"] == standing]
        if away:
            sentences.append(f"{standing.title()}: {listed(away)}.")
    return " ".join(sentences) or "Nobody was recorded as present."


def _present(person: Facts, facts: Facts) -> str:
    """The name with what differs from being in the room from start to end."""
    notes = []
    stays = person["stays"]
    if stays:
        if any(stay["mode"] == "remote" for stay in stays):
            notes.append("remote")
        if facts["opened_at"] and clock(stays[0]["arrived"]) != clock(facts["opened_at"]):
            notes.append(f"from {clock(stays[0]['arrived'])}")
        left = stays[-1]["left"]
        if left and (not facts["adjourned_at"] or left < facts["adjourned_at"]):
            notes.append(f"until {clock(left)}")
    return f"{person['name']} ({', '.join(notes)})" if notes else str(person["name"])


def _item(item: Facts) -> Iterator[str]:
    title = in_brief(item["title"])
    topic = "" if item["topic"] == Topic.OTHER.label else item["topic"]  # It says nothing that the title does not.
    heading = title if title.casefold().startswith(topic.casefold()) else f"{topic}: {title}"
    yield f"## {item['number']}. {heading}"
    for change in item["agenda_changes"]:
        yield _changed(change)
    if item["state"] == "deferred":
        yield f"Deferred. {_sentence(item['deferral_reason'])}"
    for paper in item["papers"]:
        yield f"The body had before it {paper['code']}, “{in_brief(paper['title'])}”, revision {paper['revision']}."
    for paper in item.get("files", []):
        late = f", which came late, on {day(paper['put_at'])}" if paper["late"] else ""
        yield f"The body had before it the paper “{in_brief(paper['title'])}”, version {paper['version']}{late}."
    if item["presenter"]:
        yield f"{item['presenter']} presented the matter."
    if item["account"].strip():
        yield item["account"].strip()
    if not item["quorum"]["met"]:
        yield f"Quorum for this item: {item['quorum']['sentence']}. {item['quorum']['votes']}"
    for recusal in item["recusals"]:
        left = "left the room for the item" if recusal["left_room"] else "stayed in the room"
        yield f"{recusal['name']} was recused, {left} and did not vote. Disclosed: {_sentence(recusal['disclosure'])}"
    for motion in item["motions"]:
        yield from _motion(motion)
    for found in item["determinations"]:
        conditions = f" Conditions: {_sentence(found['conditions'])}" if found["conditions"] else ""
        sole = " The practice had one physician in office, who had also proposed it." if found["sole_physician"] else ""
        yield (
            f"{found['proposal']}, revision {found['revision']}, was **{found['outcome'].lower()}** by {found['by']}, "
            f"{found['office']}. {_sentence(found['rationale'])}{conditions}{sole}"
        )
    for decision in item["decisions"]:
        yield (
            f"**Decision {decision['code']}**, {in_brief(decision['title']).rstrip('.')} ({decision['right']}, "
            f"{in_brief(decision['right_name'])}): {_sentence(decision['text'])}"
        )
    if item["reviewed"]:
        yield (
            f"Corrective action {item['reviewed']['code']}, “{in_brief(item['reviewed']['title'])}”, was reviewed; it "
            f"stands at: {item['reviewed']['state'].lower()}."
        )
    for action in item["actions"]:
        yield (
            f"**Corrective action {action['code']}** was opened: {_sentence(action['title'])} "
            f"Owner: {action['owner']}; due {day(action['due_on'])}; effect verified by {action['verifier']}."
        )


def _changed(change: Facts) -> str:
    by = f"by motion {change['motion']}"
    if change["change"] == Change.ADD:
        return f"Put on the agenda {by}."
    if change["change"] == Change.DROP:
        return f"Taken off the agenda {by}."
    return f"Moved from place {change['before']} to place {change['after']} of the agenda {by}."


def _motion(motion: Facts) -> Iterator[str]:
    seconded = f", seconded by {motion['seconder']}" if motion["seconder"] else ", without a second"
    amending = f", to amend motion {motion['amends']}" if motion["amends"] else ""
    yield f"**Motion {motion['number']}**{amending}, moved by {motion['mover']}{seconded}:"
    yield quoted(motion["text"])
    if motion["as_amended"]:
        yield f"Motion {motion['amends']} would then read:"
        yield quoted(motion["as_amended"])
    if motion["amended"]:
        yield f"Motion {motion['number']} as amended:"
        yield quoted(motion["amended"])
    if motion["result"] == Result.WITHDRAWN.label:
        yield motion["sentence"]
        return
    if not motion["result"]:
        yield "No vote was taken on the motion."
        return
    named = {
        words: [vote["name"] for vote in motion["votes"] if vote["vote"] == choice]
        for choice, words in (("against", "Against"), ("abstain", "Abstaining"))
    }
    dissents = "".join(f" {words}: {listed(names)}." for words, names in named.items() if names)
    yield f"{motion['method']}. {motion['sentence']}{dissents}{_cast(motion)}"
    if motion["approves"]:
        yield motion["approves"]


def _cast(motion: Facts) -> str:
    """Who voted by an own act, and for whom it was recorded; nothing where one person recorded all votes."""
    voted = [vote for vote in motion["votes"] if vote["vote"] in CAST]
    own = [vote["name"] for vote in voted if vote["ballot"]]
    others = [vote["name"] for vote in voted if not vote["ballot"]]
    if not own:
        return ""
    on_behalf = f" Recorded by {motion['votes_recorded_by']} on behalf of: {listed(others)}." if others else ""
    return f" By own act: {listed(own)}.{on_behalf}"


def quoted(text: str) -> str:
    """A text inside the text of a record: moved in, its lines as they were typed."""
    return "\n".join(f"    {line}".rstrip() for line in line_feeds(text).strip("\n").split("\n"))


def _closing(facts: Facts) -> Iterator[str]:
    yield "## Adjournment"
    for motion in facts["procedure"]:
        if motion["kind"] == MotionKind.ADJOURN:
            yield from _motion(motion)
    if facts["closing_note"].strip():
        yield facts["closing_note"].strip()
    following = f" The next meeting is called for {weekday(facts['next_at'])}." if facts["next_at"] else ""
    at = f" at {clock(facts['adjourned_at'])}" if facts["adjourned_at"] else ""
    yield _sentence(f"The meeting was adjourned{at}") + following


def _sentence(text: str) -> str:
    """A text on one line, closed by a full stop."""
    line = in_brief(text)
    return line if not line or line[-1] in ".!?" else f"{line}."
