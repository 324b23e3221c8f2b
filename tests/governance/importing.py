"""Steps that the tests of every import share."""

from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client


def csv_file(heading: str, rows: Sequence[str], name: str = "list.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, "\n".join([heading, *rows]).encode())


def uploaded(client: Client, page: str, file: SimpleUploadedFile) -> Any:
    """The preview to which the upload leads."""
    return client.post(page, {"file": file}, follow=True)


def problems(answer: Any) -> dict[int, list[str]]:
    """What is wrong, by row: "Column: rule"."""
    return {
        row.number: [f"{column}: {said}" for column, said in row.problems]
        for row in answer.context["seen"].rows
        if row.problems
    }


def taken(client: Client, answer: Any, place: int = 0, **typed: object) -> Any:
    """The answer to importing a part as it was previewed."""
    page = answer.context["it"].there
    form = next((form for number, _, form in answer.context["parts"] if number == place), None)
    data: dict[str, Any] = {"doing": f"import-{place}"}
    if form is not None:
        data |= {form.add_prefix(name): value for name, value in {**form.initial, **typed}.items()}
    return client.post(page, data, follow=True)
