from governance.models.catalogue import CatalogueVersion, DecisionRight
from governance.models.holds import Hold
from governance.models.offices import Appointment, License, PracticeGrant, Verification
from governance.models.people import Account, Person
from governance.models.practices import Body, Practice, Site

__all__ = [
    "Account",
    "Appointment",
    "Body",
    "CatalogueVersion",
    "DecisionRight",
    "Hold",
    "License",
    "Person",
    "Practice",
    "PracticeGrant",
    "Site",
    "Verification",
]
