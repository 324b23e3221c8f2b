"""What meetings lays on its tables: only who is there votes; signed minutes and what they stand on stay."""

from pathlib import Path

from audit.guards import ROWS, Trigger, stays
from governance.choices import Office
from governance.declared import AHEAD, JUDGED, PAST, PLANNED
from governance.guards import DECIDERS
from governance.offices import CHAIRS, MEMBERS
from meetings.rules.compartments import PC_OFFICES
from meetings.services import closed_base
from meetings.services.base import RECORDERS
from meetings.services.proposed_items import MAY_PROPOSE

SQL = [
    Path(__file__).parent / "sql" / name
    for name in ("guards.sql", "ballots.sql", "minutes.sql", "compartments.sql", "consents.sql", "tally.sql")
]
SCHEMA = "meetings"

_SEATS = {Office.DIRECTOR, Office.COMMITTEE_MEMBER, Office.PHYSICIAN, Office.SHAREHOLDER}

WRITERS = {
    "meetings_series": DECIDERS,
    **dict.fromkeys(
        (
            *("meetings_meeting", "meetings_agendaitem", "meetings_itemaction", "meetings_itempaper"),
            *("meetings_agendachange", "meetings_attendance", "meetings_presence", "meetings_recusal"),
            *("meetings_motion", "meetings_vote", "meetings_minutes", "meetings_minutesversion", "meetings_approval"),
            *("meetings_commentanswer", "meetings_pastmeeting", "meetings_pastattendance", "meetings_pastresult"),
        ),
        RECORDERS,
    ),
    **dict.fromkeys(
        (
            *("meetings_agendarelease", "meetings_signature", "meetings_amendment", "meetings_closedsession"),
            *("meetings_matter", "meetings_naming", "meetings_stay", "meetings_closedsignature"),
        ),
        CHAIRS,
    ),
    **dict.fromkeys(
        ("meetings_resolution", "meetings_closedversion", "meetings_closedamendment"), closed_base.RECORDERS | CHAIRS
    ),
    **dict.fromkeys(("meetings_closedpaper", "meetings_closedpaperwithdrawal"), PC_OFFICES | CHAIRS),
    "meetings_closedopening": MEMBERS,
    "meetings_designated": {Office.PC_COUNSEL},
    "meetings_itemdecision": DECIDERS,
    "meetings_ballot": _SEATS,
    "meetings_writtenconsent": _SEATS,
    "meetings_consentanswer": _SEATS,
    "meetings_attestation": {Office.RECORDING_SECRETARY},
    "meetings_comment": MEMBERS,
    "meetings_reply": MEMBERS,
    "meetings_noticeanswer": MEMBERS,
    "meetings_proposeditem": MAY_PROPOSE | CHAIRS,
}

MOMENTS = {
    "meetings_meeting": {"starts_at": PLANNED, "quorum_lost_at": PAST},
    "meetings_presence": {"arrived_at": JUDGED, "left_at": JUDGED},
    "meetings_reply": {"starts_at": JUDGED},
    "meetings_noticeanswer": {"starts_at": JUDGED},
    "meetings_minutesversion": {"circulated_until": AHEAD},
    "meetings_writtenconsent": {"ends_at": AHEAD},
    "meetings_pastmeeting": {"held_at": PAST, "ended_at": PAST},
}

_UNDER_MINUTES = [
    ("meetings_meeting", "id", "", "before update"),
    ("meetings_agendaitem", "meeting_id", "", "before insert or update"),
    ("meetings_attendance", "meeting_id", "", "before insert or update"),
    ("meetings_motion", "meeting_id", "", "before insert or update"),
    ("meetings_presence", "attendance_id", "meetings_attendance", "before insert or update"),
    ("meetings_noticeanswer", "attendance_id", "meetings_attendance", "before insert"),
    ("meetings_recusal", "item_id", "meetings_agendaitem", "before insert"),
    ("meetings_ballot", "motion_id", "meetings_motion", "before insert"),
    ("meetings_vote", "motion_id", "meetings_motion", "before insert"),
    ("meetings_itemdecision", "item_id", "meetings_agendaitem", "before insert"),
    ("meetings_agendachange", "item_id", "meetings_agendaitem", "before insert"),
    ("meetings_itemaction", "item_id", "meetings_agendaitem", "before insert"),
    ("meetings_itempaper", "item_id", "meetings_agendaitem", "before insert"),
    ("meetings_agendarelease", "meeting_id", "", "before insert"),
    ("meetings_minutesversion", "minutes_id", "meetings_minutes", "before insert"),
    ("meetings_closedsession", "item_id", "meetings_agendaitem", "before insert or update"),
    ("meetings_attestation", "minutes_id", "meetings_minutes", "before insert"),
]

_COUNTED = (
    "(split_part(new.name, '/'::text, 2) = ANY (ARRAY["
    + ", ".join(
        f"'{table}'::text"
        for table in (
            "meetings_historicalmotion",
            "meetings_resolution",
            "meetings_historicalmeeting",
            "meetings_historicalattendance",
            "governance_historicalbody",
        )
    )
    + "]))"
)
"""The rows from which a quorum and a majority follow."""

TRIGGERS = [
    Trigger("meetings_ballot", "brightline_cast_in_attendance", "meetings.guard_ballot", "before insert", "row"),
    Trigger("meetings_vote", "brightline_votes_in_attendance", "meetings.guard_vote", "before insert", "row"),
    Trigger(
        "meetings_signature", "brightline_chair", "meetings.guard_signature", "before insert", "row", ("signed_at",)
    ),
    Trigger("meetings_noticeanswer", "brightline_member", "meetings.guard_notice_answer", "before insert", "row"),
    Trigger("meetings_signature", "brightline_facts", "meetings.guard_facts", "before insert", "row"),
    Trigger(
        "meetings_amendment", "brightline_chair", "meetings.guard_signature", "before insert", "row", ("amended_at",)
    ),
    Trigger("meetings_amendment", "brightline_moved", "meetings.guard_amendment", "before insert", "row"),
    Trigger("meetings_attestation", "brightline_submitted", "meetings.guard_submitted", "before insert", "row"),
    Trigger("meetings_signature", "brightline_submitted", "meetings.guard_submitted", "before insert", "row"),
    Trigger("meetings_signature", "brightline_approved", "meetings.guard_approved", "before insert", "row"),
    Trigger("meetings_approval", "brightline_moved", "meetings.guard_approval", "before insert", "row"),
    Trigger("meetings_comment", "brightline_circulated", "meetings.guard_comment", "before insert", "row"),
    Trigger("meetings_commentanswer", "brightline_drafted", "meetings.guard_comment_answer", "before insert", "row"),
    Trigger(
        "audit_part",
        "brightline_minuted",
        "meetings.guard_part",
        "after insert",
        "row",
        when=ROWS,
        constraint=True,
        deferred=False,
    ),
    Trigger(
        "audit_part",
        "brightline_compartments",
        "meetings.guard_compartment",
        "after insert",
        "row",
        when=f"({ROWS} OR (new.name ~~ 'after/%'::text))",
        constraint=True,
        deferred=False,
    ),
    Trigger(
        "audit_part",
        "brightline_tally",
        "meetings.guard_tally",
        "after insert",
        "row",
        when=_COUNTED,
        constraint=True,
        deferred=False,
    ),
    Trigger("meetings_closedversion", "brightline_text", "meetings.guard_version", "before insert", "row"),
    Trigger("meetings_closedversion", "brightline_signed", "meetings.guard_closed_version", "before insert", "row"),
    Trigger(
        "meetings_closedsignature",
        "brightline_chair",
        "meetings.guard_signature",
        "before insert",
        "row",
        ("signed_at",),
    ),
    *[
        Trigger(table, "brightline_closed", "meetings.guard_closed_paper", "before insert", "row")
        for table in ("meetings_closedpaper", "meetings_closedpaperwithdrawal")
    ],
    Trigger("meetings_closedamendment", "brightline_signed", "meetings.guard_closed_amendment", "before insert", "row"),
    Trigger("meetings_motion", "brightline_voted", "meetings.guard_decided_motion", "before update", "row"),
    Trigger("meetings_minutesversion", "brightline_text", "meetings.guard_version", "before insert", "row"),
    Trigger("meetings_consentanswer", "brightline_member", "meetings.guard_answer", "before insert", "row"),
    Trigger("meetings_writtenconsent", "brightline_course", "meetings.guard_consent", "before update", "row"),
    Trigger("meetings_itempaper", "brightline_open", "meetings.guard_item_paper", "before insert", "row"),
    Trigger("meetings_minutes", "brightline_signed", "meetings.guard_signed_minutes", "before update", "row"),
    *[
        Trigger(table, "brightline_minuted", "meetings.guard_minuted", timing, "row", (column, over))
        for table, column, over, timing in _UNDER_MINUTES
    ],
    stays("meetings_series"),
    stays(
        "meetings_meeting",
        *(
            "starts_at",
            "place",
            "mode",
            "link",
            "length",
            "state",
            "notice_at",
            "opened_at",
            "adjourned_at",
            "chair_id",
        ),
        *("secretary_id", "current_item_id", "quorate_start", "quorum_lost_at", "closing_note"),
        *("change_reason", "sequence"),
    ),
    stays(
        "meetings_agendaitem",
        *("position", "revision_number", "state", "account", "deferral_reason", "withdrawal_reason", "late"),
        *("topic", "title", "purpose", "presenter", "presenter_person_id", "right_id", "budget", "consent"),
    ),
    stays("meetings_proposeditem", "state", "answer", "answered_by_id", "item_id"),
    stays("meetings_closedsession", "ended_at", "reported_out"),
    stays("meetings_attendance", "standing"),
    stays("meetings_presence", "left_at"),
    stays("meetings_reply", "answer", "starts_at", "answered_at"),
    stays(
        "meetings_motion",
        *(
            "method",
            "decided_at",
            "result",
            "votes_for",
            "votes_against",
            "abstentions",
            "present",
            "needed",
            "sentence",
        ),
    ),
    stays("meetings_pastmeeting", "state", "reason"),
    Trigger(
        "meetings_pastmeeting", "brightline_before", "meetings.guard_past_meeting", "before insert or update", "row"
    ),
    stays("meetings_minutes", "state", "version", "signature_id"),
    stays("meetings_writtenconsent", "state", "closing_reason", "decision_id"),
]
