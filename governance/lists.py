"""One shape for every list: filters, sortable columns, pages, CSV."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Model, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render

from governance.csv import csv_response
from governance.models.scoped import Numbered
from governance.web import PracticeRequest, paginate

Cell = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column: `cell` as components/table.html shows it; `order` sorts; `text` is the CSV value where it differs."""

    label: str
    cell: Callable[[Any], Cell]
    key: str = ""
    order: tuple[str, ...] = ()
    text: Callable[[Any], object] | None = None

    def plain(self, row: Model) -> object:
        """The value for a spreadsheet."""
        if self.text:
            return self.text(row)
        cell = self.cell(row)
        return cell.get("text") or cell.get("tag") or ""


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A list page: what stands around the table, and the columns."""

    title: str
    lead: str
    noun: str
    nouns: str
    columns: Sequence[Column]
    default: str
    empty_title: str
    empty_text: str

    def respond(
        self,
        request: PracticeRequest,
        rows: QuerySet[Any],
        form: forms.Form,
        actions: Sequence[tuple[str, str, str]] = (),
    ) -> HttpResponse:
        """The page of the list that the query names, or all of its rows as CSV."""
        sort = request.GET.get("sort", "")
        orders = {column.key: column.order for column in self.columns if column.key}
        if sort.removeprefix("-") not in orders:
            sort = self.default
        order = orders[sort.removeprefix("-")]
        rows = rows.order_by(*(_turned(name) if sort.startswith("-") else name for name in order))
        if request.GET.get("format") == "csv":
            name = f"{self.nouns.replace(' ', '-')}-{request.practice.slug}.csv"
            return csv_response(
                name,
                [column.label for column in self.columns],
                ([column.plain(row) for column in self.columns] for row in rows),
            )
        page = paginate(request, rows)
        count, query = page.paginator.count, request.GET.copy()
        query["format"] = "csv"
        context = {
            "listing": self,
            "form": form,
            "actions": actions,
            "page": page,
            "columns": [{"label": column.label, "key": column.key} for column in self.columns],
            "rows": [[column.cell(row) for column in self.columns] for row in page.object_list],
            "sort": sort,
            "count": f"{count} {self.noun if count == 1 else self.nouns}",
            "filtered": any(request.GET.get(name) for name in form.fields),
            "export_url": f"?{query.urlencode()}",
        }
        return render(request, "governance/list.html", context)


def _turned(name: str) -> str:
    return name.removeprefix("-") if name.startswith("-") else f"-{name}"


def matching(model: type[Numbered], words: str, *fields: str) -> Q:
    """Rows whose fields hold every word; a code such as CP-2026-007 finds its own row."""
    code = model.parse(words.strip().upper())
    if code["year"]:
        return Q(**code)
    found = Q()
    for word in words.split():
        found &= Q(*[(f"{field}__icontains", word) for field in fields], _connector=Q.OR)
    return found
