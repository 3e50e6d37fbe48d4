"""package.json: what `mpremote mip install` puts on a board.

All of the firmware's library, and the wirings of the boards that run MicroPython; as sources, because a
compiled file is for one version of the interpreter. What a device needs besides (boot.py, main.py, safe
levels, settings) depends on the board and its wiring, so `rumpus flash --without-firmware` writes it.
"""

import ast
import json
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "package.json"
# Not for MicroPython on a board.
_OTHERS = (
    "hal/*circuitpython.py",
    "hal/net_cpython.py",
    "hal/*cpython.py",
    "hal/virtual*.py",
    "transports/loopback.py",
)


def text() -> str:
    """The content of package.json."""
    files = [(path.relative_to(ROOT / "firmware"), path) for path in _library()]
    files += [(path.relative_to(ROOT), path) for path in _wirings()]
    urls = [[to.as_posix(), path.relative_to(ROOT).as_posix()] for to, path in sorted(files)]
    rows = ",\n".join(f"  {json.dumps(url)}" for url in urls)
    return f'{{\n "version": {json.dumps(_version())},\n "deps": [],\n "urls": [\n{rows}\n ]\n}}\n'


def _library() -> list[Path]:
    folder = ROOT / "firmware" / "rumpus"
    others = {path for pattern in _OTHERS for path in folder.glob(pattern)}
    return [path for path in folder.rglob("*.py") if path not in others]


def _wirings() -> list[Path]:
    return [
        path for path in (ROOT / "boards").glob("*/*.py") if path.stem != "board" and _is_for(path.parent)
    ]


def _is_for(board: Path) -> bool:
    """Whether a board runs MicroPython."""
    for node in ast.parse((board / "board.py").read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "RUNTIMES":
            return "micropython" in ast.literal_eval(node.value)
    return False


def _version() -> str:
    for node in ast.parse((ROOT / "firmware" / "rumpus" / "__init__.py").read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__version__":
            return ast.literal_eval(node.value)
    raise ValueError("no version")
