"""Programs that the tools fetch for themselves, in a cache folder of this user; nothing is installed.

A program of a Debian package is unpacked with all its libraries, the C library included, and started by the
loader that it came with: it may be newer than this system.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import debian_package
from file_lock import file_lock


class Unavailable(Exception):
    """A program cannot be had this way; the text says why."""


def cache_folder() -> Path:
    """A folder of this user that outlives the run; made if missing."""
    wish, home = os.environ.get("XDG_CACHE_HOME", ""), os.environ.get("HOME") or os.path.expanduser("~")
    for base in (Path(wish), Path(home) / ".cache"):
        if base.is_absolute() and _is_usable(base / "rumpus"):
            return base / "rumpus"
    # No home to write to. A name that others can guess must be proved to be ours, for programs run from it.
    folder = Path(tempfile.gettempdir()) / f"rumpus-{os.getuid() if hasattr(os, 'getuid') else 'cache'}"
    if _is_usable(folder):
        return folder
    raise Unavailable("no cache folder can be written; set XDG_CACHE_HOME to one that can")


def _is_usable(folder: Path) -> bool:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        is_ours = not hasattr(os, "getuid") or folder.lstat().st_uid == os.getuid()
        return is_ours and not folder.is_symlink() and os.access(folder, os.W_OK | os.X_OK)
    except OSError:
        return False


def cached(
    name: str, launcher: str, check: Callable[[Path], object], fill: Callable[[Path], None], title: str
) -> Path:
    """The launcher in the cache folder called name; fill(new folder) is asked when none there works.

    check(launcher) raises Unavailable for one that does not. Other processes see either the finished folder
    or none.
    """
    target = cache_folder() / name
    if _works(target / launcher, check):
        return target / launcher
    with file_lock(target.with_name(f"{name}.lock")):
        if not _works(target / launcher, check):  # another process may have filled it meanwhile
            say(f"fetching {title} ({name}) into {target.parent}")
            _remove_leftovers(target)
            with tempfile.TemporaryDirectory(prefix=f"{name}.part-", dir=target.parent) as work:
                fill(Path(work) / "new")
                check(Path(work) / "new" / launcher)  # what does not run is not kept
                shutil.rmtree(target, ignore_errors=True)
                (Path(work) / "new").rename(target)
    return target / launcher


def _remove_leftovers(target: Path) -> None:
    """What a killed run left behind; the caller holds the lock, so nobody is working there."""
    for folder in target.parent.glob(f"{target.name}.part-*"):
        shutil.rmtree(folder, ignore_errors=True)


def _works(launcher: Path, check: Callable[[Path], object]) -> bool:
    if not launcher.exists():
        return False
    try:
        check(launcher)
    except Unavailable:
        return False
    return True


def unpack_programs(package: str, arch: str, names: Sequence[str], folder: Path) -> None:
    """Fill folder with programs of a Debian package, their libraries, and a launcher for each that joins them.

    Raises Unavailable, PackageError.
    """
    debian_package.unpack(package, arch, folder / "root")
    loaders = sorted(folder.glob("root/**/ld-linux*.so.*"))
    folders = {file.parent.relative_to(folder) for file in folder.glob("root/**/*.so*") if file.is_file()}
    libraries = ":".join(f"$here/{library}" for library in sorted(folders))
    for name in names:
        programs = sorted(folder.glob(f"root/usr/bin/{name}*"))
        if not loaders or not programs:
            raise Unavailable(f"the package for {arch} holds no {name} or no loader")
        loader, program = (file[0].relative_to(folder) for file in (loaders, programs))
        write_launcher(
            folder / name,
            f"here=${{0%/*}}\nunset LD_PRELOAD\n"
            f'exec "$here/{loader}" --library-path "{libraries}" "$here/{program}" "$@"\n',
        )


def write_launcher(path: Path, script: str) -> None:
    path.write_text("#!/bin/sh\n" + script)
    path.chmod(0o755)


def say(line: str) -> None:
    """Tell the person; standard output is for the path alone."""
    print(line, file=sys.stderr, flush=True)
