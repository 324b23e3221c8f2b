"""Several rendered PDFs to one, with all tags, bookmarks, links and attached files kept.

Joining pages alone would pass a validator and still be wrong: pages would point to another page's structure
and most of the structure would be lost. So the structure trees are joined too.
"""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple

from pikepdf import Array, Dictionary, Name, Object, Page, Pdf, String

from audit.documents.base import Attached, RenderError
from audit.documents.finish import attach, claims, file_name, finish, struct_kids

LINK_TO_PART = "part:"
"""A link to ``part:3`` in any part becomes a link to the first page of the third part (counted from 1)."""


def join(parts: Sequence[bytes], *, title: str, created: datetime, attachments: Sequence[Attached] = ()) -> bytes:
    """One PDF/A-3a and PDF/UA-1 file of `parts`, each made by `render_pdf` (signed or not), in their order.

    Each part becomes a Part of the one Document; its pages keep their printed numbers, and viewers label them
    "2-1, 2-2 ...". A file attached to part 2 is called ``part-2-NAME``. A part's signature is left out: it
    covers the part's own bytes only. The same arguments give the same bytes.

    Raises `RenderError` for a part that is no tagged PDF of ours or a link to a part that does not exist, and
    `ValueError` for no parts, an empty title, a date without zone or two attachments of one name.
    """
    with joined(parts) as (pdf, conforming):
        return finish(pdf, title=title, created=created, attachments=attachments, conforming=conforming)


@contextmanager
def joined(parts: Sequence[bytes]) -> Iterator[tuple[Pdf, bool]]:
    """The parts in one file that is not finished yet, and whether each of them claims to conform. Raises as `join`."""
    if not parts:
        raise ValueError("parts to join must not be empty")
    with Pdf.new() as whole:
        joiner, conforming = _Joiner(whole), True
        for number, data in enumerate(parts, start=1):
            try:
                with Pdf.open(io.BytesIO(data)) as part:
                    joiner.add(part, number)
                    conforming = conforming and claims(part)
            except RenderError as error:
                raise RenderError(f"part {number}: {error}") from error
            except Exception as error:  # pikepdf raises many kinds for a damaged file
                raise RenderError(f"part {number} is no readable PDF: {error}") from error
        joiner.close()
        yield whole, conforming


class _Link(NamedTuple):
    """A link whose target is set once all pages exist: the annotation, and page (or part) and position."""

    annotation: Object
    page: int | None
    part: int | None
    position: list[Object]


class _Joiner:
    def __init__(self, joined: Pdf) -> None:
        self.pdf = joined
        self.root = joined.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        self.document = joined.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=self.root, K=Array()))
        self.parents: list[Object | int] = []
        self.next_key = 0
        self.first_pages: list[int] = []
        self.bookmarks: list[Object] = []
        self.links: list[_Link] = []

    def add(self, part: Pdf, number: int) -> None:
        tree = part.Root.get("/StructTreeRoot")
        if tree is None or "/ParentTree" not in tree:
            raise RenderError("has no structure tree; only documents made by Brightline can be joined")
        if "/RoleMap" in tree or "/ClassMap" in tree:
            raise RenderError("maps roles or classes, which a joined document does not carry")
        first = len(self.pdf.pages)
        self.first_pages.append(first)
        _drop_widgets(part)
        parents = list(_numbers(tree.ParentTree))
        for page in part.pages:
            page.StructParents = int(page.StructParents) + self.next_key
            for annotation in page.get("/Annots", []):
                annotation.StructParent = int(annotation.StructParent) + self.next_key
        named = _destinations(part)
        # Pages before the tree: objects of one file are copied once, so the tree then refers to these pages.
        for page in part.pages:
            self.pdf.pages.append(page)
        held = self.pdf.copy_foreign(
            part.make_indirect(
                Dictionary(
                    Parents=Array([element for _, element in parents]),
                    Kids=Array(list(struct_kids(tree))),
                    Outlines=part.Root.get("/Outlines", Dictionary()),
                    Intents=part.Root.OutputIntents,
                )
            )
        )
        for (key, _), element in zip(parents, held.Parents, strict=True):
            self.parents += [key + self.next_key, element]
        self.next_key += 1 + max((key for key, _ in parents), default=-1)
        for kid in held.Kids:
            kid.S = Name.Part
            kid.P = self.document
            self.document.K.append(kid)
        self.bookmarks += _siblings(held.Outlines)
        if number == 1:
            self.pdf.Root.OutputIntents = held.Intents
        self._collect_links(first, named)
        self._take_attachments(part, number)

    def _collect_links(self, first: int, named: dict[bytes, tuple[int, list[Object]]]) -> None:
        for page in list(self.pdf.pages)[first:]:
            for annotation in page.get("/Annots", []):
                if "/Dest" in annotation and isinstance(annotation.Dest, String):
                    target, position = named[bytes(annotation.Dest)]
                    self.links.append(_Link(annotation, first + target, None, position))
                elif str(annotation.get("/A", Dictionary()).get("/URI", "")).startswith(LINK_TO_PART):
                    wanted = str(annotation.A.URI).removeprefix(LINK_TO_PART)
                    if not wanted.isdecimal():
                        raise RenderError(f"link to {LINK_TO_PART}{wanted} names no part")
                    self.links.append(_Link(annotation, None, int(wanted), [Name.Fit]))

    def _take_attachments(self, part: Pdf, number: int) -> None:
        for name, spec in part.attachments.items():
            file = spec.get_file()
            if file.creation_date is None:
                raise RenderError(f"attachment {name} has no date")
            attach(
                self.pdf,
                Attached(
                    name=f"part-{number}-{file_name(name)}",
                    data=file.read_bytes(),
                    description=spec.description,
                    mime=file.mime_type,
                    relationship=str(spec.obj.get("/AFRelationship", "/Unspecified")).removeprefix("/"),
                ),
                file.creation_date,
            )

    def close(self) -> None:
        """Write what depends on all parts: trees, links, bookmarks, page labels."""
        pdf, root = self.pdf, self.root
        root.K = Array([self.document])
        root.ParentTree = pdf.make_indirect(Dictionary(Nums=Array(self.parents)))
        root.ParentTreeNextKey = self.next_key
        pdf.Root.StructTreeRoot = root
        pdf.Root.MarkInfo = Dictionary(Marked=True)
        pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        pdf.Root.Lang = String("en")
        for link in self.links:
            page = link.page
            if link.part is not None:
                if not 1 <= link.part <= len(self.first_pages):
                    raise RenderError(f"link to {LINK_TO_PART}{link.part}: there are {len(self.first_pages)} parts")
                page = self.first_pages[link.part - 1]
                del link.annotation["/A"]
            assert page is not None
            link.annotation.Dest = Array([pdf.pages[page].obj, *link.position])
        labels: list[Object | int] = []
        for number, first in enumerate(self.first_pages, start=1):
            labels += [first, Dictionary(S=Name.D, P=String(f"{number}-"))]
        pdf.Root.PageLabels = Dictionary(Nums=Array(labels))
        self._write_bookmarks()

    def _write_bookmarks(self) -> None:
        if not self.bookmarks:
            return
        outline = self.pdf.make_indirect(Dictionary(Type=Name.Outlines))
        for item in self.bookmarks:
            item.Parent = outline
        for before, after in zip(self.bookmarks, self.bookmarks[1:], strict=False):
            before.Next, after.Prev = after, before
        outline.First, outline.Last = self.bookmarks[0], self.bookmarks[-1]
        outline.Count = len(self.bookmarks) + sum(max(0, int(b.get("/Count", 0))) for b in self.bookmarks)
        self.pdf.Root.Outlines = outline


def _numbers(tree: Object) -> Iterator[tuple[int, Object]]:
    """The entries of a number tree, in its order."""
    flat = list(tree.get("/Nums", []))
    for key, value in zip(flat[::2], flat[1::2], strict=True):
        yield int(key), value
    for kid in tree.get("/Kids", []):
        yield from _numbers(kid)


def _siblings(outline: Object) -> Iterator[Object]:
    item = outline.get("/First")
    while item is not None:
        yield item
        item = item.get("/Next")


def _drop_widgets(part: Pdf) -> None:
    """Take signature fields off the pages: a field of another file has no meaning here."""
    for page in part.pages:
        if "/Annots" in page:
            kept = [a for a in page.Annots if a.get("/Subtype") != Name.Widget]
            if kept:
                page.Annots = Array(kept)
            else:
                del page["/Annots"]


def _destinations(part: Pdf) -> dict[bytes, tuple[int, list[Object]]]:
    """The named places of a part: index of the page, and position on it."""
    index = {page.obj.objgen: number for number, page in enumerate(part.pages)}
    flat = list(part.Root.get("/Names", Dictionary()).get("/Dests", Dictionary()).get("/Names", Array()))
    return {
        bytes(name): (index[Page(place[0]).obj.objgen], list(place)[1:])
        for name, place in zip(flat[::2], flat[1::2], strict=True)
    }
