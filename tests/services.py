"""Every service of the house, read from its source: what carries `@service`, whatever room it stands in."""

import ast
from pathlib import Path

ROOT = Path(__file__).parent.parent
ROOMS = ("audit", "governance", "decisions", "meetings")


def services() -> dict[str, str]:
    """The name of each service with its module. Of one made inside a function, the names under which it is kept."""
    found: dict[str, str] = {}
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            tree = ast.parse(path.read_text())
            makers = {
                outer.name
                for outer in tree.body
                if isinstance(outer, ast.FunctionDef) and any(_serves(inner) for inner in outer.body)
            }
            for node in tree.body:
                if _serves(node):
                    found[node.name] = str(path.relative_to(ROOT))  # type: ignore[attr-defined]
                elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
                    made = node.value.func
                    if isinstance(made, ast.Name) and made.id in makers:
                        found |= {
                            one.id: str(path.relative_to(ROOT)) for one in node.targets if isinstance(one, ast.Name)
                        }
    return found


def _serves(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef) and any(
        isinstance(one, ast.Name) and one.id == "service" for one in node.decorator_list
    )
