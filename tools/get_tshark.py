"""Find Wireshark's tshark on this machine, or fetch it without changing the system.

    python3 tools/get_tshark.py [--program dumpcap]     prints the path

$TSHARK counts most; then the PATH; then the distribution's package, unpacked into a cache folder of this user.
The tests read captures with it, so that the real Wireshark judges them and not we. dumpcap, which captures,
is of the same package.
"""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

import debian_package
import program_cache
from program_cache import Unavailable

PROGRAMS = ("tshark", "dumpcap")
OLDEST = (4, 0)  # older ones do not show a packet's comments as a field
TIMEOUT_S = 60


def find(program: str = "tshark") -> Path:
    """The path of one that works. Raises Unavailable, with what the user can do. Fetches it if it must."""
    wish = os.environ.get("TSHARK")
    if wish and program == "tshark":
        return _checked(Path(wish))  # the user asked for this one: quietly running another would hide that
    on_path = shutil.which(program)
    if on_path:
        try:
            return _checked(Path(on_path))
        except Unavailable:
            pass
    try:
        arch = debian_package.architecture()
        suite, _ = debian_package.find_sources()
        tshark = program_cache.cached(
            f"tshark-{suite}-{arch}",
            PROGRAMS[0],
            _checked,
            lambda folder: program_cache.unpack_programs("tshark", arch, PROGRAMS, folder),
            "tshark",
        )
    except debian_package.PackageError as error:
        raise Unavailable(
            f"No tshark {OLDEST[0]} or newer on the PATH, and none to be fetched: {error}. "
            "Next step: install Wireshark, or set TSHARK to the path of its tshark."
        ) from error
    return tshark.with_name(program)


def _checked(path: Path) -> Path:
    """The same path if what is there runs and is new enough. Raises Unavailable."""
    try:
        done = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=TIMEOUT_S)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable(f"{path} does not run: {error}") from error
    words = done.stdout.replace("v", "").split()  # "TShark (Wireshark) 4.4.18." or "... v4.0.17"
    version = next((word.strip(".,") for word in words if word[:1].isdigit()), "")
    if done.returncode or not version:
        raise Unavailable(f"{path} does not run: {done.stderr.strip() or f'exit code {done.returncode}'}")
    if tuple(map(int, version.split(".")[:2])) < OLDEST:
        raise Unavailable(f"{path} is {version}, older than {OLDEST[0]}.{OLDEST[1]}")
    return path.absolute()


def main() -> int:
    parser = argparse.ArgumentParser(description="Find or fetch Wireshark's tshark and print its path.")
    parser.add_argument("--program", choices=PROGRAMS, default=PROGRAMS[0], help="default: %(default)s")
    try:
        print(find(parser.parse_args().program))
    except Unavailable as error:
        program_cache.say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
