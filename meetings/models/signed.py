"""What a person affirms of a text: by whom, as printed, in which words, over which hash, and with which license."""

from django.db import models

from decisions.models.base import ByAppointment


class Affirmed(ByAppointment):
    """A sentence affirmed over the hash of a text, with name and office as they are printed."""

    sha256 = models.CharField(max_length=64)
    meaning = models.TextField()
    printed_name = models.CharField(max_length=160)
    office_name = models.CharField(max_length=80)

    class Meta:
        abstract = True


class Signed(Affirmed):
    """The same as a signature: with the license as it stood at that moment (21 CFR 11.50)."""

    license_number = models.CharField(max_length=20)
    license_status = models.CharField(max_length=200)
    signed_at = models.DateTimeField()

    class Meta:
        abstract = True
