"""Every form by which something is recorded says what the act means, and cites the right under which it is recorded."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import urljoin

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from lxml import html

from audit.models import Act, Job
from audit.services.checkpoints import make_checkpoints
from audit.services.keys import load_signer
from decisions.services.papers import attach_to_proposal
from decisions.services.proposals import propose
from governance.choices import Office
from governance.explaining import Meaning
from governance.models import Hold, Invitation, Mail, Person
from governance.services.appointments import appoint, invite
from governance.services.holds import lift_hold
from governance.services.scrub_decisions import confirm_scrub
from meetings.models import Meeting, Minutes
from meetings.rules.consent_agenda import consent_text
from meetings.services.agenda import add_item, release_agenda
from meetings.services.bodies import set_body_rule
from meetings.services.calling import call_special
from meetings.services.minutes import MEANING, sign_minutes
from meetings.services.minutes_approval import approve_minutes
from meetings.services.minutes_comments import circulate_minutes, comment_on_minutes
from meetings.services.motions import make_motion, move_procedure, record_votes
from meetings.services.room import adjourn, defer_item, go_to, mark, open_meeting
from meetings.views import closed, doings
from tests.cast import Cast
from tests.conftest import Database
from tests.decisions.paper_files import image
from tests.governance.importing import csv_file, uploaded
from tests.governance.test_import_roster import HEADING, physicians
from tests.meetings import gathering
from tests.sign_in import sign_in
from tests.test_access_matrix import rows, things

MEANINGS: dict[str, Meaning] = {
    key: said for name in django_settings.MEANINGS for key, said in import_string(name).items()
}

NO_ACTS = {
    # A draft of the catalogue is its writer's alone and no record until it is proposed; its page says so.
    "governance:draft_begin",
    "governance:draft",
    "governance:draft_add",
    "governance:draft_right",
    "governance:draft_change_back",
    "governance:draft_discard",
    # Nothing of an upload is a record until its rows are imported.
    "upload",
}
"""Forms by which nothing enters the record."""


def forms(page: str, content: bytes) -> Iterator[tuple[str, set[str], set[str]]]:
    """Of each form: the key of its meaning; the keys that the page explains; and the rights it links beside them."""
    main = html.fromstring(content).xpath("//main")[0]
    explained = {one.get("data-means"): one for one in main.xpath(".//*[@data-means]")}
    for form in main.xpath(".//form[@method='post']"):
        found = resolve(urljoin(page, form.get("action") or page).partition("?")[0])
        key = " ".join(filter(None, [found.view_name, found.kwargs.get("act", "")]))
        if found.url_name and found.url_name.startswith("import_"):
            key = "import" if form.xpath(".//button[starts-with(@value, 'import-')]") else "upload"
        links = explained[key].xpath(".//a/@href") if key in explained else []
        yield key, set(explained), {link.rstrip("/").rpartition("/")[2] for link in links}


def test_every_form_says_what_it_means_and_cites_its_right(
    house: Database, cast: Cast, tmp_path: Path, settings: Any
) -> None:
    settings.CHECKPOINT_FOLDER, settings.CHECKPOINT_KEY_FOLDER = str(tmp_path / "notes"), str(tmp_path / "key")
    set_body_rule(
        actor=cast.director, body=cast.body, authorized=cast.body.authorized, quorum=cast.body.quorum,
        interested_counts=True, minutes_approved_by="body", reason="Bylaws, section 9",
    )  # fmt: skip
    rule = reverse("meetings:body_rule", args=[cast.practice.slug])
    # Once minutes lie unsigned, the rule stands and has no form.
    changeable = sign_in(Client(), cast.director).get(rule).content
    known = things(cast)
    appoint(actor=cast.executive, practice=cast.practice, person=cast.operations_2, office=Office.ADMINISTRATOR)
    appoint(actor=cast.director, practice=cast.practice, person=cast.operations_2, office=Office.OFFICER)
    with house.connect("checkpointer") as connection:
        make_checkpoints(connection, load_signer())
    appoint(actor=cast.executive, practice=cast.practice, person=cast.executive, office=Office.ADMINISTRATOR)
    Mail.objects.filter(pk=known["mail"]).update(state=Mail.State.FAILED)
    people = [cast.director, cast.operations, cast.pc_counsel, cast.secretary, cast.executive, cast.operations_2]
    visitors = {person: sign_in(Client(), person) for person in people}
    seen, wrong = set[str](), set[str]()
    for key, explained, cited in forms(rule, changeable):
        assert key in explained
        assert set(MEANINGS[key].rights) <= cited
        seen.add(key)

    def look(person: Person, page: str) -> bool:
        """Whether the page, as this person sees it, has the form of an act."""
        response = visitors[person].get(page)
        if response.status_code != 200 or not response["Content-Type"].startswith("text/html"):
            return False
        acts = False
        for key, explained, cited in forms(page, response.content):
            seen.add(key)
            acts |= key not in NO_ACTS
            if key not in NO_ACTS and key not in explained:
                wrong.add(f"{page}: no meaning of {key}")
            elif key not in NO_ACTS and not set(MEANINGS[key].rights) <= cited:
                wrong.add(f"{page}: {key} does not link {MEANINGS[key].rights}")
        return acts

    slug = cast.practice.slug
    for method, name, wanted, _ in rows():
        if method == "GET":
            page = reverse(name, args=[slug, *(known[one] for one in wanted)])
            any(look(person, page) for person in people)

    hold = Hold.objects.get()
    look(cast.pc_counsel, reverse("governance:hold", args=[slug, hold.code]))
    lift_hold(actor=cast.pc_counsel, hold=hold, reason="The claim is settled.")
    scrub = Act.objects.get(pk=known["scrub"])
    confirm_scrub(actor=cast.physician, practice=cast.practice, scrub=scrub, reason="It names a patient.")
    with patch("governance.selectors.scrubs.TERM", timedelta(0)):
        look(cast.pc_counsel, reverse("governance:disposal", args=[slug]))

    upload = reverse("governance:import_roster", args=[slug])
    rows_of = csv_file(HEADING, physicians())
    look(cast.director, uploaded(visitors[cast.director], upload, rows_of).request["PATH_INFO"])
    invite(actor=cast.operations, practice=cast.practice, name="Ines Roy", email="roy@riverside.example")
    newest = Invitation.objects.latest("sent_at")
    look(cast.operations, reverse("governance:invitation", args=[slug, newest.pk]))

    def meeting_page(name: str, code: str, *more: object) -> str:
        return reverse(f"meetings:{name}", args=[slug, code, *more])

    # The states of a meeting one after the other, each with its forms.
    proposed = propose(
        actor=cast.operations, practice=cast.practice, kind="operational", title="Extended hours", summary="To 8 p.m.",
        clinical_effect="Students come after class.", operations="A nurse more.",
    )  # fmt: skip
    attached = attach_to_proposal(actor=cast.operations, proposal=proposed, data=image(), name="Demand.png")
    look(cast.operations, reverse("decisions:paper", args=[slug, proposed.code, attached.paper_id]))
    meeting = gathering.planned(cast, 2)
    for name in ("meeting", "agenda", "call"):
        look(cast.director, meeting_page(name, meeting.code))
    agreed = add_item(actor=cast.secretary, meeting=meeting, topic="other", title="Parking", consent=True)
    look(cast.director, meeting_page("agenda_edit", meeting.code, agreed.pk))
    look(cast.operations, reverse("meetings:proposed_item", args=[slug, known["proposed_item"]]))
    release_agenda(actor=cast.director, meeting=meeting)
    Job.objects.filter(renderer="packet").update(state=Job.State.FAILED)
    look(cast.director, meeting_page("meeting", meeting.code))
    look(cast.director, meeting_page("room", meeting.code))
    for person in (cast.director, cast.physician):
        mark(actor=cast.secretary, attendance=gathering.seat(meeting, person), standing="present")
    open_meeting(actor=cast.director, meeting=meeting)
    item = meeting.items.get(proposal=proposed)
    look(cast.director, f"{meeting_page('room', meeting.code)}?item={item.pk}")
    go_to(actor=cast.secretary, meeting=meeting, item=item)
    look(cast.director, meeting_page("room", meeting.code))
    members = [gathering.seat(meeting, one) for one in (cast.director, cast.physician)]
    moved: dict[str, Any] = {"actor": cast.secretary, "mover": members[0], "seconder": members[1]}
    agreed_page = f"{meeting_page('room', meeting.code)}?item={agreed.pk}"
    look(cast.director, agreed_page)
    taking = make_motion(item=agreed, text=consent_text([agreed]), **moved)
    record_votes(actor=cast.secretary, motion=taking, votes={one.pk: "for" for one in members})
    look(cast.director, agreed_page)
    asking = meeting.items.get(minutes__isnull=False)
    approving = make_motion(item=asking, text="To approve them.", **moved)
    record_votes(actor=cast.secretary, motion=approving, votes={one.pk: "for" for one in members})
    look(cast.director, f"{meeting_page('room', meeting.code)}?item={asking.pk}")
    held = next(one for one in Minutes.objects.all() if one.pk == asking.minutes_id)
    approve_minutes(actor=cast.secretary, item=asking, motion=approving, version=held.versions.get())
    look(cast.director, meeting_page("minutes_sign", held.meeting.code))
    make_motion(item=item, text="To approve it.", **moved)
    look(cast.director, meeting_page("room", meeting.code))
    motion = move_procedure(meeting=meeting, kind="agenda", text="To add parking.", **moved)
    look(cast.director, meeting_page("room", meeting.code))
    record_votes(actor=cast.secretary, motion=motion, votes={one.pk: "for" for one in members})
    look(cast.director, meeting_page("room", meeting.code))
    special = call_special(
        actor=cast.director, body=cast.body, starts_at=timezone.now() + timedelta(hours=1), place="By video",
        mode="remote", reason="No cover from tomorrow", points="Cover",
    )  # fmt: skip
    look(cast.director, meeting_page("meeting", special.code))
    look(cast.director, meeting_page("notice_waive", special.code))
    last = gathering.opened(cast, gathering.planned(cast, 3))
    for item in last.items.filter(state="open"):
        defer_item(actor=cast.secretary, item=item, reason="Next month.")
    look(cast.director, meeting_page("room", last.code))
    adjourn(actor=cast.director, meeting=last)
    look(cast.secretary, meeting_page("minutes", last.code))
    look(cast.secretary, meeting_page("minutes_circulate", last.code))
    drafted = Minutes.objects.get(meeting=last)
    circulated = circulate_minutes(
        actor=cast.secretary, minutes=drafted, revision=1, until=timezone.now() + timedelta(days=2)
    )
    look(cast.director, meeting_page("minutes_comment", last.code))
    said = comment_on_minutes(actor=cast.director, minutes=drafted, version=circulated, text="Name the sample.")
    look(cast.secretary, meeting_page("minutes_answer", last.code, said.pk))
    sign_minutes(actor=cast.director, minutes=held, version=held.versions.get(), meaning=MEANING)
    gathering.carried(
        cast, Meeting.objects.get(practice=cast.practice, state="in_session", month=gathering.month_of(cast, 1))
    )
    look(cast.director, meeting_page("minutes_amend", known["held"]))

    assert wrong == set()
    assert seen - set(MEANINGS) - NO_ACTS == set(), "forms without a meaning"
    unseen = {key for key in MEANINGS if not key.startswith("meetings:closed_do ")} - seen
    assert unseen == set(), "meanings whose form no page showed"


def test_every_act_of_the_room_and_of_a_closed_part_has_its_meaning() -> None:
    """Their forms are one component each, which asks for the meaning; which are shown depends on the session."""
    assert {f"meetings:room_do {act}" for act in doings.DOINGS} <= set(MEANINGS)
    assert {f"meetings:closed_do {act}" for act in closed.DOINGS} <= set(MEANINGS)


def test_a_meaning_says_on_what_it_stands() -> None:
    for key, said in MEANINGS.items():
        assert said.text.endswith("."), key
        assert said.rights or said.of or said.cites, f"{key} cites neither a right nor a rule"


@pytest.mark.usefixtures("demonstration")
def test_the_right_cited_is_the_right_recorded() -> None:
    """Over fourteen months: each kind of act has its meaning, and was recorded under the right that this cites."""
    acts = Act.objects.filter(outcome=Act.Outcome.DONE, capacity__in=["decides", "takes part"])
    recorded = set(acts.values_list("verb", "right"))
    assert len(recorded) > 20
    without_form = {"site.opened"}
    for verb, right in recorded:
        about = [said for said in MEANINGS.values() if verb in said.verbs]
        assert about or verb in without_form, f"{verb} has no meaning"
        for said in about:
            cited = right in said.rights if said.rights else bool(said.of) or not right
            assert cited, f"{verb} was recorded under {right or 'no right'}, its form cites {said}"
