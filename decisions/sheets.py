"""The columns of a list of past corrective actions."""

from decisions.rules.strength import Strength
from governance.sheets.columns import Column, Layout, choice, day, text
from governance.sheets.roster import address

PAST_ACTIONS = Layout([
    Column(key="title", name="Title", meaning="What it is called.", example="Fridge log gaps", rule=text(200),
           required=True, prose=True),
    Column(key="root_cause", name="Root cause", meaning="Why it was needed. No patient information.",
           example="No owner for the weekend reading", rule=text(5000), required=True, prose=True),
    Column(key="action", name="Action", meaning="What was or will be done.", example="A logger that alarms",
           rule=text(5000), required=True, prose=True),
    Column(key="strength", name="Strength", meaning="Strong (a system change), intermediate or weak (a reminder).",
           example="Strong", rule=choice(Strength.choices()), required=True),
    Column(key="owner", name="Owner", meaning="The e-mail address of somebody known here.",
           example="jane.doe@clinic.example", rule=address, required=True),
    Column(key="opened_on", name="Opened on", meaning="The day on which it was opened, then.", example="2025-03-04",
           rule=day, required=True),
    Column(key="due_on", name="Due on", meaning="The day until which it was, or is, to be done.", example="2025-05-01",
           rule=day, required=True),
    Column(key="closed_on", name="Closed on",
           meaning="Empty while it is open. Only who decides DR-19 imports closed ones, and never an own one.",
           example="2025-06-10", rule=day),
    Column(key="result", name="Result", meaning="What came of it; required for a closed one.",
           example="No gap in three months", rule=text(5000), prose=True),
    Column(key="measure", name="Measure", meaning="A figure that shows whether it works; required for an open one.",
           example="Gaps a month", rule=text(300), prose=True),
    Column(key="verifier", name="Verifier",
           meaning="The e-mail address of who verifies the effect, never the owner; required for an open one."
           " Of a closed one, empty means who imports it.",
           example="ruth.adeyemi@clinic.example", rule=address),
])  # fmt: skip
