"""Addresses. Everything of a practice lies below /p/<practice>/, and its proofs below /ledger/<practice>/."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from config.home import home, styleguide


def healthz(request: HttpRequest) -> HttpResponse:
    """For a supervisor: the process answers."""
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [
    path("", home, name="home"),
    path("healthz/", healthz, name="healthz"),
    path("styleguide/", styleguide, name="styleguide"),
    path("account/", include("governance.account_urls")),
    path("", include("meetings.calendar_urls")),
    path("account/", include("allauth.urls")),
    path("ledger/<slug:practice>/", include("governance.ledger_urls")),
    path(
        "p/<slug:practice>/",
        include(
            [
                path("", include("meetings.urls")),
                path("", include("decisions.urls")),
                path("", include("governance.urls")),
            ]
        ),
    ),
]
