"""The columns of a roster."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from governance.choices import Office
from governance.sheets.columns import Column, Layout, Reading, Unclear, choice, day, text


def address(cell: str, _: Reading) -> str:
    """An e-mail address, in lower case."""
    try:
        validate_email(cell)
    except ValidationError:
        raise Unclear(f"“{cell}” is no e-mail address") from None
    return cell.lower()


LAYOUT = Layout([
    Column(
        key="name", name="Name", meaning="First and last name, without credentials.", example="Jane Doe",
        rule=text(120), required=True,
    ),
    Column(
        key="email", name="E-mail", meaning="The address of the sign-in. It tells who is known already.",
        example="jane.doe@clinic.example", rule=address, required=True,
    ),
    Column(
        key="credentials", name="Credentials", meaning="What stands behind the name, such as MD or NP.", example="MD",
        rule=text(40),
    ),
    Column(
        key="office", name="Office",
        meaning="One office a row; empty for somebody who is only to be invited. " + ", ".join(o.label for o in Office)
        + ".",
        example="Physician", rule=choice([(office.value, office.label) for office in Office]),
    ),
    Column(
        key="starts_on", name="First day", meaning="Of the appointment: today or later. Empty: from the import on.",
        rule=day,
    ),
    Column(key="ends_on", name="Last day", meaning="Required for an alternate chair and an auditor.", rule=day),
    Column(
        key="number", name="License number",
        meaning="As the board's register has it; with it, all columns that follow.",
        example="A 123456", rule=text(20),
    ),
    Column(key="board", name="Board", meaning="Which board licenses.", example="Medical Board of California",
           rule=text(120)),
    Column(key="expires_on", name="Expires on", meaning="The license's last day in the register.", example="2027-08-31",
           rule=day),
    Column(key="verified_on", name="Verified on", meaning="The day on which the register was read.",
           example="2026-10-05", rule=day),
    Column(key="verified_by", name="Verified by", meaning="Who read the register.", example="Ruth Adeyemi, MD",
           rule=text(120)),
    Column(key="source", name="Source", meaning="The primary source: the register and its address, or a letter.",
           example="search.dca.ca.gov", rule=text(200)),
])  # fmt: skip
LICENSE = ("number", "board", "expires_on", "verified_on", "verified_by", "source")
