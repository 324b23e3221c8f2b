"""A pack as a PDF, read as PDF software reads it: by the file's own cross-reference, its last revision counting.

Whatever a reader would not see is looked for as well: bytes that no table lists, files attached beside the list.
"""

from __future__ import annotations

import bisect
import collections
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from audit.verifier.base import AT_ONCE, MOST_FILES, Unusable
from audit.verifier.files import Broken, Files
from audit.verifier.syntax import Ref, read_value, skip_space, text_of

LONGEST_OBJECT = 2 << 20  # bytes of an object without its stream, and of an object stream
LONGEST_TABLE = 8 << 20
MOST_PACKED = 5000  # objects of one object stream
MOST_OBJECTS = 400_000
MOST_REVISIONS = 20
LONGEST_GAP = 4096  # bytes between two objects

TABLE_ROW = re.compile(rb"[ \r\n]*([0-9]{10}) ([0-9]{5}) ([nf])[ \r\n]{1,2}")
TABLE_RANGE = re.compile(rb"[ \t\r\n]*([0-9]{1,8})[ \t]+([0-9]{1,8})[ \t]*[\r\n]+")
OBJECT = re.compile(rb"([0-9]{1,10})[\x00\t\n\x0c\r ]+[0-9]{1,5}[\x00\t\n\x0c\r ]+obj(?![0-9A-Za-z])")
STREAM = re.compile(rb"stream(?:\r\n|\n)")
AFTER_STREAM = re.compile(rb"(?:\r\n|\n|\r)?endstream[\x00\t\n\x0c\r ]*endobj")
BETWEEN = re.compile(rb"(?:[\x00\t\n\x0c\r ]|%%EOF|startxref[\r\n ]+[0-9]+)*")
BEGINNING = re.compile(rb"%PDF-[0-9]\.[0-9][\r\n]+(?:%[^\r\n]{0,32}[\r\n]+)?")
PDF_END = re.compile(rb"startxref[\r\n ]+([0-9]{1,12})[\r\n ]+%%EOF")


class Stream(NamedTuple):
    info: dict[str, Any]
    start: int
    length: int


class Pdf(Files):
    """The attached files of a PDF. `trailer` and `get` give its objects, `size` its bytes."""

    def __init__(self, path: Path) -> None:
        self.stream = path.open("rb")
        self.size = path.stat().st_size
        self.places: dict[int, int] = {}  # of an object: its offset, or minus one minus its place in an object stream
        self.offsets: set[int] = set()  # of every object of every revision
        self.tables: dict[int, int] = {}  # where tables begin and end
        self.trailer: dict[str, Any] = {}
        self.packed: collections.OrderedDict[int, tuple[bytes, list[int]]] = collections.OrderedDict()
        self.attached: dict[str, Stream] = {}
        self.revisions()
        self.bounds = sorted({*self.offsets, *self.tables, self.size})
        if "Encrypt" in self.trailer:
            raise Unusable("the PDF is encrypted; save it without a password")
        super().__init__([])
        listed = self.attachments()
        self.stored = {name: name for name in self.attached}
        self.odd += self.outside(listed)

    def bytes_at(self, start: int, length: int) -> bytes:
        self.stream.seek(start)
        return self.stream.read(length)

    # The cross-reference

    def revisions(self) -> None:
        """Read every table, the newest first. Raises Unusable."""
        tail = self.bytes_at(max(0, self.size - 2048), 2048)
        found = list(PDF_END.finditer(tail))
        if not found:
            raise Unusable("the PDF is cut short: its end is missing")
        at, seen = int(found[-1][1]), set[int]()
        try:
            while at not in seen:
                if len(seen) >= MOST_REVISIONS:
                    raise ValueError("too many revisions")
                seen.add(at)
                info = self.table(at) if self.bytes_at(at, 4) == b"xref" else self.table_stream(at)
                self.trailer = self.trailer or info
                if "XRefStm" in info:
                    raise ValueError("it has two tables that may differ")
                previous = info.get("Prev", at)
                if not isinstance(previous, int) or not 0 <= previous < self.size:
                    raise ValueError("the place of an earlier revision is malformed")
                at = previous
        except (ValueError, zlib.error) as error:
            raise Unusable(f"the PDF is damaged: its cross-reference cannot be read ({error})") from None

    def enter(self, number: int, place: int) -> None:
        if place > 0:
            self.offsets.add(place)
        self.places.setdefault(number, place)
        if len(self.places) > MOST_OBJECTS or len(self.offsets) > MOST_OBJECTS:
            raise Unusable(f"the PDF has more than {MOST_OBJECTS:,} objects")

    def table(self, start: int) -> dict[str, Any]:
        data = self.bytes_at(start, LONGEST_TABLE)
        at = 4
        while match := TABLE_RANGE.match(data, at):
            first, rows, at = int(match[1]), int(match[2]), match.end()
            for number in range(first, first + rows):
                row = TABLE_ROW.match(data, at)
                if not row:
                    raise ValueError("a row of its table is malformed")
                at = row.end()
                self.enter(number, int(row[1]) if row[3] == b"n" else 0)
        at = skip_space(data, at)
        if not data.startswith(b"trailer", at):
            raise ValueError("its table has no end")
        info, at = read_value(data, at + len(b"trailer"))
        self.tables[start] = start + at
        if not isinstance(info, dict):
            raise ValueError("its trailer is malformed")
        return info

    def table_stream(self, start: int) -> dict[str, Any]:
        _, value, _ = self.object_at(start, self.size)
        if not isinstance(value, Stream) or value.info.get("Type") != "XRef":
            raise ValueError("no table where one must be")
        self.offsets.add(start)
        info = value.info
        widths: Any = info.get("W")
        index: Any = info.get("Index", [0, info.get("Size")])
        fits = (
            isinstance(widths, list)
            and len(widths) == 3
            and isinstance(index, list)
            and len(index) % 2 == 0
            and all(isinstance(number, int) and 0 <= number < 1 << 32 for number in [*widths, *index])
            and sum(widths) < 32
        )
        if not fits:
            raise ValueError("the form of its table is malformed")
        data = unpredicted(self.decode(value, LONGEST_TABLE), info)
        kind, middle, width = widths[0], widths[0] + widths[1], sum(widths)
        numbers = (n for first, rows in zip(index[::2], index[1::2]) for n in range(first, first + rows))
        for at, number in zip(range(0, len(data) - width + 1, width or 1), numbers):
            row = data[at : at + width]
            how = int.from_bytes(row[:kind], "big") if kind else 1
            one, two = int.from_bytes(row[kind:middle], "big"), int.from_bytes(row[middle:], "big")
            self.enter(number, one if how == 1 else -1 - (one << 20 | two & 0xFFFFF) if how == 2 else 0)
        return info

    # Objects

    def object_at(self, start: int, end: int) -> tuple[int, Any, int]:
        """Number and value of the object between these places, and where it ends. Raises ValueError."""
        data = self.bytes_at(start, min(end - start, LONGEST_OBJECT))
        head = OBJECT.match(data)
        if not head:
            raise ValueError(f"no object at byte {start}")
        value, at = read_value(data, head.end())
        at = skip_space(data, at)
        if isinstance(value, dict) and (opening := STREAM.match(data, at)):
            length = self.resolve(value.get("Length"))
            first = start + opening.end()
            if not isinstance(length, int) or not 0 <= length <= end - first:
                raise ValueError(f"the stream at byte {first} has no proper length")
            closing = AFTER_STREAM.match(self.bytes_at(first + length, 64))
            if not closing:
                raise ValueError(f"the stream at byte {first} does not end where it says")
            return int(head[1]), Stream(value, first, length), first + length + closing.end()
        if not data.startswith(b"endobj", at):
            raise ValueError(f"the object at byte {start} has no end")
        return int(head[1]), value, start + at + len(b"endobj")

    def after(self, start: int) -> int:
        """Where what begins here must end at the latest."""
        at = bisect.bisect_right(self.bounds, start)
        return self.bounds[at] if at < len(self.bounds) else self.size

    def get(self, number: int) -> Any:
        """The object of this number; None when the table has none. Raises ValueError."""
        place = self.places.get(number, 0)
        if place > 0:
            found, value, _ = self.object_at(place, self.after(place))
            if found != number:
                raise ValueError(f"object {number} is not where the table says")
            return value
        if place < 0:
            data, starts = self.packed_objects(-1 - place >> 20)
            index = -1 - place & 0xFFFFF
            if index >= len(starts):
                raise ValueError(f"object {number} is not where the table says")
            return read_value(data, starts[index])[0]
        return None

    def packed_objects(self, number: int) -> tuple[bytes, list[int]]:
        """An object stream, unfolded, and where each object in it begins."""
        if number not in self.packed:
            if self.places.get(number, 0) <= 0:
                raise ValueError(f"there is no object stream {number}")
            stream = self.get(number)
            first = stream.info.get("First") if isinstance(stream, Stream) else None
            if not isinstance(first, int) or first < 0:
                raise ValueError(f"object stream {number} is malformed")
            data = self.decode(stream, LONGEST_OBJECT)
            numbers = data[:first].split()
            if len(numbers) > 2 * MOST_PACKED or not all(len(word) < 10 and word.isdigit() for word in numbers):
                raise ValueError(f"object stream {number} is malformed")
            self.packed[number] = data, [first + int(word) for word in numbers[1::2]]
            if len(self.packed) > 8:
                self.packed.popitem(last=False)
        return self.packed[number]

    def resolve(self, value: Any) -> Any:
        for _ in range(10):
            if not isinstance(value, Ref):
                return value
            value = self.get(value.number)
        raise ValueError("references go in a circle")

    def dictionary(self, value: Any) -> dict[str, Any]:
        """The dictionary that is meant; an empty one for nothing. Raises ValueError for anything else."""
        value = self.resolve(value)
        if value is not None and not isinstance(value, dict):
            raise ValueError("a dictionary is missing")
        return value or {}

    def array(self, value: Any) -> list[Any]:
        value = self.resolve(value)
        if value is not None and not isinstance(value, list):
            raise ValueError("an array is missing")
        return value or []

    def inflate(self, stream: Stream) -> Iterator[bytes]:
        """What a stream holds, in pieces. Raises Broken."""
        filters = self.resolve(stream.info.get("Filter")) or []
        filters = filters if isinstance(filters, list) else [filters]
        if filters not in ([], ["FlateDecode"]):
            raise Broken("it is compressed by a method that no pack uses")
        inflater, at = zlib.decompressobj(), 0
        while at < stream.length:
            piece = self.bytes_at(stream.start + at, min(AT_ONCE, stream.length - at))
            if not piece:
                raise Broken("the PDF is cut short")
            at += len(piece)
            if not filters:
                yield piece
                continue
            try:
                while piece and not inflater.eof:
                    yield inflater.decompress(piece, AT_ONCE)
                    piece = inflater.unconsumed_tail
            except zlib.error:
                raise Broken("it is damaged inside the PDF") from None
        if filters and not inflater.eof:
            raise Broken("it is cut short inside the PDF")

    def decode(self, stream: Stream, most: int) -> bytes:
        pieces, size = [], 0
        for piece in self.inflate(stream):
            size += len(piece)
            if size > most:
                raise ValueError("a part of the PDF's structure is too large")
            pieces.append(piece)
        return b"".join(pieces)

    # The attached files

    def open(self, name: str) -> Iterator[bytes]:
        stream = self.attached[name]
        if "DecodeParms" in stream.info:
            raise Broken("it is compressed by a method that no pack uses")
        yield from self.inflate(stream)

    def attachments(self) -> set[int]:
        """Take in the name tree of attached files; the numbers of the objects that are its files. Raises Unusable."""
        listed: set[int] = set()
        try:
            catalog = self.dictionary(self.trailer.get("Root"))
            pending, seen = [self.dictionary(catalog.get("Names")).get("EmbeddedFiles")], set[int]()
            while pending:
                given = pending.pop()
                if isinstance(given, Ref):
                    if given.number in seen:
                        raise ValueError("it goes in a circle")
                    seen.add(given.number)
                node = self.dictionary(given)
                pending += self.array(node.get("Kids"))
                names = self.array(node.get("Names"))
                if len(names) % 2 or len(pending) + len(self.attached) > MOST_FILES:
                    raise ValueError("it is malformed")
                for key, item in zip(names[::2], names[1::2]):
                    if isinstance(item, Ref):
                        listed.add(item.number)
                    self.attach(text_of(self.resolve(key)), self.dictionary(item))
        except ValueError as error:
            raise Unusable(f"the PDF's list of attached files is damaged: {error}") from None
        if not self.attached:
            raise Unusable("the PDF carries no attached files, or its structure is damaged")
        return listed

    def attach(self, key: str, spec: dict[str, Any]) -> None:
        names = {text_of(self.resolve(spec[field])) for field in ("UF", "F") if field in spec}
        contents = self.dictionary(spec.get("EF"))
        refs = set(contents.values()) if all(isinstance(ref, Ref) for ref in contents.values()) else set()
        name = min(names, default=key)
        if names != {key}:
            self.odd.append(f"{name}: attached under two names, so that readers show either")
        if name in self.attached:
            raise ValueError(f"two attached files are named {name}")
        if len(refs) != 1:
            raise ValueError(f"the attached file {name} has no content, or two")
        stream = self.resolve(refs.pop())
        if not isinstance(stream, Stream):
            raise ValueError(f"the attached file {name} has no content")
        self.attached[name] = stream

    # What readers do not see

    def outside(self, listed: set[int]) -> list[str]:
        """Bytes that no table lists, and files attached beside the list, each in words."""
        odd: list[str] = []
        beginning = BEGINNING.match(self.bytes_at(0, 64))
        end = beginning.end() if beginning else 0
        for start in [place for place in self.bounds if place < self.size] + [self.size]:
            if start < end:
                odd.append(f"the PDF: two of its objects share the bytes before byte {end}")
            elif not self.empty(end, start):
                odd.append(f"the PDF: {start - end:,} bytes from byte {end} on belong to nothing that its table lists")
            if len(odd) >= 5 or start == self.size:
                break
            try:
                number, value, end = (0, None, self.tables[start]) if start in self.tables else self.at(start)
                if self.hides_file(number, value, listed):
                    odd.append("the PDF: it carries a file that its list of attached files does not name")
            except ValueError as error:
                odd.append(f"the PDF: what begins at byte {start} cannot be read: {error}")
                end = max(end, self.after(start))
        return odd

    def at(self, start: int) -> tuple[int, Any, int]:
        return self.object_at(start, self.after(start))

    def empty(self, start: int, end: int) -> bool:
        """Whether nothing but space lies between two objects."""
        if end - start > LONGEST_GAP:
            return False
        match = BETWEEN.match(self.bytes_at(start, end - start))
        return bool(match) and match.end() == end - start  # type: ignore[union-attr]

    def hides_file(self, number: int, value: Any, listed: set[int]) -> bool:
        if isinstance(value, Stream) and value.info.get("Type") == "ObjStm" and self.places.get(number, 0) > 0:
            data, starts = self.packed_objects(number)
            if b"/EF" not in data and b"#" not in data:
                return False
            numbers = [int(word) for word in data[: starts[0] if starts else 0].split()[::2]]
            inside = zip(numbers, (read_value(data, at)[0] for at in starts))
            return any(self.hides_file(one, found, listed) for one, found in inside)
        return isinstance(value, dict) and "EF" in value and number not in listed


def unpredicted(data: bytes, info: dict[str, Any]) -> bytes:
    """The rows of a table whose bytes are told as differences from the row before (PNG's filters none and up)."""
    parms = info.get("DecodeParms") or {}
    if not isinstance(parms, dict) or not isinstance(parms.get("Columns", 1), int):
        raise ValueError("the form of its table is malformed")
    if parms.get("Predictor", 1) == 1:
        return data
    width = parms.get("Columns", 1)
    if not 0 < width < 32:
        raise ValueError("the form of its table is malformed")
    row, rows = bytes(width), []
    for at in range(0, len(data) - width, width + 1):
        how, given = data[at], data[at + 1 : at + 1 + width]
        if how not in (0, 2):
            raise ValueError("the form of its table is unknown")
        row = bytes((one + two) & 255 for one, two in zip(row, given)) if how else given
        rows.append(row)
    return b"".join(rows)
