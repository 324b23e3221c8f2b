"""The series, its meetings and their agenda."""

from datetime import date

from django.db import models
from django.db.models import Q

from audit.models.base import Governed, Recorded
from decisions.models import CorrectiveAction, Decision, Paper, Proposal
from decisions.models.base import ByAppointment
from governance.models import Appointment, Body, DecisionRight, Person, Practice
from governance.models.scoped import ScopedQuerySet
from meetings.choices import Compartment, Mode, Purpose, Topic
from meetings.rules.codes import code_of
from meetings.rules.compartments import TITLES
from meetings.rules.holidays import Observed
from meetings.rules.notice import Short
from meetings.rules.workflow import ItemState, MeetingState, ProposedState


class Series(Governed):
    """The monthly rule by which a body meets, such as "fourth Tuesday" at 17:30 on the practice's clock.

    A row is never changed. A change is a new row, which rules from the month of `starts_on`; the months before it
    stay under the rule that was in force for them (meetings.series).
    """

    practice = models.ForeignKey(Practice, models.PROTECT, related_name="series")
    body = models.ForeignKey(Body, models.PROTECT, related_name="series")
    day_rule = models.CharField(max_length=40)
    time = models.TimeField()
    place = models.CharField(max_length=200)
    mode = models.CharField(max_length=12, choices=Mode)
    starts_on = models.DateField()
    link = models.URLField(max_length=300, blank=True)
    length = models.PositiveSmallIntegerField("length in minutes", default=60)
    notice_days = models.PositiveSmallIntegerField("notice in days", default=0)
    observed = models.CharField("holidays", max_length=12, choices=Observed.choices(), default=Observed.NONE)
    own_days = models.TextField("own days", blank=True)
    """Further days on which the body does not meet, as `rules.holidays.parse_days` reads them."""
    points = models.TextField("further standing points", blank=True)
    """Points of every agenda beside the seven topics, as `rules.points.parse_points` reads them."""
    reason = models.TextField(blank=True)
    """Why the rule was changed; empty for the first."""

    class Meta:
        verbose_name_plural = "series"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(length__gte=1, length__lte=720), name="meetings_series_length"),
            models.CheckConstraint(condition=Q(notice_days__lte=60), name="meetings_series_notice"),
        ]

    def __str__(self) -> str:
        return f"{self.body}, {self.day_rule}"


class Meeting(Governed):
    """A meeting of a body: the monthly one that oversees `month`, given by its first day, or a special one.

    `special` is 0 for the monthly meeting, else the number among the practice's special meetings called for that month.
    A special meeting takes no month's place: the monthly one is still to be held.
    """

    practice = models.ForeignKey(Practice, models.PROTECT, related_name="meetings")
    body = models.ForeignKey(Body, models.PROTECT, related_name="meetings")
    month = models.DateField()
    special = models.PositiveSmallIntegerField(default=0)
    call_reason = models.TextField("why it is called", blank=True)
    starts_at = models.DateTimeField()
    place = models.CharField(max_length=200)
    mode = models.CharField(max_length=12, choices=Mode)
    link = models.URLField(max_length=300, blank=True)
    length = models.PositiveSmallIntegerField("length in minutes", default=60)
    notice_days = models.PositiveSmallIntegerField("notice in days", default=0)
    notice_hours = models.PositiveSmallIntegerField("notice in hours", default=0)
    """What the rule of the body asks of a special meeting when it is called; of a monthly one `notice_days` tells."""
    state = models.CharField(max_length=16, choices=MeetingState.choices(), default=MeetingState.PLANNED)
    notice_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    adjourned_at = models.DateTimeField(null=True)
    chair = models.ForeignKey(Appointment, models.PROTECT, null=True, related_name="+")
    secretary = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    current_item = models.ForeignKey("meetings.AgendaItem", models.PROTECT, null=True, related_name="+")
    quorate_start = models.BooleanField(null=True)
    quorum_lost_at = models.DateTimeField(null=True)
    closing_note = models.TextField(blank=True)
    change_reason = models.TextField(blank=True)
    """Why it was last moved, canceled or called again."""
    sequence = models.PositiveSmallIntegerField(default=0)
    """How often the call was changed since it was planned: moved, canceled or called again."""

    objects = ScopedQuerySet["Meeting"].as_manager()

    class Meta:
        ordering = ["-starts_at"]
        get_latest_by = "starts_at"
        constraints = [
            models.UniqueConstraint(fields=["body", "month"], condition=Q(special=0), name="meetings_one_a_month"),
            models.UniqueConstraint(
                fields=["practice", "month", "special"], condition=Q(special__gt=0), name="meetings_special_number"
            ),
            models.CheckConstraint(
                condition=Q(special=0, notice_hours=0) | Q(special__gt=0, notice_days=0) & ~Q(call_reason=""),
                name="meetings_special_with_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["in_session", "adjourned"])
                | Q(opened_at__isnull=False, chair__isnull=False, quorate_start__isnull=False),
                name="meetings_opened_by_a_chair",
            ),
            models.CheckConstraint(
                condition=~Q(state="adjourned") | Q(adjourned_at__isnull=False), name="meetings_adjourned_at"
            ),
        ]

    def __str__(self) -> str:
        what = f"{self.body}, special meeting" if self.special else self.body
        return f"{what} of {self.practice.local(self.starts_at):%-d %B %Y}"

    @property
    def code(self) -> str:
        """How a meeting is named in addresses and documents: by its month, a special one with its number in it."""
        return code_of(self.month, self.special)

    @property
    def kind(self) -> str:
        """What it is called in a sentence: "meeting" or "special meeting"."""
        return "special meeting" if self.special else "meeting"

    @property
    def oversees(self) -> str:
        """What it is held for: "oversight of November 2026", or "special meeting 2026-11-S1"."""
        return f"special meeting {self.code}" if self.special else f"oversight of {self.month:%B %Y}"

    @property
    def named(self) -> str:
        """Of which meeting something comes: "November 2026", or "special meeting 2026-11-S1"."""
        return self.oversees.removeprefix("oversight of ")

    def missed(self, today: date) -> bool:
        """Whether its time is over though nobody opened it: the month, of a special one its day; reads `practice`."""
        if self.special:
            return self.practice.local(self.starts_at).date() < today
        return self.called_within < today.replace(day=1)

    @property
    def called_within(self) -> date:
        """The first day of the month it oversees, or of the later one to which it was moved; reads `practice`."""
        return max(self.month, self.practice.local(self.starts_at).date().replace(day=1))


class OnTheAgenda(models.Manager["AgendaItem"]):
    """The items that stand on an agenda; what was withdrawn before the meeting is found by `AgendaItem.every`."""

    def get_queryset(self) -> models.QuerySet["AgendaItem"]:
        return super().get_queryset().exclude(state=ItemState.WITHDRAWN)


class AgendaItem(Governed):
    """A point of the agenda: handled with a short account of what was considered, or deferred with a reason."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField()
    topic = models.CharField(max_length=20, choices=Topic)
    title = models.CharField(max_length=200)
    purpose = models.CharField(max_length=12, choices=Purpose, default=Purpose.DISCUSSION)
    presenter = models.CharField(max_length=160, blank=True)
    presenter_person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    """Who presents it, where that is a person of the practice; `presenter` is the name in any case."""
    budget = models.PositiveSmallIntegerField("time in minutes", null=True, blank=True)
    consent = models.BooleanField("on the consent agenda", default=False)
    late = models.BooleanField(default=False)
    """It came onto the agenda after the first release."""
    right = models.ForeignKey(DecisionRight, models.PROTECT, null=True, blank=True, related_name="+")
    proposal = models.ForeignKey(Proposal, models.PROTECT, null=True, blank=True, related_name="agenda_items")
    revision_number = models.PositiveSmallIntegerField(null=True, blank=True)
    corrective_action = models.ForeignKey(
        CorrectiveAction, models.PROTECT, null=True, blank=True, related_name="agenda_items"
    )
    minutes = models.ForeignKey("meetings.Minutes", models.PROTECT, null=True, blank=True, related_name="+")
    """The minutes of an earlier meeting that the item asks the body to approve."""
    carried_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="carried_to")
    compartment = models.CharField(max_length=16, choices=Compartment, default=Compartment.OPEN)
    """Set when the item is put. Of a closed item this row says only that it exists; the rest is its matter's."""
    state = models.CharField(max_length=12, choices=ItemState.choices(), default=ItemState.OPEN)
    account = models.TextField("account of what was considered", blank=True)
    deferral_reason = models.TextField(blank=True)
    withdrawal_reason = models.TextField(blank=True)

    objects = OnTheAgenda()
    every = models.Manager["AgendaItem"]()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "position"], name="meetings_item_position", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(
                condition=~Q(state="deferred") | ~Q(deferral_reason=""), name="meetings_deferred_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(compartment="open")
                | Q(
                    Q(*(Q(compartment=kind, title=title) for kind, title in TITLES.items()), _connector=Q.OR),
                    presenter="",
                    presenter_person__isnull=True,
                    consent=False,
                    budget__isnull=True,
                    right__isnull=True,
                    proposal__isnull=True,
                    corrective_action__isnull=True,
                    carried_from__isnull=True,
                ),
                name="meetings_closed_item_says_that_it_exists",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | ~Q(withdrawal_reason=""), name="meetings_withdrawn_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class AgendaRelease(Recorded):
    """The agenda as the chair released it, with the notice that went with it; a later release is a new version."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="releases")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    released_at = models.DateTimeField()
    short_by = models.PositiveSmallIntegerField(default=0)
    """Days by which the notice of this time and place was shorter than the rule asks for."""
    short_hours = models.PositiveSmallIntegerField(default=0)
    """The same in begun hours, of a special meeting."""

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["meeting", "number"], name="meetings_release_number")]

    @property
    def short(self) -> Short:
        """By how much the notice was too short."""
        return Short(self.short_by, self.short_hours)


class ProposedItem(Governed, ByAppointment):
    """A point that somebody of either side proposes for an agenda; the chair accepts or declines it."""

    practice = models.ForeignKey(Practice, models.PROTECT, related_name="proposed_items")
    topic = models.CharField(max_length=20, choices=Topic)
    title = models.CharField(max_length=200)
    purpose = models.CharField(max_length=12, choices=Purpose, default=Purpose.DISCUSSION)
    presenter = models.CharField(max_length=160, blank=True)
    budget = models.PositiveSmallIntegerField("time in minutes", null=True, blank=True)
    right = models.ForeignKey(DecisionRight, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField()
    proposed_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=ProposedState.choices(), default=ProposedState.PROPOSED)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    item = models.OneToOneField(AgendaItem, models.PROTECT, null=True, related_name="proposed")

    class Meta:
        ordering = ["-proposed_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="meetings_proposed_with_reason"),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(answer=""), name="meetings_item_declined_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(state="accepted", item__isnull=False) | (~Q(state="accepted") & Q(item__isnull=True)),
                name="meetings_accepted_onto_an_agenda",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ItemDecision(Recorded):
    """A decision was taken under an item."""

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="item_decisions")
    decision = models.OneToOneField(Decision, models.PROTECT, related_name="item_decision")
    motion = models.ForeignKey("meetings.Motion", models.PROTECT, null=True, related_name="item_decisions")


class ItemAction(Recorded):
    """A corrective action was opened under an item."""

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="item_actions")
    corrective_action = models.OneToOneField(CorrectiveAction, models.PROTECT, related_name="item_action")


class ItemPaper(Recorded):
    """A paper lies under an item of the agenda; a carried item takes the papers of the one it continues along."""

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="item_papers")
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="item_papers")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "paper"], name="meetings_paper_once_an_item")]
