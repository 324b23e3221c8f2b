"""The vocabulary of meetings."""

from django.db.models import TextChoices


class Topic(TextChoices):
    """The seven standing topics, each minuted or deferred with a reason, and what else an agenda holds."""

    MINUTES = "minutes", "Minutes of the last meeting"
    CLINICAL_OPERATIONS = "clinical operations", "Clinical operations"
    QUALITY = "quality assurance", "Quality assurance"
    COMPLIANCE = "compliance", "Compliance"
    CREDENTIALING = "credentialing", "Credentialing"
    SUPERVISION = "supervision", "Supervision"
    PROTOCOLS = "protocol review", "Protocol review"
    SCOPE = "scope of services", "Scope of services"
    ACTIONS = "corrective actions", "Corrective actions"
    OTHER = "other", "Other business"


STANDING = (
    Topic.CLINICAL_OPERATIONS,
    Topic.QUALITY,
    Topic.COMPLIANCE,
    Topic.CREDENTIALING,
    Topic.SUPERVISION,
    Topic.PROTOCOLS,
    Topic.SCOPE,
)


class Purpose(TextChoices):
    DECISION = "decision", "For decision"
    DISCUSSION = "discussion", "For discussion"
    INFORMATION = "information", "For information"


class Mode(TextChoices):
    IN_PERSON = "in person", "In person"
    REMOTE = "remote", "Remote"
    HYBRID = "hybrid", "In person and remote"


class Role(TextChoices):
    """In what capacity somebody attends. Only members vote."""

    MEMBER = "member", "Member"
    SECRETARY = "secretary", "Recording secretary"
    COUNSEL = "counsel", "Counsel"
    GUEST = "guest", "Invited"


class Standing(TextChoices):
    EXPECTED = "expected", "Expected"
    PRESENT = "present", "Present"
    EXCUSED = "excused", "Excused"
    ABSENT = "absent", "Absent"


class MotionKind(TextChoices):
    """What a motion is about: the business of an item, another motion, or the meeting itself."""

    MAIN = "main", "Motion"
    AMENDMENT = "amendment", "Amendment"
    AGENDA = "agenda", "Motion to amend the agenda"
    ADJOURN = "adjourn", "Motion to adjourn"


PROCEDURE = (MotionKind.AGENDA, MotionKind.ADJOURN)
"""Motions under no item."""


class Change(TextChoices):
    """What a carried motion did to the agenda of a meeting in session."""

    ADD = "add", "Add an item"
    DROP = "drop", "Take an item off"
    MOVE = "move", "Move an item"


class Method(TextChoices):
    ROLL_CALL = "roll call", "Roll call"
    VOICE = "voice", "Voice"
    UNANIMOUS = "unanimous", "Unanimous consent"


class Compartment(TextChoices):
    """Who may know what is said under an item. What is not open lies in tables of its own (models/closed.py)."""

    OPEN = "open", "Open"
    CLINICAL = "clinical", "Clinical confidential"
    PEER_REVIEW = "peer review", "Peer review"
    LEGAL = "attorney-client", "Attorney-client"


class Part(TextChoices):
    """As what a person is named on a closed item."""

    CONCERNED = "concerned", "Concerned"
    INVITED = "invited", "Invited"
    ASSIGNED = "assigned", "Assigned"
    RECORDER = "recorder", "Records the closed part"
    RELEASED = "released", "Released to"


class Designation(TextChoices):
    """What the PC's counsel says of the protection of a closed part; nobody prints more than this."""

    UNDETERMINED = "undetermined", "Undetermined"
    ASSERTED = "asserted", "Asserted"
    NOT_ASSERTED = "not asserted", "Not asserted"


class Answer(TextChoices):
    """What a member says to a written consent."""

    CONSENTS = "consents", "Consents"
    DECLINES = "declines", "Declines"


class Coming(TextChoices):
    """What somebody says to the invitation to a meeting."""

    ACCEPTED = "accepted", "Accepted"
    TENTATIVE = "tentative", "Perhaps"
    DECLINED = "declined", "Declined"


class Said(TextChoices):
    """What a member says to a notice that was short."""

    WAIVES = "waives", "Waives notice"
    PROTESTS = "protests", "Protests the lack of notice"


class PastState(TextChoices):
    """Where a meeting stands that was held before and entered afterwards."""

    ENTERED = "entered", "Entered, not yet confirmed"
    CONFIRMED = "confirmed", "Confirmed"
    WITHDRAWN = "withdrawn", "Withdrawn"
