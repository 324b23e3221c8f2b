"""What was mailed for a practice, for its administrators: to whom, of what kind, when, and what was not delivered."""

from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from governance.forms.access import MailFilter
from governance.lists import Cell, Column, Listing
from governance.mail import ATTEMPTS
from governance.models import Mail
from governance.offices import ADMINISTER
from governance.services.access import AccessRefused
from governance.services.mailing import mail_again
from governance.web import PracticeRequest, practice_view

SECTION = "governance:settings"
KINDS = {
    Mail.State.WAITING: "due",
    Mail.State.SENT: "ok",
    Mail.State.DROPPED: "neutral",
    Mail.State.FAILED: "late",
}


@practice_view(ADMINISTER)
def mails(request: PracticeRequest) -> HttpResponse:
    """The outbox. It names persons and kinds, never what a mail says."""
    request.section = SECTION  # type: ignore[attr-defined]
    practice = request.practice
    form = MailFilter(request.GET, practice=practice)
    rows = Mail.objects.filter(practice=practice).select_related("person__account")
    if words := form.chosen("q"):
        rows = rows.filter(person__name__icontains=words)
    if state := form.chosen("state"):
        rows = rows.filter(state=state)

    def stamp(at: datetime | None) -> Cell:
        return {"text": practice.moment(at) if at else ""}

    columns = [
        Column(
            label="To",
            key="person",
            order=("person__name", "-asked_at"),
            cell=lambda one: {
                "text": str(one.person),
                "url": reverse("governance:mail", args=[practice.slug, one.pk]),
            },
        ),
        Column(label="E-mail", cell=lambda one: {"text": one.person.account.email if one.person.account else ""}),
        Column(label="About", cell=lambda one: {"text": settings.MAILS[one.kind][0]}),
        Column(label="Asked for", key="asked", order=("asked_at", "pk"), cell=lambda one: stamp(one.asked_at)),
        Column(
            label="State",
            key="state",
            order=("state", "-asked_at"),
            cell=lambda one: {"tag": one.get_state_display(), "tag_kind": KINDS[Mail.State(one.state)]},
        ),
        Column(label="What happened", cell=lambda one: {"text": _happened(one, request)}),
    ]
    listing = Listing(
        title="Mail",
        lead=(
            f"What Brightline mailed to the people of the practice. A mail is tried {ATTEMPTS} times in two days; then"
            " it is given up and stands here as not delivered. What it said is kept nowhere."
        ),
        noun="mail",
        nouns="mails",
        columns=columns,
        default="-asked",
        empty_title="Nothing was mailed yet",
        empty_text="Invitations, notices of meetings and reminders appear here with what became of them.",
    )
    return listing.respond(request, rows, form)


def _happened(one: Mail, request: PracticeRequest) -> str:
    if one.sent_at:
        return request.practice.moment(one.sent_at)
    if not one.error:
        return ""
    tried = "once" if one.attempts == 1 else f"{one.attempts} times"
    return f"Tried {tried}: {one.error}"


@practice_view(ADMINISTER)
def mail(request: PracticeRequest, key: int) -> HttpResponse:
    """One mail and what became of it; one that was given up may be sent once more."""
    request.section = SECTION  # type: ignore[attr-defined]
    rows = Mail.objects.filter(practice=request.practice).select_related("person__account")
    found = get_object_or_404(rows, pk=key)
    if request.method == "POST":
        try:
            mail_again(actor=request.person, mail=found)
        except AccessRefused as problem:
            messages.error(request, str(problem))
        else:
            messages.success(request, f"The mail to {found.person} is on its way again.")
        return redirect("governance:mails", request.practice.slug)
    context = {
        "mail": found,
        "about": settings.MAILS[found.kind][0],
        "kind": KINDS[Mail.State(found.state)],
        "happened": _happened(found, request),
        "given_up": found.state == Mail.State.FAILED,
    }
    return render(request, "governance/mail.html", context)
