"""The front door, and the style guide for staff."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from config.styleguide import specimens
from governance.models import Practice
from governance.offices import ADMINISTER
from governance.web import person_of


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """To the desk of the person's only practice, or a choice between several."""
    person = person_of(request)
    practices = list(Practice.objects.visible_to(person)) if person else []
    seen = [one.pk for one in practices]
    administered = list(Practice.objects.visible_to(person, ADMINISTER).exclude(pk__in=seen)) if person else []
    if len(practices) + len(administered) == 1:
        return redirect("meetings:desk" if practices else "governance:settings", [*practices, *administered][0].slug)
    return render(request, "governance/home.html", {"choices": practices, "administered": administered})


@login_required
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component on one page; for staff, and for others it does not exist."""
    if not request.user.is_staff:
        raise Http404("There is no such page.")
    return render(request, "styleguide/index.html", specimens())
