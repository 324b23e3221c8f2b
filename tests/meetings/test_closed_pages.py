"""The pages of a closed item: the room that empties, the part that opens by an act, and nothing for anybody else."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from governance.models import Person
from meetings.models import AgendaItem, ClosedOpening, Matter, Meeting
from meetings.services.closed_record import ATTESTED
from tests.cast import Cast
from tests.decisions.paper_files import pdf
from tests.meetings.closed import MARK, filled, marked, sealed
from tests.meetings.gathering import seat
from tests.sign_in import sign_in

SUBJECT = "Charts of the second physician"


class Pages:
    """One meeting's closed pages, as different people ask for them."""

    def __init__(self, cast: Cast, meeting: Meeting) -> None:
        self.cast, self.meeting, self.item = cast, meeting, 0

    def client(self, person: Person, **more: Any) -> Client:
        return sign_in(Client(), person, **more)

    def url(self, name: str = "closed", *more: object) -> str:
        about = [self.item, *more] if name in {"closed", "closed_do"} else more
        return reverse(f"meetings:{name}", args=[self.cast.practice.slug, self.meeting.code, *about])

    def do(self, person: Person, act: str, **typed: Any) -> Any:
        answer = self.client(person).post(self.url("closed_do", act), typed, follow=True)
        return answer.status_code if answer.status_code != 200 else answer.content.decode()

    def see(self, person: Person, **more: Any) -> Any:
        answer = self.client(person, **more).get(self.url())
        return answer.status_code if answer.status_code != 200 else answer.content.decode()


def test_a_closed_session_by_its_pages(cast: Cast, meeting: Meeting) -> None:
    pages = Pages(cast, meeting)
    typed = {
        "compartment": "peer review", "subject": SUBJECT, "recorder": cast.alternate.pk,
        "concerned": [cast.physician.pk],
    }  # fmt: skip
    put = pages.url("closed_put")
    assert pages.client(cast.secretary).get(put).status_code == 404
    chair = pages.client(cast.director)
    assert b"Records and attests" in chair.get(put).content
    wrong = chair.post(put, {**typed, "recorder": cast.secretary.pk})
    assert b"engaged by the PC" in wrong.content
    assert SUBJECT.encode() in chair.post(put, typed, follow=True).content
    pages.item = Matter.objects.get().item_id
    shut = (cast.secretary, cast.operations, cast.executive, cast.mso_counsel, cast.physician)
    assert [pages.see(person) for person in shut] == [404] * 5
    assert SUBJECT not in pages.see(cast.pc_counsel)

    room = pages.url("room")
    for person, finds in ((cast.secretary, False), (cast.director, True)):
        at_hand = pages.client(person).get(f"{room}?item={pages.item}").content.decode()
        assert (pages.url() in at_hand) == finds
        assert "Handled, next item" not in at_hand
    assert "is in closed session" in pages.do(cast.director, "enter")
    for person in (*shut, cast.director):
        answer = pages.client(person).get(room)
        said = answer.content.decode()
        assert "data-emptied" in said
        assert "Clinical operations" not in said
        assert "Attendance" not in said
        assert (pages.url() in said) == (person == cast.director)
        again = pages.client(person).get(room, headers={"If-None-Match": answer["ETag"]})
        assert again.status_code in (200, 304)
    other = meeting.items.filter(compartment="open")[0]
    handled = pages.client(cast.secretary).post(
        reverse("meetings:room_do", args=[cast.practice.slug, meeting.code, "account"]),
        {"item": other.pk, "account": "While they were away."}, follow=True,
    )  # fmt: skip
    assert "data-emptied" in handled.content.decode()
    other.refresh_from_db()
    assert other.state == "open"
    assert [pages.do(person, "return", reported_out="All is well.") for person in shut] == [404] * 5

    recorder, marsh = seat(meeting, cast.alternate), seat(meeting, cast.director)
    ballot = {
        "text": "To read twenty charts", "mover": marsh.pk, "seconder": recorder.pk, f"vote_{marsh.pk}": "for",
        f"vote_{recorder.pk}": "for",
    }  # fmt: skip
    assert "Carried: 2 for" in pages.do(cast.alternate, "resolve", **ballot)
    assert "open session again" in pages.do(cast.director, "return", reported_out="", concluded="on")
    assert AgendaItem.objects.get(pk=pages.item).state == "handled"
    assert b"data-emptied" not in pages.client(cast.secretary).get(room).content

    desk = reverse("meetings:desk", args=[cast.practice.slug])
    waits = {
        one.pk: "Closed part of" in pages.client(one).get(desk).content.decode() for one in (*shut, cast.alternate)
    }
    assert waits == {**dict.fromkeys([one.pk for one in shut], False), cast.alternate.pk: True}
    draft = pages.see(cast.alternate)
    assert "To read twenty charts" in draft
    assert "draft is saved" in pages.do(cast.alternate, "draft", text="The charts were read.", revision=1)
    assert "attested" in pages.do(cast.alternate, "attest", revision=2, meaning="on")
    assert "Closed part of" in pages.client(cast.director).get(desk).content.decode()
    assert ATTESTED in pages.see(cast.director)
    assert "Nothing in this closed part changes" in pages.do(cast.director, "sign", version=1, meaning="on")


def test_afterwards_it_opens_by_an_act_alone_and_with_a_fresh_sign_in(cast: Cast, meeting: Meeting) -> None:
    matter = filled(cast, marked(cast, meeting))
    file = sealed(cast, matter)
    pages = Pages(cast, meeting)
    pages.item = matter.item_id
    shut = pages.see(cast.pc_counsel)
    assert matter.subject not in shut
    assert "Open the closed part" in shut
    counsel = pages.client(cast.pc_counsel)
    assert b"at least 10 characters" in counsel.post(pages.url("closed_do", "open"), {"purpose": "So"}).content
    opened = counsel.post(pages.url("closed_do", "open"), {"purpose": "To advise on it."}, follow=True)
    assert matter.subject in opened.content.decode()
    assert matter.subject in counsel.get(pages.url()).content.decode()
    assert matter.subject not in pages.see(cast.director)
    stale = pages.client(cast.pc_counsel, seconds_ago=3600)
    asked = stale.post(pages.url("closed_do", "open"), {"purpose": "To advise on it."})
    assert "reauthenticate" in asked["Location"]
    before = ClosedOpening.objects.count()
    wanted = {"document": file.pk, "purpose": "For the file of counsel."}
    assert "reauthenticate" in stale.post(pages.url("closed_do", "take"), wanted)["Location"]
    taken = counsel.post(pages.url("closed_do", "take"), wanted)
    assert taken["Content-Type"] == "application/pdf"
    assert ClosedOpening.objects.count() == before + 1
    assert f"Not this {MARK}." in counsel.get(pages.url()).content.decode()
    assert "Amend the record" not in counsel.get(pages.url()).content.decode()


def test_a_paper_is_put_on_the_page_of_its_part(cast: Cast, meeting: Meeting) -> None:
    pages = Pages(cast, meeting)
    pages.item = marked(cast, meeting).item_id
    refused = pages.do(cast.alternate, "paper", file=SimpleUploadedFile("x.pdf", b"no PDF"), title="The list")
    assert 'value="The list"' in refused
    assert "Closed session" in refused
    put = pages.do(cast.alternate, "paper", file=SimpleUploadedFile("x.pdf", pdf()), title="The list")
    assert "lies in the closed part" in put
    again = pages.do(cast.alternate, "replace", file=SimpleUploadedFile("x.pdf", pdf(pages=1)), paper=1, note="Anew")
    assert 'version 2: <span class="typed">Anew</span>' in again
    assert "Why it goes" in pages.do(cast.director, "withdraw", paper=1, reason="Why it goes")
    assert pages.do(cast.physician, "paper", file=SimpleUploadedFile("x.pdf", pdf())) == 404
