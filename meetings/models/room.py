"""What happens in the room: who is there, who recuses, motions and votes. Each is an act at once."""

from django.db import models
from django.db.models import Q

from audit.models.base import Governed, Recorded
from governance.choices import Side
from governance.models import Person
from meetings.choices import Change, Method, Mode, MotionKind, Role, Standing
from meetings.models.meetings import AgendaItem, Meeting
from meetings.rules.tally import CAST, Choice, Result


class Attendance(Governed):
    """A person's part in a meeting. Name and office are kept as they were that day."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="attendances")
    person = models.ForeignKey(Person, models.PROTECT, related_name="attendances")
    name = models.CharField(max_length=160)
    office = models.CharField(max_length=80)
    side = models.CharField(max_length=3, choices=Side)
    role = models.CharField(max_length=10, choices=Role)
    standing = models.CharField(max_length=10, choices=Standing, default=Standing.EXPECTED)

    class Meta:
        ordering = ["role", "name"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person"], name="meetings_attends_once"),
            models.CheckConstraint(condition=~Q(role=Role.MEMBER) | Q(side=Side.PC), name="meetings_members_are_pc"),
            models.UniqueConstraint(fields=["id", "role"], name="meetings_attendance_and_role"),
        ]

    def __str__(self) -> str:
        return self.name


class Presence(Governed):
    """One stretch of time in which somebody is in the meeting, in the room or remote."""

    attendance = models.ForeignKey(Attendance, models.PROTECT, related_name="presences")
    mode = models.CharField(max_length=12, choices=Mode, default=Mode.IN_PERSON)
    arrived_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["arrived_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(left_at__gte=models.F("arrived_at")),
                name="meetings_leaves_after_arriving",
            ),
            models.UniqueConstraint(
                fields=["attendance"], condition=Q(left_at__isnull=True), name="meetings_present_once"
            ),
        ]


class Recusal(Recorded):
    """A conflict disclosed for an item: the member does not vote on it (Corp. Code 310(c))."""

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="recusals")
    attendance = models.ForeignKey(Attendance, models.PROTECT, related_name="recusals")
    disclosure = models.TextField()
    left_room = models.BooleanField()
    disclosed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "attendance"], name="meetings_recused_once_an_item"),
            models.CheckConstraint(condition=~Q(disclosure=""), name="meetings_recusal_disclosed"),
        ]


class Motion(Governed):
    """A motion, with mover and seconder; its result is computed and kept with its rule.

    It stands under an item, or under none where it is about the meeting itself (agenda, adjournment). An amendment is a
    motion on a motion: `as_amended` says how that one reads if it carries. A text never changes; see `wording`.
    """

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="motions")
    item = models.ForeignKey(AgendaItem, models.PROTECT, null=True, related_name="motions")
    kind = models.CharField(max_length=10, choices=MotionKind, default=MotionKind.MAIN)
    amends = models.ForeignKey("self", models.PROTECT, null=True, related_name="amendments")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    as_amended = models.TextField(blank=True)
    method = models.CharField(max_length=12, choices=Method, default=Method.ROLL_CALL)
    mover = models.ForeignKey(Attendance, models.PROTECT, related_name="+")
    seconder = models.ForeignKey(Attendance, models.PROTECT, null=True, related_name="+")
    moved_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=20, choices=Result.choices(), blank=True)
    votes_for = models.PositiveSmallIntegerField(null=True)
    votes_against = models.PositiveSmallIntegerField(null=True)
    abstentions = models.PositiveSmallIntegerField(null=True)
    present = models.PositiveSmallIntegerField(null=True)
    needed = models.PositiveSmallIntegerField(null=True)
    sentence = models.TextField(blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="meetings_motion_number"),
            models.CheckConstraint(
                condition=Q(seconder__isnull=True) | ~Q(seconder=models.F("mover")), name="meetings_seconded_by_another"
            ),
            models.CheckConstraint(
                condition=~Q(result="carried") | Q(votes_for__gte=models.F("needed")),
                name="meetings_carried_by_its_votes",
            ),
            models.CheckConstraint(
                condition=Q(kind="amendment", amends__isnull=False) & ~Q(as_amended="")
                | ~Q(kind="amendment") & Q(amends__isnull=True, as_amended=""),
                name="meetings_an_amendment_amends",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["main", "amendment"], item__isnull=False)
                | Q(kind__in=["agenda", "adjourn"], item__isnull=True),
                name="meetings_motion_under_an_item",
            ),
            models.UniqueConstraint(fields=["id", "item"], name="meetings_motion_and_item"),
        ]

    def __str__(self) -> str:
        return f"Motion {self.number}"

    @property
    def amended_by(self) -> "Motion | None":
        """The newest amendment that carried: the motion reads as that one says."""
        carried = [one for one in self.amendments.all() if one.result == Result.CARRIED]
        return max(carried, key=lambda one: one.number, default=None)

    @property
    def amended(self) -> str:
        """How the motion reads by the amendments that carried; empty when none did."""
        return self.amended_by.as_amended if self.amended_by else ""

    @property
    def wording(self) -> str:
        """What is voted on: the text as amended."""
        return self.amended or self.text


class AgendaChange(Recorded):
    """What a carried motion changed of the agenda in session. Places count from 1."""

    motion = models.ForeignKey(Motion, models.PROTECT, related_name="agenda_changes")
    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="agenda_changes")
    change = models.CharField(max_length=4, choices=Change)
    place_before = models.PositiveSmallIntegerField(null=True)
    place_after = models.PositiveSmallIntegerField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["changed_at", "pk"]


class Ballot(Recorded):
    """A vote that a member cast by an own act, on the motion as it read then.

    Until the result is recorded the member may cast anew; the newest counts, and one on another wording does not.
    """

    motion = models.ForeignKey(Motion, models.PROTECT, related_name="ballots")
    amended_by = models.ForeignKey(Motion, models.PROTECT, null=True, related_name="+")
    """The newest amendment that had carried: with it the motion names the text that was voted on."""
    attendance = models.ForeignKey(Attendance, models.PROTECT, related_name="ballots")
    role = models.CharField(max_length=10, default=Role.MEMBER, editable=False)
    choice = models.CharField(max_length=8, choices=[one for one in Choice.choices() if one[0] in CAST])
    cast_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(role=Role.MEMBER), name="meetings_only_members_cast"),
            models.CheckConstraint(
                condition=Q(choice__in=["for", "against", "abstain"]), name="meetings_ballot_is_cast"
            ),
            models.UniqueConstraint(fields=["id", "motion", "attendance"], name="meetings_ballot_of_a_member"),
        ]


class Vote(Recorded):
    """One member's vote. A vote by someone not in attendance is refused by the database.

    `ballot` is the member's own, where one was cast; it counts unless the member has left or is recused.
    """

    motion = models.ForeignKey(Motion, models.PROTECT, related_name="votes")
    attendance = models.ForeignKey(Attendance, models.PROTECT, related_name="votes")
    ballot = models.OneToOneField(Ballot, models.PROTECT, null=True, related_name="vote")
    role = models.CharField(max_length=10, default=Role.MEMBER, editable=False)
    choice = models.CharField(max_length=8, choices=Choice.choices())
    voted_at = models.DateTimeField()

    class Meta:
        ordering = ["attendance__name"]
        constraints = [
            models.UniqueConstraint(fields=["motion", "attendance"], name="meetings_votes_once"),
            models.CheckConstraint(condition=Q(role=Role.MEMBER), name="meetings_only_members_vote"),
        ]
