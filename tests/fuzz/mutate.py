"""Files changed at random, the same for the same seed: bytes turned, pieces cut, doubled, swapped, hostile words added.

A packed file is changed inside its parts as well, since a change of its bytes is mostly found by a checksum.
"""

import io
import random
import zipfile
import zlib

WORDS = [
    b"\x00", b"\xff" * 4, b"%PDF-", b"PK\x03\x04", b"<", b"/>", b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"&a;", b"]]>",
    b"99999999999999999999", b"-1", b"1e999", b"NaN", b"/JS", b"/Kids", b"/S /Launch", b"/Next", b"<<", b">>", b"[",
    b" 0 R", b"endobj", b"stream\n", b"/Type /Foo", b"r=\"1048577\"", b"r=\"ZZZZ1\"", b"t=\"s\"", b"<v>-5</v>",
    b"fldCharType=\"begin\"", b"DDE", b"TargetMode=\"External\"", b"\xef\xbb\xbf", b"\xff\xfe", b"sep=;\n", b'"', b"\r",
    "\u202e\u0000\ud7ff".encode(), b"\xed\xa0\x80", b"hidden=\"1\"",
]  # fmt: skip


def mutated(data: bytes, chance: random.Random, corpus: list[bytes]) -> bytes:
    """One changed file."""
    if data.startswith(b"PK") and chance.random() < 0.8:
        try:
            return _repacked(data, chance, corpus)
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, RuntimeError, ValueError, EOFError):
            pass
    return _turned(data, chance, corpus)


def _repacked(data: bytes, chance: random.Random, corpus: list[bytes]) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        chosen = set(chance.sample(names, min(len(names), chance.randint(1, 2))))
        for name in names:
            content = old.read(name)
            if name in chosen and chance.random() < 0.1:
                continue
            new.writestr(name, _turned(content, chance, corpus) if name in chosen else content)
    return kept.getvalue()


def _turned(data: bytes, chance: random.Random, corpus: list[bytes]) -> bytes:
    made = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        at = chance.randint(0, len(made))
        length = min(len(made) - at, chance.choice((1, 2, 8, 64, 512)))
        match chance.randint(0, 6):
            case 0 if made:
                made[min(at, len(made) - 1)] ^= 1 << chance.randint(0, 7)
            case 1:
                del made[at : at + length]
            case 2:
                made[at:at] = made[at : at + length] * chance.choice((1, 2, 50))
            case 3:
                other = chance.choice(corpus)
                start = chance.randint(0, len(other))
                made[at : at + length] = other[start : start + length]
            case 4 | 5:
                word = chance.choice(WORDS)
                made[at : at + (len(word) if chance.random() < 0.5 else 0)] = word
            case _:
                del made[at:]
    return bytes(made[: 1 << 20])
