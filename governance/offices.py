"""What each office is: its side, what it exercises, what it sees, who appoints it. Plain tables, no database."""

from collections.abc import Iterable

from governance.choices import Exerciser, Office, Side

SIDE: dict[Office, Side] = {
    Office.SHAREHOLDER: Side.PC,
    Office.DIRECTOR: Side.PC,
    Office.OFFICER: Side.PC,
    Office.COMMITTEE_MEMBER: Side.PC,
    Office.MEDICAL_DIRECTOR: Side.PC,
    Office.PHYSICIAN: Side.PC,
    Office.SUPERVISING_PHYSICIAN: Side.PC,
    Office.ALTERNATE_CHAIR: Side.PC,
    Office.PC_COUNSEL: Side.PC,
    Office.RECORDING_SECRETARY: Side.MSO,
    Office.MSO_OPERATIONS: Side.MSO,
    Office.MSO_EXECUTIVE: Side.MSO,
    Office.MSO_COUNSEL: Side.MSO,
    Office.AUDITOR: Side.PC,
    Office.ADMINISTRATOR: Side.MSO,
    Office.PC_ADMINISTRATOR: Side.PC,
}

EXERCISES: dict[Office, frozenset[Exerciser]] = {
    Office.SHAREHOLDER: frozenset({Exerciser.SHAREHOLDERS}),
    Office.DIRECTOR: frozenset({Exerciser.BOARD}),
    Office.COMMITTEE_MEMBER: frozenset({Exerciser.COMMITTEE}),
    Office.MEDICAL_DIRECTOR: frozenset({Exerciser.MEDICAL_DIRECTOR, Exerciser.PHYSICIAN}),
    Office.PHYSICIAN: frozenset({Exerciser.PHYSICIAN}),
    Office.SUPERVISING_PHYSICIAN: frozenset({Exerciser.SUPERVISING_PHYSICIAN, Exerciser.PHYSICIAN}),
    Office.MSO_OPERATIONS: frozenset({Exerciser.MSO}),
    Office.MSO_EXECUTIVE: frozenset({Exerciser.MSO}),
}

PHYSICIANS = frozenset(
    {Office.MEDICAL_DIRECTOR, Office.PHYSICIAN, Office.SUPERVISING_PHYSICIAN, Office.ALTERNATE_CHAIR}
)
DELEGATORS = PHYSICIANS - {Office.ALTERNATE_CHAIR}
"""Offices whose rights may be delegated. Directors and shareholders have no proxies. Corp. Code 307, 13406."""
LICENSED = PHYSICIANS | {Office.SHAREHOLDER, Office.DIRECTOR}
"""Offices held only with a physician's license here. Corp. Code 13401.5, 13403, 13406."""
CHAIRS = frozenset({Office.MEDICAL_DIRECTOR, Office.ALTERNATE_CHAIR})
COUNSEL = frozenset({Office.PC_COUNSEL, Office.MSO_COUNSEL})
MSO_STAFF = frozenset({Office.MSO_OPERATIONS, Office.MSO_EXECUTIVE})
ADMINISTRATORS = frozenset({Office.ADMINISTRATOR, Office.PC_ADMINISTRATOR})
MEMBERS = frozenset(Office) - ADMINISTRATORS
"""Everyone who may look at the open record by office; an administrator may not."""
INVITERS = frozenset(Office) - COUNSEL - {Office.AUDITOR}
"""Who invites: whoever works here, and the administrators; not who only reads."""
SECOND_FACTOR = LICENSED | {Office.COMMITTEE_MEMBER, Office.RECORDING_SECRETARY} | COUNSEL | ADMINISTRATORS
"""Offices whose holders need a second factor, where the practice asks for one (governance.models.AccessRules)."""

SEE = "see_practice"
SEE_CONFIDENTIAL = "see_confidential"
SEE_PRIVILEGED = "see_privileged"
AUDIT = "audit_practice"
ADMINISTER = "administer_practice"

GRANTS: dict[Office, frozenset[str]] = {
    **{office: frozenset({SEE, SEE_CONFIDENTIAL, AUDIT}) for office in PHYSICIANS},
    Office.SHAREHOLDER: frozenset({SEE, SEE_CONFIDENTIAL, AUDIT}),
    Office.DIRECTOR: frozenset({SEE, SEE_CONFIDENTIAL, AUDIT}),
    Office.OFFICER: frozenset({SEE}),
    Office.COMMITTEE_MEMBER: frozenset({SEE, SEE_CONFIDENTIAL}),
    Office.PC_COUNSEL: frozenset({SEE, SEE_CONFIDENTIAL, SEE_PRIVILEGED, AUDIT}),
    Office.MSO_COUNSEL: frozenset({SEE, AUDIT}),
    Office.RECORDING_SECRETARY: frozenset({SEE}),
    Office.MSO_OPERATIONS: frozenset({SEE}),
    Office.MSO_EXECUTIVE: frozenset({SEE}),
    Office.AUDITOR: frozenset({SEE, AUDIT}),
    Office.ADMINISTRATOR: frozenset({ADMINISTER}),
    Office.PC_ADMINISTRATOR: frozenset({ADMINISTER}),
}
"""The guardian permissions on the practice that an appointment grants (DOMAIN: four compartments)."""

APPOINTED_UNDER: dict[Office, str] = {
    Office.MEDICAL_DIRECTOR: "DR-31",
    Office.ALTERNATE_CHAIR: "DR-31",
    Office.SHAREHOLDER: "DR-32",
    Office.DIRECTOR: "DR-33",
    Office.OFFICER: "DR-33",
    Office.PC_COUNSEL: "DR-33",
    Office.AUDITOR: "DR-33",
    Office.COMMITTEE_MEMBER: "DR-31",
    Office.PHYSICIAN: "DR-07",
    Office.SUPERVISING_PHYSICIAN: "DR-12",
    Office.RECORDING_SECRETARY: "DR-36",
    Office.MSO_OPERATIONS: "DR-36",
    Office.MSO_EXECUTIVE: "DR-36",
    Office.MSO_COUNSEL: "DR-40",
    Office.ADMINISTRATOR: "DR-36",
    Office.PC_ADMINISTRATOR: "DR-33",
}
"""The right under which each office is filled: PC offices by the PC, MSO offices by the MSO."""

RANK = (
    Office.MEDICAL_DIRECTOR,
    Office.ALTERNATE_CHAIR,
    Office.SUPERVISING_PHYSICIAN,
    Office.PHYSICIAN,
    Office.DIRECTOR,
    Office.SHAREHOLDER,
    Office.OFFICER,
    Office.COMMITTEE_MEMBER,
    Office.PC_COUNSEL,
    Office.MSO_EXECUTIVE,
    Office.MSO_OPERATIONS,
    Office.RECORDING_SECRETARY,
    Office.MSO_COUNSEL,
    Office.AUDITOR,
    Office.PC_ADMINISTRATOR,
    Office.ADMINISTRATOR,
)
"""The order in which a person's offices are named when none is stated: what they do day by day comes first."""


def offices_granting(permission: str) -> list[Office]:
    """The offices that see what this permission opens."""
    return [office for office in Office if permission in GRANTS[office]]


def exercised_through(office: str) -> frozenset[Exerciser]:
    """What an office exercises; nothing for those that only look on."""
    return EXERCISES.get(Office(office), frozenset())


def offices_that_exercise(exercisers: Iterable[str]) -> list[Office]:
    """The offices through which a right is exercised, in their order."""
    wanted = set(exercisers)
    return [office for office in Office if {str(e) for e in exercised_through(office)} & wanted]
