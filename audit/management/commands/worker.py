"""The worker: renders what was asked for and does the regular work, until SIGTERM or SIGINT."""

import logging
import signal
import threading
import time
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import InterfaceError, OperationalError, connections
from django.utils.module_loading import import_string

from audit.models import Job
from audit.services import jobs
from audit.services.scrubbing import sweep
from audit.startup import require_guarded

log = logging.getLogger(__name__)

POLL = 2.0
"""Seconds between two looks for new jobs."""
POLL_UNTIL_IDLE = 0.2


class Regular:
    """What settings.REGULAR_WORK names, each in its own rhythm; what fails is logged and its turn comes again."""

    def __init__(self) -> None:
        self._next = dict.fromkeys(settings.REGULAR_WORK, 0.0)

    def run(self, *, at_once: bool = False) -> int:
        """Do what is due, or `at_once` all of it; how much was done."""
        done = 0
        for path, seconds in settings.REGULAR_WORK.items():
            now = time.monotonic()
            if not at_once and now < self._next[path]:
                continue
            self._next[path] = now + seconds
            try:
                done += import_string(path)()
            except Exception:
                log.exception("Regular work %s failed", path)
        return done


class Command(BaseCommand):
    help = "Renders documents and seals them. Runs until it is stopped, or until nothing is left to do."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--until-idle", action="store_true", help="end when no job is left")

    def handle(self, *args: Any, **options: Any) -> None:
        require_guarded()
        stop = threading.Event()

        def ask_to_stop(number: int, frame: FrameType | None) -> None:
            stop.set()

        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, ask_to_stop)
        if left_over := sweep():
            self.stdout.write(f"{left_over} files that were dropped or destroyed were still there, and are removed.")
        done, regular = 0, Regular()
        while not stop.is_set():
            busy = regular.run(at_once=options["until_idle"])
            try:
                job = jobs.run_one()
            except (OperationalError, InterfaceError) as error:
                if options["until_idle"]:
                    raise
                log.error("The database does not answer; trying again: %s", str(error).strip())
                connections.close_all()
                stop.wait(POLL)
                continue
            if job is not None:
                done += job.state == Job.State.DONE
                left = jobs.waiting()
                outcome = job.get_state_display() + (f" ({job.error})" if job.error else "")
                self.stdout.write(f"{job.key}: {outcome}; {left} left")
            elif options["until_idle"]:
                if not jobs.waiting() and not busy:
                    break
                stop.wait(POLL_UNTIL_IDLE)
            elif not busy:
                stop.wait(POLL)
        self.stdout.write(f"The worker ends; {done} documents were sealed.")
