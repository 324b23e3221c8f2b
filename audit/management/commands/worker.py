"""The worker: renders what was asked for, until SIGTERM or SIGINT."""

import signal
import threading
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from audit.models import Job
from audit.services import jobs
from audit.services.scrubbing import sweep
from audit.startup import require_guarded

POLL = 2.0
"""Seconds between two looks for new jobs."""
POLL_UNTIL_IDLE = 0.2


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
        done = 0
        while not stop.is_set():
            job = jobs.run_one()
            if job is not None:
                done += job.state == Job.State.DONE
                left = jobs.waiting()
                outcome = job.get_state_display() + (f" ({job.error})" if job.error else "")
                self.stdout.write(f"{job.key}: {outcome}; {left} left")
            elif options["until_idle"]:
                if not jobs.waiting():
                    break
                stop.wait(POLL_UNTIL_IDLE)
            else:
                stop.wait(POLL)
        self.stdout.write(f"The worker ends; {done} documents were sealed.")
