"""An Office file as PDF, by LibreOffice where the operator has it, in a process with limits."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from audit.documents.base import RenderError
from audit.documents.child import confined

MEMORY_BYTES = 4 << 30
CPU_SECONDS = 120
WALL_SECONDS = 180.0


def office_as_pdf(data: bytes, *, ending: str, program: str) -> bytes:
    """The PDF that `program` (LibreOffice's ``soffice``) makes of a file with this ending.

    Raises `RenderError` when the program is not installed, reaches a limit or makes nothing; the message says which.
    """
    found = shutil.which(program)
    if found is None:
        raise RenderError("LibreOffice is not installed here")
    with tempfile.TemporaryDirectory(prefix="office-") as name:
        folder = Path(name)
        (folder / f"paper.{ending}").write_bytes(data)
        command = [
            found, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--norestore", "--nolockcheck",
            "--convert-to", "pdf", "--outdir", name, str(folder / f"paper.{ending}"),
        ]  # fmt: skip
        try:
            # An Office file names fonts of its own; LibreOffice ends at once where it finds none at all.
            done = confined(
                command, folder, memory_bytes=MEMORY_BYTES, cpu_seconds=CPU_SECONDS, wall_seconds=WALL_SECONDS,
                own_fonts=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise RenderError(f"LibreOffice was not ready after {WALL_SECONDS:g} seconds") from error
        made = folder / "paper.pdf"
        if done.returncode or not made.exists():
            raise RenderError(f"LibreOffice ended with {done.returncode} and made no PDF")
        return made.read_bytes()
