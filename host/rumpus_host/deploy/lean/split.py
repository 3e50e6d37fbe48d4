"""The one module in a few pieces, loaded one after the other.

While a compiled module is loaded, 16 bytes for each function in it, and as many for each number in its
tables, lie between what stays. So the garbage is collected often from the start on and before each piece:
what comes next fills these holes, and only so has a small heap long pieces of memory left in the end.
Measured: 8 kB. A piece imports what it uses of the pieces before it. The last one is the module itself.
"""

import ast
import itertools
from collections.abc import Mapping

from . import program
from .merge import MERGED, ORIGIN

# Functions in a piece, about. One piece: smaller ones save 1.5 kB from flash and cost as much from ROM.
WHOLE = 1000
_COLLECT_OFTEN = "import gc\ngc.threshold(512)"


def split(
    units: Mapping[str, ast.Module], exported: set[str], package: str = "rumpus", functions: int = WHOLE
) -> dict[str, ast.Module]:
    """The trees with the one module in pieces: rumpus/p0.py, rumpus/p1.py ... and rumpus/__init__.py, or those
    of another package. functions: in a piece."""
    body = units[MERGED].body
    imports = {
        (alias.asname or alias.name): node
        for node in body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    pieces = _cut([node for node in body if not isinstance(node, ast.Import | ast.ImportFrom)], functions)
    places: dict[str, str] = {}  # name -> the piece that defines it
    found: dict[str, ast.Module] = {}
    collect = ast.parse("import gc\ngc.collect()").body
    for n, piece in enumerate(pieces):
        is_last = n == len(pieces) - 1
        used = _used(piece) | (exported if is_last else set())
        head = [imports[name] for name in sorted(used & set(imports))]
        found[MERGED if is_last else f"{package}/p{n}.py"] = ast.Module(
            [*_from(places, used), *collect, *head, *piece], []
        )
        places.update(
            {name: package if is_last else f"{package}.p{n}" for node in piece for name in _defined(node)}
        )
    found[MERGED].body = [*ast.parse(_COLLECT_OFTEN).body, *found[MERGED].body]
    for path, tree in units.items():
        if path != MERGED:
            found[path] = ast.Module([part for node in tree.body for part in _found_again(node, places)], [])
    return found


def _cut(body: list[ast.stmt], most: int) -> list[list[ast.stmt]]:
    """In pieces; what comes from one source stays together, because its functions know one another."""
    pieces: list[list[ast.stmt]] = [[]]
    functions = 0
    for origin, group in itertools.groupby(body, lambda node: getattr(node, ORIGIN, "")):
        nodes = list(group)
        more = sum(isinstance(part, ast.FunctionDef) for node in nodes for part in ast.walk(node))
        if origin and pieces[-1] and functions + more > most:
            pieces.append([])
            functions = 0
        pieces[-1] += nodes
        functions += more
    return pieces


def _used(piece: list[ast.stmt]) -> set[str]:
    return {part.id for node in piece for part in ast.walk(node) if isinstance(part, ast.Name)}


def _defined(node: ast.stmt) -> list[str]:
    return [name for part in program.top_level([node]) for name in program.defined(part)]


def _from(places: Mapping[str, str], names: set[str]) -> list[ast.stmt]:
    """Imports of names from the pieces that define them."""
    wanted: dict[str, list[ast.alias]] = {}
    for name in sorted(names & set(places)):
        wanted.setdefault(places[name], []).append(ast.alias(name))
    return [ast.ImportFrom(place, aliases, 0) for place, aliases in sorted(wanted.items())]


def _found_again(node: ast.stmt, places: Mapping[str, str]) -> list[ast.stmt]:
    """An import from the one module, now from its pieces."""
    if isinstance(node, ast.ImportFrom) and node.module == "rumpus":
        return _from(places, {alias.name for alias in node.names})
    return [node]
