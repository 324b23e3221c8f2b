"""The standing points that a body has beside the seven topics, one a line."""

from collections.abc import Iterator

from meetings.choices import Topic

_BY_LABEL = {str(topic.label).lower(): topic for topic in Topic}


def parse_points(text: str) -> Iterator[tuple[Topic, str]]:
    """Topic and title of each line: "Compliance: exclusion checks"; without a topic it is other business.

    A title begins with a capital.
    """
    for line in filter(None, map(str.strip, text.splitlines())):
        before, colon, after = line.partition(":")
        topic = _BY_LABEL.get(before.strip().lower())
        if topic and colon and after.strip():
            yield topic, _as_title(after.strip())
        else:
            yield Topic.OTHER, _as_title(line)


def _as_title(typed: str) -> str:
    return f"{typed[0].upper()}{typed[1:200]}"
