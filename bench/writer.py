"""A client of its own that writes acts: `python -m bench.writer PRACTICE COUNT`, with DATABASE_URL set."""

import sys

import django


def main(slug: str, count: int) -> None:
    """Seal `count` acts of the Medical Director of this practice, one after the other."""
    from audit.acts import service
    from governance import authority
    from governance.models import Appointment

    office = (
        Appointment.objects.in_force()
        .select_related("person", "practice")
        .get(practice__slug=slug, office="medical_director")
    )

    @service
    def remark(number: int) -> None:
        authority.take_part(
            actor=office.person, practice=office.practice, verb="remark.made", reason=f"Remark {number}"
        )

    for number in range(count):
        remark(number)


if __name__ == "__main__":
    django.setup()
    main(sys.argv[1], int(sys.argv[2]))
