"""The words of the boundary report: what each figure shows, and what it does not prove."""

TITLES = {
    "decisions": "Decisions by right and holder",
    "proposals": "What the physicians did with proposals",
    "refused": "Refused attempts",
    "before-approval": "Executed before approval",
    "after-the-fact": "Decisions after the fact",
    "time": "From opening to approving",
    "months": "Months missed, late or without quorum",
    "chair": "Chair attendance",
    "recusals": "Recusals",
}
"""Every figure, in the order of the report."""

OWN_FIGURES = ("decisions", "proposals", "refused", "before-approval", "after-the-fact")
"""What a person of the management side sees, of their own hand."""

HELP: dict[str, tuple[str, str]] = {
    "decisions": (
        "Every act done under a decision right: who decided, on which side, under which right of the catalogue.",
        "That the right person reached the right decision; nor that nothing was decided outside of this record.",
    ),
    "proposals": (
        "What became of each proposal that the physicians determined: approved as proposed, approved after a return,"
        " a rewording or under conditions, returned, or refused. Items that were drawn over the line count as proposals"
        " of the management company.",
        "That an approval was considered, or that a change was material. Read it with the time each text lay open.",
    ),
    "refused": (
        "Attempts to decide what their office or side may not, each refused and sealed into the record.",
        "Bad faith: an attempt may be a slip. None at all proves nothing: what was never tried here is not seen.",
    ),
    "before-approval": (
        "What was done and logged as operational, and was then found to touch care: the physicians drew it over the"
        " line. It stands on the day on which it was done.",
        "That nothing else was done too early: the record knows what was entered, not what happened elsewhere.",
    ),
    "after-the-fact": (
        "Determinations of what had been done already, and decisions that were entered later than they were taken.",
        "That the other decisions came first in the clinic; it shows in which order they were recorded.",
    ),
    "time": (
        "How long the text had been open to the physician who approved it: from the first look at that revision on the"
        " page of the proposal, or in the meeting, to the approval.",
        "That it was read all that time, or that a quick approval was careless: it may have been discussed before.",
    ),
    "months": (
        "Each month in which a body should have met, judged by the calendar alone: held, late, missed, without quorum.",
        "What was done in the meeting; the minutes tell that.",
    ),
    "chair": (
        "Who was in the chair of the meetings: the Medical Director, or the alternate chair, a physician named before.",
        "That the chair led the discussion. The roll calls and the minutes tell more.",
    ),
    "recusals": (
        "Conflicts of interest that members disclosed for an item; who discloses does not vote on it.",
        "That no other conflict existed. None in a long time may mean that nobody was asked.",
    ),
}
"""For each figure: what it shows, and what it does not prove."""
