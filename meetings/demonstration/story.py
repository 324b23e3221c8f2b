"""Fourteen months of the demonstration practice, told through the services in the order in which they happen."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils import timezone

from audit.models import Job
from decisions.models import Authorization, OperationalItem, Proposal
from decisions.rules.gate import CheckState, Requirement
from decisions.rules.screen import QUESTIONS
from decisions.rules.strength import Strength
from decisions.services.actions import review_action, start_window, submit_evidence, verify_effect
from decisions.services.gate import go_live, record_check
from decisions.services.log import log_item, pull_over_the_line, record_decision
from decisions.services.proposals import approve_proposal, propose, return_proposal, revise
from decisions.services.scope import resume_service, stop_service
from governance.authority import AuthorityRefused
from governance.models import Person
from governance.services.packs import request_pack
from meetings.choices import Compartment, Topic
from meetings.demonstration import agendas, closed, minuting, papers, texts
from meetings.demonstration.before import enter_earlier_meeting
from meetings.demonstration.catalogue import CatalogueStory
from meetings.demonstration.diary import MONTHS, ZONE, Diary
from meetings.demonstration.gatherings import Event, Gathering, hold, prepare, release_in_time
from meetings.demonstration.people import People, found_demonstration, verify_licenses
from meetings.demonstration.special import on_short_notice
from meetings.models import AgendaItem, Meeting
from meetings.rules.holidays import Observed
from meetings.selectors.packets import RENDERER
from meetings.services.agenda import refresh_agenda
from meetings.services.consents import MEANING, give_consent, open_consent
from meetings.services.outcomes import decide_under_item, determine_under_item, open_action_under_item
from meetings.services.room import recuse
from meetings.services.series import change_series

NO_EFFECT = {question.code: False for question in QUESTIONS}

EVIDENCE = {
    Requirement.PROTOCOL: "The signed protocol is in force; next review in a year.",
    Requirement.SUPERVISION: "Practice agreement and supervision schedule filed; ratio one physician to one physician assistant.",
    Requirement.CREDENTIALING: "Primary-source verification of every clinician complete, inside 120 days.",
    Requirement.EQUIPMENT: "Equipment list approved by the Medical Director under DR-24; delivered and checked.",
    Requirement.PUBLIC_CLAIMS: "Web text cleared by counsel; nothing else is published.",
    Requirement.TRAINING: "Sign-off sheets of all staff on the campus rota.",
}


class Story:
    """The months in their order. Each method tells one month."""

    def __init__(self, say: Callable[[str], None], *, now: datetime | None = None) -> None:
        self.diary = Diary(now or timezone.now())
        self.say = say
        self.people: People
        self.told: set[str] = set()

    def tell(self) -> People:
        """Tell everything; returns the people."""
        self.people = found_demonstration(self.diary)
        self.catalogue = CatalogueStory(self.people, self.diary)
        self.say("founded, everybody in office")
        for index in range(MONTHS):
            if index and index % 3 == 0:
                verify_licenses(self.people, self.diary)
            getattr(self, f"month_{index}")(index)
            self.say(f"{self.diary.month(index):%B %Y}")
        self.forget_past_packets()
        return self.people

    def forget_past_packets(self) -> None:
        """The worker makes the packet of the last meeting alone; those of earlier months had their day."""
        waiting = Job.objects.filter(renderer=RENDERER, state=Job.State.WAITING)
        last = Meeting.objects.filter(releases__isnull=False).latest("month")
        newest = waiting.filter(arguments__meeting=last.pk).latest("pk")
        waiting.exclude(pk=newest.pk).delete()

    # What recurs

    def operations(self, index: int, until_day: int = 31) -> None:
        """The month's operational items and refused attempts, in order of date."""
        happenings: list[tuple[int, Callable[[], None]]] = []
        for position, (month, day, right, category, title, detail) in enumerate(texts.OPERATIONAL):
            if month == index and day <= until_day and title not in self.told:
                who = self.people.cole if position % 2 else self.people.prado
                happenings.append((day, self._logger(who, right, category, title, detail)))
        for month, day, name, right, title, text, rationale in texts.REFUSED:
            if month == index and day <= until_day and title not in self.told:
                happenings.append((day, self._attempt(getattr(self.people, name), right, title, text, rationale)))
        for day, happen in sorted(happenings, key=lambda pair: pair[0]):
            moment = max(self.diary.day(index, day, 11), self.diary.at + timedelta(minutes=1))
            if self.diary.past(moment):
                with self.diary.on(moment):
                    happen()

    def _logger(self, who: Person, right: str, category: str, title: str, detail: str) -> Callable[[], None]:
        def log() -> None:
            self.told.add(title)
            log_item(
                actor=who,
                practice=self.people.practice,
                right=right,
                category=category,
                title=title,
                detail=detail,
                happened_on=self.diary.at.astimezone(ZONE).date(),
                screen=NO_EFFECT,
            )

        return log

    def _attempt(self, who: Person, right: str, title: str, text: str, rationale: str) -> Callable[[], None]:
        def attempt() -> None:
            self.told.add(title)
            try:
                record_decision(
                    actor=who, practice=self.people.practice, right=right, title=title, text=text, rationale=rationale
                )
            except AuthorityRefused:
                return
            raise AssertionError(f"{who} decided {right}: the line is not kept.")

        return attempt

    def determine(
        self, outcome: str, rationale: str, motion: str, conditions: str = "", against: list[Person] | None = None
    ):
        """An event: the body moves, then the Medical Director determines the proposal under the item."""

        def event(gathering: Gathering, item: AgendaItem) -> None:
            carried = gathering.carry(item, motion, against=against)
            with self.diary.next(2):
                determine_under_item(
                    actor=self.people.marsh,
                    item=item,
                    outcome=outcome,
                    rationale=rationale,
                    conditions=conditions,
                    motion=carried,
                    opened_at=self.diary.at - timedelta(days=2, minutes=17),
                )
            gathering.handle(
                item, f"The Medical Director presented {item.proposal}, revision {item.revision_number}. {rationale}"
            )

        return event

    def make_ready(self, proposal: Proposal, waive: Requirement | None = None) -> None:
        """Meet the gate's requirements one by one, and switch live."""
        proposal.refresh_from_db()
        for requirement, evidence in EVIDENCE.items():
            waived = requirement == waive
            with self.diary.next(60 * 5):
                record_check(
                    actor=self.people.marsh if waived else self.people.cole,
                    proposal=proposal,
                    revision=proposal.revision,
                    requirement=requirement,
                    state=CheckState.WAIVED if waived else CheckState.MET,
                    reason="No text about this service is published." if waived else evidence,
                )
        with self.diary.next(60 * 20):
            go_live(
                actor=self.people.cole,
                proposal=proposal,
                revision=proposal.revision,
                review_on=(self.diary.at + timedelta(days=90)).date(),
            )

    # The months

    def month_0(self, index: int) -> None:
        people, diary = self.people, self.diary
        enter_earlier_meeting(people, diary)
        with diary.next(60 * 24):
            clearances = propose(
                actor=people.cole,
                practice=people.practice,
                kind=Proposal.Kind.NEW_SERVICE,
                title="Student clearances at Riverside",
                service_name="Student clearances",
                site=people.riverside,
                summary="Physicals, TB screening, immunizations and forms for students, by appointment, on weekdays.",
                clinical_effect="Low-acuity, recurring. Each clearance is decided by a clinician; abnormal findings are referred to the "
                "student's own physician.",
                operations="Two rooms; visit length as set by the Medical Director; forms returned within five working days.",
                screen={},
            )
        with diary.next(30):
            physicals = propose(
                actor=people.prado,
                practice=people.practice,
                kind=Proposal.Kind.NEW_SERVICE,
                title="Community physicals at Riverside",
                service_name="Community physicals",
                site=people.riverside,
                summary="Sports, camp and pre-employment physicals on two evenings a week.",
                clinical_effect="Same protocol as student physicals; positive cardiac history goes to the physician before clearance.",
                operations="Tuesday and Thursday, 5 to 8 p.m.; one clinician, two assistants.",
                screen={},
            )
        papers.put(diary, people.cole, clearances, "visits")
        meeting = prepare(diary, people, index)
        self.operations(index, 20)
        approve = self.determine(
            "approved",
            "The protocol is written, the visit lengths are set by the Medical Director, and the staff on the rota is credentialed.",
            "To approve the proposal in this revision.",
        )
        hold(diary, people, meeting, index, events={clearances.code: approve, physicals.code: approve})
        self.make_ready(clearances)
        self.make_ready(physicals, waive=Requirement.PUBLIC_CLAIMS)

    def month_1(self, index: int) -> None:
        people, diary = self.people, self.diary
        self.operations(index, 12)
        with diary.on(max(diary.day(index, 13), diary.at + timedelta(minutes=9))):
            self.campus = propose(
                actor=people.cole,
                practice=people.practice,
                kind=Proposal.Kind.NEW_SERVICE,
                title="Campus-site clinic at Victorville",
                service_name="Campus-site clinic",
                site=people.victorville,
                summary="A clinic on the satellite campus two days a week for clearances and minor complaints.",
                clinical_effect="A nurse practitioner sees students under standardized procedures; the supervising physician is reached by "
                "telephone.",
                operations="Mondays and Wednesdays, 9 a.m. to 3 p.m.",
                screen={},
            )
        papers.put(diary, people.cole, self.campus, "campus")
        meeting = prepare(diary, people, index)
        back = self.determine(
            "returned",
            "The standardized procedures do not name what is referred out, and nobody is named for the hours when the supervising "
            "physician is in clinic.",
            "To return the proposal for a referral list and a named back-up physician.",
        )
        hold(diary, people, meeting, index, events={self.campus.code: back})

    def month_2(self, index: int) -> None:
        people, diary = self.people, self.diary
        self.operations(index, 9)
        with diary.on(max(diary.day(index, 10), diary.at + timedelta(minutes=9))):
            revise(
                actor=people.cole,
                proposal=self.campus,
                base_revision=1,
                summary="A clinic on the satellite campus two days a week for clearances and minor complaints on a closed list.",
                clinical_effect="A nurse practitioner sees students under standardized procedures with a list of what is referred out the "
                "same day. Dr. Adeyemi backs up the supervising physician.",
                operations="Mondays and Wednesdays, 9 a.m. to 3 p.m.; a back-up physician is named on the rota of each day.",
                change_note="Referral list added; back-up physician named; minor complaints limited to a closed list.",
            )
        papers.put(diary, people.cole, self.campus, "referrals")
        meeting = prepare(diary, people, index)
        approve = self.determine(
            "approved",
            "The referral list and the named back-up answer what the physicians asked for in revision 1.",
            "To approve revision 2, on condition that the first month is reviewed chart by chart.",
            conditions="Every chart of the first month is reviewed by the Medical Director.",
        )
        hold(diary, people, meeting, index, events={self.campus.code: approve})
        self.make_ready(self.campus)
        self.new_rule(index + 2)

    def month_3(self, index: int) -> None:
        people, diary = self.people, self.diary
        meeting = prepare(diary, people, index)
        self.operations(index, 16)

        def courier(gathering: Gathering, item: AgendaItem) -> None:
            with diary.next(3):
                self.courier = open_action_under_item(
                    actor=people.marsh,
                    item=item,
                    title="Courier pick-up misses the laboratory's cut-off",
                    root_cause="The pick-up is booked at 4:00 p.m., the laboratory's cut-off; any delay costs a day.",
                    action="Move the pick-up to 3:30 p.m. and have the courier confirm by message.",
                    strength=Strength.INTERMEDIATE,
                    owner=people.cole,
                    due_on=(diary.at + timedelta(days=35)).date(),
                    measure="Late results in a sample of 60: at most 3.",
                    verifier=people.marsh,
                )

        def later(gathering: Gathering, item: AgendaItem) -> None:
            gathering.defer(item, "The revised immunization table had not reached the members; taken up next month.")

        hold(diary, people, meeting, index, events={Topic.QUALITY: courier, Topic.PROTOCOLS: later})

    def month_4(self, index: int) -> None:
        people, diary = self.people, self.diary
        self.operations(index, 9)
        with diary.on(max(diary.day(index, 10), diary.at + timedelta(minutes=9))):
            walk_in = propose(
                actor=people.quill,
                practice=people.practice,
                kind=Proposal.Kind.NEW_SERVICE,
                title="Walk-in urgent visits at Victorville",
                service_name="Walk-in urgent visits",
                site=people.victorville,
                summary="Walk-in visits without appointment on all campus days.",
                clinical_effect="Acute complaints of any kind would be seen by the nurse practitioner.",
                operations="No appointment; four visits an hour.",
                screen={},
            )
        papers.put(diary, people.quill, walk_in, "walk in")
        meeting = prepare(diary, people, index)
        self.operations(index, 20)
        refuse = self.determine(
            "refused",
            "Undifferentiated acute complaints need a physician on site, which the campus does not have; the number of visits an hour is "
            "for the Medical Director to set (DR-04).",
            "To refuse the proposal.",
        )
        hold(diary, people, meeting, index, events={walk_in.code: refuse})
        with diary.on(diary.at + timedelta(days=1)):
            submit_evidence(
                actor=people.cole,
                corrective_action=self.courier,
                note="Pick-up moved to 3:30 p.m.; confirmations of ten days attached to the audit folder.",
            )

        def recall(gathering: Gathering, item: AgendaItem) -> None:
            gathering.carry(item, "To use no test of the recalled lot, and to offer blood tests until others arrive.")
            gathering.handle(item, "The maker's recall and the stock at both sites were considered.")

        on_short_notice(
            diary,
            people,
            index,
            reason="The maker recalls a lot of tuberculin skin tests in use here; it cannot wait for the monthly meeting.",
            point="Quality assurance: Recall of a lot of tuberculin skin tests",
            event=recall,
            away=people.adeyemi,
        )

    def month_5(self, index: int) -> None:
        people, diary = self.people, self.diary
        meeting = prepare(diary, people, index, release=False)
        agendas.an_hour_later(people, diary, meeting)
        meeting = release_in_time(diary, people, meeting, people.marsh)
        papers.lay(diary, people.vale, meeting, Topic.SUPERVISION, "schedule", hours=20)
        self.operations(index, 18)

        def leaves(gathering: Gathering, item: AgendaItem) -> None:
            gathering.depart(people.ortiz)
            no_quorum(gathering, item)

        def no_quorum(gathering: Gathering, item: AgendaItem) -> None:
            gathering.defer(item, "Quorum was lost when a director was called to the clinic; no action was possible.")

        later = (Topic.PROTOCOLS, Topic.SCOPE, Topic.ACTIONS, self.courier.code)
        events: dict[str, Event] = {Topic.SUPERVISION: leaves} | dict.fromkeys(later, no_quorum)
        hold(diary, people, meeting, index, events=events, absent=[people.adeyemi])
        with diary.on(diary.at + timedelta(days=1)):
            start_window(
                actor=people.marsh,
                corrective_action=self.courier,
                ends_on=(diary.at + timedelta(days=60)).date(),
                note="Sample of 60 results over two months.",
            )

    def month_6(self, index: int) -> None:
        people, diary = self.people, self.diary
        with diary.on(max(diary.day(index, 6, 7, 40), diary.at + timedelta(minutes=9))):
            stop_service(
                actor=people.marsh,
                authorization=self.authorization("Student clearances"),
                reason="The vaccine refrigerator stood at 11 °C at opening; immunizations and clearances stop until the stock is judged.",
            )
        self.operations(index, 7)
        with diary.on(max(diary.day(index, 9, 16), diary.at + timedelta(minutes=9))):
            record_decision(
                actor=people.marsh,
                practice=people.practice,
                right="DR-16",
                title="Vaccine stock of the temperature excursion",
                text="The stock is discarded. No dose from it was given after the excursion began.",
                rationale="The logger shows nine hours above the limit; the manufacturers' data do not support use.",
            )
        with diary.next(20):
            resume_service(
                actor=people.marsh,
                authorization=self.authorization("Student clearances"),
                reason="New stock received, refrigerator repaired and logged inside limits for 48 hours.",
            )
        meeting = prepare(diary, people, index)
        papers.lay(diary, people.vale, meeting, Topic.QUALITY, "logger")
        self.operations(index, 20)

        def cold_chain(gathering: Gathering, item: AgendaItem) -> None:
            with diary.next(3):
                self.cold_chain = open_action_under_item(
                    actor=people.marsh,
                    item=item,
                    title="Vaccine refrigerator warms unnoticed overnight",
                    root_cause="The alarm rings in an empty building; nobody is called.",
                    action="Remind the closing staff to check the display.",
                    strength=Strength.WEAK,
                    owner=people.prado,
                    due_on=(diary.at + timedelta(days=21)).date(),
                    measure="No excursion longer than 30 minutes unnoticed in 60 days.",
                    verifier=people.ortiz,
                )

        hold(diary, people, meeting, index, events={Topic.QUALITY: cold_chain})

    def month_7(self, index: int) -> None:
        """The month without a meeting: planned and released, and never opened."""
        people, diary = self.people, self.diary
        self.operations(index, 8)
        with diary.on(max(diary.day(index, 12), diary.at + timedelta(minutes=9))):
            submit_evidence(
                actor=people.prado,
                corrective_action=self.cold_chain,
                note="Reminder posted; closing list has a new line.",
            )
        with diary.next(60):
            start_window(
                actor=people.ortiz,
                corrective_action=self.cold_chain,
                ends_on=(diary.at + timedelta(days=30)).date(),
                note="Logger read weekly.",
            )
        prepare(diary, people, index, release=False)
        self.operations(index, 20)

    def month_8(self, index: int) -> None:
        people, diary = self.people, self.diary
        self.operations(index, 7)
        self.ask_for_pack(index, "Half-yearly review of the boundary with the management company")
        with diary.on(max(diary.day(index, 9, 15), diary.at + timedelta(minutes=9))):
            verify_effect(
                actor=people.marsh,
                corrective_action=self.courier,
                effective=True,
                note="2 of 60 results late, target at most 3.",
            )
        with diary.on(max(diary.day(index, 13), diary.at + timedelta(minutes=9))):
            verify_effect(
                actor=people.marsh,
                corrective_action=self.cold_chain,
                effective=False,
                note="The logger shows 70 unnoticed minutes on a Sunday: a reminder does not ring a telephone.",
            )
        meeting = prepare(diary, people, index)
        papers.lay(diary, people.vale, meeting, Topic.QUALITY, "alarm")
        self.operations(index, 20)

        def budget(gathering: Gathering, item: AgendaItem) -> None:
            with diary.next(1):
                recuse(
                    actor=people.vale,
                    item=item,
                    attendance=gathering.seat(people.ortiz),
                    disclosure="His spouse is employed by the vendor of the telephone alarm.",
                    left_room=True,
                )

        hold(diary, people, meeting, index, events={Topic.ACTIONS: budget} if self.has(meeting, Topic.ACTIONS) else {})

    def month_9(self, index: int) -> None:
        people, diary = self.people, self.diary
        self.catalogue.second_version(index)
        self.waved_through(
            index,
            "Two more appointment slots on Saturday mornings",
            "Open two more slots for school physicals on Saturday mornings in the season.",
            "More visits on Saturdays with the same staff.",
            seconds=38,
        )
        meeting = prepare(diary, people, index)
        papers.lay(diary, people.marsh, meeting, Topic.PROTOCOLS, "intervals")
        self.operations(index, 23)

        def formulary(gathering: Gathering, item: AgendaItem) -> None:
            motion = gathering.carry(
                item,
                "To adopt the immunization standing orders with the new table of intervals.",
                own=[people.ortiz, people.marsh],
            )
            with diary.next(2):
                decide_under_item(
                    actor=people.marsh,
                    item=item,
                    right="DR-16",
                    title="Immunization standing orders for the coming season",
                    text="The standing orders are adopted with the table of intervals before the members.",
                    rationale="The table follows the current schedule; two physicians checked it line by line.",
                    motion=motion,
                )

        catalogue = self.catalogue.adoption(meeting)
        earlier = people.practice.meetings.get(month=diary.month(8)).minutes
        correction = minuting.Correction(people, diary, earlier)
        events: dict[str, Event] = {
            Topic.PROTOCOLS: formulary,
            Topic.COMPLIANCE: catalogue,
            Topic.MINUTES: correction.move,
        }
        hold(diary, people, meeting, index, events=events)
        correction.write()

    def month_10(self, index: int) -> None:
        people, diary = self.people, self.diary
        self.catalogue.stand_in(index)
        self.waved_through(
            index,
            "Doors open at half past seven",
            "Open the clinic half an hour earlier on school days.",
            "The first visits begin half an hour earlier.",
            seconds=21,
        )
        meeting = prepare(diary, people, index, release=False)
        agendas.shuttle(people, diary, meeting)
        agendas.routine(people, diary, meeting)
        agendas.volume(people, diary)
        self.operations(index, 12)
        meeting = release_in_time(diary, people, meeting, people.adeyemi)
        self.operations(index, 20)
        hold(diary, people, meeting, index, chair=people.adeyemi, absent=[people.marsh])

    def month_11(self, index: int) -> None:
        people, diary = self.people, self.diary
        self.operations(index, 9)
        with diary.on(max(diary.day(index, 10), diary.at + timedelta(minutes=9))):
            self.evening = propose(
                actor=people.prado,
                practice=people.practice,
                kind=Proposal.Kind.OPERATIONAL,
                title="Rooming template with a second intake question set",
                summary="The intake asks the TB questionnaire before the clinician enters.",
                clinical_effect="May change the length of the visit and the content of the record.",
                operations="Four weeks' trial at Riverside.",
                screen=NO_EFFECT | {"hours_volume": True, "records": True},
            )
        papers.put(diary, people.prado, self.evening, "questions")
        with diary.on(max(diary.day(index, 14), diary.at + timedelta(minutes=9))):
            return_proposal(
                actor=people.marsh,
                proposal=self.evening,
                revision=1,
                rationale="Say who reads the answers before the visit, and keep the clinician's own questions in the record.",
            )
        meeting = prepare(diary, people, index, release=False)
        review = closed.put_review(diary, people, meeting)
        meeting = release_in_time(diary, people, meeting, people.marsh)
        self.operations(index, 20)

        def alarm(gathering: Gathering, item: AgendaItem) -> None:
            with diary.next(3):
                self.alarm = open_action_under_item(
                    actor=people.marsh,
                    item=item,
                    title="Forms without a physician's initials",
                    root_cause="The form template has no field for the initials, so they are added by hand or not at all.",
                    action="Make the initials a required field of the form template.",
                    strength=Strength.STRONG,
                    owner=people.cole,
                    due_on=(diary.at + timedelta(days=42)).date(),
                    measure="Forms without initials in a sample of 50: none.",
                    verifier=people.adeyemi,
                )

        events: dict[str, Event] = {Topic.QUALITY: alarm, Compartment.PEER_REVIEW: closed.session}
        hold(diary, people, meeting, index, events=events, before_submitting=minuting.circulated)
        closed.record_review(diary, people, review)

    def month_12(self, index: int) -> None:
        """Held; the minutes wait for the Medical Director's signature."""
        people, diary = self.people, self.diary
        self.ask_for_pack(index, "Preparation of the annual report to the shareholder")
        meeting = prepare(diary, people, index)
        papers.lay(diary, people.vale, meeting, Topic.QUALITY, "forms")
        papers.lay(diary, people.vale, meeting, Topic.COMPLIANCE, "exclusions")
        self.operations(index, 20)
        with diary.on(max(diary.day(index, 21), diary.at + timedelta(minutes=9))):
            kiosk = OperationalItem.objects.get(practice=people.practice, title__startswith="Check-in kiosk")
            pull_over_the_line(
                actor=people.marsh,
                item=kiosk,
                reason="The kiosk asks for symptoms on its second screen: that is content of the record (DR-06).",
            )
        hold(diary, people, meeting, index, sign_after_days=None)

    def month_13(self, index: int) -> None:
        """The current month: the agenda stands, a proposal waits, actions are open, one is overdue."""
        people, diary = self.people, self.diary

        def lately(days: float) -> None:
            self.moment = max(diary.now - timedelta(days=days), diary.at + timedelta(minutes=3))

        meeting = prepare(diary, people, index, release=False)
        self.operations(index)
        lately(9)
        with diary.on(self.moment):
            testing = propose(
                actor=people.cole,
                practice=people.practice,
                kind=Proposal.Kind.NEW_SERVICE,
                title="TB testing at the Victorville campus",
                service_name="TB testing",
                site=people.victorville,
                summary="Skin and blood tests for tuberculosis on both campus days, with reading visits.",
                clinical_effect="Which test is used stays with the clinician; positive results go to the physician the same day.",
                operations="Reading visits 48 to 72 hours after placement; blood samples leave with the 3:30 p.m. courier.",
                screen={},
            )
        *_, leaflet = papers.put(diary, people.cole, testing, "tb demand", "tb readings", "tb leaflet")
        papers.take_back(diary, people.cole, leaflet, "Counsel has not cleared what it says to the public.")
        lately(6)
        with diary.on(self.moment):
            review_action(
                actor=people.marsh,
                corrective_action=self.cold_chain,
                note="Reopened in the summer; the telephone alarm is ordered, its installation is still awaited.",
            )
        lately(5)
        with diary.on(self.moment):
            self._logger(
                people.cole,
                "DR-37",
                "scheduling",
                "Phone menu shortened",
                "Three choices instead of six.",
            )()
        lately(4)
        with diary.on(self.moment):
            self.catalogue.third_version()
        lately(3)
        with diary.on(self.moment):
            self._attempt(
                people.prado,
                "DR-04",
                "Shorter visits before the holidays",
                "Ten minutes instead of fifteen for school forms until January.",
                "The waiting list has grown to two weeks.",
            )()
        lately(2)
        self.fees_in_writing()
        lately(1)
        with diary.on(self.moment):
            refresh_agenda(actor=people.vale, meeting=meeting)
        papers.lay(diary, people.vale, meeting, Topic.COMPLIANCE, "exclusions")
        agendas.give_time(people, diary, meeting)
        agendas.survey(people, diary)

    def new_rule(self, index: int) -> None:
        """Another monthly rule from a coming month on: by video, with notice, and with the holidays counted."""
        people, diary = self.people, self.diary
        rule = people.practice.series.get()
        with diary.next(60 * 24):
            change_series(
                actor=people.marsh,
                body=rule.body,
                day_rule=rule.day_rule,
                time=rule.time,
                place="Riverside, conference room, and by video",
                mode=rule.mode,
                link="https://video.demo.example/riverside-board",
                length=75,
                notice_days=7,
                observed=Observed.CALIFORNIA,
                points="Announcements",
                starts_on=diary.month(index),
                reason="Victorville joins by video; members ask for a week with the papers, and no meeting on a holiday.",
            )

    def fees_in_writing(self) -> None:
        """A resolution before the directors: two have signed, and the third is asked."""
        with self.diary.on(self.moment):
            consent = open_consent(
                actor=self.people.marsh,
                practice=self.people.practice,
                right="DR-29",
                title="Professional fees of the coming year",
                text="The schedule of professional fees stays as it is for the coming year.",
                rationale="The market data show no change at either site, and the matter does not wait for a meeting.",
                ends_at=self.diary.now + timedelta(days=6),
            )
        for person in (self.people.marsh, self.people.ortiz):
            with self.diary.next(1):
                give_consent(actor=person, consent=consent, sha256=consent.sha256, meaning=MEANING)

    def waved_through(self, index: int, title: str, summary: str, right_effect: str, seconds: int) -> None:
        """A proposal approved seconds after its page was opened: what the boundary report shows as a weakness."""
        people, diary = self.people, self.diary
        with diary.on(max(diary.day(index, 8, 10), diary.at + timedelta(minutes=9))):
            proposal = propose(
                actor=people.prado,
                practice=people.practice,
                kind=Proposal.Kind.OPERATIONAL,
                title=title,
                summary=summary,
                clinical_effect=right_effect,
                operations="From the first of the coming month, at Riverside.",
                screen=NO_EFFECT | {"hours_volume": True},
            )
        with diary.next(60 * 26):
            approve_proposal(
                actor=people.marsh,
                proposal=proposal,
                revision=1,
                rationale="Agreed.",
                opened_at=diary.at - timedelta(seconds=seconds),
            )

    def ask_for_pack(self, index: int, purpose: str) -> None:
        """Counsel asks for the pack of the half year before a month; the worker renders it after the loading."""
        diary = self.diary
        with diary.on(max(diary.day(index, 9, 14), diary.at + timedelta(minutes=9))):
            request_pack(
                actor=self.people.holt,
                practice=self.people.practice,
                start=diary.month(index - 6),
                end=diary.month(index) - timedelta(days=1),
                purpose=purpose,
            )

    def has(self, meeting: Meeting, topic: str) -> bool:
        return AgendaItem.objects.filter(meeting=meeting, topic=topic).exists()

    def authorization(self, service: str) -> Authorization:
        return Authorization.objects.get(practice=self.people.practice, service__name=service)
