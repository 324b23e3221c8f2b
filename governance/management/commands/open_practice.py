"""`manage.py open_practice`: found a practice on an empty installation and print the two invitations."""

import argparse
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email, validate_slug
from django.utils import timezone

from governance.choices import BodyKind, Investor
from governance.invitations import invitation_link
from governance.models import Invitation, Practice
from governance.services.founding import FirstLicense, Founder, open_practice


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write it as 2026-11-30.") from None


def email(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError:
        raise argparse.ArgumentTypeError(f"{text!r} is no e-mail address.") from None
    return text.lower()


def slug(text: str) -> str:
    try:
        validate_slug(text)
    except ValidationError:
        raise argparse.ArgumentTypeError(f"{text!r} may hold only letters, digits, hyphens and underscores.") from None
    return text


def time_zone(text: str) -> str:
    if text not in available_timezones():
        raise argparse.ArgumentTypeError(f"{text!r} is no time zone of the IANA list, such as America/Los_Angeles.")
    return text


def positive(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number of 1 or more.")
    return int(text)


def filled(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("it must not be empty.")
    return text.strip()


QUESTIONS: list[tuple[str, Any, str, str]] = [
    ("operator", filled, "", "Who founds it here (your name)"),
    ("resolution", filled, "", "The resolution it rests on (title and date)"),
    ("slug", slug, "", "Short name in addresses, such as riverside"),
    ("name", filled, "", "Professional corporation"),
    ("mso-name", filled, "", "Management company"),
    ("body-name", filled, "Oversight board", "The body that meets"),
    ("body-kind", BodyKind, "board", f"Its kind ({', '.join(BodyKind.values)})"),
    ("authorized", positive, "", "Authorized number of its members"),
    ("flagship", filled, "", "First site"),
    ("city", filled, "", "Its city"),
    ("time-zone", time_zone, "America/Los_Angeles", "Time zone"),
    ("investor", Investor, "not stated", f"Investor ({', '.join(Investor.values)})"),
    ("shareholder", filled, "", "First shareholder-director, a licensed physician: name"),
    ("shareholder-credentials", filled, "MD", "Credentials"),
    ("shareholder-email", email, "", "E-mail"),
    ("license-number", filled, "", "License number"),
    ("license-board", filled, "Medical Board of California", "Board"),
    ("license-expires", day, "", "License expires on (2027-01-31)"),
    ("license-verified", day, "", "Verified at the board on"),
    ("license-source", filled, "Board register", "Source of the verification"),
    ("executive", filled, "", "First executive of the management company: name"),
    ("executive-email", email, "", "E-mail"),
]
"""Option, its parser, its default and the question that is asked when it is not given."""


class Command(BaseCommand):
    help = (
        "Founds a practice: both entities, the body, the starter catalogue as a draft for counsel, the first"
        " shareholder-director with license and the first MSO executive. What is not given as an option is asked."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        for option, parse, default, question in QUESTIONS:
            shown = f"{question} (default: {default})" if default else question
            parser.add_argument(f"--{option}", type=parse, help=shown)
        parser.add_argument("--no-input", action="store_true", help="ask nothing: take the defaults, fail on the rest")

    def handle(self, *args: Any, **options: Any) -> None:
        told = {}
        for option, parse, default, question in QUESTIONS:
            value = options[option.replace("-", "_")]
            if value is None:
                value = self._ask(option, parse, default, question, quiet=options["no_input"])
            told[option.replace("-", "_")] = value
        if Practice.objects.filter(slug=told["slug"]).exists():
            raise CommandError(f"slug: a practice named {told['slug']} exists; it is founded once.")
        if told["license_expires"] < timezone.localdate(timezone=ZoneInfo(told["time_zone"])):
            raise CommandError("license-expires: the license has expired; nobody could decide anything.")
        if told["shareholder_email"] == told["executive_email"]:
            raise CommandError("executive-email: the two sides are led by two people with two addresses.")
        try:
            practice = self._found(told)
        except ValueError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{practice.name} is founded. Its catalogue is a draft until counsel adopts it.")
        self.stdout.write(
            "Give each of the two their link, by a way only they read. It sets a password, once, within 30 days:"
        )
        for name, address in (("shareholder", "shareholder_email"), ("executive", "executive_email")):
            asked = Invitation.objects.filter(practice=practice, person__account__email=told[address])
            invitation = asked.select_related("person__account").first()
            link = invitation_link(invitation) if invitation else "has a password already and signs in with it"
            self.stdout.write(f"  {told[name]}: {link}")

    def _found(self, told: dict[str, Any]) -> Practice:
        return open_practice(
            operator=told["operator"],
            resolution=told["resolution"],
            slug=told["slug"],
            name=told["name"],
            mso_name=told["mso_name"],
            body_name=told["body_name"],
            body_kind=told["body_kind"],
            authorized=told["authorized"],
            flagship=told["flagship"],
            city=told["city"],
            time_zone=told["time_zone"],
            investor=told["investor"],
            shareholder=Founder(
                name=told["shareholder"], email=told["shareholder_email"], credentials=told["shareholder_credentials"]
            ),
            license=FirstLicense(
                number=told["license_number"],
                board=told["license_board"],
                expires_on=told["license_expires"],
                verified_on=told["license_verified"],
                verified_by=told["operator"],
                source=told["license_source"],
            ),
            executive=Founder(name=told["executive"], email=told["executive_email"]),
        )

    def _ask(self, option: str, parse: Any, default: str, question: str, *, quiet: bool) -> Any:
        while True:
            if quiet:
                if not default:
                    raise CommandError(f"--{option} is missing: {question}.")
                return parse(default)
            answer = input(f"{question}{f' [{default}]' if default else ''}: ").strip() or default
            try:
                return parse(answer)
            except (argparse.ArgumentTypeError, ValueError) as error:
                self.stderr.write(f"{option}: {error}")
