"""An agenda from a file: the rules of adding an item by hand, all items in one act."""

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import Act
from governance.authority import AuthorityRefused
from governance.models import ImportDraft, Person
from governance.services.imports import ImportRefused, keep_upload
from meetings.services.agenda_import import import_agenda
from meetings.sheets import AGENDA
from tests.cast import Cast
from tests.governance.importing import csv_file, problems, taken, uploaded
from tests.meetings import gathering
from tests.sign_in import sign_in

HEADING = "Topic,Title,Purpose,Presenter,Right"
ROWS = ["Quality assurance,Chart audit,,Dana Cole,", "clinical operations,Weekend hours,For decision,,DR-22"]


def test_items_are_imported_in_one_act(cast: Cast, client: Client) -> None:
    gathering.series(cast)
    meeting = gathering.planned(cast)
    page = reverse("meetings:import_agenda", args=[cast.practice.slug, meeting.code])
    sign_in(client, cast.secretary)
    known = meeting.items.get(topic="compliance")
    wrong = [
        ROWS[0], ROWS[0], f"Compliance,{known.title},,,", "Weather,Rain,,,", "Other business,Hours,decision,,",
        "Other business,Desk,information,,DR-99",
    ]  # fmt: skip
    assert problems(uploaded(client, page, csv_file(HEADING, wrong))) == {
        3: ["Title: stands in row 2 under this topic"],
        4: [f"Title: stands on the agenda under this topic already, as item {known.position}"],
        5: [problems(client.get(f"{page}rows/"))[5][0]],
        6: ["Right: an item for decision names the right under which it is decided"],
        7: ["Right: the catalogue in force has no right DR-99"],
    }
    assert problems(client.get(f"{page}rows/"))[5][0].startswith("Topic: “Weather” is none of these: Minutes of")
    before, acts = meeting.items.count(), Act.objects.count()
    done = taken(client, uploaded(client, page, csv_file(HEADING, ROWS)))
    assert "2 items put on the agenda" in done.content.decode()
    assert (meeting.items.count(), Act.objects.count()) == (before + 2, acts + 1)
    item = meeting.items.get(title="Weekend hours")
    assert item.right is not None
    assert (item.purpose, item.right.code, item.topic) == ("decision", "DR-22", "clinical operations")
    assert (item.presenter, item.presenter_person, item.budget, item.consent) == ("", None, None, False)
    # By hand nobody but chair and secretary adds an item, and none once the meeting is open.
    sign_in(client, cast.operations)
    assert "This is done by the" in uploaded(client, page, csv_file(HEADING, ROWS)).content.decode()

    def kept(actor: Person, about: str) -> ImportDraft:
        return keep_upload(
            actor=actor, practice=cast.practice, kind="agenda", about=about, name="agenda.csv", layout=AGENDA,
            data=f"{HEADING}\nOther business,Late,,,".encode(),
        )  # fmt: skip

    with pytest.raises(AuthorityRefused):
        import_agenda(actor=cast.operations, meeting=meeting, draft=kept(cast.operations, meeting.code))
    with pytest.raises(ImportRefused, match="another meeting"):
        import_agenda(actor=cast.secretary, meeting=meeting, draft=kept(cast.secretary, "2026-01"))
    gathering.opened(cast, meeting)
    with pytest.raises(ValueError, match="this needs it"):
        import_agenda(actor=cast.secretary, meeting=meeting, draft=kept(cast.secretary, meeting.code))


def test_time_presenter_and_consent_are_imported(cast: Cast, client: Client) -> None:
    gathering.series(cast)
    meeting = gathering.planned(cast)
    page = reverse("meetings:import_agenda", args=[cast.practice.slug, meeting.code])
    sign_in(client, cast.secretary)
    heading = "Title,Topic,Time in minutes,Presenter,Consent"
    standing = meeting.items.get(topic="compliance", title="Compliance")
    assert cast.operations.account
    known = cast.operations.account.email
    bad = ["-5", "1.5", "481", "0", "ten", "99999999999999999999"]
    wrong = [f"Hours {typed},Other business,{typed},," for typed in bad]
    wrong += [
        "Desk,Other business,,nobody@elsewhere.example,perhaps",
        "Door,Other business,,a@b,",
        "Compliance,Compliance,,,Yes",
    ]
    answer = uploaded(client, page, csv_file(heading, wrong))
    assert problems(answer) == {
        **{
            row: [f"Time in minutes: “{typed}” is no whole number from 1 to 480"]
            for row, typed in enumerate(bad, start=2)
        },
        8: [
            "Consent: “perhaps” is none of these: Yes, No",
            "Presenter: nobody in office here has this address; write a name instead",
        ],
        9: ["Presenter: “a@b” is no e-mail address"],
        10: [
            f"Title: stands on the agenda under this topic already, as item {standing.position}",
            "Consent: a standing topic needs an account of its own, so it is not taken by consent",
        ],
    }
    assert not answer.context["parts"]
    rows = [
        f"Hours,Other business,015,{known.upper()},",
        "Forms,Quality assurance,480,A guest,Yes",
        "Rooms,Compliance,,,no",
    ]
    answer = uploaded(client, page, csv_file(heading, rows))
    assert [dict(cells).get("Time in minutes") for _, _, cells in answer.context["rows"]] == ["15", "480", None]
    assert f"Presenter: {cast.operations}." in answer.content.decode()
    taken(client, answer)
    hours, forms, rooms = (meeting.items.get(title=title) for title in ("Hours", "Forms", "Rooms"))
    assert (hours.budget, hours.presenter, hours.presenter_person) == (15, str(cast.operations), cast.operations)
    assert (forms.budget, forms.presenter, forms.presenter_person, forms.consent) == (480, "A guest", None, True)
    assert (rooms.budget, rooms.consent) == (None, False)
