"""Addresses of decisions, below a practice."""

from django.urls import path

from decisions.views import actions, decisions, operations, papers, past_actions, proposal_acts, proposals, scope

app_name = "decisions"
urlpatterns = [
    path("proposals/", proposals.proposals, name="proposals"),
    path("proposals/new/", proposals.proposal_new, name="proposal_new"),
    path("proposals/<slug:code>/", proposals.proposal, name="proposal"),
    path("proposals/<slug:code>/revise/", proposal_acts.revise, name="proposal_revise"),
    path("proposals/<slug:code>/approve/", proposal_acts.approve, name="proposal_approve"),
    path("proposals/<slug:code>/return/", proposal_acts.send_back, name="proposal_return"),
    path("proposals/<slug:code>/refuse/", proposal_acts.refuse, name="proposal_refuse"),
    path("proposals/<slug:code>/check/", proposal_acts.check, name="proposal_check"),
    path("proposals/<slug:code>/go-live/", proposal_acts.go_live, name="proposal_go_live"),
    path("proposals/<slug:code>/withdraw/", proposal_acts.withdraw, name="proposal_withdraw"),
    path("proposals/<slug:code>/papers/", papers.attach, name="paper_attach"),
    path("proposals/<slug:code>/papers/<int:paper>/", papers.paper, name="paper"),
    path("decisions/", decisions.decisions, name="decisions"),
    path("decisions/new/", decisions.decision_new, name="decision_new"),
    path("decisions/<slug:code>/", decisions.decision, name="decision"),
    path("operations/", operations.operations, name="operations"),
    path("operations/new/", operations.operation_new, name="operation_new"),
    path("operations/<slug:code>/", operations.operation, name="operation"),
    path("operations/<slug:code>/pull/", operations.pull, name="operation_pull"),
    path("actions/", actions.actions, name="actions"),
    path("actions/new/", actions.action_new, name="action_new"),
    path("actions/import/", past_actions.upload, name="import_actions"),
    path("actions/import/rows/", past_actions.rows, name="import_actions_rows"),
    path("actions/<slug:code>/", actions.action, name="action"),
    path("actions/<slug:code>/evidence/", actions.evidence, name="action_evidence"),
    path("actions/<slug:code>/window/", actions.window, name="action_window"),
    path("actions/<slug:code>/verify/", actions.verify, name="action_verify"),
    path("actions/<slug:code>/review/", actions.review, name="action_review"),
    path("scope/", scope.scope, name="scope"),
    path("scope/<int:key>/", scope.authorization, name="authorization"),
    path("scope/<int:key>/stop/", scope.stop, name="scope_stop"),
    path("scope/<int:key>/resume/", scope.resume, name="scope_resume"),
    path("scope/<int:key>/retire/", scope.retire, name="scope_retire"),
]
