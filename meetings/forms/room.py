"""The forms of the room. Each posts to its own act; what is wrong is shown at its field."""

from collections.abc import Iterable
from typing import Any

from django import forms

from decisions.models import Determination
from decisions.rules.strength import Strength
from governance.forms.attested import Attested
from governance.models import DecisionRight, Person
from meetings.choices import PROCEDURE, Change, Method, MotionKind
from meetings.models import Attendance, ItemDraft, Motion
from meetings.rules.tally import Choice, Result
from meetings.selectors.room import Room, Seat, told_vote
from meetings.selectors.whereabouts import where
from meetings.services.drafts import DRAFTED
from meetings.words import in_brief

NO_PATIENTS = "No patient names, dates of birth or record numbers."


def prose(label: str, rows: int = 3, **options: Any) -> forms.CharField:
    """A question answered in sentences."""
    return forms.CharField(label=label, max_length=8000, widget=forms.Textarea(attrs={"rows": rows}), **options)


class RoomForm(Attested):
    """A form of the room; `room` tells who is there and which item is at hand. Its ids carry the act's name."""

    def __init__(self, *args: Any, room: Room, act: str, **kwargs: Any) -> None:
        kwargs["auto_id"] = f"{act}_%s"
        super().__init__(*args, **kwargs)
        self.room, self.act = room, act
        self.other: ItemDraft | None = None
        for name, field in self.fields.items():
            if (key := f"{act}.{name}") in DRAFTED:
                draft = room.drafts.get(key)
                field.widget.attrs |= {"data-draft": key, "data-revision": draft.revision if draft else 0}
                if draft:
                    self.initial[name] = draft.text

    def contradicted(self, draft: ItemDraft) -> None:
        """Show the text that somebody else saved beside the one that was typed."""
        self.other = draft


class AccountForm(RoomForm):
    account = prose("Account of what was considered", 4, required=False)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput(attrs={"data-seen": ""}))
    """The revision of the draft that its typing began from."""

    @property
    def newest(self) -> int:
        """The revision of the draft that the page shows; 0 where nothing was saved."""
        draft = self.room.drafts.get("account.account")
        return draft.revision if draft else 0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].help_text = f"What was considered, not who said what. {NO_PATIENTS}"

    def clean(self) -> dict[str, Any]:
        """A draft of somebody else that was not on this page is shown before anything is recorded."""
        data: dict[str, Any] = super().clean() or {}
        draft, typed = self.room.drafts.get("account.account"), data.get("account", "")
        if draft and draft.revision != (data.pop("seen", None) or 0) and draft.text.split() != typed.split():
            self.contradicted(draft)
            self.add_error(
                "account", f"{draft.saved_by.person} saved another text. Take over what is right in it, then go on."
            )
        data.pop("seen", None)
        return data


class DeferForm(RoomForm):
    reason = prose("Reason for deferring", 2, help_text="The next meeting takes the item up with this reason.")


class SeatField(forms.ChoiceField):
    """One of the attendances; the value is its key."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=[("", "Choose a member")], **kwargs)

    def offer(self, seats: Iterable[Attendance]) -> None:
        self.choices = [("", "Choose a member"), *((str(seat.pk), seat.name) for seat in seats)]


class RecusalForm(RoomForm):
    attendance = SeatField(label="Member")
    disclosure = prose("Interest disclosed", 2)
    left_room = forms.BooleanField(label="Left the room for this item", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        recused = {recusal.attendance_id for recusal in self.room.recusals}
        seats = [one for one in self.room.members if one.pk not in recused]
        self.fields["attendance"].offer(seats)  # type: ignore[attr-defined]


class MotionForm(RoomForm):
    text = prose("Motion", 2, help_text="As it is put: “To approve revision 2 of …”")
    mover = SeatField(label="Moved by")
    seconder = SeatField(
        label="Seconded by", error_messages={"required": "A motion is seconded by another member."}
    )  # fmt: skip
    method = forms.ChoiceField(label="Vote by", choices=Method.choices, initial=Method.ROLL_CALL)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        recused = {recusal.attendance_id for recusal in self.room.recusals}
        seats = [one for one in self.room.present if one.pk not in recused]
        self.fields["seconder"].required = self.room.meeting.body.authorized > 1
        for name in ("mover", "seconder"):
            self.fields[name].offer(seats)  # type: ignore[attr-defined]


class ConsentForm(MotionForm):
    """The motion that takes the consent agenda; its text names the items."""

    text = None  # type: ignore[assignment]


class TakenForm(RoomForm):
    """Handling the items of the consent agenda by the motion that carried."""


class OffForm(RoomForm):
    """A member wants an item considered by itself."""

    member = SeatField(label="Member")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].offer(self.room.present)  # type: ignore[attr-defined]


class ProcedureForm(MotionForm):
    """A motion on the meeting itself."""

    kind = forms.ChoiceField(
        label="What it is about", choices=[(kind.value, kind.label) for kind in PROCEDURE], widget=forms.RadioSelect
    )
    field_order = ["kind", "text"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].help_text = "As it is put: “To take the report on TB testing first”, “To adjourn”."
        self.initial.setdefault("method", Method.VOICE)


class AmendmentForm(MotionForm):
    """A motion to amend the motion that waits."""

    as_amended = prose("The motion as amended", 3, help_text="How the whole motion reads if the amendment carries.")
    field_order = ["text", "as_amended"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = "Amendment"
        self.fields["text"].help_text = "As it is put: “To strike … and insert …”"
        if self.room.pending:
            self.initial.setdefault("as_amended", self.room.pending.wording)


class AgendaChangeForm(RoomForm):
    """What a carried motion changes of the agenda."""

    motion = forms.ChoiceField(label="By motion")
    change = forms.ChoiceField(label="Change", choices=Change.choices, widget=forms.RadioSelect)
    which = forms.ChoiceField(label="Item", required=False, help_text="To take off, or to move.")
    title = forms.CharField(label="Title", max_length=200, required=False, help_text="Of an item to add.")
    place = forms.IntegerField(
        label="Place on the agenda", min_value=1, required=False, help_text="Empty puts it last."
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        carried = [(str(one.pk), f"Motion {one.number}") for one in reversed(self.room.agenda_motions)]
        self.fields["motion"].choices = carried  # type: ignore[attr-defined]
        still_open = [(str(one.pk), f"{one.position}. {one.title}") for one in self.room.still_open]
        self.fields["which"].choices = [("", "Choose an item"), *still_open]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        missing = "title" if data.get("change") == Change.ADD else "which"
        if data.get("change") and not data.get(missing):
            self.add_error(missing, "Give the new item a title." if missing == "title" else "Choose the item.")
        return data


class RollCallForm(RoomForm):
    """One question for each member who is there and not recused; by voice or consent, all are for unless said."""

    WORDS = [(choice.value, choice.label.capitalize()) for choice in (Choice.FOR, Choice.AGAINST, Choice.ABSTAIN)]
    motion = forms.IntegerField(widget=forms.HiddenInput)
    method = forms.ChoiceField(label="Vote by", choices=Method.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        waiting = self.waiting
        assert waiting is not None
        self.initial = {**self.initial, "motion": waiting.pk, "method": waiting.method}
        self.recused = {recusal.attendance_id for recusal in self.room.recusals} if waiting.item_id else set()
        self.cast = {member: ballot for (motion, member), ballot in self.room.ballots.items() if motion == waiting.pk}
        for seat in self.room.present:
            if seat.pk not in self.recused:
                own = self.cast.get(seat.pk)
                usual = Choice.FOR.value if waiting.method != Method.ROLL_CALL else None
                self.fields[f"vote_{seat.pk}"] = forms.ChoiceField(
                    label=seat.name,
                    choices=self.WORDS,
                    widget=forms.RadioSelect,
                    initial=own.choice if own else usual,
                    disabled=own is not None,
                    error_messages={"required": f"Say how {seat.name} votes."},
                )

    @property
    def waiting(self) -> Motion | None:
        """The motion that this form is the vote on."""
        return self.room.pending

    def clean(self) -> dict[str, Any]:
        """What was said of somebody who is not in the meeting any more is not dropped: it becomes a question.

        Nor is what was said of somebody who voted by an own act meanwhile: whoever records the votes is told.
        """
        data: dict[str, Any] = super().clean() or {}
        for seat in self.cast:
            if (name := f"vote_{seat}") in self.fields and (typed := self.data.get(name)):
                data[name] = typed
        if self.waiting and data.get("motion") not in (None, self.waiting.pk):
            self.add_error(None, f"Motion {self.waiting.number} is voted on now; the other one was settled meanwhile.")
        for member in self.room.members:
            word = self.data.get(name := f"vote_{member.pk}")
            if word and name not in self.fields:
                who = f"{member.name} is recorded as voting “{word}”, but "
                if member.pk in self.recused:
                    self.add_error(None, f"{who}is recused. Whose vote is it?")
                else:
                    self.add_error(None, f"{who}is not in the meeting. {where(member, self.room.now)}")
        return data

    def rows(self) -> list[dict[str, Any]]:
        """Every member: with a field, or with the word that stands for it."""
        return [
            {
                "seat": seat.attendance,
                "field": self[name] if (name := f"vote_{seat.attendance.pk}") in self.fields else None,
                "word": "Recused" if seat.attendance.pk in self.recused else "Absent",
                "times": seat.times,
                "note": self._told(seat, name in self.fields),
            }
            for seat in self.room.seats
            if seat.member
        ]

    def _told(self, seat: Seat, votes: bool) -> str:
        """That the member voted by an own act, and whether that counts."""
        ballot = self.cast.get(seat.attendance.pk)
        return told_vote(self.room.meeting, ballot.choice if votes else Choice.ABSENT, ballot) if ballot else ""


class ProcedureVoteForm(RollCallForm):
    """The vote on a motion on the meeting itself."""

    @property
    def waiting(self) -> Motion | None:
        return self.room.pending_procedure


class WithdrawForm(RoomForm):
    """The mover withdraws a motion; which, is all it says."""

    motion = forms.IntegerField(widget=forms.HiddenInput)


class MotionChoice(forms.ChoiceField):
    """A motion of the item that carried, or none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label="On motion", required=False, help_text="A decision of the body names the motion that carried it.",
            **kwargs,
        )  # fmt: skip

    def offer(self, motions: list[Motion]) -> None:
        carried = [
            (str(one.pk), f"Motion {one.number}")
            for one in motions
            if one.result == Result.CARRIED and one.kind == MotionKind.MAIN
        ]
        self.choices = [*carried, ("", "None: decided by the office alone")]


class DecisionForm(RoomForm):
    right = forms.ChoiceField(label="Decision right", help_text="Each with the side that holds it.")
    title = forms.CharField(label="Title", max_length=200)
    text = prose("Decision")
    rationale = prose("Rationale")
    motion = MotionChoice()

    def __init__(self, *args: Any, rights: Iterable[DecisionRight], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["right"].choices = [  # type: ignore[attr-defined]
            ("", "Choose a right"),
            *((right.code, f"{right.code} {right.name} ({right.holder})") for right in rights),
        ]
        self.fields["motion"].offer([entry["motion"] for entry in self.room.motions])  # type: ignore[attr-defined]


class DeterminationForm(RoomForm):
    outcome = forms.ChoiceField(label="Determination", choices=Determination.Outcome.choices, widget=forms.RadioSelect)
    rationale = prose("Clinical rationale")
    conditions = prose("Conditions", 2, required=False)
    motion = MotionChoice()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["motion"].offer([entry["motion"] for entry in self.room.motions])  # type: ignore[attr-defined]


class ApproveForm(RoomForm):
    """Which carried motion approves which minutes."""

    motion = forms.ChoiceField(label="Approved by")
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    """The version that the page showed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        carried = [
            (str(one.pk), f"Motion {one.number}: {in_brief(one.wording)}") for one in reversed(self.room.approving)
        ]
        self.fields["motion"].choices = carried  # type: ignore[attr-defined]
        self.initial = {**self.initial, "version": self.room.version.pk if self.room.version else None}

    def clean_version(self) -> int | None:
        shown: int | None = self.cleaned_data["version"]
        if shown != (self.room.version.pk if self.room.version else None):
            raise forms.ValidationError("Another version lies before the chair meanwhile; read it, then record again.")
        return shown


class ActionForm(RoomForm):
    title = forms.CharField(label="What is to be put right", max_length=200)
    root_cause = prose("Root cause", 2)
    action = prose("What will be done", 2)
    strength = forms.ChoiceField(
        label="Strength", choices=Strength.choices(), help_text="Strong changes the system; weak reminds people."
    )
    owner = forms.ModelChoiceField(Person.objects.none(), label="Owner", empty_label="Choose a person")
    due_on = forms.DateField(label="Due on", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    measure = forms.CharField(label="Measure of effect", max_length=300)
    verifier = forms.ModelChoiceField(
        Person.objects.none(), label="Verifier", empty_label="Choose a person", help_text="Never the owner."
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("owner", "verifier"):
            self.fields[name].queryset = people  # type: ignore[attr-defined]


class AdjournForm(RoomForm):
    closing_note = prose("Closing note", 2, required=False)
