"""The virtual environment of the checkout: made when it is missing, reused when it is complete.

    import environment
    environment.enter()        # from here on the script runs in .venv, with everything it needs

Standard library only, because it runs before anything is installed. A stamp file, written last, holds a
hash of what the environment was made from; without it the environment counts as half made and is remade.
"""

import hashlib
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from file_lock import file_lock

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
TYPINGS = VENV / "typings"
STAMP = VENV / "rumpus-stamp"
LOG = VENV / "install.log"
REQUIREMENTS = ROOT / "tools" / "requirements.txt"
TYPINGS_REQUIREMENTS = ROOT / "tools" / "typings.txt"
OLDEST_PYTHON = (3, 11)


def enter(extra: Sequence[str] = ()) -> None:
    """Return only when running in the checkout's environment; else make it and start this script anew in it.

    extra: requirements beyond the lock ("name==version"), for a tool that alone needs them.
    Exits with a sentence and the log when the environment cannot be made.
    """
    if sys.version_info < OLDEST_PYTHON:
        oldest, own = ".".join(map(str, OLDEST_PYTHON)), sys.version.split()[0]
        sys.exit(f"Rumpus needs Python {oldest} or newer; this is {own}.")
    ensure(extra)
    if not _running_inside():
        _restart()


def ensure(extra: Sequence[str] = ()) -> Path:
    """Make the environment complete and return its Python. Instant when it already is."""
    if not _is_complete(extra):
        with file_lock(ROOT / ".venv.lock", "environment: waiting for another run that is making .venv"):
            if not _is_complete(extra):  # that other run may have finished the work
                _make(extra)
    return python()


def python() -> Path:
    """The environment's Python."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _running_inside() -> bool:
    return Path(sys.prefix).resolve() == VENV.resolve()


def _restart() -> NoReturn:
    command = [str(python()), *sys.argv]
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "nt":  # exec on Windows gives the console back before the new process ends
        sys.exit(subprocess.run(command).returncode)
    os.execv(command[0], command)


# --- is it complete? -----------------------------------------------------------------------------------


def _is_complete(extra: Sequence[str]) -> bool:
    try:
        stamp = STAMP.read_text().split("\n")
    except OSError:
        return False
    return stamp[0] == _base_hash() and set(extra) <= set(stamp[1:])


def _base_hash() -> str:
    """A hash of all that decides what is in the environment, the extras excepted."""
    made_from = hashlib.sha256(f"{sys.version_info[:3]} {sys.base_prefix} {ROOT}".encode())
    for file in (REQUIREMENTS, TYPINGS_REQUIREMENTS, ROOT / "pyproject.toml"):
        made_from.update(file.read_bytes())
    return made_from.hexdigest()


# --- making it -----------------------------------------------------------------------------------------


def _make(extra: Sequence[str]) -> None:
    started_new = not STAMP.exists()
    STAMP.unlink(missing_ok=True)
    # A complete environment is brought up to date in place, because other programs may be running in it.
    if started_new or not _same_python():
        # Not sys.executable: when this runs inside .venv, that one is about to be deleted.
        outer = getattr(sys, "_base_executable", None) or sys.executable
        _stage("making .venv", [outer, "-m", "venv", "--clear", str(VENV)])
    LOG.unlink(missing_ok=True)
    _stage("installing the pinned packages (a minute, once)", _pip("-r", str(REQUIREMENTS)))
    _stage(
        "installing MicroPython's type stubs",
        _pip("--no-deps", "--upgrade", "--target", str(TYPINGS), "-r", str(TYPINGS_REQUIREMENTS)),
    )
    if extra:
        _stage(f"installing {', '.join(extra)}", _pip(*extra))
    # No build isolation: setuptools is pinned above, so nothing unpinned is fetched for the build.
    _stage("installing rumpus itself, editable", _pip("--no-deps", "--no-build-isolation", "-e", str(ROOT)))
    _write_stamp(extra)


def _same_python() -> bool:
    """Whether .venv was made by this very Python; asked of .venv itself."""
    ask = "import sys; print(sys.version_info[:3], sys.base_prefix)"
    try:
        answer = subprocess.run([str(python()), "-c", ask], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return False
    return answer.strip() == f"{sys.version_info[:3]} {sys.base_prefix}"


def _pip(*arguments: str) -> list[str]:
    pip = [str(python()), "-m", "pip", "--disable-pip-version-check", "--no-input"]
    return [*pip, "install", "--no-warn-script-location", *arguments]


def _stage(what: str, command: list[str]) -> None:
    """Run one step silently; on failure show what it printed and exit."""
    print(f"environment: {what}", flush=True)
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT)
    if VENV.is_dir():
        with LOG.open("a", encoding="utf-8") as log:
            log.write(f"$ {' '.join(command)}\n{done.stdout}\n")
    if done.returncode:
        print(done.stdout, file=sys.stderr)
        sys.exit(f"environment: {what} failed (above: what it printed).\n{_advice(done.stdout)}")


def _advice(output: str) -> str:
    if "ensurepip" in output:
        return "This Python cannot make environments. On Debian and Ubuntu: apt install python3-venv."
    if "No matching distribution" in output or "Could not find a version" in output:
        return "The package index cannot be reached or lacks a version. Check the network and pip's settings."
    if "No space left" in output:
        return "The disk is full; about 700 MB are needed."
    return "The next run starts over from the beginning."


def _write_stamp(extra: Sequence[str]) -> None:
    unfinished = STAMP.with_suffix(".part")
    unfinished.write_text("\n".join([_base_hash(), *extra]))
    unfinished.replace(STAMP)


if __name__ == "__main__":
    enter()
    print(f"environment: ready, {sys.executable}")
