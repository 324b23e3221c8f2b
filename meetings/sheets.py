"""The columns of an agenda from a file."""

from governance.sheets.columns import Column, Layout, Reading, choice, text, whole
from governance.sheets.roster import address
from meetings.choices import Purpose, Topic
from meetings.services.item_values import LONGEST

YES = "yes"


def presenter(cell: str, reading: Reading) -> str:
    """A name as typed, or the e-mail address of somebody in office."""
    return str(address(cell, reading) if "@" in cell else text(160)(cell, reading))


AGENDA = Layout([
    Column(key="title", name="Title", meaning="What is taken up, in a few words. No patient information.",
           example="Weekend hours", rule=text(200), required=True, prose=True),
    Column(key="topic", name="Topic", meaning="Under which topic it stands: " + ", ".join(t.label for t in Topic) + ".",
           example="Clinical operations", rule=choice(Topic.choices), required=True),
    Column(key="purpose", name="Purpose", meaning="For decision, for discussion (if empty) or for information.",
           example="For decision",
           rule=choice(Purpose.choices)),
    Column(key="presenter", name="Presenter", meaning="Who presents it: the e-mail address of somebody in office here,"
           " or any name as typed.", example="dana.cole@clinic.example", rule=presenter),
    Column(key="budget", name="Time in minutes", meaning=f"How long it may take: a whole number from 1 to {LONGEST}.",
           example="15", rule=whole(1, LONGEST)),
    Column(key="right", name="Right", meaning="The decision right, by its number; an item for decision needs one.",
           example="DR-22", rule=text(12)),
    Column(key="consent", name="Consent", meaning="Yes, if it is taken with the others of the consent agenda by one"
           " motion; no, if empty.", example="No", rule=choice([(YES, "Yes"), ("no", "No")])),
])  # fmt: skip
