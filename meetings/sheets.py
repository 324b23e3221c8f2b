"""The columns of an agenda from a file."""

from governance.sheets.columns import Column, Layout, choice, text
from meetings.choices import Purpose, Topic

AGENDA = Layout([
    Column(key="title", name="Title", meaning="What is taken up, in a few words. No patient information.",
           example="Weekend hours", rule=text(200), required=True, prose=True),
    Column(key="topic", name="Topic", meaning="Under which topic it stands: " + ", ".join(t.label for t in Topic) + ".",
           example="Clinical operations", rule=choice(Topic.choices), required=True),
    Column(key="purpose", name="Purpose", meaning="For decision, for discussion (if empty) or for information.",
           example="For decision",
           rule=choice(Purpose.choices)),
    Column(key="presenter", name="Presenter", meaning="Who presents it.", example="Dana Cole", rule=text(120)),
    Column(key="right", name="Right", meaning="The decision right, by its number; an item for decision needs one.",
           example="DR-22", rule=text(12)),
])  # fmt: skip
