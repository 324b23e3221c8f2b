"""One file out of the modules of this package: `verify_pack.py`, as every pack carries it."""

import ast
from functools import cache
from pathlib import Path

MODULES = (
    "base", "files", "syntax", "pdf", "formats", "seal", "entries", "reasons", "texts", "lists", "judge", "large",
    "verdict",
)  # fmt: skip
OURS = "audit.verifier."
HEAD = '''"""Check a Brightline audit pack without Brightline: python verify_pack.py PACK

PACK is the audit pack as PDF, as .zip, or as a folder with the files attached to it. Python 3.9 or newer is enough;
with the package `cryptography` installed, signatures are checked too. Nothing is written or sent anywhere.

Exit code 0: VERIFIED, by a key or checkpoint of your own (--key, --against).  1: DAMAGED, with what is damaged and
what still holds.  2: UNUSABLE, nothing could be judged.  3: CONSISTENT, the pack agrees with itself and no more.

How it works: each ledger entry is hashed into a Merkle tree (RFC 9162) whose root a signed checkpoint
(c2sp.org/tlog-checkpoint) states; each text is tied to its entry by a salted hash.
"""

from __future__ import annotations

import os
import sys

if __name__ == "__main__":
    # Nothing is imported from the folder in which this file lies: what else a pack holds is not to be trusted.
    sys.path[:] = [place for place in sys.path if os.path.abspath(place) != os.path.dirname(os.path.abspath(__file__))]

'''
TAIL = """

if __name__ == "__main__":
    sys.exit(main())
"""


@cache
def one_file() -> str:
    """The source of verify_pack.py. Raises ValueError when two modules define one name."""
    imports: set[str] = {"import os", "import sys"}
    sections: list[str] = []
    defined: dict[str, str] = {}
    for module in MODULES:
        source = Path(__file__).with_name(f"{module}.py").read_text("utf-8")
        lines, tree = source.splitlines(), ast.parse(source)
        dropped: set[int] = set()
        for number, node in enumerate(tree.body):
            if isinstance(node, ast.Import | ast.ImportFrom):
                dropped.update(range(node.lineno, (node.end_lineno or 0) + 1))
                if not (isinstance(node, ast.ImportFrom) and (node.module or "").startswith((OURS, "__future__"))):
                    imports.update(_single(node))
            elif number == 0:
                dropped.update(range(node.lineno, (node.end_lineno or 0) + 1))
            for name in _names(node):
                if defined.setdefault(name, module) != module:
                    raise ValueError(f"{name} is defined in {defined[name]} and in {module}")
        kept = "\n".join(line for at, line in enumerate(lines, 1) if at not in dropped).strip()
        told = "\n".join(f"# {line}".rstrip() for line in (ast.get_docstring(tree) or "").splitlines())
        sections.append(f"# ---- {module} {'-' * (110 - len(module))}\n{told}\n\n{kept}")
    return HEAD + "\n".join(sorted(imports)) + "\n\n\n" + "\n\n\n".join(sections) + "\n" + TAIL


def _single(node: ast.Import | ast.ImportFrom) -> list[str]:
    """One import for each name, so that the same is imported once."""
    if isinstance(node, ast.Import):
        return [f"import {alias.name}" for alias in node.names]
    return [f"from {node.module} import {alias.name}" for alias in node.names]


def _names(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)]
