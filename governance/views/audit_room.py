"""The audit room: ask for a pack, follow it, take it; and see who took what before."""

from datetime import date

from django.contrib import messages
from django.db.models import OuterRef, Subquery
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from audit.services.checkpoints import checkpoints, newest, recorded_sentence
from audit.services.jobs import underway
from audit.services.keys import key_is_separate
from governance.choices import Side
from governance.forms.packs import PackForm
from governance.offices import AUDIT
from governance.selectors.documents import permissions_of
from governance.selectors.holds import sides_of
from governance.selectors.packs import packs, taken
from governance.services.packs import PackRefused, request_pack
from governance.steady import standing_view
from governance.web import PracticeRequest, paginate, recent_sign_in_required

_BESIDE_THE_RECORD = {
    "underway": underway(practice=OuterRef("practice_id")),
    "checkpoint": Subquery(checkpoints(OuterRef("practice_id")).values("size")[:1]),
}
"""What the page shows that no act moves: how the packs are coming along, and the newest checkpoint."""


@standing_view(AUDIT, also=_BESIDE_THE_RECORD)
@recent_sign_in_required(on_get=False)
def audit_room(request: PracticeRequest) -> HttpResponse:
    """Ask for a pack of a period; the packs there are, and every earlier request and download."""
    practice = request.practice
    today = practice.local(timezone.now()).date()
    form = PackForm(request.POST or None, initial={"start": _quarter(today), "end": today}, today=today)
    if request.method == "POST" and form.is_valid():
        try:
            job = request_pack(actor=request.person, practice=practice, **form.cleaned_data)
        except PackRefused as problem:
            form.add_error(problem.field, str(problem))
        else:
            messages.success(
                request, f"{job.arguments['code']} is asked for and rendered in its turn. {recorded_sentence()}"
            )
            return redirect("governance:audit_room", practice.slug)
    found = packs(practice, permissions_of(request.offices))
    context = {
        "form": form,
        "packs": found,
        "pending": any(pack.pending for pack in found),
        "page": paginate(request, taken(practice), size=20),
        "checkpoint": newest(practice.pk),
        "key_separate": key_is_separate(),
        "of_pc": Side.PC in sides_of(request.offices),
    }
    return render(request, "governance/audit_room.html", context)


def _quarter(day: date) -> date:
    """The first day of the quarter before this one: what counsel asks for most."""
    first = (day.month - 1) // 3 * 3 + 1
    return date(day.year, first - 3, 1) if first > 3 else date(day.year - 1, 10, 1)
