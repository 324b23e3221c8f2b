"""What the demonstration's meetings considered: figures per month, woven into short accounts. No patient data."""

from meetings.choices import Topic

# One figure per month of the story, as an operations report of a small practice would bring them.
FORM_TURNAROUND = [4.1, 3.8, 3.6, 4.4, 3.2, 3.0, 3.9, 3.1, 2.9, 2.7, 2.6, 2.8, 2.5, 2.4]
RESULT_HOURS = [61, 58, 55, 72, 64, 51, 49, 52, 47, 44, 46, 43, 41, 40]
NO_SHOW = [11, 10, 9, 12, 9, 8, 9, 8, 7, 8, 7, 6, 7, 6]
CHARTS = [20, 20, 22, 20, 24, 18, 24, 20, 22, 24, 20, 24, 22, 24]
CHART_FINDINGS = [3, 2, 2, 4, 1, 1, 2, 1, 2, 1, 0, 1, 1, 0]
VISITS = [412, 388, 301, 520, 546, 498, 455, 610, 742, 930, 1104, 688, 571, 540]

_VARIANTS: dict[Topic, list[str]] = {
    Topic.CLINICAL_OPERATIONS: [
        "The MSO's operations report was received: {visits} visits, forms returned in {forms} working days on average, "
        "{no_show} percent missed appointments. The body considered the effect of the school calendar on demand and "
        "asked that the scheduling templates stay as approved.",
        "The operations report was received: {visits} visits; average form turnaround {forms} working days; missed "
        "appointments {no_show} percent. Front-desk staffing at Victorville on Fridays was considered as a logistics "
        "matter; visit length and panel size were confirmed unchanged.",
        "Operations report: {visits} visits, form turnaround {forms} working days. The body considered the morning peak "
        "at Riverside and confirmed that the number of patients per hour is not to be raised to absorb it.",
    ],
    Topic.QUALITY: [
        "{charts} charts were reviewed by a physician other than the author; {findings} needed an addendum. Results "
        "reached the ordering clinician in {hours} hours on average against a target of 48. The body considered whether the "
        "courier schedule explains the late ones.",
        "Chart review of {charts} encounters: {findings} with a documentation finding, none affecting care. Result cycle "
        "time {hours} hours on average. The indicator set was kept for the coming month.",
        "The body considered the indicator report: result cycle time {hours} hours, something found in {findings} of "
        "{charts} reviewed charts. One near miss on a mislabeled specimen was discussed by its case reference; relabeling at the "
        "point of collection was confirmed as the practice.",
    ],
    Topic.COMPLIANCE: [
        "Monthly exclusion checks (OIG LEIE, SAM, state list) were reported complete for all clinicians with no match. "
        "No agreement falls due for renewal within ninety days.",
        "Exclusion checks complete, no match. The body noted that the web page for school physicals waits for counsel's "
        "review and stays unpublished until then.",
        "Exclusion checks complete, no match. Access reviews of the record system were received; two dormant accounts were "
        "closed.",
    ],
    Topic.CREDENTIALING: [
        "Verification report received; primary-source checks of the three physicians are inside the practice's limit. No "
        "credentialing decision was due.",
        "The verification file of the nurse practitioner for the Victorville campus was received complete, every element "
        "inside 120 days. The decision was set for the item on scope of services.",
        "No initial or renewed credential was due. The body considered the calendar of expiries for the coming quarter: one "
        "certificate of insurance falls due.",
    ],
    Topic.SUPERVISION: [
        "Supervision log reviewed: supervising physician available by telephone at all times of operation; the ratio is one "
        "physician to one physician assistant and one nurse practitioner.",
        "The practice agreement of the physician assistant was confirmed without change. Availability of the supervising "
        "physician at Victorville was considered: on site two half days a week, otherwise by telephone.",
        "Supervision log reviewed; no gap. Medical assistants' task authorizations were confirmed for injections and "
        "specimen collection under written instructions.",
    ],
    Topic.PROTOCOLS: [
        "The tuberculosis screening protocol was reviewed; the body considered the use of blood tests where a return visit "
        "is unlikely and kept the present order of tests.",
        "The sports physical protocol was reviewed: the cardiac history questions follow the current consensus form. No "
        "change was needed; the next review is due in a year.",
        "The immunization standing orders were reviewed against the season's schedule and kept with an updated table of "
        "intervals.",
    ],
    Topic.SCOPE: [
        "The scope of services at both sites was reviewed against what is live; they agree.",
        "The scope of services was reviewed. Demand for evening clearances was noted; no change is proposed.",
        "The scope of services was reviewed against the public web pages; every service named there is authorized.",
    ],
}


def account(topic: str, month: int) -> str:
    """The account of a standing topic in a month of the story."""
    variants = _VARIANTS[Topic(topic)]
    return variants[month % len(variants)].format(
        visits=f"{VISITS[month]:,}",
        forms=FORM_TURNAROUND[month],
        no_show=NO_SHOW[month],
        charts=CHARTS[month],
        findings=CHART_FINDINGS[month],
        hours=RESULT_HOURS[month],
    )


OPERATIONAL: list[tuple[int, int, str, str, str, str]] = [
    # month, day, right, category, title, detail
    (
        0,
        8,
        "DR-38",
        "vendor",
        "Waste hauler contract renewed",
        "Same pick-up days, twelve months, no change of containers.",
    ),
    (
        0,
        15,
        "DR-37",
        "scheduling",
        "Reminder texts switched on",
        "One reminder two days before each appointment; wording approved by the front desk lead.",
    ),
    (
        1,
        5,
        "DR-38",
        "facilities",
        "Riverside waiting room repainted",
        "Done on a Sunday; no room was closed during clinic hours.",
    ),
    (
        1,
        12,
        "DR-39",
        "documentation",
        "Form queue moved to a shared list",
        "Every incoming school form now has an owner and a received date.",
    ),
    (2, 4, "DR-36", "staffing", "Holiday rota of the front desk", "Two people at each site on all days of operation."),
    (2, 9, "DR-40", "finance", "Card terminals replaced", "Both sites; fees unchanged."),
    (
        3,
        7,
        "DR-38",
        "technology",
        "Password manager for shared vendor portals",
        "Shared passwords were removed from the printed sheet.",
    ),
    (3, 14, "DR-37", "scheduling", "Walk-in queue shown on a screen", "Shows ticket numbers only."),
    (4, 6, "DR-38", "facilities", "Parking lines at Victorville renewed", "Two accessible bays nearest to the door."),
    (
        4,
        11,
        "DR-39",
        "documentation",
        "Monthly report gets a one-page summary",
        "Same figures, first page for the oversight meeting.",
    ),
    (
        5,
        5,
        "DR-38",
        "vendor",
        "Courier pick-up moved to 3:30 p.m.",
        "The laboratory's cut-off is 4:00 p.m.; the earlier pick-up keeps clear of it.",
    ),
    (5, 17, "DR-36", "staffing", "Second receptionist on Mondays", "For the Monday morning peak at Riverside."),
    (
        6,
        8,
        "DR-38",
        "facilities",
        "Backup power for the vaccine refrigerator room",
        "A battery unit carries the outlet for four hours.",
    ),
    (6, 20, "DR-40", "finance", "Quarterly payables closed", "Reported to the PC with the bank reconciliation."),
    (
        7,
        6,
        "DR-37",
        "scheduling",
        "Online booking opened for physicals",
        "Uses the visit lengths set by the Medical Director; no template was changed.",
    ),
    (
        7,
        18,
        "DR-38",
        "technology",
        "Phone system moved to the new carrier",
        "Numbers kept; fall-back tested at both sites.",
    ),
    (
        8,
        3,
        "DR-36",
        "staffing",
        "Summer helpers at the front desk",
        "Four temporary receptionists for the season of school forms.",
    ),
    (8, 16, "DR-39", "documentation", "Scanner replaced at Victorville", "Older one kept as a spare."),
    (9, 7, "DR-38", "vendor", "Interpreter line contract extended", "Same vendor and rates for twelve months."),
    (9, 22, "DR-37", "scheduling", "Waiting list for cancelled appointments", "Front desk calls in order of request."),
    (10, 4, "DR-38", "facilities", "Air conditioning serviced", "Both sites before the heat of the season."),
    (10, 19, "DR-40", "finance", "Insurance certificates filed", "Property and general liability of the MSO."),
    (
        11,
        8,
        "DR-39",
        "documentation",
        "Audit folder checked",
        "Every agreement has its signed copy and its renewal date.",
    ),
    (11, 15, "DR-38", "technology", "Badge readers at Victorville", "Staff entrance only."),
    (12, 6, "DR-36", "staffing", "Payroll calendar for the new year", "Same pay days; posted at both sites."),
    (
        12,
        13,
        "DR-37",
        "scheduling",
        "Check-in kiosk trial at Riverside",
        "One kiosk, staffed; asks for nothing that the front desk does not ask.",
    ),
    (13, 3, "DR-38", "vendor", "Linen service changed", "Lower price; same delivery days."),
]

REFUSED: list[tuple[int, int, str, str, str, str, str]] = [
    # month, day, who, right, title, decision, rationale
    (
        1,
        6,
        "prado",
        "DR-04",
        "Raise sports physicals to six an hour",
        "Six physicals an hour from December.",
        "Demand before the winter season.",
    ),
    (
        3,
        9,
        "cole",
        "DR-24",
        "Switch to a cheaper audiometer",
        "Buy the portable audiometer of the second bidder.",
        "It saves a third of the price.",
    ),
    (
        5,
        8,
        "quill",
        "DR-35",
        "Publish a page on same-day TB clearance",
        "Publish the page on Monday.",
        "The campus asks for it.",
    ),
    (
        8,
        7,
        "prado",
        "DR-20",
        "One medical assistant fewer on Fridays",
        "Reduce Friday staffing in clinic by one.",
        "Fridays are quiet in July.",
    ),
    (
        11,
        9,
        "cole",
        "DR-16",
        "Shorten the TB questionnaire",
        "Drop the travel questions from the form.",
        "Patients ask why they are there.",
    ),
]
