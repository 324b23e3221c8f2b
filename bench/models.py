"""The columns of a site, kept as other applications keep them."""

from django.db import models
from simple_history.models import HistoricalRecords


class Plain(models.Model):
    """The columns of a site, kept without record."""

    practice_id = models.UUIDField()
    name = models.CharField(max_length=120)
    city = models.CharField(max_length=80)
    flagship = models.BooleanField(default=False)
    opened_on = models.DateField()


class Remembered(models.Model):
    """The same with simple-history as it comes."""

    practice_id = models.UUIDField()
    name = models.CharField(max_length=120)
    city = models.CharField(max_length=80)
    flagship = models.BooleanField(default=False)
    opened_on = models.DateField()
    history = HistoricalRecords()
