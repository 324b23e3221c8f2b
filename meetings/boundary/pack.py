"""The boundary report as a section of an audit pack: figures, plots, and every list as an attached file."""

from datetime import date

from audit.packs import Section
from governance.authority import offices_of
from governance.models import Person, Practice
from meetings.boundary.figures import Figures
from meetings.boundary.rows import COLUMNS, as_rows, plain
from meetings.selectors.boundary import WHOLE, Window

TEMPLATE = "meetings/pack_boundary.html"


def boundary(practice: Practice, start: date, end: date, *, person: Person | None) -> Section:
    """The whole report for who may see it and for the operator at the command line, else a word that it is left out."""
    if person is not None and not any(one.office in WHOLE for one in offices_of(person, practice)):
        return Section(title="Boundary report", template=TEMPLATE, context={"report": None})
    window = Window(practice=practice, start=start, end=end, reader=person)
    reader = Figures(window)
    report = reader.report()
    lists = {
        f"boundary-{figure.slug}.csv": [COLUMNS, *(plain(window, event) for event in reader.events(figure.slug, {}))]
        for figure in report.figures
    }
    return Section(
        title="Boundary report",
        template=TEMPLATE,
        context={"report": report},
        data={"boundary-report.csv": [["figure", "item", "number"], *as_rows(report)], **lists},
    )
