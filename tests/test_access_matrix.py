"""Every page against everybody: one table of address, role and answer. An address without a row fails.

    ok  the page          --  404, it does not exist for them     in  sent to sign in
    no  403, refused      go  sent elsewhere   gone  410          ..  not asked: the act's own tests judge who may

A row that begins with POST is sent as an empty form, and only by those to whom the practice must not exist.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from audit.models import Act, Sequestered
from audit.services.checkpoints import make_checkpoints
from audit.services.documents import seal_document
from audit.services.keys import load_signer
from decisions.services.actions import open_action
from decisions.services.gate import go_live
from decisions.services.log import log_item, record_decision
from decisions.services.papers import attach_to_proposal
from decisions.services.proposals import approve_proposal
from governance.choices import Office
from governance.models import Account, Appointment, Invitation, Mail, Person
from governance.offices import APPOINTED_UNDER
from governance.services.appointments import appoint, end_appointment, enter_license, invite
from governance.services.delegations import delegate
from governance.services.drafts import begin_draft
from governance.services.holds import place_hold
from governance.services.scrubbing import scrub_text
from meetings.services.closed import put_closed_item
from meetings.services.consents import open_consent
from meetings.services.minutes import submit_minutes
from meetings.services.papers import attach_to_item
from meetings.services.proposed_items import propose_item
from tests.cast import Cast, found, resolve
from tests.conftest import Database
from tests.decisions.conftest import NO, settle_gate
from tests.decisions.paper_files import image
from tests.meetings import gathering
from tests.meetings.before import entered_before
from tests.sign_in import sign_in

OUTSIDE = ["out", "oth", "end", "sup", "adm", "els"]
"""Signed out; in office in another practice; office ended; superuser without office; administrator, whose office
shows settings and invitations alone; and somebody of another practice who asks there for what belongs to this one."""

INSIDE = ["sh", "di", "of", "co", "md", "ph", "su", "ac", "pc", "au", "se", "op", "ex", "mc"]
"""PC shareholder, director, officer, committee member, Medical Director, physician, supervising physician, alternate
chair, PC counsel, auditor; recording secretary, MSO operations, executive, counsel."""

TABLE = """
#                                             | out oth end sup adm els | sh di of co md ph su ac pc au se op ex mc
meetings:desk                                 | in  --  --  --  --  ok  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
meetings:meetings                             | in  --  --  --  --  ok  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
POST meetings:plan                            | in  --  --  --  --  go  | .. .. .. .. .. .. .. .. .. .. .. .. .. ..
meetings:series                               | in  --  --  --  --  ok  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
meetings:special                              | in  --  --  --  --  ok  | -- -- -- -- ok -- -- ok -- -- -- -- -- --
POST meetings:series_preview                  | in  --  --  --  --  ok  | .. .. .. .. .. .. .. .. .. .. .. .. .. ..
meetings:past_new                             | in  --  --  --  --  ok  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
meetings:past before                          | in  --  --  --  --  --  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
POST meetings:past_confirm before             | in  --  --  --  --  --  | .. .. .. .. .. .. .. .. .. .. .. .. .. ..
POST meetings:past_withdraw before            | in  --  --  --  --  --  | .. .. .. .. .. .. .. .. .. .. .. .. .. ..
meetings:meeting meeting                      | in  --  --  --  --  --  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
meetings:body_rule                            | in  --  --  --  --  ok  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
meetings:call meeting                         | in  --  --  --  --  --  | go go go go go go go go go go go go go go
POST meetings:cancel meeting                  | in  --  --  --  --  --  | .. .. .. .. .. .. .. .. .. .. .. .. .. ..
meetings:invitation meeting                   | in  --  --  --  --  --  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
meetings:notice_waive meeting                 | in  --  --  --  --  --  | -- -- -- -- -- -- -- -- -- -- -- -- -- --
POST meetings:notice_protest meeting seat     | in  --  --  --  --  --  | .. .. .. .. .. .. .. .. .. .. .. .. .. ..
POST meetings:reply meeting                   | in  --  --  --  --  --  | .. .. .. .. .. .. .. .. .. .. .. .. .. ..
meetings:agenda meeting                       | in  --  --  --  --  --  | go go go go go go go go go go go go go go
meetings:import_agenda meeting                | in  --  --  --  --  --  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
meetings:import_agenda_rows meeting           | in  --  --  --  --  --  | go go go go go go go go go go go go go go
POST meetings:agenda_refresh meeting          | in  --  --  --  --  --  | .. .. .. .. .. .. .. .. .. .. .. .. .. ..
POST meetings:agenda_release meeting          | in  --  --  --  --  --  | .. .. .. .. .. .. .. .. .. .. .. .. .. ..
meetings:agenda_released meeting one          | in  --  --  --  --  --  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
POST meetings:agenda_move meeting agenda_item | in  --  --  --  --  --  | .. .. .. .. .. .. .. .. .. .. .. .. .. ..
meetings:closed_put meeting                   | in  --  --  --  --  --  | -- -- -- -- ok -- -- ok -- -- -- -- -- --
meetings:closed meeting closed_item           | in  --  --  --  --  --  | -- -- -- -- ok -- -- -- ok -- -- -- -- --
POST meetings:closed_do meeting closed_item doing | in  --  --  --  --  --  | .. .. .. .. .. .. .. .. .. .. .. .. .. ..
meetings:paper_attach meeting agenda_item     | in  --  --  --  --  --  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
meetings:paper meeting item_paper             | in  --  --  --  --  --  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
POST meetings:packet meeting                  | in  --  --  --  --  --  | .. .. .. .. .. .. .. .. .. .. .. .. .. ..
meetings:agenda_edit meeting agenda_item      | in  --  --  --  --  --  | go go go go go go go go go go go go go go
POST meetings:agenda_withdraw meeting agenda_item | in  --  --  --  --  --  | .. .. .. .. .. .. .. .. .. .. .. .. .. ..
meetings:proposed                             | in  --  --  --  --  ok  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
meetings:proposed_item proposed_item          | in  --  --  --  --  --  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
POST meetings:proposed_withdraw proposed_item | in  --  --  --  --  --  | .. .. .. .. .. .. .. .. .. .. .. .. .. ..
meetings:room meeting                         | in  --  --  --  --  --  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
POST meetings:room_open meeting               | in  --  --  --  --  --  | .. .. .. .. .. .. .. .. .. .. .. .. .. ..
POST meetings:room_call meeting               | in  --  --  --  --  --  | .. .. .. .. .. .. .. .. .. .. .. .. .. ..
POST meetings:room_item meeting               | in  --  --  --  --  --  | .. .. .. .. .. .. .. .. .. .. .. .. .. ..
POST meetings:room_adjourn meeting            | in  --  --  --  --  --  | .. .. .. .. .. .. .. .. .. .. .. .. .. ..
POST meetings:room_attend meeting seat        | in  --  --  --  --  --  | .. .. .. .. .. .. .. .. .. .. .. .. .. ..
POST meetings:room_cast meeting               | in  --  --  --  --  --  | .. .. .. .. .. .. .. .. .. .. .. .. .. ..
POST meetings:room_draft meeting              | in  --  --  --  --  --  | .. .. .. .. .. .. .. .. .. .. .. .. .. ..
POST meetings:room_do meeting doing           | in  --  --  --  --  --  | .. .. .. .. .. .. .. .. .. .. .. .. .. ..
meetings:consents                             | in  --  --  --  --  ok  | ok ok -- ok ok ok ok ok ok -- -- -- -- --
meetings:consent_new                          | in  --  --  --  --  ok  | ok ok -- ok ok ok ok ok ok -- -- -- -- --
meetings:consent consent                      | in  --  --  --  --  --  | ok ok -- ok ok ok ok ok ok -- -- -- -- --
meetings:consent_sign consent                 | in  --  --  --  --  --  | -- ok -- -- ok -- -- -- -- -- -- -- -- --
meetings:consent_decline consent              | in  --  --  --  --  --  | -- ok -- -- ok -- -- -- -- -- -- -- -- --
meetings:consent_withdraw consent             | in  --  --  --  --  --  | -- -- -- -- ok -- -- -- -- -- -- -- -- --
meetings:minutes held                         | in  --  --  --  --  --  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
POST meetings:minutes_autosave held           | in  --  --  --  --  --  | .. .. .. .. .. .. .. .. .. .. .. .. .. ..
meetings:minutes_circulate held               | in  --  --  --  --  --  | -- -- -- -- -- -- -- -- -- -- -- -- -- --
meetings:minutes_comment held                 | in  --  --  --  --  --  | -- -- -- -- -- -- -- -- -- -- -- -- -- --
meetings:minutes_answer held one              | in  --  --  --  --  --  | -- -- -- -- -- -- -- -- -- -- -- -- -- --
meetings:minutes_attest held                  | in  --  --  --  --  --  | -- -- -- -- -- -- -- -- -- -- ok -- -- --
meetings:minutes_return held                  | in  --  --  --  --  --  | -- -- -- -- ok -- -- -- -- -- -- -- -- --
meetings:minutes_sign held                    | in  --  --  --  --  --  | -- -- -- -- ok -- -- -- -- -- -- -- -- --
meetings:minutes_amend held                   | in  --  --  --  --  --  | -- -- -- -- -- -- -- -- -- -- -- -- -- --
meetings:minutes_version held one             | in  --  --  --  --  --  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
decisions:proposals                           | in  --  --  --  --  ok  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
decisions:proposal_new                        | in  --  --  --  --  ok  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
decisions:proposal proposal                   | in  --  --  --  --  --  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
decisions:proposal_revise proposal            | in  --  --  --  --  --  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
decisions:proposal_approve proposal           | in  --  --  --  --  --  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
decisions:proposal_return proposal            | in  --  --  --  --  --  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
decisions:proposal_refuse proposal            | in  --  --  --  --  --  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
decisions:proposal_check proposal             | in  --  --  --  --  --  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
decisions:proposal_go_live proposal           | in  --  --  --  --  --  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
decisions:proposal_withdraw proposal          | in  --  --  --  --  --  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
decisions:paper_attach proposal               | in  --  --  --  --  --  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
decisions:paper proposal paper                | in  --  --  --  --  --  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
decisions:decisions                           | in  --  --  --  --  ok  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
decisions:decision_new                        | in  --  --  --  --  ok  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
decisions:decision decision                   | in  --  --  --  --  --  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
decisions:operations                          | in  --  --  --  --  ok  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
decisions:operation_new                       | in  --  --  --  --  ok  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
decisions:operation item                      | in  --  --  --  --  --  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
decisions:operation_pull item                 | in  --  --  --  --  --  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
decisions:actions                             | in  --  --  --  --  ok  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
decisions:action_new                          | in  --  --  --  --  ok  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
decisions:import_actions                      | in  --  --  --  --  ok  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
decisions:import_actions_rows                 | in  --  --  --  --  go  | go go go go go go go go go go go go go go
decisions:action action                       | in  --  --  --  --  --  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
decisions:action_evidence action              | in  --  --  --  --  --  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
decisions:action_window action                | in  --  --  --  --  --  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
decisions:action_verify action                | in  --  --  --  --  --  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
decisions:action_review action                | in  --  --  --  --  --  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
decisions:scope                               | in  --  --  --  --  ok  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
decisions:authorization scope                 | in  --  --  --  --  --  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
decisions:scope_stop scope                    | in  --  --  --  --  --  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
decisions:scope_resume scope                  | in  --  --  --  --  --  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
decisions:scope_retire scope                  | in  --  --  --  --  --  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
governance:matrix                             | in  --  --  --  --  ok  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
governance:right right                        | in  --  --  --  --  ok  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
governance:versions                           | in  --  --  --  --  ok  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
governance:version version                    | in  --  --  --  --  ok  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
governance:version_review version             | in  --  --  --  --  ok  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
governance:version_adopt version              | in  --  --  --  --  ok  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
governance:version_set_aside version          | in  --  --  --  --  ok  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
governance:compare                            | in  --  --  --  --  ok  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
POST governance:draft_begin                   | in  --  --  --  --  go  | .. .. .. .. .. .. .. .. .. .. .. .. .. ..
governance:draft                              | in  --  --  --  --  ok  | -- -- -- -- -- -- -- -- -- -- -- ok -- --
governance:draft_add                          | in  --  --  --  --  ok  | -- -- -- -- -- -- -- -- -- -- -- ok -- --
governance:draft_right right                  | in  --  --  --  --  ok  | -- -- -- -- -- -- -- -- -- -- -- ok -- --
governance:draft_change_back right            | in  --  --  --  --  go  | -- -- -- -- -- -- -- -- -- -- -- go -- --
governance:draft_submit                       | in  --  --  --  --  ok  | -- -- -- -- -- -- -- -- -- -- -- ok -- --
governance:draft_discard                      | in  --  --  --  --  go  | -- -- -- -- -- -- -- -- -- -- -- go -- --
governance:delegations                        | in  --  --  --  --  ok  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
governance:delegate                           | in  --  --  --  --  ok  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
governance:delegation delegation              | in  --  --  --  --  --  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
governance:end_delegation delegation          | in  --  --  --  --  --  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
governance:people                             | in  --  --  --  --  ok  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
governance:invite                             | in  --  --  --  ok  ok  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
governance:import_roster                      | in  --  --  --  --  ok  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
governance:import_roster_rows                 | in  --  --  --  --  go  | go go go go go go go go go go go go go go
governance:appoint                            | in  --  --  --  --  ok  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
governance:act_as                             | in  --  --  --  --  --  | -- -- -- -- -- -- -- -- -- -- -- -- -- --
governance:person person                      | in  --  --  --  --  --  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
governance:enter_license person               | in  --  --  --  --  --  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
governance:end_appointment appointment        | in  --  --  --  --  --  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
governance:settings                           | in  --  --  --  ok  ok  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
governance:change_settings                    | in  --  --  --  ok  ok  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
governance:change_limit                       | in  --  --  --  --  ok  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
governance:invitations                        | in  --  --  --  ok  ok  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
governance:invitation invitation              | in  --  --  --  ok  --  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
governance:mails                              | in  --  --  --  ok  --  | -- -- -- -- -- -- -- -- -- -- -- -- -- --
governance:mail mail                          | in  --  --  --  ok  --  | -- -- -- -- -- -- -- -- -- -- -- -- -- --
POST governance:invite_again invitation       | in  --  --  --  ..  --  | .. .. .. .. .. .. .. .. .. .. .. .. .. ..
meetings:boundary                             | in  --  --  --  --  ok  | -- -- -- -- ok -- -- -- ok -- ok ok ok --
meetings:boundary_list figure                 | in  --  --  --  --  ok  | -- -- -- -- ok -- -- -- ok -- ok ok ok --
governance:investor                           | in  --  --  --  --  ok  | -- -- -- -- ok -- -- -- ok -- -- -- -- --
governance:audit_room                         | in  --  --  --  --  ok  | ok ok -- -- ok ok ok ok ok ok -- -- -- ok
ledger:proof                                  | in  --  --  --  --  ok  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
ledger:checkpoint                             | in  --  --  --  --  ok  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
governance:document document                  | in  --  --  --  --  --  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
governance:holds                              | in  --  --  --  --  ok  | ok ok -- -- ok ok ok ok ok ok -- -- -- ok
governance:hold_place                         | in  --  --  --  --  ok  | ok ok -- -- ok ok ok ok ok ok -- -- -- ok
governance:hold_place_on kind decision_key    | in  --  --  --  --  --  | ok ok -- -- ok ok ok ok ok ok -- -- -- ok
governance:hold hold                          | in  --  --  --  --  --  | ok ok -- -- ok ok ok ok ok ok -- -- -- --
POST governance:hold_acknowledge hold         | in  --  --  --  --  --  | .. .. .. .. .. .. .. .. .. .. .. .. .. ..
governance:hidden                             | in  --  --  --  --  ok  | ok ok -- -- ok ok ok ok ok ok -- -- -- --
governance:disposal                           | in  --  --  --  --  ok  | ok ok -- -- ok ok ok ok ok ok -- -- -- --
governance:hidden_text scrub                  | in  --  --  --  --  --  | ok ok -- -- ok ok ok ok ok ok -- -- -- --
governance:hidden_open scrub                  | in  --  --  --  --  --  | ok ok -- -- ok ok ok ok ok ok -- -- -- --
governance:hidden_confirm scrub               | in  --  --  --  --  --  | ok ok -- -- ok ok ok ok ok ok -- -- -- --
governance:hidden_restore scrub               | in  --  --  --  --  --  | ok ok -- -- ok ok ok ok ok ok -- -- -- --
governance:scrub kind decision_key            | in  --  --  --  --  --  | ok ok ok ok ok ok ok ok ok ok ok ok ok ok
"""

DOORS = {
    # address: signed out, signed in
    "healthz": ("ok", "ok"),
    "home": ("in", "go"),
    "styleguide": ("in", "--"),
    "account_login": ("ok", "go"),
    "account_logout": ("in", "ok"),
    "account_inactive": ("ok", "ok"),
    "account_signup": ("ok", "go"),
    "account_reauthenticate": ("in", "ok"),
    "account_email": ("in", "ok"),
    "account_email_verification_sent": ("ok", "ok"),
    "account_change_password": ("in", "ok"),
    "account_set_password": ("in", "go"),
    "account_reset_password": ("ok", "ok"),
    "account_confirm_login_code": ("in", "go"),
    "account_confirm_email": ("ok", "ok"),
    "account_reset_password_from_key_done": ("ok", "ok"),
    "account_reset_password_from_key": ("ok", "ok"),
    "account_reset_password_done": ("ok", "ok"),
    "enrol": ("in", "go"),
    "kept": ("in", "go"),
    "calendar": ("in", "ok"),
    "calendar_feed": ("--", "--"),
    "invitation": ("gone", "gone"),
    "end_session": ("405", "405"),
    "mfa_index": ("in", "ok"),
    "mfa_authenticate": ("in", "go"),
    "mfa_reauthenticate": ("in", "go"),
    "mfa_activate_totp": ("in", "go"),
    "mfa_deactivate_totp": ("in", "--"),
    "mfa_view_recovery_codes": ("in", "--"),
    "mfa_generate_recovery_codes": ("in", "go"),
    "mfa_download_recovery_codes": ("in", "--"),
    "mfa_list_webauthn": ("in", "ok"),
    "mfa_add_webauthn": ("in", "go"),
    "mfa_reauthenticate_webauthn": ("in", "go"),
    "mfa_remove_webauthn": ("in", "go"),
    "mfa_edit_webauthn": ("in", "go"),
    "mfa_login_webauthn": ("in", "go"),
    "usersessions_list": ("in", "ok"),
    "socialaccount_connections": ("in", "ok"),
    "socialaccount_login_cancelled": ("ok", "ok"),
    "socialaccount_login_error": ("401", "401"),
    "socialaccount_signup": ("in", "in"),
    # Without an identity provider in the settings there is none to ask.
    "openid_connect_login": ("--", "--"),
    "openid_connect_callback": ("--", "--"),
    "saml_login": ("--", "--"),
    "saml_acs": ("go", "go"),
    "saml_finish_acs": ("--", "--"),
    "saml_sls": ("--", "--"),
    "saml_metadata": ("--", "--"),
    # Addresses that allauth once had.
    "social/login/cancelled/": ("301", "301"),
    "social/login/error/": ("301", "301"),
    "social/signup/": ("301", "301"),
    "social/connections/": ("301", "301"),
}
"""Addresses outside of a practice."""


def addresses(resolver: URLResolver, within: tuple[str, ...] = ()) -> Iterator[str]:
    """The name of every address."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, (*within, pattern.namespace) if pattern.namespace else within)
        elif isinstance(pattern, URLPattern):
            yield ":".join((*within, pattern.name or str(pattern.pattern)))


def rows() -> list[tuple[str, str, list[str], dict[str, str]]]:
    """The table: method, address, names of its arguments, and the answer by role."""
    read = []
    for line in TABLE.strip().splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        place, _, answers = line.partition("|")
        words = place.split()
        method = words.pop(0) if words[0] == "POST" else "GET"
        read.append(
            (method, words[0], words[1:], dict(zip([*OUTSIDE, *INSIDE], answers.replace("|", "").split(), strict=True)))
        )
    return read


def answer(response: Any) -> str:
    if response.status_code == 302:
        return "in" if "/account/login/" in response["Location"] else "go"
    return {200: "ok", 403: "no", 404: "--", 410: "gone"}.get(response.status_code, str(response.status_code))


def without_token(page: bytes) -> bytes:
    """The page without its CSRF token, which is new for every visitor."""
    return re.sub(rb'"X-CSRFToken": "\w+"', b"", page)


def everybody(cast: Cast) -> dict[str, Person]:
    """One person for each role, each with that office alone; the Medical Director is the founder."""
    practice, day = cast.practice, cast.practice.local(timezone.now()).date()

    def person(name: str, office: str | None, by: Person) -> Person:
        made = invite(actor=by, practice=practice, name=name, email=f"{name}@riverside.example")
        if office in {Office.SHAREHOLDER, Office.DIRECTOR, Office.PHYSICIAN, Office.SUPERVISING_PHYSICIAN,
                      Office.ALTERNATE_CHAIR}:  # fmt: skip
            enter_license(
                actor=by, practice=practice, person=made, number=f"A-{name}", board="Board",
                expires_on=day + timedelta(days=300), verified_on=day, verified_by="Test", source="Register",
            )  # fmt: skip
        if office:
            ends = timezone.now() + timedelta(days=30) if office in {Office.AUDITOR, Office.ALTERNATE_CHAIR} else None
            reason = resolve(practice, f"{name} is named") if APPOINTED_UNDER[Office(office)] == "DR-31" else ""
            appoint(actor=by, practice=practice, person=made, office=office, ends_at=ends, reason=reason)
        return made

    old = Appointment.objects.get(office=Office.ALTERNATE_CHAIR)
    pc = {
        "di": Office.DIRECTOR, "of": Office.OFFICER, "co": Office.COMMITTEE_MEMBER,
        "ph": Office.PHYSICIAN, "su": Office.SUPERVISING_PHYSICIAN, "au": Office.AUDITOR,
    }  # fmt: skip
    people = {role: person(role, office, cast.director) for role, office in pc.items()}
    end_appointment(actor=cast.director, appointment=old, reason=resolve(practice, f"{old.person.name} chairs no more"))
    people["ac"] = person("ac", Office.ALTERNATE_CHAIR, cast.director)
    people["sh"] = person("sh", Office.SHAREHOLDER, cast.director)  # the last whom the only shareholder elects alone
    people["md"], people["pc"], people["mc"] = cast.director, cast.pc_counsel, cast.mso_counsel
    people["se"], people["op"], people["ex"] = cast.secretary, cast.operations, cast.executive
    people["adm"] = person("adm", Office.ADMINISTRATOR, cast.executive)
    people["end"] = person("end", Office.MSO_OPERATIONS, cast.executive)
    end_appointment(actor=cast.executive, appointment=Appointment.objects.get(person=people["end"]), reason="Left")
    people["sup"] = person("sup", None, cast.executive)
    Account.objects.filter(person=people["sup"]).update(is_superuser=True, is_staff=True)
    elsewhere = found("harbor")
    people["oth"] = people["els"] = elsewhere.director
    assert len({one.pk for role, one in people.items() if role in INSIDE}) == len(INSIDE)
    return people


def things(cast: Cast) -> dict[str, Any]:
    """One of everything that an address can name."""
    gathering.series(cast)
    draft = gathering.concluded(cast, gathering.opened(cast, gathering.planned(cast)))
    submit_minutes(actor=cast.secretary, minutes=draft, revision=draft.working_draft.revision)
    proposal = gathering.proposal(cast)
    paper = attach_to_proposal(actor=cast.operations, proposal=proposal, data=image(), name="Demand.png").paper
    approve_proposal(actor=cast.director, proposal=proposal, revision=proposal.revision, rationale="Staff are ready.")
    proposal.refresh_from_db()
    settle_gate(cast, proposal)
    day = cast.practice.local(timezone.now()).date()
    live = go_live(
        actor=cast.operations, proposal=proposal, revision=proposal.revision, review_on=day + timedelta(days=90)
    )
    meeting = gathering.opened(cast, gathering.planned(cast, 1))
    matter = put_closed_item(
        actor=cast.director, meeting=meeting, compartment="peer review", subject="Charts", concerned=[cast.physician],
        recorder=cast.alternate,
    )  # fmt: skip
    laid = attach_to_item(actor=cast.secretary, item=meeting.items.all()[0], data=image("JPEG"), name="List.jpg").paper
    decision = record_decision(
        actor=cast.director, practice=cast.practice, right="DR-22", title="Hours", text="To six now.", rationale="Need"
    )
    item = log_item(
        actor=cast.operations, practice=cast.practice, right="DR-37", category="scheduling", title="Desk",
        detail="A second desk.", happened_on=day, screen=NO,
    )  # fmt: skip
    action = open_action(
        actor=cast.director, practice=cast.practice, title="Charts", root_cause="Template", action="Add the field",
        strength="strong", owner=cast.operations, due_on=day + timedelta(days=20), measure="40 charts",
        verifier=cast.physician,
    )  # fmt: skip
    consent = open_consent(
        actor=cast.director, practice=cast.practice, right="DR-29", title="Fees", text="As they are.",
        rationale="Market data.", ends_at=timezone.now() + timedelta(days=5),
    )  # fmt: skip
    hold = place_hold(
        actor=cast.pc_counsel, practice=cast.practice, matter="Doe v. Riverside", reason="A claim is expected."
    )
    scrub_text(actor=cast.director, practice=cast.practice, about=decision, value="To six", reason="A name.")
    delegated = delegate(
        actor=cast.director, practice=cast.practice, delegate=cast.physician, rights=["DR-16"],
        ends_at=timezone.now() + timedelta(days=7), reason="Away",
    )[0]  # fmt: skip
    begin_draft(actor=cast.operations, practice=cast.practice)
    mail = Mail.objects.create(
        key="one", practice=cast.practice, person=cast.physician, kind="invitation", due_at=timezone.now()
    )
    document = seal_document(
        data=b"%PDF-1.7", title="Minutes", kind="minutes", object_type="meetings.minutes", object_id="1",
        compartment="open", practice_id=cast.practice.pk,
    )  # fmt: skip
    proposed = propose_item(
        actor=cast.operations, practice=cast.practice, topic="other", title="Telehealth", reason="Demand."
    )
    return {
        "proposed_item": proposed.pk,
        "mail": mail.pk,
        "before": entered_before(cast).pk,
        "figure": "decisions",
        "meeting": meeting.code,
        "held": draft.meeting.code,
        "one": 1,
        "closed_item": matter.item_id,
        "agenda_item": meeting.items.all()[0].pk,
        "item_paper": laid.pk,
        "paper": paper.pk,
        "seat": meeting.attendances.all()[0].pk,
        "doing": "motion",
        "proposal": proposal.code,
        "consent": consent.code,
        "decision": decision.code,
        "kind": "decisions.decision",
        "decision_key": decision.pk,
        "item": item.code,
        "action": action.code,
        "scope": live.pk,
        "right": "DR-21",
        "version": 1,
        "delegation": delegated.pk,
        "person": cast.physician.pk,
        "appointment": Appointment.objects.filter(person=cast.physician)[0].pk,
        "document": document.sha256,
        "hold": hold.code,
        "scrub": Sequestered.objects.get().act_id,
        "invitation": Invitation.objects.filter(practice=cast.practice)[0].pk,
    }


def test_every_address_has_a_row() -> None:
    listed = [name for _, name, _, _ in rows()] + list(DOORS)
    assert sorted(set(addresses(get_resolver()))) == sorted(listed)


def test_every_page_answers_everybody_as_the_table_says(
    house: Database, cast: Cast, client: Client, tmp_path: Path, settings: Any
) -> None:
    settings.CHECKPOINT_FOLDER, settings.CHECKPOINT_KEY_FOLDER = str(tmp_path / "notes"), str(tmp_path / "key")
    known = things(cast)
    people = everybody(cast)
    with house.connect("checkpointer") as connection:
        make_checkpoints(connection, load_signer())
    wrong, bodies = [], set()
    for role in [*OUTSIDE, *INSIDE]:
        visitor = client.__class__()
        if role in people:
            sign_in(visitor, people[role])
        slug = "harbor" if role == "els" else cast.practice.slug
        acts = Act.objects.count()
        for method, name, wanted, expected in rows():
            if expected[role] == "..":
                continue
            page = reverse(name, args=[slug, *(known[one] for one in wanted)])
            response = visitor.post(page, {}) if method == "POST" else visitor.get(page)
            if answer(response) != expected[role]:
                wrong.append(f"{role} {method} {name}: {answer(response)}, not {expected[role]}")
            if response.status_code == 404 and role in {"oth", "end", "sup", "adm"}:
                bodies.add(without_token(response.content))
        assert Act.objects.count() == acts, f"{role}: looking or asking in vain wrote an act"
    assert wrong == []
    nowhere = sign_in(client, people["oth"]).get(reverse("governance:matrix", args=["nowhere"]))
    assert bodies == {without_token(nowhere.content)}, "what is not theirs must answer exactly as what does not exist"


def test_doors_answer_as_listed(cast: Cast, client: Client) -> None:
    wrong = []
    arguments: dict[str, dict[str, Any]] = {
        "account_confirm_email": {"key": "none"},
        "account_reset_password_from_key": {"uidb36": "1", "key": "none-none"},
        "invitation": {"key": uuid4(), "proof": "none"},
        "calendar_feed": {"token": "none"},
        "end_session": {"key": 1},
        "mfa_remove_webauthn": {"pk": 1},
        "mfa_edit_webauthn": {"pk": 1},
        **{f"openid_connect_{name}": {"provider_id": "none"} for name in ("login", "callback")},
        **{f"saml_{name}": {"organization_slug": "none"} for name in ("login", "acs", "finish_acs", "sls", "metadata")},
    }
    for name, expected in DOORS.items():
        page = f"/account/{name}" if "/" in name else reverse(name, kwargs=arguments.get(name))
        answers = answer(Client().get(page)), answer(sign_in(client, cast.operations).get(page))
        if answers != expected:
            wrong.append(f"{name}: {answers}, not {expected}")
    assert wrong == []


def test_keys_of_another_practice_do_not_exist_here(cast: Cast, client: Client) -> None:
    other = found("harbor")
    sign_in(client, cast.director)
    theirs = Appointment.objects.filter(practice=other.practice).first()
    assert theirs is not None
    pages: list[tuple[str, UUID | int]] = [
        ("governance:person", other.operations.pk),
        ("governance:enter_license", other.director.pk),
        ("governance:end_appointment", theirs.pk),
    ]
    for name, key in pages:
        assert client.get(reverse(name, args=[cast.practice.slug, key])).status_code == 404
