"""One month of oversight, from the agenda to the audit PDF, by the people who do it."""

import re
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect
from pypdf import PdfReader

from config.installation import PROJECT
from meetings.demonstration.people import address
from meetings.services.minutes import ATTESTED, MEANING
from tests.browser.conftest import fill_sign_in, sign_in
from tests.browser.look import look
from tests.browser.minuting import TAKEN, comment_and_answer
from tests.browser.running import Running
from tests.browser.steps import (
    PATIENCE,
    Room,
    choose,
    confirm,
    decide,
    download,
    grow_old,
    log_item,
    meet_the_gate,
    pdf_text,
    rail,
    rest,
    today,
    told,
    until,
    while_saving,
)
from tests.browser.together import record_together, vote_alone

PROPOSAL = "Hearing checks at the Victorville campus"
TEXT = "Screening audiometry for students on Mondays, by appointment, with referral of every failed test."
ITEM = "Vaccine storage before the winter closure"
MARSH, ORTIZ, ADEYEMI = "Elena Marsh, MD", "Samuel Ortiz, MD", "Ruth Adeyemi, MD"
ADDED = "Added on a second reading: the campus keeps its own list of referrals."
LATER = "The campus nurse keeps the list, and brings it to the meeting."
PURPOSE = "Annual compliance review for the shareholder"


def test_a_month_of_oversight(open_window: Callable[..., BrowserContext], served: Running, tmp_path: Path) -> None:
    def enter(name: str) -> Page:
        page = open_window().new_page()
        sign_in(page, address(name))
        page.wait_for_url("**/p/riverside/")
        return page

    faults: list[str] = []
    cole, vale, marsh = enter("cole"), enter("vale"), enter("marsh")

    # The desks: what waits for each, and the month's cadence.
    for page in (cole, vale, marsh):
        expect(page.get_by_role("heading", name="Twelve months of oversight")).to_be_visible()
    expect(marsh.get_by_role("link", name="Read and sign")).to_be_visible()
    expect(marsh.get_by_role("link", name="Read and release")).to_be_visible()

    # MSO staff log an item under a right of the MSO.
    log_item(
        cole, right="DR-38", category="Vendor", title="Shredding contract renewed", detail="Twelve months, same rates."
    )
    told(cole, "is logged.")

    # They try to decide for the physicians, and are asked first. Then they are told who decides, by which law, and what
    # they may do.
    decide(cole, right="DR-21", title=PROPOSAL, text=TEXT, rationale="The campus has asked for it twice.")
    expect(cole.get_by_role("button", name="Propose it instead")).to_be_visible()
    cole.get_by_role("button", name="Record anyway").click()
    expect(cole.get_by_role("heading", level=1)).to_have_text("Not within your authority")
    refusal = cole.locator(".refusal")
    for words in ("DR-21", "New, changed or retired service line", "Riverside Physicians, P.C.", "B&P", "recorded as"):
        expect(refusal).to_contain_text(words)
    faults += look(cole, "story-refused", keyboard=False)

    # What they typed becomes a proposal.
    cole.get_by_role("button", name="Propose it instead").click()
    expect(cole.get_by_label("Title")).to_have_value(PROPOSAL)
    expect(cole.get_by_label("What is proposed")).to_have_value(TEXT)
    faults += look(cole, "story-propose-instead", keyboard=False)
    cole.get_by_label("Service line").fill("Hearing checks")
    choose(cole, "Site", "Victorville")
    cole.get_by_label("Effect on care").fill(
        "A failed screening is referred the same day; no diagnosis is made on site."
    )
    cole.get_by_role("button", name="Propose", exact=True).click()
    told(cole, "lies before the physicians")
    proposal = cole.url
    code = cole.locator(".eyebrow").inner_text()

    # The agenda stands; the secretary takes up what has come, adds an item, and orders it.
    vale.get_by_role("link", name="Prepare").click()
    items = vale.get_by_role("table", name="Items of the agenda")
    for topic in ("Clinical operations", "Credentialing", "Scope of services", "Forms without a physician's initials"):
        expect(items).to_contain_text(topic)
    expect(items).not_to_contain_text(PROPOSAL)
    vale.get_by_role("button", name="Take up what has come due").click()
    expect(items).to_contain_text(PROPOSAL)
    vale.get_by_label("Topic").select_option("other")
    vale.get_by_label("Title").fill(ITEM)
    vale.get_by_role("button", name="Add", exact=True).click()
    told(vale, ITEM)
    vale.get_by_role("button", name=f"Move “{ITEM}” up").click()
    told(vale, "is now item")
    rows = items.locator("tr[data-place]")
    rows.filter(has_text=ITEM).drag_to(rows.filter(has_text="Announcements"))
    expect(rows.last).to_contain_text(ITEM)
    faults += look(vale, "story-agenda", keyboard=False)

    # The chair releases it, and the members see it.
    marsh.get_by_role("link", name="Read and release").click()
    meeting = marsh.url
    marsh.get_by_role("button", name="Release the agenda").click()
    told(marsh, re.compile("released", re.IGNORECASE))
    ortiz = enter("ortiz")
    ortiz.goto(meeting)
    expect(ortiz.locator("main")).to_contain_text(PROPOSAL)
    ortiz.get_by_role("link", name="Version 1").click()
    expect(ortiz.locator("main")).to_contain_text(ITEM)

    # The Medical Director opens the meeting with a quorum.
    marsh.goto(meeting)
    marsh.get_by_role("link", name="Enter the room").click()
    faults += look(marsh, "story-room-before", keyboard=False)
    room = Room(marsh)
    room.arrive(MARSH, ORTIZ, "Mina Vale")
    marsh.get_by_role("button", name="Open the meeting").click()
    expect(room.quorum).to_contain_text("2 of 3")
    record_together(marsh, vale)
    faults += look(marsh, "story-room", keyboard=False)

    # Nothing goes live before its approval.
    cole.goto(f"{proposal}go-live/")
    cole.get_by_role("button", name="Go live").click()
    expect(cole.get_by_role("alert")).to_contain_text("There is a problem")
    faults += look(cole, "story-go-live-refused", keyboard=False)

    # Item by item: notes, a motion by roll call, a decision under its right, a corrective action.
    handled = 0
    while not room.ended:
        title = room.title.inner_text()
        if PROPOSAL in title:
            marsh.locator("#item").get_by_role("link", name=code).click()
            expect(marsh.get_by_role("heading", level=1)).to_have_text(PROPOSAL)
            marsh.go_back()
            room.carry(
                "To approve the proposal in this revision.",
                mover=room.seat("Moved by", ORTIZ),
                seconder=room.seat("Seconded by", MARSH),
                votes={MARSH: "For"},
                meanwhile=lambda: vote_alone(marsh, ortiz),
            )
            expect(ortiz.locator("#item")).to_contain_text("result recorded by Elena Marsh, MD")
            room.approve("The referral path is written, and the equipment was approved under DR-24.")
            faults += look(marsh, "story-room-determined", keyboard=False)
            room.handle("The proposal was presented by its author and determined.")
        elif title == "Quality assurance":
            room.decide(
                right="DR-18",
                title="Indicator for referral time",
                text="The time from a failed screening to its referral is reported each month.",
                rationale="Referral is the only safeguard of a screening without diagnosis on site.",
            )
            room.open_action(
                "Referrals wait on a paper list", owner="Dana Cole", verifier=ORTIZ, due_on=today() + timedelta(30)
            )
            room.handle("The indicator report was considered.")
        elif "TB testing" in title or "kiosk" in title:
            room.defer("The members ask for another month to read it.")
        elif title == "Compliance":
            room.handle("The report on exclusions was read.", pressed_while_saving="The report")
        else:
            room.handle(f"Considered: {title.lower()}.")
        handled += 1
    assert handled >= 12
    marsh.get_by_role("button", name="Adjourn the meeting").click()
    told(marsh, "The meeting is adjourned")

    # The approved revision goes live behind its gate, and only by the MSO's own act.
    cole.goto(proposal)
    expect(cole.get_by_role("link", name="Go live")).to_have_count(0)
    meet_the_gate(cole)
    cole.get_by_role("link", name="Go live").click()
    cole.get_by_role("button", name="Go live").click()
    told(cole, f"{code} is live")

    # Minutes: two drafts at once, nothing overwritten.
    minutes = marsh.url
    vale.goto(minutes)
    draft, late = (page.get_by_label("Text of the minutes") for page in (vale, marsh))
    expect(draft).to_have_value(re.compile(f"{PROPOSAL}.*Carried", re.DOTALL))
    # The secretary goes on typing and saves while the page does so by itself.
    longer = f"{draft.input_value()}\n{ADDED}\n"
    save = vale.get_by_role("button", name="Save")
    while_saving(vale, "**/minutes/saved/", fill=(draft, longer), press=save)
    draft.press_sequentially("A")
    told(vale, "The draft is saved.")
    late.fill(late.input_value() + "\nA sentence typed at the same time.\n")
    marsh.get_by_role("button", name="Save").click()
    expect(marsh.get_by_role("heading", level=1)).to_have_text("Two drafts")
    expect(marsh.get_by_role("table", name="Both drafts")).to_contain_text(ADDED)
    faults += look(marsh, "story-two-drafts", keyboard=False)
    vale.goto(minutes)
    expect(draft).to_have_value(re.compile(ADDED))
    faults += look(vale, "story-draft", keyboard=False)

    # Her session ends over the next sentence; what she typed waits until she is back.
    rest(served, vale)
    draft.fill(f"{draft.input_value()}\n{LATER}\n")
    vale.get_by_role("button", name="Save").click()
    fill_sign_in(vale, address("vale"))
    expect(vale.get_by_role("heading", level=1)).to_have_text("What you typed is kept")
    expect(vale.locator("main")).to_contain_text(LATER)
    vale.get_by_role("button", name="Send it now").click()
    told(vale, "The draft is saved.")
    expect(draft).to_have_value(re.compile(LATER))
    faults += comment_and_answer(vale, ortiz)
    old = vale.context.new_page()
    old.goto(minutes)
    vale.get_by_label(ATTESTED.removesuffix(".")).check()
    vale.get_by_role("button", name="Submit to the chair").click()
    told(vale, "is attested and submitted to the chair")

    # The signature: after a fresh proof of who signs, with its meaning.
    grow_old(served, marsh)
    marsh.goto(minutes)
    marsh.get_by_role("link", name="Read and sign").click()
    faults += look(marsh, "story-confirm", keyboard=False)
    confirm(marsh)
    expect(marsh.locator("main")).to_contain_text(ADDED)
    marsh.get_by_label(MEANING.removesuffix(".")).check()
    marsh.get_by_label("I agree to sign this record electronically").check()
    faults += look(marsh, "story-sign", keyboard=False)
    marsh.get_by_role("button", name="Sign", exact=True).click()
    told(marsh, re.compile("Signed. .*checkpoint", re.IGNORECASE))

    # From then on the text stands.
    old.get_by_role("button", name="Save").click()
    told(old, "These minutes are signed; nothing was saved.")
    expect(old.get_by_label("Text of the minutes")).to_have_count(0)

    # The sealed file follows.
    sealed = marsh.locator("section.facts", has_text="Sealed file").get_by_role("link").filter(has_not_text="Reload")
    until(marsh, sealed.first)
    faults += look(marsh, "story-signed", keyboard=False)
    sealed.first.click()
    paper = download(marsh, tmp_path / "minutes.pdf")
    for words in (ADDED, TAKEN, ATTESTED):
        assert words in pdf_text(paper), words
    assert MARSH in pdf_text(paper)

    # Counsel asks for the pack of the last two months, and takes it.
    holt = enter("holt")
    rail(holt, "Audit room")
    holt.get_by_label("First day").fill((today().replace(day=1) - timedelta(days=45)).replace(day=1).isoformat())
    holt.get_by_label("Last day").fill(today().isoformat())
    holt.get_by_label("Purpose").fill(PURPOSE)
    holt.get_by_role("button", name="Ask for the pack").click()
    told(holt, "is asked for")
    packs = holt.get_by_role("table", name="Packs asked for, the newest first")
    packs.get_by_role("row").filter(has_text=PURPOSE).get_by_role("link").click(timeout=PATIENCE)
    faults += look(holt, "story-pack", keyboard=False)
    holt.get_by_label("Purpose").fill(PURPOSE)
    pack = download(holt, tmp_path / "pack.pdf")
    _holds_the_record(pack)
    rail(holt, "Audit room")
    taken = holt.get_by_role("table", name="Requests and downloads, the newest first")
    line = taken.get_by_role("row").filter(has_text="Pack downloaded").filter(has_text=PURPOSE)
    expect(line).to_contain_text("Iris Holt")
    faults += look(holt, "story-audit-room", keyboard=False)

    # A stranger checks the file, and the record checks itself.
    script = [sys.executable, "-m", "audit.verifier", str(pack)]
    verdict = subprocess.run(script, capture_output=True, text=True, timeout=120, cwd=PROJECT)
    assert verdict.returncode == 3, verdict.stdout + verdict.stderr
    assert "CONSISTENT" in verdict.stdout
    ledger = served.manage("verify_ledger", login="reader")
    assert ledger.returncode == 0, ledger.stdout + ledger.stderr
    assert "INTACT" in ledger.stdout
    assert not faults, "\n".join(faults)


def _holds_the_record(pack: Path) -> None:
    text = pdf_text(pack)
    cover = _text_of(pack, 0)
    for words in ("Audit pack", "Riverside Physicians, P.C.", "Mission Health Group", PURPOSE, "Iris Holt"):
        assert words in cover, f"The cover lacks {words!r}."
    for part, words in {
        "checkpoint": "origin",
        "matrix of rights": "Which diagnostic tests are appropriate for a condition",
        "minutes": ADDED,
        "decision log": "Indicator for referral time",
        "approval": PROPOSAL,
        "corrective actions": "Referrals wait on a paper list",
        "refused attempts": "Shorter visits before the holidays",
    }.items():
        assert words in text, f"The pack's {part} lacks {words!r}."


def _text_of(path: Path, number: int) -> str:
    return re.sub(r"\s+", " ", PdfReader(path).pages[number].extract_text())
