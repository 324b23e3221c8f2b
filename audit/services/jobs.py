"""Documents to be rendered: asked for inside an act, rendered after it by the worker, sealed by a system act.

A job is leased: a worker that dies leaves a lease that runs out, and another takes the job over. What is done
twice is thrown away at the seal, which accepts a job's result once (docs/decisions/0010-leased-jobs.md).
"""

import logging
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import JSONObject, Now
from django.utils import timezone
from django.utils.module_loading import import_string

from audit.acts import current
from audit.context import acting
from audit.documents.base import Attached, Leaf
from audit.documents.child import render_in_child
from audit.models import Act, Checkpoint, Document, Job
from audit.services.checkpoints import newest
from audit.services.documents import LeaseLost, seal_document, sign_file

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
HEARTBEAT = 15.0
"""Seconds between two renewals of a lease."""
WAITS = tuple(timedelta(seconds=seconds) for seconds in (10, 60, 600, 3600))
"""How long a job rests after each attempt that failed, in `lease_until`; after one more it is given up."""
ATTEMPTS = len(WAITS) + 1
PATIENCE = timedelta(seconds=10)
"""How long a job waits for a checkpoint that covers its act, before it takes the newest there is."""
RESTS = Q(state=Job.State.WAITING, lease_until__isnull=False, lease_until__gt=Now())
"""Jobs that failed and are not due again."""


@dataclass(frozen=True, kw_only=True)
class Rendering:
    """What a renderer gives: a finished `pdf`, or `html`, `parts` or `leaves` to be made into one; and what it is.

    `created` is the date in the file, by default when the job was asked for, so that a retry gives the same bytes.
    """

    title: str
    kind: str
    object_type: str
    object_id: str
    compartment: str
    practice_id: UUID | None
    pdf: bytes | None = None
    html: str | None = None
    parts: Sequence[bytes] = ()
    leaves: Sequence[Leaf] = ()
    """The parts of a book, the front first."""
    images: Mapping[str, bytes] = field(default_factory=dict)
    """What the html shows as ``image:NAME``."""
    attachments: Sequence[Attached] = ()
    created: datetime | None = None
    replaces: int | None = None
    """Key of the document that a scrub dropped, in whose place this one stands."""

    def __post_init__(self) -> None:
        given = [self.pdf is not None, self.html is not None, bool(self.parts), bool(self.leaves)]
        if given.count(True) != 1:
            raise ValueError("A rendering has exactly one of pdf, html, parts and leaves.")

    @property
    def content(self) -> dict[str, Any]:
        """What a child process makes the file from."""
        if self.html is not None:
            return {"html": self.html, "images": self.images}
        return {"parts": self.parts} if self.parts else {"leaves": self.leaves}


def ask(*, key: str, renderer: str, practice_id: UUID | None, arguments: dict[str, Any]) -> Job:
    """Ask for a document, inside the current act. Asking again under the same key gives the same job.

    Raises ValueError when settings.RENDERERS has no such renderer.
    """
    if renderer not in settings.RENDERERS:
        raise ValueError(f"renderer: {renderer!r} is not one of {', '.join(sorted(settings.RENDERERS))}.")
    job, _ = Job.objects.get_or_create(
        key=key,
        defaults={
            "practice": practice_id, "act": current().id, "renderer": renderer, "arguments": arguments,
        },
    )  # fmt: skip
    return job


def run_one() -> Job | None:
    """Do the next job that can be done; None when there is none. A failure is kept in the job and tried again."""
    give_up()
    job = _lease()
    if job is None:
        return None
    with acting(via="worker", request=f"job-{job.pk}-{job.attempts}"):
        try:
            with _heartbeat(job):
                rendering = _rendering(job)
                data = sign_file(_pdf(rendering, job), title=rendering.title)
            _seal(job, rendering, data)
        except LeaseLost as lost:
            log.warning("%s", lost)
        except Exception as error:
            # Whatever a renderer raises belongs to this job and must not end the worker.
            log.exception("Job %s failed at attempt %s of %s", job.key, job.attempts, ATTEMPTS)
            _fail(job, f"{type(error).__name__}: {error}")
    job.refresh_from_db()
    return job


def waiting() -> int:
    """How many jobs are not done and may be now; one that rests after a failure is not among them."""
    return Job.objects.exclude(RESTS).filter(state__in=[Job.State.WAITING, Job.State.RUNNING]).count()


def retry() -> int:
    """Ask again for every document that was given up, or that rests after a failure; how many these are."""
    now = timezone.now()
    given_up = Q(state=Job.State.FAILED) | Q(state=Job.State.WAITING, lease_until__gt=now)
    return Job.objects.filter(given_up).update(state=Job.State.WAITING, attempts=0, lease_until=None)


def underway(**which: Any) -> ArraySubquery:
    """The state of jobs that are not done, each with its attempts, for a query of something else; changes with them."""
    left = Job.objects.filter(**which).exclude(state=Job.State.DONE).order_by("pk")
    return ArraySubquery(left.values(stands=JSONObject(job="pk", state="state", attempts="attempts")))


def give_up() -> int:
    """Mark as failed what was left by dead workers as often as a job may be tried; how many these were."""
    return Job.objects.filter(state=Job.State.RUNNING, attempts__gte=ATTEMPTS, lease_until__lt=timezone.now()).update(
        state=Job.State.FAILED, error=f"The worker died while rendering it, {ATTEMPTS} times.", lease_until=None
    )


def _lease() -> Job | None:
    """Take the oldest job that waits, or whose lease ran out, and whose act a checkpoint covers."""
    now = timezone.now()
    free = Q(state=Job.State.WAITING) & ~RESTS | Q(state=Job.State.RUNNING, lease_until__lt=now, attempts__lt=ATTEMPTS)
    with transaction.atomic():
        jobs = Job.objects.select_for_update(skip_locked=True, no_key=True).filter(free)
        jobs = jobs.alias(last=Q(renderer__in=settings.RENDERED_LAST))
        # What was signed or asked for comes before books, which take longest and are made anew with each change.
        for job in jobs.order_by("last", "asked_at"):
            if covering(job) is None and job.asked_at > now - PATIENCE:
                continue
            job.state, job.attempts, job.lease_until = Job.State.RUNNING, job.attempts + 1, now + LEASE
            job.save(update_fields=["state", "attempts", "lease_until"])
            return job
    return None


def covering(job: Job) -> Checkpoint | None:
    """The first checkpoint that covers the act by which the job was asked for."""
    if job.act is None:
        return None
    entry = Act.objects.filter(pk=job.act).values_list("entry__log_id", "entry__index").first()
    if entry is None:
        return None
    return Checkpoint.objects.filter(log_id=entry[0], size__gt=entry[1]).order_by("size").first()


def _rendering(job: Job) -> Rendering:
    checkpoint = covering(job) or newest(job.practice)
    renderer = import_string(settings.RENDERERS[job.renderer])
    rendering: Rendering = renderer(job.arguments, checkpoint.note if checkpoint else "")
    return rendering


def _pdf(rendering: Rendering, job: Job) -> bytes:
    if rendering.pdf is not None:
        return rendering.pdf
    return render_in_child(
        {
            "title": rendering.title,
            "created": rendering.created or job.asked_at,
            "attachments": rendering.attachments,
            **rendering.content,
        }
    )


def _seal(job: Job, rendering: Rendering, data: bytes) -> Document:
    return seal_document(
        data=data,
        title=rendering.title,
        kind=rendering.kind,
        object_type=rendering.object_type,
        object_id=rendering.object_id,
        compartment=rendering.compartment,
        practice_id=rendering.practice_id,
        replaces=rendering.replaces,
        job=job,
    )


def _fail(job: Job, error: str) -> None:
    if job.attempts >= ATTEMPTS:
        state, rests = Job.State.FAILED, None
    else:
        state, rests = Job.State.WAITING, timezone.now() + WAITS[job.attempts - 1]
    Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, attempts=job.attempts).update(
        state=state, error=error, lease_until=rests
    )


@contextmanager
def _heartbeat(job: Job) -> Iterator[None]:
    """Renew the lease from a thread of its own while the block runs."""
    done = threading.Event()

    def beat() -> None:
        try:
            while not done.wait(HEARTBEAT):
                Job.objects.filter(pk=job.pk, attempts=job.attempts, state=Job.State.RUNNING).update(
                    lease_until=timezone.now() + LEASE
                )
        finally:
            connection.close()

    thread = threading.Thread(target=beat, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
