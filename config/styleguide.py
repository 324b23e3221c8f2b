"""Sample content of the style guide: every component once, with the words of a real practice.

The names and figures are invented. The view at /styleguide/ passes `specimens()` to
templates/styleguide/index.html; nothing else reads this module.
"""

from typing import Any

from django import forms
from django.core.paginator import Paginator


class SpecimenForm(forms.Form):
    """One field of each kind."""

    title = forms.CharField(
        label="What is proposed", help_text="One line, as it will stand on the agenda.", max_length=120
    )
    right = forms.ChoiceField(
        label="Decision right",
        choices=[("", "Choose a right"), ("DR-21", "DR-21 New, changed or retired service line")],
    )
    meeting = forms.DateField(label="Meeting", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    rationale = forms.CharField(
        label="Clinical rationale",
        help_text="No patient names, dates of birth or record numbers.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    effect = forms.ChoiceField(
        label="Effect on care",
        help_text="The side that holds the right reads this first.",
        choices=[("none", "None that we know of"), ("possible", "Possible"), ("yes", "Certain")],
        widget=forms.RadioSelect,
    )
    sites = forms.MultipleChoiceField(
        label="Campuses",
        required=False,
        choices=[("riverside", "Riverside"), ("victorville", "Victorville"), ("hesperia", "Hesperia")],
        widget=forms.CheckboxSelectMultiple,
    )
    counsel = forms.BooleanField(label="Ask counsel to review the public text", required=False)


class SpecimenFilter(forms.Form):
    """The filter bar of a list."""

    q = forms.CharField(label="Words", required=False)
    holder = forms.ChoiceField(
        label="Held by", required=False, choices=[("", "Either side"), ("pc", "PC"), ("mso", "MSO")]
    )
    state = forms.ChoiceField(
        label="State", required=False, choices=[("", "Any"), ("open", "Open"), ("closed", "Closed")]
    )


def specimens() -> dict[str, Any]:
    """The context of the style guide."""
    bound = SpecimenForm(
        {
            "title": "",
            "right": "DR-21",
            "rationale": "The campus has a nurse on every weekday and pick-up is confirmed by 4 p.m.",
            "effect": "",
            "sites": ["victorville"],
        }
    )
    return {
        "demonstration": True,
        "nav": [
            ("Desk", "#", 4, True),
            ("Decision rights", "#", 0, False),
            ("Meetings", "#", 0, False),
            ("Proposals", "#", 1, False),
            ("Decisions", "#", 0, False),
            ("Corrective actions", "#", 0, False),
            ("Scope of services", "#", 0, False),
            ("Audit room", "#", 0, False),
        ],
        "person": {
            "name": "Elena Marsh, MD",
            "office": "Medical Director",
            "side": "pc",
            "license": "License A 000000, in force",
            "account_url": "#",
            "sign_out_url": "#",
        },
        "practices": [("Riverside Physicians, P.C.", "#", True), ("Desert Valley Medical Group", "#", False)],
        "software": "0.1.0",
        "proof": {"label": "Ledger checkpoint 412 · 2 minutes ago", "url": "#"},
        "head_actions": [("Add an item", "#", "plain"), ("Stop a service", "#", "stop")],
        "crumbs": [("Meetings", "#"), ("Meeting of 24 November 2026", "#")],
        "form": SpecimenForm(),
        "bound": bound,
        "filters": SpecimenFilter(),
        "page": Paginator(range(312), 25).page(4),
        "months": MONTHS,
        "waits": WAITS,
        "next_meeting": [
            ("When", "Tue 24 November, 5:30 p.m."),
            ("Agenda", "11 items, released"),
            ("Papers", "7, one late"),
            ("Quorum", "2 of 3 physicians have said yes; 2 needed"),
        ],
        "other_side": [
            ("mso", "12 operational items"),
            ("pc", "3 decisions recorded"),
        ],
        "record_facts": [
            ("Reference", "CP-2026-007, revision 3"),
            ("Decision right", "DR-21 New, changed or retired service line"),
            ("Proposed by", "Dana Whitfield, VP Operations, on 14 November 2026, 10:12 a.m."),
            ("Counsel", "Cleared with one condition: the web text names the supervising physician"),
        ],
        "groups": GROUPS,
        "agenda": AGENDA,
        "roll": ROLL,
        "session_facts": [
            "Quorum: 2 of 3 physicians present, 2 needed",
            "Item 9 of 11",
            "5:58 p.m., 12 minutes over",
        ],
        "basis": [
            "Bus. & Prof. Code §§ 2400, 2052: the practice of medicine belongs to physicians",
            "Management Services Agreement of 1 March 2026, section 4.2",
        ],
        "effects": [
            "Revision 3 of CP-2026-007 becomes the decision of the practice, in your name and office.",
            "The MSO may carry it out once the go-live gate is complete.",
            "The act is sealed in the ledger. It can be superseded, never removed.",
        ],
        "changes": CHANGES,
        "events": EVENTS,
        "columns": [
            {"label": "Matter"},
            {"label": "Reference", "key": "ref"},
            {"label": "Held by"},
            {"label": "State"},
            {"label": "Opened", "key": "opened"},
            {"label": "Days", "key": "days", "numeric": True},
        ],
        "rows": ROWS,
        "pc": "pc",
        "mso": "mso",
    }


MONTHS = [
    {
        "month": month,
        "year": year,
        "word": word,
        "kind": kind,
        "url": "#" if word != "24 Nov" else "",
        "current": month == "Nov",
    }
    for month, year, word, kind in [
        ("Dec", 2025, "held", "ok"),
        ("Jan", 2026, "held", "ok"),
        ("Feb", 2026, "held", "ok"),
        ("Mar", 2026, "late 4 d", "due"),
        ("Apr", 2026, "held", "ok"),
        ("May", 2026, "missed", "late"),
        ("Jun", 2026, "held", "ok"),
        ("Jul", 2026, "held", "ok"),
        ("Aug", 2026, "no quorum", "late"),
        ("Sep", 2026, "held", "ok"),
        ("Oct", 2026, "to sign", "due"),
        ("Nov", 2026, "24 Nov", ""),
    ]
]

WAITS = [
    {
        "ref": "CP-2026-007",
        "tag": "due today",
        "tag_kind": "late",
        "title": "TB testing at the Victorville campus",
        "url": "#",
        "text": "Revision 3, cleared by counsel with one condition. "
        "Proposed by the MSO 9 days ago; you returned revision 2.",
        "action": "Review and decide",
        "action_url": "#",
        "primary": True,
    },
    {
        "ref": "MIN-2026-10",
        "tag": "3 days",
        "tag_kind": "due",
        "title": "Minutes of 27 October",
        "url": "#",
        "text": "Submitted by the recording secretary; no comment open. Your signature seals them.",
        "action": "Read and sign",
        "action_url": "#",
    },
    {
        "ref": "CA-2026-031",
        "tag": "5 days",
        "tag_kind": "due",
        "title": "Courier pick-up misses the 4 p.m. cut-off",
        "url": "#",
        "text": "Effectiveness window has ended: 2 of 60 results late, target 3.",
        "action": "Verify",
        "action_url": "#",
    },
    {
        "ref": "OP-2026-118",
        "title": "New rooming template in the scheduling system",
        "url": "#",
        "text": "Logged as operational; the screen says visit volume may change (DR-04).",
        "action": "Pull over the line",
        "action_url": "#",
    },
]


def _right(code: str, title: str, holder: str, pc: str, mso: str) -> dict[str, str]:
    return {"code": code, "title": title, "url": "#", "holder": holder, "pc": pc, "mso": mso}


GROUPS = [
    {
        "title": "Care",
        "rights": [
            _right("DR-01", "Which diagnostic tests are appropriate for a condition", "pc", "decides", "no part"),
            _right("DR-04", "Patients seen per period and hours a clinician works", "pc", "decides", "may advise"),
        ],
    },
    {
        "title": "Scope of services",
        "rights": [
            _right("DR-21", "New, changed or retired service line", "pc", "decides", "proposes, then carries out"),
            _right(
                "DR-23",
                "Stop or suspend a service or protocol",
                "pc",
                "decides at once",
                "carries out at once",
            ),
        ],
    },
    {
        "title": "Operations",
        "rights": [
            _right("DR-37", "Operation of the scheduling system and front desk", "mso", "is consulted", "decides"),
            _right(
                "DR-38",
                "Facilities, leases, non-clinical vendors, IT and security",
                "mso",
                "is informed",
                "decides",
            ),
        ],
    },
]

AGENDA = [
    {"number": 1, "title": "Call to order, attendance", "url": "#", "done": "done"},
    {"number": 2, "title": "Minutes of 27 October", "url": "#", "done": "approved"},
    {"number": 8, "title": "Protocol review", "url": "#", "done": "noted"},
    {
        "number": 9,
        "title": "Scope of services",
        "url": "#",
        "note": "CP-2026-007, for decision",
        "current": True,
    },
    {"number": 10, "title": "Corrective actions", "url": "#"},
    {"number": 11, "title": "Adjournment", "url": "#"},
]

ROLL = [
    {"name": "Elena Marsh, MD", "part": "moved", "side": "pc", "office": "Medical Director", "word": "For"},
    {"name": "Samuel Ortiz, MD", "part": "seconded", "side": "pc", "office": "Physician", "word": "For"},
    {
        "name": "Ruth Adeyemi, MD",
        "side": "pc",
        "office": "Physician",
        "word": "Left at 5:41 p.m.",
        "absent": True,
    },
    {"name": "Dana Whitfield", "side": "mso", "office": "VP Operations", "word": "No vote", "absent": True},
]

CHANGES = [
    {
        "label": "Hours",
        "old": "Tuesdays and Thursdays, 8 a.m. to noon",
        "new": "Monday to Friday, 8 a.m. to 3 p.m.",
    },
    {
        "label": "Public text",
        "old": "",
        "new": "Testing is ordered and read by physicians of Riverside Physicians, P.C.",
    },
    {"label": "Campus", "old": "Victorville", "new": "Victorville"},
]

EVENTS = [
    {
        "when": "14 Nov, 10:12 a.m.",
        "title": "Revision 3 submitted",
        "url": "#",
        "who": "Dana Whitfield, VP Operations",
        "side": "mso",
        "text": "Answers the three points of the returned revision.",
    },
    {
        "when": "18 Nov, 4:40 p.m.",
        "title": "Cleared by counsel",
        "who": "Priya Nair, counsel",
        "tag": "one condition",
        "tag_kind": "due",
    },
    {
        "when": "24 Nov, 5:58 p.m.",
        "title": "Approved",
        "url": "#",
        "who": "Elena Marsh, MD, Medical Director",
        "side": "pc",
        "tag": "carried",
        "tag_kind": "ok",
        "text": "2 for, 0 against, of 2 voting.",
    },
]


def _row(title: str, ref: str, side: str, tag: str, kind: str, opened: str, days: int) -> list[dict[str, object]]:
    return [
        {"text": title, "url": "#"},
        {"text": ref},
        {"side": side},
        {"tag": tag, "tag_kind": kind},
        {"text": opened},
        {"text": days, "numeric": True},
    ]


ROWS = [
    _row("Courier pick-up misses the 4 p.m. cut-off", "CA-2026-031", "pc", "in force", "ok", "3 Sep 2026", 81),
    _row("Refrigerator log incomplete at Hesperia", "CA-2026-034", "mso", "5 days", "due", "9 Oct 2026", 45),
    _row("Critical value not called back", "CA-2026-036", "pc", "overdue", "late", "2 Nov 2026", 21),
    _row("Signage names the wrong entity", "CA-2026-037", "mso", "planned", "neutral", "11 Nov 2026", 12),
]
