"""What it means to send each form of this room, in plain words."""

from decisions.services.actions import CLOSING_RIGHT
from governance.explaining import Meaning
from meetings.services.base import OVERSIGHT
from meetings.services.bodies import SEATS

_RESOLVED = "The right under which the resolution is put"
_RECORDS = "Recording it decides nothing and gives no vote."

_VOTED = Meaning(
    text="States how each member voted who did not by an own act. The result follows from the body's rules and is"
    f" final; there are no proxies. {_RECORDS}",
    rights=(OVERSIGHT,),
    cites="Corporations Code 307(a)(8).",
    verbs=("motion.voted",),
)
_WITHDRAWN = Meaning(
    text="The mover takes the motion back before it is voted on. It stands in the record as withdrawn.",
    rights=(OVERSIGHT,),
    verbs=("motion.withdrawn",),
)

ACTS: dict[str, Meaning] = {
    "meetings:series": Meaning(
        text="The Medical Director decides on which day of the month the body meets, from a month on. Every month"
        " is accounted for by the rule that was in force for it: one without a meeting is itself a finding.",
        rights=(OVERSIGHT,),
        verbs=("series.founded", "series.changed"),
    ),
    "meetings:body_rule": Meaning(
        text="Changes by which numbers the body can act and who approves its minutes, from now on, as its articles,"
        " bylaws or charter set them. What was voted keeps its numbers. Another authorized number of directors is"
        " decided under DR-33 instead.",
        rights=(OVERSIGHT, SEATS),
        cites="Corporations Code 212, 307(a)(7).",
        verbs=("body.rule_changed",),
    ),
    "meetings:call": Meaning(
        text="The chair calls the meeting for another time or place. An agenda released before is released anew.",
        rights=(OVERSIGHT,),
        verbs=("meeting.moved",),
    ),
    "meetings:special": Meaning(
        text="The chair calls the body together between its monthly meetings, for the points named. Whether it could"
        " act turns on the notice to each member, or on the member's waiver.",
        rights=(OVERSIGHT,),
        cites="Corporations Code 307(a)(2), (3).",
        verbs=("meeting.called",),
    ),
    "meetings:notice_waive": Meaning(
        text="Your own act as a member: that the notice was short is no objection of yours to what the meeting decides."
        " It may be given before or after the meeting, until its minutes are signed, and is filed with them.",
        rights=(OVERSIGHT,),
        cites="Corporations Code 307(a)(3).",
        verbs=("notice.waived",),
    ),
    "meetings:notice_protest": Meaning(
        text="A member says, before the meeting or at its commencement, that notice was lacking. Attending then is no"
        " consent to the meeting.",
        rights=(OVERSIGHT,),
        cites="Corporations Code 307(a)(3).",
        verbs=("notice.protested",),
    ),
    "meetings:cancel": Meaning(
        text="The chair calls the meeting off. A month that is canceled and not called again is a finding.",
        rights=(OVERSIGHT,),
        verbs=("meeting.canceled",),
    ),
    "meetings:agenda_edit": Meaning(
        text="Changes what the agenda says of the item. A released agenda is released anew before the meeting opens.",
        rights=(OVERSIGHT,),
        verbs=("agenda.item_edited",),
    ),
    "meetings:agenda_withdraw": Meaning(
        text="Takes the item off this agenda, with the reason. It does not come back by itself; versions released"
        " before keep it.",
        rights=(OVERSIGHT,),
        verbs=("agenda.item_withdrawn",),
    ),
    "meetings:proposed": Meaning(
        text="Puts a point to the chair for the agenda of a coming meeting. It decides nothing: the chair accepts or"
        " declines it, and says why.",
        rights=(OVERSIGHT,),
        verbs=("item.proposed",),
    ),
    "meetings:proposed_item": Meaning(
        text="The chair takes the point onto the agenda of a meeting, or declines it with the reason. Whoever proposed"
        " it sees which.",
        rights=(OVERSIGHT,),
        verbs=("item.accepted", "item.declined"),
    ),
    "meetings:proposed_withdraw": Meaning(
        text="You take back what you proposed. It stands in the record as withdrawn.",
        rights=(OVERSIGHT,),
        verbs=("item.proposal_withdrawn",),
    ),
    "meetings:room_do consent": Meaning(
        text=f"Puts the motion that takes the consent agenda; it names each item. {_RECORDS}",
        rights=(OVERSIGHT,),
        verbs=("motion.made",),
    ),
    "meetings:room_do consent_taken": Meaning(
        text="Handles the items that the carried motion names, without discussion. A recusal bars it.",
        rights=(OVERSIGHT,),
        verbs=("consent.taken",),
    ),
    "meetings:room_do consent_off": Meaning(
        text="A member wants the item considered by itself; nobody has to agree.",
        rights=(OVERSIGHT,),
        verbs=("consent.taken_off",),
    ),
    "meetings:consent_new": Meaning(
        text="Puts a resolution to every member of the body that decides the right, to be decided without a meeting."
        " Putting it is no consent: you sign it like the others.",
        of="The right that you choose",
        cites="Corporations Code 307(b), 603.",
        verbs=("consent.opened",),
    ),
    "meetings:consent_sign": Meaning(
        text="Your own act as a member of the body: you consent to exactly this text without a meeting. With the last"
        " member's signature it is a decision of the body.",
        of=_RESOLVED,
        cites="Corporations Code 307(b), 603; Civil Code 1633.7.",
        verbs=("consent.given",),
    ),
    "meetings:consent_decline": Meaning(
        text="You do not consent, so the body cannot act without a meeting: nothing is decided.",
        of=_RESOLVED,
        cites="Corporations Code 307(b), 310(c).",
        verbs=("consent.declined",),
    ),
    "meetings:consent_withdraw": Meaning(
        text="You take the resolution back before all have signed: nothing is decided.",
        of=_RESOLVED,
        verbs=("consent.withdrawn",),
    ),
    "meetings:reply": Meaning(
        text="You say whether you come. It is no presence and no vote: those are recorded in the room.",
        cites="Decides no right of the catalogue.",
        verbs=("invitation.answered",),
    ),
    "meetings:past_new": Meaning(
        text="You enter a meeting that was held before this record began, with its signed minutes as a scan. It says so"
        " wherever it stands; nothing of it was witnessed here, and no decision is taken by it.",
        rights=(OVERSIGHT,),
        verbs=("past meeting.entered",),
    ),
    "meetings:past_confirm": Meaning(
        text="The Medical Director decides that the entry says what the signed minutes say. It then stays as it is.",
        rights=(OVERSIGHT,),
        verbs=("past meeting.confirmed",),
    ),
    "meetings:past_withdraw": Meaning(
        text="The entry no longer counts. It and the reason stay in the record.",
        rights=(OVERSIGHT,),
        verbs=("past meeting.withdrawn",),
    ),
    "meetings:paper_attach": Meaning(
        text="You lay a paper under an item of the agenda. The body has it before it, and the minutes name its hash.",
        rights=(OVERSIGHT,),
        verbs=("agenda.paper_attached",),
    ),
    "meetings:paper": Meaning(
        text="A new version stands in the place of the old, or the paper is no longer relied on. Nothing is removed.",
        rights=(OVERSIGHT,),
        verbs=("agenda.paper_replaced", "agenda.paper_withdrawn"),
    ),
    "meetings:packet": Meaning(
        text="The packet of the released agenda is made anew from the papers that lie under it. It decides nothing.",
        rights=(OVERSIGHT,),
        verbs=("agenda.packet_asked",),
    ),
    "meetings:plan": Meaning(
        text="Plans the month's meeting on the day the body has set. No notice goes out before a chair releases the"
        " agenda.",
        rights=(OVERSIGHT,),
        verbs=("meeting.planned",),
    ),
    "meetings:agenda": Meaning(
        text="Puts a matter before the body. Either side may; what becomes of it is the body's decision, and each item"
        " is handled or deferred with a reason.",
        rights=(OVERSIGHT,),
        verbs=("agenda.item_added",),
    ),
    "meetings:agenda_refresh": Meaning(
        text="Puts before the body what has come due since the agenda was built.",
        rights=(OVERSIGHT,),
        verbs=("agenda.refreshed",),
    ),
    "meetings:agenda_move": Meaning(
        text="Changes the order in which matters are taken up.", rights=(OVERSIGHT,), verbs=("agenda.item_moved",)
    ),
    "meetings:agenda_release": Meaning(
        text="The chair gives notice: this version of the agenda, with its papers, is what the meeting is called to.",
        rights=(OVERSIGHT,),
        verbs=("agenda.released",),
    ),
    "meetings:room_open": Meaning(
        text="You open the meeting as its chair. Whether a quorum is there at the start is recorded; without one no"
        " motion can be put.",
        rights=(OVERSIGHT,),
        cites="Corporations Code 307(a)(7), (8).",
        verbs=("meeting.opened",),
    ),
    "meetings:room_call": Meaning(
        text="Takes the item up. Motions, votes and outcomes from now on belong to it.",
        rights=(OVERSIGHT,),
        verbs=("item.called",),
    ),
    "meetings:room_item": Meaning(
        text="Puts a matter before the body of which no notice was given; the record shows that.",
        rights=(OVERSIGHT,),
        verbs=("agenda.item_added",),
    ),
    "meetings:room_attend": Meaning(
        text=f"States who is here from when to when, on which quorum and votes are counted. {_RECORDS}",
        rights=(OVERSIGHT,),
        cites="Corporations Code 307(a)(7), (8).",
        verbs=("attendance.marked", "attendance.left"),
    ),
    "meetings:room_adjourn": Meaning(
        text="The chair ends the meeting. Nothing can be moved, voted on or decided in it any more, and a draft of the"
        " minutes is written from its record.",
        rights=(OVERSIGHT,),
        verbs=("meeting.adjourned",),
    ),
    "meetings:room_do account": Meaning(
        text="States that the body dealt with the item and what it considered. It enters the minutes.",
        rights=(OVERSIGHT,),
        verbs=("item.handled",),
    ),
    "meetings:room_do defer": Meaning(
        text="The item is not dealt with now. The next meeting must take it up, with this reason beside it.",
        rights=(OVERSIGHT,),
        verbs=("item.deferred",),
    ),
    "meetings:room_do recuse": Meaning(
        text="A member discloses an interest and does not vote on the item. The member may count for the quorum.",
        rights=(OVERSIGHT,),
        cites="Corporations Code 310(c).",
        verbs=("member.recused",),
    ),
    "meetings:room_do motion": Meaning(
        text="Puts a sentence to the vote of the members present. It is an act of the body if enough of them vote for"
        f" it. {_RECORDS}",
        rights=(OVERSIGHT,),
        cites="Corporations Code 307(a)(8).",
        verbs=("motion.made",),
    ),
    "meetings:room_cast": Meaning(
        text="Your own act as a member: you vote on the motion as it reads here, for all to see. Nobody records you"
        " otherwise; your newest vote counts, while you are in attendance and not recused.",
        rights=(OVERSIGHT,),
        cites="Corporations Code 307(a)(8).",
        verbs=("vote.cast",),
    ),
    "meetings:room_do votes": _VOTED,
    "meetings:room_do amendment": Meaning(
        text="Puts another wording of the motion to the vote, before the motion itself. Both texts are kept.",
        rights=(OVERSIGHT,),
        verbs=("motion.made",),
    ),
    "meetings:room_do procedure": Meaning(
        text="Puts it to the members present to change the agenda, or to end the meeting.",
        rights=(OVERSIGHT,),
        cites="Corporations Code 307(a)(8).",
        verbs=("motion.made",),
    ),
    "meetings:room_do agenda": Meaning(
        text="Changes the agenda as the members have voted. A standing topic is never taken off.",
        rights=(OVERSIGHT,),
        verbs=("agenda.amended",),
    ),
    "meetings:room_do withdraw": _WITHDRAWN,
    "meetings:room_do procedure_withdraw": _WITHDRAWN,
    "meetings:room_do procedure_votes": _VOTED,
    "meetings:room_do decide": Meaning(
        text="Records a decision of the body, on the motion that carried, or of an office alone. It enters the decision"
        " log and binds until a later one supersedes it.",
        of="The right that you choose",
        verbs=("decision.recorded",),
    ),
    "meetings:room_do determine": Meaning(
        text="The physicians' own decision on this exact revision, in the name, office and license of whoever records"
        " it here. It enters the decision log.",
        of="The right under which the physicians determine this proposal",
        verbs=("proposal.approved", "proposal.returned", "proposal.refused"),
    ),
    "meetings:room_do approve": Meaning(
        text="Records that the carried motion approves minutes: this very version, or those of this meeting as read,"
        f" with the wording left to the chair. A version submitted anew is approved anew. {_RECORDS}",
        rights=(OVERSIGHT,),
        cites="Corporations Code 307(a)(8).",
        verbs=("minutes.approved",),
    ),
    "meetings:room_do action": Meaning(
        text="States what went wrong and who will put it right by when. The owner answers for it until the physicians"
        " close it.",
        rights=(CLOSING_RIGHT,),
        verbs=("action.opened",),
    ),
    "meetings:minutes": Meaning(
        text="What you save is a draft and no record. What you submit enters the record as a version in your name, with"
        " the attendance, motions, decisions and papers of the meeting; the chair signs it or returns it.",
        rights=(OVERSIGHT,),
        verbs=("minutes.submitted",),
    ),
    "meetings:minutes_circulate": Meaning(
        text="The draft as it is saved enters the record as a version, and whoever was expected at the meeting may"
        " comment on it until that day. It stays a draft; nobody approves it by saying nothing.",
        rights=(OVERSIGHT,),
        verbs=("minutes.circulated",),
    ),
    "meetings:minutes_comment": Meaning(
        text="States in your name what you would have written otherwise. The secretary and the chair take it up or say"
        " why not; they cannot submit the minutes before.",
        rights=(OVERSIGHT,),
        verbs=("minutes.commented",),
    ),
    "meetings:minutes_answer": Meaning(
        text="States what became of the comment. It changes no text: what is taken up you write into the draft.",
        rights=(OVERSIGHT,),
        verbs=("minutes.comment_answered",),
    ),
    "meetings:minutes_attest": Meaning(
        text="You recorded the meeting, and attest that this version is a true record of it. You approve nothing by it:"
        " the chair signs or returns it.",
        rights=(OVERSIGHT,),
        verbs=("minutes.attested",),
    ),
    "meetings:minutes_return": Meaning(
        text="The chair declines to sign this version. It stays in the record; the draft is open for the secretary"
        " again.",
        rights=(OVERSIGHT,),
        verbs=("minutes.returned",),
    ),
    "meetings:minutes_sign": Meaning(
        text="Your signature makes this version the minutes of the meeting: evidence of what was decided and by whom."
        " Nothing under it changes any more; a correction is an amendment beside it.",
        rights=(OVERSIGHT,),
        cites="Corporations Code 314; Civil Code 1633.7.",
        verbs=("minutes.signed",),
    ),
    "meetings:minutes_amend": Meaning(
        text="Writes what the body carried beside the signed minutes, in your name. The signed text stays as it is;"
        " motion and amendment name each other.",
        rights=(OVERSIGHT,),
        verbs=("minutes.amended",),
    ),
}
