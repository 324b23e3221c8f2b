"""What belongs to a sign-in and to no practice: enrolling a factor, an invitation's link, sessions, a kept form."""

from uuid import UUID

from allauth.core import ratelimit
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.providers.saml.views import finish_acs
from allauth.usersessions.internal.flows.sessions import end_sessions
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from lxml.etree import XMLSyntaxError

from governance import idle
from governance.authority import admitted
from governance.factors import factor_missing, rules_of
from governance.forms.account import PasswordForm
from governance.invitations import accept, invitation_for
from governance.offices import ADMINISTER, SEE


@never_cache
@login_required
def enrol(request: HttpRequest) -> HttpResponse:
    """A practice asks for a second factor, and there is none yet. Until one is enrolled nothing else opens."""
    offices = admitted(request.user.pk, request.GET.get("practice", ""), SEE, ADMINISTER)
    if not offices or not factor_missing(offices, rules_of(offices[0].practice)):
        return redirect("home")
    return render(request, "account/enrol.html", {"asks": offices[0].practice, "office": offices[0]})


@never_cache
def invitation(request: HttpRequest, key: UUID, proof: str) -> HttpResponse:
    """Somebody who was asked in sets a first password, and goes on to sign in."""
    if request.method == "POST":
        limited = ratelimit.consume_or_429(request, action="accept_invitation")
        if limited:
            return limited
    found = invitation_for(key, proof)
    account = found.person.account if found else None
    if found is None or account is None:
        return render(request, "account/invitation.html", {"found": None}, status=410)
    form = PasswordForm(request.POST or None, account=account)
    if request.method == "POST" and form.is_valid():
        if accept(found, form.cleaned_data["password1"]) is None:
            return render(request, "account/invitation.html", {"found": None}, status=410)
        messages.success(request, "Your password is set. Sign in with it.")
        return redirect("account_login")
    return render(request, "account/invitation.html", {"found": found, "form": form, "email": account.email})


@require_POST
@login_required
def end_session(request: HttpRequest, key: int) -> HttpResponse:
    """Sign one of one's own sessions out."""
    session = get_object_or_404(UserSession, pk=key, user_id=request.user.pk)
    own = session.is_current()
    end_sessions(request, [session])
    messages.success(request, "You are signed out." if own else "That session is signed out.")
    return redirect("account_login" if own else "usersessions_list")


@never_cache
@login_required
def kept(request: HttpRequest) -> HttpResponse:
    """A form that came after the session had ended: read it again and send it, or let it go."""
    form = idle.kept(request)
    if request.method == "POST":
        idle.drop(request)
        messages.info(request, "What was kept is gone.")
        return redirect("home")
    if form is None:
        return redirect("home")
    texts = [value for name, value in form["fields"] if value.strip() and name not in {"revision", "item"}]
    return render(request, "account/kept.html", {"kept": form, "texts": texts})


def saml_finish(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """allauth's end of a SAML sign-on; what is no XML, or answers what this browser never asked, confirms nobody."""
    try:
        return finish_acs(request, organization_slug=organization_slug)
    except (XMLSyntaxError, PermissionDenied):
        return render_authentication_error(request, organization_slug)
