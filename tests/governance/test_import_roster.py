"""A roster from a file: previewed row by row, imported whole or not at all, by whom may do it by hand."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit.models import Act, Part
from governance.authority import AuthorityRefused
from governance.choices import Office
from governance.models import Appointment, ImportDraft, License, Mail, Person, Verification
from governance.selectors.people import known_people
from governance.services.imports import ImportRefused, keep_upload
from governance.services.roster import import_roster
from governance.sheets.roster import LAYOUT
from tests.cast import Cast, found, local_day, resolve
from tests.governance.importing import csv_file, problems, taken, uploaded
from tests.sign_in import sign_in

HEADING = (
    "Name,E-mail,Credentials,Office,First day,Last day,License number,Board,Expires on,Verified on,Verified by,Source"
)
BOARD = "Medical Board of California"


def licensed(number: str) -> str:
    day = local_day()
    return f"{number},{BOARD},{day + timedelta(days=400)},{day - timedelta(days=3)},Elena Marsh,Register"


def page(cast: Cast, name: str = "import_roster") -> str:
    return reverse(f"governance:{name}", args=[cast.practice.slug])


def physicians() -> list[str]:
    return [
        f"Nora Lind,nora@riverside.example,MD,Physician,,,{licensed('A-77')}",
        f"Omar Haddad,omar@riverside.example,DO,physician,,,{licensed('A-78')}",
    ]


def kept(cast: Cast, actor: Person, rows: list[str]) -> ImportDraft:
    return keep_upload(
        actor=actor, practice=cast.practice, kind="roster", name="roster.csv", layout=LAYOUT,
        data="\n".join([HEADING, *rows]).encode(),
    )  # fmt: skip


def test_a_roster_is_previewed_and_imported_in_one_act(cast: Cast, client: Client) -> None:
    sign_in(client, cast.director)
    acts = Act.objects.count()
    answer = uploaded(client, page(cast), csv_file(HEADING, physicians(), "roster.csv"))
    assert problems(answer) == {}
    assert "DR-07" in answer.content.decode()
    assert (Act.objects.count(), Person.objects.filter(name="Nora Lind").count()) == (acts, 0)

    missing = taken(client, answer)
    assert "This field is required" in missing.content.decode()
    assert Act.objects.count() == acts

    done = taken(client, answer, reason="Resolution of 3 November")
    assert "The rows are imported under DR-07" in done.content.decode()
    act = Act.objects.get(verb="roster.imported")
    assert (act.right, act.capacity, act.actor, act.reason) == (
        "DR-07", "decides", cast.director.pk, "Resolution of 3 November",
    )  # fmt: skip
    assert Act.objects.count() == acts + 1
    made = Appointment.objects.filter(practice=cast.practice, person__name__in=["Nora Lind", "Omar Haddad"])
    assert {(one.person.credentials, one.office) for one in made} == {("MD", "physician"), ("DO", "physician")}
    assert Verification.objects.filter(act_id=act.pk, verified_by="Elena Marsh").count() == 2
    assert '"roster.csv"' in str(Part.objects.get(act=act, name="file").body)
    invited = Mail.objects.filter(kind="invitation", person__in=[one.person_id for one in made])
    assert {mail.state for mail in invited} == {"waiting"}
    assert invited.count() == 2
    assert not ImportDraft.objects.exists()


def test_every_problem_is_told_at_its_row_and_column(cast: Cast, client: Client) -> None:
    sign_in(client, cast.director)
    other = found("harbor").operations
    past, day = local_day() - timedelta(days=200), local_day()
    rows = [
        f"Sam Ortiz,ortiz@riverside.example,,,,,{licensed('A-riverside-2')}",
        f"Somebody,{other.account.email},,PC officer,,,,,,,,",  # type: ignore[union-attr]
        "Ann Bell,ann.bell,,PC officer,,,,,,,,",
        "Ann Bell,bell@riverside.example,,Surgeon,,,,,,,,",
        "Ann Bell,bell@riverside.example,,Auditor,,,,,,,,",
        f"Ann Bell,bell@riverside.example,,PC officer,{past},,,,,,,",
        f"Ann Belle,bell@riverside.example,,PC officer,{day},,,,,,,",
        "Cy Young,young@riverside.example,MD,Physician,,,A-79,,,,,",
        "Cy Young,young@riverside.example,MD,Supervising physician,,,,,,,,",
        f"Di Old,old@riverside.example,MD,Physician,,,A-80,{BOARD},{past},{day},Elena Marsh,Register",
        f"Ed New,new@riverside.example,MD,Physician,,,{licensed('A-riverside-3')}",
        "Elena Marsh,marsh@riverside.example,,Medical Director,,,,,,,,",
        "Fay Ops,fay@riverside.example,,MSO operations,,,,,,,,",
    ]
    acts = Act.objects.count()
    told = problems(uploaded(client, page(cast), csv_file(HEADING, rows)))
    wanted = {
        2: "Name: this address is known here as Samuel Ortiz",
        3: "E-mail: this address belongs to another name",
        4: "E-mail: “ann.bell” is no e-mail address",
        5: "Office: “Surgeon” is none of these: PC shareholder",
        6: "Last day: state the day on which the appointment ends",
        7: "First day: an appointment takes effect now or later",
        8: "E-mail: stands in row 5 with another name",
        9: "License number: a license needs all of its columns; empty: Board, Expires on",
        10: "Office: No verified physician's license is on record, and the row gives none",
        11: "Office: License A-80 expired on",
        12: "License number: is on record for another person",
        13: "Office: Elena Marsh, MD holds this office already",
        14: "Office: DR-36 is held by Mission Health Group, and your side cannot decide it",
    }
    assert sorted(told) == sorted(wanted)
    for number, said in wanted.items():
        assert any(one.startswith(said) for one in told[number]), (number, told[number])
    assert len(told[9]) == 1  # what follows from an incomplete license is not told beside it
    assert "Somebody" not in str(told)
    answer = client.get(page(cast, "import_roster_rows"))
    assert answer.context["parts"] == []
    client.post(page(cast, "import_roster_rows"), {"doing": "import-0", "part0-part": "DR-07", "part0-digest": "x"})
    assert Act.objects.count() == acts


def test_a_file_under_several_rights_is_taken_part_by_part(cast: Cast, client: Client) -> None:
    sign_in(client, cast.director)
    rows = [
        *physicians()[:1],
        "Nora Lind,nora@riverside.example,,Committee member,,,,,,,,",
        "Pia Roth,pia@riverside.example,,,,,,,,,,",
    ]
    answer = uploaded(client, page(cast), csv_file(HEADING, rows))
    assert [part.right for _, part, _ in answer.context["parts"]] == ["DR-07", "DR-31", ""]
    answer = taken(client, answer, 0, reason="Hired")
    assert [part.right for _, part, _ in answer.context["parts"]] == ["DR-31", ""]
    answer = taken(client, answer, 1)
    assert known_people(cast.practice).filter(name="Pia Roth").exists()
    refused = taken(client, answer, 0, reason="Named")
    assert "one that names Nora Lind" in refused.content.decode()
    taken(client, answer, 0, reason=resolve(cast.practice, "Nora Lind sits on the committee"))
    assert {one.right for one in Act.objects.filter(verb="roster.imported")} == {"DR-07", "DR-31", ""}
    assert set(Appointment.objects.filter(person__name="Nora Lind").values_list("office", flat=True)) == {
        Office.PHYSICIAN, Office.COMMITTEE_MEMBER,
    }  # fmt: skip


def test_nobody_imports_what_they_could_not_enter_by_hand(cast: Cast, client: Client) -> None:
    """Past the preview, straight at the service: refused, recorded, and nothing of the file is written."""
    people, licenses = Person.objects.count(), License.objects.count()
    for actor in (cast.operations, cast.executive, cast.secretary, cast.pc_counsel):
        draft = kept(cast, actor, physicians())
        with pytest.raises(AuthorityRefused):
            import_roster(actor=actor, practice=cast.practice, draft=draft, right="DR-07", reason="Mine")
    assert Act.objects.filter(verb="roster.imported", outcome="refused", right="DR-07").count() == 4

    # A license alone, in a file without an office: the management side repeats what stands, and gives nothing.
    alone = [f"Nora Lind,nora@riverside.example,MD,,,,{licensed('A-77')}"]
    draft = kept(cast, cast.operations, alone)
    with pytest.raises(ImportRefused):
        import_roster(actor=cast.operations, practice=cast.practice, draft=draft, right="")
    # Counsel invites nobody, neither by hand nor by file.
    draft = kept(cast, cast.pc_counsel, ["Pia Roth,pia@riverside.example,,,,,,,,,,"])
    with pytest.raises(AuthorityRefused):
        import_roster(actor=cast.pc_counsel, practice=cast.practice, draft=draft, right="")

    # A right the actor holds does not carry rows of another: they are no part of it.
    draft = kept(cast, cast.executive, ["Fay Ops,fay@riverside.example,,MSO operations,,,,,,,,", *physicians()])
    with pytest.raises(ImportRefused):
        import_roster(actor=cast.executive, practice=cast.practice, draft=draft, right="DR-36", reason="Both")

    # Somebody else's upload, and one that has expired, are nobody's.
    draft = kept(cast, cast.director, physicians())
    with pytest.raises(ImportRefused, match="gone"):
        import_roster(actor=cast.physician, practice=cast.practice, draft=draft, right="DR-07", reason="Hers")
    ImportDraft.objects.filter(pk=draft.pk).update(expires_at=timezone.now())
    with pytest.raises(ImportRefused, match="gone"):
        import_roster(actor=cast.director, practice=cast.practice, draft=draft, right="DR-07", reason="Late")
    # What was replaced since it was looked at is not imported in its place.
    draft = kept(cast, cast.director, physicians())
    kept(cast, cast.director, physicians()[:1])
    with pytest.raises(ImportRefused, match="Another file"):
        import_roster(actor=cast.director, practice=cast.practice, draft=draft, right="DR-07", reason="Swapped")
    assert (Person.objects.count(), License.objects.count()) == (people, licenses)
    sign_in(client, cast.director)
    answer = client.get(page(cast, "import_roster_rows"))
    ImportDraft.objects.update(sha256="0" * 64)
    assert "Another file was uploaded since" in taken(client, answer, reason="Swapped").content.decode()


def test_a_row_that_fails_in_the_end_takes_all_back(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second of two rows meets a rule that the preview could not see: the first is not left behind."""
    from governance.services import roster

    draft, real = kept(cast, cast.director, physicians()), roster.write_verification

    def second_fails(**values: object) -> License:
        if values["number"] == "A-78":
            raise ValueError("The register was closed.")
        return real(**values)  # type: ignore[arg-type]

    monkeypatch.setattr(roster, "write_verification", second_fails)
    people = Person.objects.count()
    with pytest.raises(ImportRefused, match=r"Row 3: The register was closed\. Nothing was imported\."):
        import_roster(actor=cast.director, practice=cast.practice, draft=draft, right="DR-07", reason="Two")
    assert (Person.objects.count(), ImportDraft.objects.get().lines == draft.lines) == (people, True)


def test_the_page_asks_for_a_fresh_sign_in_and_stays_bounded(cast: Cast, client: Client) -> None:
    sign_in(client, cast.director)
    answer = uploaded(client, page(cast), csv_file(HEADING, physicians()))
    sign_in(client, cast.director, seconds_ago=3600)
    assert "reauthenticate" in taken(client, answer, reason="Later").redirect_chain[0][0]
    assert not Act.objects.filter(verb="roster.imported").exists()

    def asked(rows: list[str]) -> int:
        kept(cast, cast.director, rows)
        with CaptureQueriesContext(connection) as queries:
            client.get(page(cast, "import_roster_rows"))
        return len(queries)

    many = [f"P {n},p{n}@riverside.example,MD,Physician,,,{licensed(f'B-{n}')}" for n in range(30)]
    asked(many)
    assert asked(many[:2]) == asked(many)


def test_files_that_are_none_and_templates(cast: Cast, client: Client) -> None:
    sign_in(client, cast.operations)
    answer = uploaded(client, page(cast), csv_file("Name,Surname", ["a,b"]))
    assert "is no column of this file" in str(answer.context["form"].errors["file"])
    for kind, start in (("csv", "\ufeffName,E-mail".encode()), ("xlsx", b"PK")):
        assert client.get(page(cast), {"template": kind}).content.startswith(start)
    assert client.get(page(cast, "import_roster_rows")).status_code == 302
    uploaded(client, page(cast), csv_file(HEADING, ["Pia Roth,pia@riverside.example,,,,,,,,,,"]))
    assert "list.csv" in client.get(page(cast)).content.decode()
    client.post(page(cast, "import_roster_rows"), {"doing": "discard"})
    assert not ImportDraft.objects.exists()


def test_letters_nobody_can_tell_are_asked_about_before_anything_is_written(cast: Cast, client: Client) -> None:
    sign_in(client, cast.director)
    rows = [f"José Núñez,jose@riverside.example,MD,Physician,,,{licensed('A-77')}"]
    file = SimpleUploadedFile("roster.csv", "\n".join([HEADING, *rows]).encode("mac_roman"))
    answer = uploaded(client, page(cast), file)
    assert problems(answer) == {
        2: ["Name: has letters that can be read in more than one way; choose the right one above"]
    }
    assert answer.context["parts"] == []
    body = answer.content.decode()
    assert "José Núñez" in body
    assert "Read the letters this way" in body
    there = answer.context["it"].there
    missing = client.post(there, {"doing": "letters"})
    assert "Choose how the letters are meant." in missing.content.decode()
    told = client.post(there, {"doing": "letters", "encoding": "mac_roman"}, follow=True)
    assert problems(told) == {}
    assert "Letters read as Mac" in told.content.decode()
    taken(client, told, reason="Resolution of November 3")
    assert Person.objects.filter(name="José Núñez").exists()
