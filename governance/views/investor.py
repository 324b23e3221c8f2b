"""What is recorded about the investor, and recording it anew."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from audit.services.checkpoints import recorded_sentence
from governance.choices import Office
from governance.forms.investor import InvestorForm
from governance.services.investor import RIGHT, InvestorRefused, state_investor
from governance.story import events
from governance.web import PracticeRequest, holds, practice_view, recent_sign_in_required


@practice_view()
@recent_sign_in_required(on_get=False)
def investor(request: PracticeRequest) -> HttpResponse:
    """The statement that stands, its past, and the form for another one."""
    request.section = "meetings:boundary"  # type: ignore[attr-defined]
    if not holds(request, Office.MEDICAL_DIRECTOR, Office.PC_COUNSEL):
        raise Http404("There is no such page.")
    practice = request.practice
    form = InvestorForm(request.POST or None, initial={"investor": practice.investor})
    if request.method == "POST" and form.is_valid():
        try:
            state_investor(actor=request.person, practice=practice, **form.cleaned_data)
        except InvestorRefused as problem:
            form.add_error(problem.field, str(problem).partition(": ")[2])
        else:
            messages.success(request, f"{recorded_sentence()} The reports say so from now on.")
            return redirect("governance:investor", practice.slug)
    context = {
        "form": form,
        "right": RIGHT,
        "may_state": holds(request, Office.MEDICAL_DIRECTOR),
        "events": events(request, practice, key=practice.slug),
    }
    return render(request, "governance/investor.html", context)
