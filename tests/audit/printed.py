"""What stands on the pages of a PDF, inside their edges, as poppler's pdftotext reads it with its places."""

import html
import re
import subprocess
from pathlib import Path

_PAGE = re.compile(r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', re.S)
_WORD = re.compile(r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)</word>')


_LINE = 4
"""Points between the middles of two words up to which they stand on one line."""


def words(data: bytes, folder: Path) -> list[tuple[str, bool]]:
    """Every word of the text layer, line by line down each page, and whether all of it stands inside its page."""
    file = folder / "printed.pdf"
    file.write_bytes(data)
    command = ["pdftotext", "-q", "-bbox", str(file), "-"]
    found = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    read = []
    for width, height, page in _PAGE.findall(found):
        lines: list[tuple[float, list[tuple[float, str, bool]]]] = []
        boxes = [
            (float(left), float(top), float(right), float(bottom), html.unescape(word))
            for left, top, right, bottom, word in _WORD.findall(page)
        ]
        for left, top, right, bottom, word in sorted(boxes, key=lambda box: box[1] + box[3]):
            inside = left >= 0 and top >= 0 and right <= float(width) and bottom <= float(height)
            middle = (top + bottom) / 2
            if not lines or middle - lines[-1][0] > _LINE:
                lines.append((middle, []))
            lines[-1][1].append((left, word, inside))
        read += [(word, inside) for _, line in lines for _, word, inside in sorted(line)]
    return read
