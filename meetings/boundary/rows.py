"""The report and its lists as rows of a CSV file."""

from collections.abc import Iterator

from meetings.boundary.figures import Report
from meetings.boundary.texts import TITLES
from meetings.selectors.boundary import Event, Window

COLUMNS = ["When", "Who", "Office", "Side", "What", "Detail", "Right", "How it stands"]


def as_rows(report: Report) -> Iterator[list[str]]:
    """The report as rows of figure, item and number: numbers and tables, weaknesses, headings."""
    for one, _ in report.weaknesses:
        yield ["Weakness", TITLES[one.figure], one.sentence]
    for figure in report.figures:
        for number in figure.numbers:
            yield [figure.title, number.label, number.value]
        for row in figure.rows:
            told = [str(cell.get("text") or cell.get("tag") or "") for cell in row]
            yield [figure.title, ", ".join(told[:-1]), told[-1]]
    for row in report.heading_rows:
        code, words, *counts = [str(cell.get("text", "")) for cell in row]
        for column, count in zip(report.heading_columns[2:], counts, strict=True):
            if count:
                yield [f"HSC 1191 {code}", f"{words}: {column['label'].lower()}", count]


def plain(window: Window, event: Event) -> list[str]:
    """An event as a row of a CSV file."""
    at = event.at if not hasattr(event.at, "hour") else window.practice.local(event.at)  # type: ignore[arg-type]
    return [at.isoformat(), event.who, event.office, event.side, event.what, event.detail, event.right, event.word]
