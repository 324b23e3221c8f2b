"""What it means to send each form of this room, in plain words."""

from decisions.rules.screen import CHANGE_RIGHT
from decisions.services.actions import CLOSING_RIGHT
from decisions.services.proposing import SERVICE_RIGHT
from decisions.services.scope import STOP_RIGHT
from governance.explaining import Meaning

_ITS_OWN = "The right under which the physicians determine this proposal"

ACTS: dict[str, Meaning] = {
    "decisions:decision_new": Meaning(
        text="You decide, in your office, for the side that holds the right. The decision binds until a later one under"
        " the same right supersedes it; it is never edited. An attempt under the other side's right is refused, and"
        " the refusal stays in the record.",
        of="The right that you choose",
        verbs=("decision.recorded",),
    ),
    "decisions:operation_new": Meaning(
        text="The management company states what it did in its own field. Any yes to the seven questions means that"
        " the matter is the physicians' to decide: then nothing is logged, and what you typed becomes a proposal.",
        of="The right that you choose",
        cites="A wrong answer does not move the line: the Medical Director can pull the item over it.",
        verbs=("operation.logged",),
    ),
    "decisions:operation_pull": Meaning(
        text="The physicians declare that an item logged as operational has clinical effect. It was never the"
        " management company's to decide: it becomes a proposal.",
        rights=(CHANGE_RIGHT,),
        verbs=("operation.pulled",),
    ),
    "decisions:proposal_new": Meaning(
        text="You put an exact text before the physicians. Proposing decides nothing and authorizes nothing: it takes"
        " effect only when they approve it and its gate opens.",
        of=f"{SERVICE_RIGHT} for a service line, {CHANGE_RIGHT} for a change of operations, else the right you choose",
        verbs=("proposal.submitted",),
    ),
    "decisions:proposal_revise": Meaning(
        text="You put a new text in the place of the old. An approval holds for the text it was given to, so an earlier"
        " one is void.",
        of=_ITS_OWN,
        verbs=("proposal.revised",),
    ),
    "decisions:proposal_approve": Meaning(
        text="The physicians' own decision on this exact text, in your name, office and license. It enters the decision"
        " log; any later edit voids it.",
        of=_ITS_OWN,
        verbs=("proposal.approved",),
    ),
    "decisions:proposal_return": Meaning(
        text="The physicians decide that this text cannot stand as it is. Its proposers may put another.",
        of=_ITS_OWN,
        verbs=("proposal.returned",),
    ),
    "decisions:proposal_refuse": Meaning(
        text="The physicians decide against it, and the proposal ends here. Carrying it out all the same would be a"
        " decision of the wrong side.",
        of=_ITS_OWN,
        verbs=("proposal.refused",),
    ),
    "decisions:proposal_check": Meaning(
        text="You state that a condition of going live is met, and where the evidence lies; or, as a physician, that"
        " care is safe without it. You answer for the statement. It holds for this revision alone.",
        of=_ITS_OWN,
        verbs=("gate.met", "gate.waived"),
    ),
    "decisions:proposal_go_live": Meaning(
        text="You carry out what the physicians approved; it is no decision of yours. From this moment the service or"
        " change is authorized, until the physicians stop it.",
        of=_ITS_OWN,
        verbs=("proposal.went live",),
    ),
    "decisions:proposal_withdraw": Meaning(
        text="You take the question back, so nothing remains for the physicians to decide. The proposal and its"
        " revisions stay in the record.",
        of=_ITS_OWN,
        verbs=("proposal.withdrawn",),
    ),
    "decisions:paper_attach": Meaning(
        text="You put a paper before the physicians, beside the proposal's text. It decides nothing, and it stays.",
        of=_ITS_OWN,
        verbs=("paper.attached",),
    ),
    "decisions:paper": Meaning(
        text="A new version stands in the place of the old, or the paper is no longer relied on. Nothing is removed.",
        of=_ITS_OWN,
        verbs=("paper.replaced", "paper.withdrawn"),
    ),
    "decisions:scope_stop": Meaning(
        text="A physician's decision with effect at once. The service may not be given at this site; the management"
        " company carries that out and cannot delay it.",
        rights=(STOP_RIGHT,),
        verbs=("service.stopped",),
    ),
    "decisions:scope_resume": Meaning(
        text="The physicians' decision that the service may be given at this site again.",
        rights=(SERVICE_RIGHT,),
        verbs=("service.resumed",),
    ),
    "decisions:scope_retire": Meaning(
        text="The physicians' decision that the service ends at this site. Given here again, it is proposed as new.",
        rights=(SERVICE_RIGHT,),
        verbs=("service.retired",),
    ),
    "decisions:action_new": Meaning(
        text="You state what went wrong and who will put it right by when. The owner answers for it, and the physicians"
        " review it at every meeting until they close it.",
        rights=(CLOSING_RIGHT,),
        cites="Opening decides nothing; closing is the physicians'.",
        verbs=("action.opened",),
    ),
    "decisions:action_evidence": Meaning(
        text="As the owner you state that it was done, and where that shows. Somebody else judges it.",
        rights=(CLOSING_RIGHT,),
        verbs=("action.evidence submitted",),
    ),
    "decisions:action_window": Meaning(
        text="You accept that it was done. Whether it worked is not said yet: the effect is watched until the day you"
        " name, and the action stays open.",
        rights=(CLOSING_RIGHT,),
        verbs=("action.window started",),
    ),
    "decisions:action_verify": Meaning(
        text="The physicians decide whether it worked: an action that did is closed, one that did not is open again.",
        rights=(CLOSING_RIGHT,),
        verbs=("action.verified effective", "action.verified ineffective"),
    ),
    "decisions:action_review": Meaning(
        text="You note for the record how it stands. It changes neither the action nor who answers for it.",
        rights=(CLOSING_RIGHT,),
        verbs=("action.reviewed",),
    ),
}
