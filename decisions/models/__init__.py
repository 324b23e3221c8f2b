from decisions.models.actions import ActionReview, CorrectiveAction, PastAction
from decisions.models.log import Decision, OperationalItem
from decisions.models.papers import Paper, PaperVersion, PaperWithdrawal
from decisions.models.proposals import Determination, GateCheck, GoLive, Proposal, Revision
from decisions.models.scope import Authorization, ScopeEvent, Service

__all__ = [
    "ActionReview",
    "Authorization",
    "CorrectiveAction",
    "Decision",
    "Determination",
    "GateCheck",
    "GoLive",
    "OperationalItem",
    "Paper",
    "PaperVersion",
    "PaperWithdrawal",
    "PastAction",
    "Proposal",
    "Revision",
    "ScopeEvent",
    "Service",
]
