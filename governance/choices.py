"""The vocabulary of governance: sides, offices, bodies, licenses."""

from django.db.models import TextChoices


class Side(TextChoices):
    PC = "PC", "Physician side"
    MSO = "MSO", "Management side"


class Office(TextChoices):
    """An office of a practice. Its side, and what it may exercise, stand in `governance.offices`."""

    SHAREHOLDER = "pc_shareholder", "PC shareholder"
    DIRECTOR = "pc_director", "PC director"
    OFFICER = "pc_officer", "PC officer"
    COMMITTEE_MEMBER = "committee_member", "Committee member"
    MEDICAL_DIRECTOR = "medical_director", "Medical Director"
    PHYSICIAN = "physician", "Physician"
    SUPERVISING_PHYSICIAN = "supervising_physician", "Supervising physician"
    ALTERNATE_CHAIR = "alternate_chair", "Alternate chair"
    RECORDING_SECRETARY = "recording_secretary", "Recording secretary"
    MSO_OPERATIONS = "mso_operations", "MSO operations"
    MSO_EXECUTIVE = "mso_executive", "MSO executive"
    PC_COUNSEL = "pc_counsel", "PC counsel"
    MSO_COUNSEL = "mso_counsel", "MSO counsel"
    AUDITOR = "auditor", "Auditor"
    ADMINISTRATOR = "administrator", "Practice administrator"
    PC_ADMINISTRATOR = "pc_administrator", "Practice administrator of the PC"


class Exerciser(TextChoices):
    """Who inside the holder decides, as the catalogue's `exercised_by` names it."""

    SHAREHOLDERS = "shareholders", "Shareholders"
    BOARD = "board", "Board of directors"
    MEDICAL_DIRECTOR = "medical_director", "Medical Director"
    PHYSICIAN = "physician", "Physician"
    SUPERVISING_PHYSICIAN = "supervising_physician", "Supervising physician"
    COMMITTEE = "committee", "Committee"
    MSO = "mso", "Management company"


class OtherSide(TextChoices):
    """What the party that does not hold a right may do about it."""

    NONE = "none", "no part"
    INFORMED = "informed", "is informed"
    ADVISES = "advises", "may advise"
    CONSULTED = "consulted", "is consulted"
    EXECUTES = "executes", "carries out"


class BodyKind(TextChoices):
    BOARD = "board", "Board of directors"
    COMMITTEE = "committee", "Committee of the board"
    ADVISORY = "advisory", "Advisory oversight committee"


class ApprovedBy(TextChoices):
    """By whom a body's minutes are approved."""

    CHAIR = "chair", "The chair, by signature"
    BODY = "body", "The body, by a motion; the chair signs afterwards"


class LicenseStatus(TextChoices):
    ACTIVE = "active", "Active"
    LAPSED = "lapsed", "Lapsed"
    SUSPENDED = "suspended", "Suspended"
    SURRENDERED = "surrendered", "Surrendered"


class Investor(TextChoices):
    NOT_STATED = "not stated", "Not stated"
    NONE = "none", "No private equity or hedge fund"
    PRIVATE_EQUITY = "private equity", "Private equity group"
    HEDGE_FUND = "hedge fund", "Hedge fund"


class CatalogueState(TextChoices):
    """Where a version of the catalogue stands on its way into force."""

    STARTER = "starter", "Draft for counsel"
    PROPOSED = "proposed", "Proposed"
    ADOPTED = "adopted", "Adopted"
    SET_ASIDE = "set aside", "Set aside"


class Opinion(TextChoices):
    """What the PC counsel's review of a catalogue version ends with."""

    CLEARED = "cleared", "May be adopted"
    CHANGES = "changes", "Needs changes first"
