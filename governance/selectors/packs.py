"""Reads for the audit room: packs with their state, and who took what, when and for which purpose."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet, TextField
from django.db.models.functions import Cast

from audit.models import Act, Job
from audit.services.places import dropped_keys
from governance.models import Practice
from governance.selectors.documents import COMPARTMENTS

TAKEN = ("pack.requested", "pack.downloaded", "document.downloaded", "checkpoint.downloaded")


@dataclass(frozen=True, kw_only=True)
class Pack:
    """A pack that was asked for. `openable`: the person's permissions open what it holds."""

    job: Job
    openable: bool
    dropped: bool
    """A scrub took its file away; a redacted one takes its place."""

    @property
    def start(self) -> date:
        return date.fromisoformat(self.job.arguments["start"])

    @property
    def end(self) -> date:
        return date.fromisoformat(self.job.arguments["end"])

    @property
    def pending(self) -> bool:
        return self.job.state in {Job.State.WAITING, Job.State.RUNNING}


def packs(practice: Practice, permissions: frozenset[str], limit: int = 12) -> list[Pack]:
    """The newest packs of a practice. One query."""
    jobs = Job.objects.filter(practice=practice.pk, renderer="pack").select_related("document").order_by("-asked_at")
    key = Cast(OuterRef("document_id"), TextField())
    jobs = jobs.annotate(dropped=Exists(dropped_keys().filter(row_key=key)))
    return [
        Pack(
            job=job,
            openable=COMPARTMENTS.get(job.arguments.get("compartment", "?"), "") in permissions,
            dropped=job.dropped,
        )
        for job in jobs[:limit]
    ]


def taken(practice: Practice) -> QuerySet[Act]:
    """Requests and downloads, the newest first."""
    return (
        Act.objects.filter(practice=practice.pk, verb__in=TAKEN)
        .select_related("entry")
        .order_by("-occurred_at", "-entry__index")
    )
