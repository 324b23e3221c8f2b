"""What every page knows: the rail, the person, the banner. No query of its own."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from governance.factors import rules_of
from governance.offices import ADMINISTER, AUDIT, SEE, SEE_CONFIDENTIAL
from governance.selectors.documents import permissions_of
from meetings.selectors.boundary import READERS as BOUNDARY_READERS

NAV = [
    ("Desk", "meetings:desk"),
    ("Decision rights", "governance:matrix"),
    ("Meetings", "meetings:meetings"),
    ("Proposals", "decisions:proposals"),
    ("Decisions", "decisions:decisions"),
    ("Written consents", "meetings:consents"),
    ("Operations", "decisions:operations"),
    ("Corrective actions", "decisions:actions"),
    ("Scope of services", "decisions:scope"),
    ("Boundary report", "meetings:boundary"),
    ("People and offices", "governance:people"),
    ("Audit room", "governance:audit_room"),
    ("Settings", "governance:settings"),
]
OPENED_BY = {
    "meetings:consents": {SEE_CONFIDENTIAL},
    "governance:audit_room": {AUDIT},
    "governance:settings": {SEE, ADMINISTER},
}
"""What an entry wants besides being shown the open record."""
ADMINISTRATION = [("Settings", "governance:settings"), ("Invitations", "governance:invitations")]
"""The rail of who administers and sees nothing else."""
SHOWN_TO = {"meetings:boundary": BOUNDARY_READERS}
"""An entry that only some offices have."""


def house(request: HttpRequest) -> dict[str, Any]:
    practice = getattr(request, "practice", None)
    known: dict[str, Any] = {"home_url": reverse("home")}
    if settings.DEMONSTRATION:
        known["demonstration"] = "The practice, its people and its records are invented."
    if practice is None:
        return known
    if settings.DEMONSTRATION and not rules_of(practice).second_factor:
        known["demonstration"] += " It asks for no second factor."
    person, offices = request.person, request.offices  # type: ignore[attr-defined]
    match = request.resolver_match
    current = getattr(match, "view_name", "") or ""
    section = getattr(request, "section", current)
    opens = permissions_of(offices)
    known["nav"] = [
        (label, reverse(name, args=[practice.slug]), 0, name == section)
        for label, name in (NAV if SEE in opens else ADMINISTRATION)
        if OPENED_BY.get(name, {SEE, ADMINISTER}) & opens
        and (name not in SHOWN_TO or any(one.office in SHOWN_TO[name] for one in offices))
    ]
    first = offices[0] if offices else None
    known["person"] = {
        "name": str(person),
        "office": first.get_office_display() if first else "",
        "side": first.side.lower() if first else "",
        "license": "",
        "office_url": reverse("governance:act_as", args=[practice.slug]) if request.divided else "",  # type: ignore[attr-defined]
        "account_url": reverse("mfa_index"),
        "sign_out_url": reverse("account_logout"),
    }
    known["practice"] = practice
    known["proof"] = {"label": "What is proven", "url": reverse("ledger:proof", args=[practice.slug])}
    return known
