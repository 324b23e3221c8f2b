from governance.models.access import AccessRules, Invitation, Shared
from governance.models.adoption import CatalogueAdoption, CatalogueDraft, CatalogueReview
from governance.models.catalogue import CatalogueVersion, DecisionRight
from governance.models.delegations import DelegatedAct, Delegation
from governance.models.holds import Hold, HoldAcknowledgement
from governance.models.imports import ImportDraft
from governance.models.mail import Mail
from governance.models.offices import Appointment, License, PracticeGrant, Verification
from governance.models.people import Account, Person
from governance.models.practices import Body, Practice, Site

__all__ = [
    "AccessRules",
    "Account",
    "Appointment",
    "Body",
    "CatalogueAdoption",
    "CatalogueDraft",
    "CatalogueReview",
    "CatalogueVersion",
    "DecisionRight",
    "DelegatedAct",
    "Delegation",
    "Hold",
    "HoldAcknowledgement",
    "ImportDraft",
    "Invitation",
    "License",
    "Mail",
    "Person",
    "Practice",
    "PracticeGrant",
    "Shared",
    "Site",
    "Verification",
]
