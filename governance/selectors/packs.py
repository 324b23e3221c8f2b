"""Reads for the audit room: packs with their state, and who took what, when and for which purpose."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from audit.models import Act, Job
from governance.models import Practice
from governance.selectors.documents import COMPARTMENTS

TAKEN = ("pack.requested", "pack.downloaded", "document.downloaded", "checkpoint.downloaded")


@dataclass(frozen=True, kw_only=True)
class Pack:
    """A pack that was asked for. `openable`: the person's permissions open what it holds."""

    job: Job
    openable: bool

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
    return [
        Pack(job=job, openable=COMPARTMENTS.get(job.arguments.get("compartment", "?"), "") in permissions)
        for job in jobs[:limit]
    ]


def taken(practice: Practice) -> QuerySet[Act]:
    """Requests and downloads, the newest first."""
    return (
        Act.objects.filter(practice=practice.pk, verb__in=TAKEN)
        .select_related("entry")
        .order_by("-occurred_at", "-entry__index")
    )
