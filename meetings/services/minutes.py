"""Minutes: typed as a draft that is no record, submitted, attested, returned, signed.

Who may: the meeting's recording secretary and its chair keep the minutes, each through an office in force; the
secretary attests them; the chair, or the Medical Director, signs them. The right cited is DR-30. Comments on the draft
are in minutes_comments.py, amendments in amendments.py.
"""

import hashlib
import unicodedata
from collections.abc import Callable
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from audit.acts import current, record, service
from audit.ledger.canonical import canonical
from audit.markup import SEALED_WITH
from audit.services import jobs
from audit.workflow import next_state
from decisions.services.rules import RuleBroken, said
from governance.authority import Ruling, moment, take_part
from governance.models import Account, Person
from meetings.facts import record_facts
from meetings.models import Attestation, Minutes, MinutesVersion, Signature, WorkingDraft
from meetings.rules.workflow import MINUTES, MinutesEvent, MinutesState
from meetings.selectors.minutes import awaits_approval, document_key, keepers, may_keep, secretary, signers, unanswered
from meetings.services.base import OVERSIGHT, lock_meeting
from meetings.services.signing import affirmed_as, signed_as

MEANING = "I approve these minutes as a true record of the meeting; my signature seals them."
"""What the signature means, in the words that the signer affirms (21 CFR 11.50)."""

ATTESTED = "I recorded this meeting, and attest that this version is a true record of it."
"""What the recording secretary affirms."""

RENDERER = "minutes"


class DraftConflict(ValueError):
    """Somebody saved another text since; nothing was overwritten.

    `mine` is what was to be saved, `theirs` what stands, `revision` its number, `saved_by` whose it is.
    """

    def __init__(self, *, mine: str, draft: WorkingDraft) -> None:
        self.mine, self.theirs, self.revision = mine, draft.text, draft.revision
        self.saved_by, self.saved_at = draft.saved_by, draft.saved_at
        super().__init__("Text: it was changed meanwhile. Nothing was overwritten; both texts are kept.")


def cleaned(text: str) -> str:
    """The text as it is kept: one form for each letter (NFC), line feeds, no blanks at the ends of lines."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n") + "\n"


def save_draft(*, account: Account, minutes: Minutes, text: str, revision: int) -> WorkingDraft:
    """Save what is typed. No act: a working draft leaves neither history nor an entry in the ledger.

    `revision` is the number the typing began from. Raises DraftConflict when another text was saved since,
    PermissionDenied for anybody but the keepers of these minutes, RuleBroken once they are submitted.
    """
    text = cleaned(text)
    with transaction.atomic():
        minutes = _locked(minutes)
        person = Person.objects.filter(account=account).first()
        if person is None or not may_keep(person, minutes.meeting):
            raise PermissionDenied("Only the recording secretary and the chair of the meeting write its minutes.")
        require_draft(minutes)
        draft = WorkingDraft.objects.select_for_update(no_key=True).get(minutes=minutes)
        if draft.text == text:
            return draft
        if draft.revision != revision:
            raise DraftConflict(mine=text, draft=draft)
        draft.text, draft.revision, draft.saved_by = text, revision + 1, account
        draft.save()
        return draft


@service
def submit_minutes(*, actor: Person, minutes: Minutes, revision: int, attested: str = "") -> MinutesVersion:
    """Submit the draft to the chair: the text enters the record, with the facts of the meeting it stands on.

    `revision` is the draft that the actor saw; `attested` is ATTESTED where the meeting's own secretary attests the
    version by the same act. Raises AuthorityRefused, IllegalTransition, RuleBroken: also while a comment is unanswered.
    """
    offices = secretary if attested else keepers
    minutes, ruling = enter_minutes(actor, minutes, "minutes.submitted", offices=offices)
    minutes.state = next_state(MINUTES, minutes.state, MinutesEvent.SUBMIT)
    if waiting := unanswered(minutes):
        named = "; ".join(str(comment) for comment in waiting)
        raise RuleBroken("text", f"Comments: answer each before you submit. Unanswered: {named}.")
    version = write_version(minutes, revision)
    if attested:
        _attest(ruling, minutes, version, attested)
    return version


@service
def attest_minutes(*, actor: Person, minutes: Minutes, version: MinutesVersion, meaning: str) -> Attestation:
    """The meeting's own secretary attests the version that lies before the chair, which somebody else submitted.

    Raises AuthorityRefused, RuleBroken.
    """
    minutes, ruling = enter_minutes(actor, minutes, "minutes.attested", offices=secretary, reason=meaning)
    if minutes.state != MinutesState.SUBMITTED:
        raise RuleBroken("version", f"Version: these minutes are {minutes.state}; what is submitted is attested.")
    _require_newest(minutes, version)
    if Attestation.objects.filter(version=version).exists():
        raise RuleBroken("version", f"Version: {version.number} is attested already.")
    return _attest(ruling, minutes, version, meaning)


def _attest(ruling: Ruling, minutes: Minutes, version: MinutesVersion, meaning: str) -> Attestation:
    if minutes.meeting.secretary_id != ruling.person.pk:
        raise RuleBroken("meaning", "Meaning: who recorded this very meeting attests its minutes, and nobody else.")
    columns = affirmed_as(ruling, sha256=version.sha256, meaning=meaning, wanted=ATTESTED, what="you attest")
    return record(Attestation, **columns, minutes=minutes, version=version, attested_at=moment())


def write_version(minutes: Minutes, revision: int, *, circulated_until: datetime | None = None) -> MinutesVersion:
    """Enter the draft into the record, inside the current act. Raises RuleBroken unless the actor saw this revision."""
    draft = WorkingDraft.objects.select_for_update(no_key=True).get(minutes=minutes)
    if draft.revision != revision:
        raise RuleBroken("text", "Text: it was saved again since you opened it; read it, then submit.")
    said(text=draft.text)
    facts = record_facts(minutes.meeting)
    papers = [paper for item in facts["items"] for paper in (*item["papers"], *item["files"])]
    sealed = canonical({"facts": facts, "papers": papers, "text": draft.text, **SEALED_WITH})
    minutes.version += 1
    minutes.save()
    return record(
        MinutesVersion,
        minutes=minutes,
        number=minutes.version,
        text=draft.text,
        facts=facts,
        canonical=sealed,
        sha256=hashlib.sha256(sealed.encode()).hexdigest(),
        submitted_at=moment(),
        circulated_until=circulated_until,
    )


@service
def return_minutes(*, actor: Person, minutes: Minutes, reason: str) -> Minutes:
    """Return submitted minutes to the secretary with the reason.

    Raises AuthorityRefused, IllegalTransition, RuleBroken.
    """
    minutes, _ = enter_minutes(actor, minutes, "minutes.returned", offices=signers, reason=reason.strip())
    minutes.state = next_state(MINUTES, minutes.state, MinutesEvent.RETURN)
    said(reason=reason)
    minutes.save()
    return minutes


@service
def sign_minutes(*, actor: Person, minutes: Minutes, version: MinutesVersion, meaning: str) -> Signature:
    """Sign one exact version: by the chair of the meeting or the Medical Director, with a license in force.

    The draft is deleted and the sealed file asked for; from now on nothing under these minutes changes.
    Raises AuthorityRefused, IllegalTransition, RuleBroken.
    """
    minutes, ruling = enter_minutes(actor, minutes, "minutes.signed", offices=signers, licensed=True, reason=meaning)
    state = next_state(MINUTES, minutes.state, MinutesEvent.SIGN)
    _require_newest(minutes, version)
    if awaits_approval(version):
        raise RuleBroken(
            "version",
            f"Version: the body approves its minutes. Version {version.number} is signed once a motion that approves "
            "it has carried; the agenda of the next meeting asks for it.",
        )
    signature = record(
        Signature,
        **signed_as(ruling, sha256=version.sha256, meaning=meaning, wanted=MEANING),
        minutes=minutes,
        version=version,
    )
    current().attach("signed", {"version": version.number, "sha256": version.sha256})
    minutes.state, minutes.signature = state, signature
    minutes.save()
    WorkingDraft.objects.filter(minutes=minutes).delete()
    jobs.ask(
        key=document_key(version),
        renderer=RENDERER,
        practice_id=minutes.meeting.practice_id,
        arguments={"minutes": minutes.pk},
    )
    return signature


def _locked(minutes: Minutes) -> Minutes:
    """The minutes as they stand now, behind the lock of their meeting: what lies under them cannot change either."""
    meeting = lock_meeting(minutes.meeting)
    minutes = (
        Minutes.objects.select_for_update(no_key=True, of=("self",))
        .select_related("signature__version")
        .get(meeting=meeting)
    )
    minutes.meeting = meeting
    return minutes


def enter_minutes(
    actor: Person,
    minutes: Minutes,
    verb: str,
    *,
    offices: Callable[..., frozenset[str]],
    licensed: bool = False,
    reason: str = "",
    attempted: str = "",
) -> tuple[Minutes, Ruling]:
    """Lock the minutes and open an act on them through the offices that this person may use for these very minutes."""
    minutes = _locked(minutes)
    ruling = take_part(
        actor=actor,
        practice=minutes.meeting.practice,
        verb=verb,
        offices=offices(actor, minutes.meeting),
        right=OVERSIGHT,
        licensed=licensed,
        reason=reason,
        attempted=attempted or str(minutes),
        about=minutes,
    )
    current().about(minutes, key=minutes.code)
    return minutes, ruling


def require_draft(minutes: Minutes) -> None:
    if minutes.state != MinutesState.DRAFT:
        raise RuleBroken("text", f"Text: these minutes are {minutes.state}; they are no longer written.")


def _require_newest(minutes: Minutes, version: MinutesVersion) -> None:
    if version.minutes_id != minutes.pk or version.number != minutes.version:
        raise RuleBroken("version", f"Version: {minutes.version} is the newest; read and sign that one.")
