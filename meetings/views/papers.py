"""Papers under the items of an agenda: attaching one, and one paper with its versions."""

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from decisions.services.rules import RuleBroken
from decisions.views.papers import attach_page, paper_page
from governance.web import PracticeRequest, practice_view
from meetings.models import AgendaItem, Meeting
from meetings.rules.workflow import TAKES_PAPERS
from meetings.selectors.papers import papers_by_item
from meetings.services import papers as acts
from meetings.services.packets import make_packets_again
from meetings.views.common import find_meeting, records


def takes_papers(request: PracticeRequest, meeting: Meeting, item: AgendaItem) -> bool:
    """Whether the page offers the forms."""
    return records(request) and meeting.state in TAKES_PAPERS and acts.takes_papers(item)


def _back(request: PracticeRequest, meeting: Meeting) -> tuple[str, str]:
    return ("The meeting", reverse("meetings:meeting", args=[request.practice.slug, meeting.code]))


@practice_view()
def attach(request: PracticeRequest, code: str, item: int) -> HttpResponse:
    """Attach a paper to an item of the agenda."""
    meeting = find_meeting(request, code)
    found = get_object_or_404(meeting.items, pk=item)
    released = meeting.releases.exists()
    return attach_page(
        request,
        partial(acts.attach_to_item, actor=request.person, item=found),
        to=reverse("meetings:meeting", args=[request.practice.slug, meeting.code]),
        eyebrow=f"Item {found.position}, {found.title}",
        back=_back(request, meeting),
        effects=[
            "Whoever sees the meeting sees it, and its hash stands in the minutes.",
            "It is never deleted: it is replaced by a new version, or withdrawn with a reason.",
            *(["The agenda is released already: the paper is marked late."] if released else []),
        ],
    )


@practice_view()
def paper(request: PracticeRequest, code: str, paper: int) -> HttpResponse:
    """One paper under an item of this meeting."""
    meeting = find_meeting(request, code)
    items = list(meeting.items.filter(item_papers__paper=paper))
    shown = next((one for lie in papers_by_item(meeting, items).values() for one in lie if one.paper.pk == paper), None)
    if shown is None:
        raise Http404("There is no such page.")
    item, row = items[0], shown.paper
    may = takes_papers(request, meeting, item)
    return paper_page(
        request,
        shown,
        here=reverse("meetings:paper", args=[request.practice.slug, meeting.code, paper]),
        eyebrow=f"Item {item.position}, {item.title}",
        back=_back(request, meeting),
        replace=partial(acts.replace_item_paper, actor=request.person, item=item, paper=row) if may else None,
        withdraw=partial(acts.withdraw_item_paper, actor=request.person, item=item, paper=row) if may else None,
    )


@require_POST
@practice_view()
def packet(request: PracticeRequest, code: str) -> HttpResponse:
    """Have the meeting packet made anew, where making it failed."""
    meeting = find_meeting(request, code)
    try:
        make_packets_again(actor=request.person, meeting=meeting)
    except RuleBroken as broken:
        messages.error(request, str(broken))
    else:
        messages.success(request, "The packet is being made anew.")
    return redirect("meetings:meeting", request.practice.slug, meeting.code)
