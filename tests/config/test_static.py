"""The style sheet that is served."""

import re
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, InMemoryStorage

from config.static import SHEET, StaticFiles, joined

SOURCES = Path(__file__).parents[2] / "static"


def test_a_page_asks_for_one_style_sheet() -> None:
    storage = FileSystemStorage(location=SOURCES)
    names = [path.relative_to(SOURCES).as_posix() for path in SOURCES.glob("css/**/*.css")]
    sheet = joined({name: (storage, name) for name in names})
    assert "@import" not in sheet
    imported = re.findall(r'@import url\("(.+?)"\)', (SOURCES / SHEET).read_text())
    assert len(imported) > 30
    for name in imported:
        assert (SOURCES / "css" / name).read_text() in sheet


def test_the_joined_sheet_is_what_is_served(tmp_path: Path) -> None:
    sources = FileSystemStorage(location=tmp_path)
    sources.save(SHEET, ContentFile(b'@layer base;\n@import url("base.css") layer(base);\n'))
    sources.save("css/base.css", ContentFile(b"p { margin: 0 }\n"))
    paths = {name: (sources, name) for name in (SHEET, "css/base.css")}
    served = StaticFiles(location=str(tmp_path), base_url="/static/")
    done = {name: hashed for name, hashed, _ in served.post_process(paths) if hashed}
    assert re.fullmatch(r"css/site\.\w{12}\.css", done[SHEET])
    assert (tmp_path / done[SHEET]).read_text() == "@layer base;\n@layer base {\np { margin: 0 }\n}\n"


def test_a_component_may_not_name_a_file() -> None:
    sources = InMemoryStorage()
    sources.save(SHEET, ContentFile(b'@import url("components/mark.css") layer(components);'))
    sources.save("css/components/mark.css", ContentFile(b'.mark { background: url("mark.svg") }'))
    with pytest.raises(ValueError, match=r"css/components/mark\.css names a file"):
        joined({name: (sources, name) for name in (SHEET, "css/components/mark.css")})
