"""Everything that can be tested without a board.

    python3 tools/test.py [--full] [-k TEXT] [--only STAGE]...

Needs nothing but Python: it makes the environment and fetches real MicroPythons by itself. Without --full
the slow tests take samples; with it they produce every figure that the project claims. Nothing is skipped
because something is missing: what cannot run has failed. The last line is `N passed, N failed`, where
each stage that is not a test run counts as one.
"""

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import environment
import get_micropython

ROOT = environment.ROOT
AT_A_TIME = 2  # stages
WORKERS = "3"  # pytest processes; many tests wait for devices more than they work
HEAP = ["-X", "heapsize=8M"]  # for the shared tests; the memory budgets have tests of their own
FIRMWARE_TYPES = environment.VENV / "pyright-firmware.json"
# Only these run on CircuitPython or CPython, whose modules MicroPython's stubs do not have.
NOT_MICROPYTHON = (
    "hal/*circuitpython.py",
    "hal/cipher.py",
    "hal/*_cpython.py",
    "../entry/boot.py",
    "../entry/code.py",
)


@dataclass
class Result:
    """What a stage came to. note: what the summary shows beside it. output: shown when it failed."""

    passed: int
    failed: int
    note: str = ""
    output: str = ""


@dataclass(frozen=True)
class Options:
    full: bool
    k: str


# --- checks: one command each, right or wrong ---------------------------------------------------------


def check(*command: str) -> Callable[[Options], Result]:
    """A stage that runs a command of the environment's Python and passes when its exit code is 0."""

    def stage(_options: Options) -> Result:
        done = run([sys.executable, *command])
        return Result(int(done.returncode == 0), int(done.returncode != 0), "", done.stdout)

    return stage


def check_firmware_types(options: Options) -> Result:
    write_firmware_settings()
    return check("-m", "basedpyright", "--project", str(FIRMWARE_TYPES))(options)


def write_firmware_settings() -> None:
    """Settings under which pyright takes MicroPython's stubs for the whole standard library."""
    typings = environment.TYPINGS.name  # paths are relative to the settings file
    settings = {
        "include": ["../firmware"],
        "exclude": [f"../firmware/rumpus/{name}" for name in NOT_MICROPYTHON],
        "extraPaths": ["../firmware", "../firmware/entry"],
        "stubPath": typings,
        "typeshedPath": typings,
        "typeCheckingMode": "standard",
        "pythonVersion": "3.11",
        "disableBytesTypePromotions": False,
        # Stubs have no source here, and buffers that are None until set up are the rule on a device.
        "reportMissingModuleSource": False,
        "reportOptionalMemberAccess": False,
        "reportOptionalOperand": False,
        "reportOptionalSubscript": False,
        "reportOptionalIterable": False,
    }
    text = json.dumps(settings, indent=2)
    if not FIRMWARE_TYPES.exists() or FIRMWARE_TYPES.read_text() != text:
        FIRMWARE_TYPES.write_text(text)


# --- test runs -----------------------------------------------------------------------------------------


def shared_tests(interpreter: Callable[[], list[str]]) -> Callable[[Options], Result]:
    """A stage that runs tests/shared on one interpreter."""

    def stage(options: Options) -> Result:
        texts = [options.k] if options.k else []
        done = run([*interpreter(), "tests/run_shared.py", *texts])
        counts = re.search(r"^ran (\d+) tests, (\d+) failed\s*\Z", done.stdout, re.MULTILINE)
        if not counts:  # the interpreter itself gave up, such as out of memory
            return Result(0, 1, "did not finish", f"{done.stdout}\nexit code {done.returncode}")
        ran, failed = map(int, counts.groups())
        failed = max(failed, int(done.returncode != 0))
        return Result(ran - failed if ran else 0, failed, f"{ran} tests", done.stdout)

    return stage


@cache
def micropython(bits: int) -> str:
    return str(get_micropython.find(bits))


def host_tests(options: Options) -> Result:
    """pytest, counted from its own report."""
    variables = {"MICROPYTHON": micropython(64), "MICROPYTHON32": micropython(32)}
    if options.full:
        variables["RUMPUS_FULL"] = "1"
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [
            sys.executable,
            "-m",
            "pytest",
            "tests/host",
            "-n",
            WORKERS,
            "--quiet",
            f"--junitxml={report}",
        ]
        done = run(command + (["-k", options.k] if options.k else []), variables)
        counts = read_report(report)
    if counts is None:
        return Result(0, 1, "did not finish", done.stdout)
    ran, failed, skipped = counts
    nothing_chosen = done.returncode == 5 and options.k
    if done.returncode and not failed and not nothing_chosen:
        failed = 1  # an error outside of any test, or no test at all
    note = f"{ran} tests" + (f", {skipped} skipped" if skipped else "")
    if skipped:
        print_skips(done.stdout)
    return Result(max(ran - failed - skipped, 0), failed, note, done.stdout)


def read_report(report: Path) -> tuple[int, int, int] | None:
    """Tests run, failed, skipped, or None when pytest wrote no report."""
    try:
        suites = ElementTree.parse(report).getroot().findall("testsuite")
    except (OSError, ElementTree.ParseError):
        return None
    total = dict.fromkeys(("tests", "failures", "errors", "skipped"), 0)
    for suite in suites:
        for name in total:
            total[name] += int(suite.get(name, 0))
    return total["tests"], total["failures"] + total["errors"], total["skipped"]


def print_skips(output: str) -> None:
    """A skipped test is seen, also when all is well."""
    for line in output.splitlines():
        if line.startswith("SKIPPED"):
            print(f"  {line}")


# --- running stages ------------------------------------------------------------------------------------

STAGES: dict[str, Callable[[Options], Result]] = {
    "format": check("-m", "ruff", "format", "--check", "."),
    "lint": check("-m", "ruff", "check", "."),
    "types-host": check("-m", "basedpyright"),
    "types-firmware": check_firmware_types,
    "layers": check("tools/check_imports.py"),
    "tables": check("tools/check_tables.py"),
    "docs": check("tools/gen_docs.py", "--check"),
    "shared-cpython": shared_tests(lambda: [sys.executable]),
    "shared-micropython64": shared_tests(lambda: [micropython(64), *HEAP]),
    "shared-micropython32": shared_tests(lambda: [micropython(32), *HEAP]),
    "host": host_tests,
}
TEST_RUNS = tuple(name for name in STAGES if name.startswith(("shared", "host")))


def run(command: list[str], variables: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command in the checkout; its standard error is part of stdout, in order."""
    return subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | {"NO_COLOR": "1", "PYTHONUTF8": "1"} | (variables or {}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )


def run_stage(name: str, options: Options) -> Result:
    print(f"-- {name}", flush=True)
    try:
        result = STAGES[name](options)
    except get_micropython.NotFound as error:
        result = Result(0, 1, "no MicroPython", str(error))
    except OSError as error:  # a program that is not there, a full disk
        result = Result(0, 1, "could not be run", str(error))
    if result.failed:
        print(result.output.rstrip(), flush=True)
    return result


def run_stages(names: list[str], options: Options, results: dict[str, tuple[Result, float]]) -> None:
    """Run the stages, two at a time; the host tests alone, because they use all cores themselves."""

    def timed(name: str) -> None:
        started = time.monotonic()
        results[name] = (run_stage(name, options), time.monotonic() - started)

    with ThreadPoolExecutor(AT_A_TIME) as pool:
        list(pool.map(timed, [name for name in names if name != "host"]))
    if "host" in names:
        timed("host")


def chosen(only: list[str], k: str) -> list[str]:
    """The stages to run: those whose names start as asked; with -k the test runs; else all."""
    starts = tuple(only) or (TEST_RUNS if k else ("",))
    names = [name for name in STAGES if name.startswith(starts)]
    for start in starts:
        if not any(name.startswith(start) for name in STAGES):
            sys.exit(f"No stage is called {start!r}. Stages: {', '.join(STAGES)}.")
    return names


def summarize(results: dict[str, tuple[Result, float]]) -> int:
    """Print the table and the closing line; return the exit code."""
    print()
    for name, (result, seconds) in sorted(results.items(), key=lambda item: list(STAGES).index(item[0])):
        outcome = "FAILED" if result.failed else "ok"
        counts = f"{result.passed} passed, {result.failed} failed" if name in TEST_RUNS else ""
        if result.note and not result.note.endswith(" tests"):
            counts = f"{counts} ({result.note})" if counts else result.note
        print(f"{name:<22}{outcome:<8}{seconds:>7.1f} s  {counts}".rstrip())
    passed = sum(result.passed for result, _ in results.values())
    failed = sum(result.failed for result, _ in results.values())
    print(f"\n{passed} passed, {failed} failed", flush=True)
    return 1 if failed or not passed else 0


def main() -> int:
    parser = argparse.ArgumentParser(description="Test everything that needs no board.")
    parser.add_argument("--full", action="store_true", help="no sampling: every figure that is claimed")
    parser.add_argument(
        "-k",
        default="",
        metavar="TEXT",
        help="only tests whose name holds TEXT (for the host "
        "tests: a pytest expression); runs only the test stages",
    )
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="STAGE",
        help=f"only this stage, or all that start so; may be repeated: {', '.join(STAGES)}",
    )
    arguments = parser.parse_args()
    environment.enter()
    options = Options(arguments.full, arguments.k)
    # A shell that starts us in the background has us ignore the interrupt, and so would every command
    # that the tests interrupt.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    results: dict[str, tuple[Result, float]] = {}
    try:
        run_stages(chosen(arguments.only, options.k), options, results)
    except KeyboardInterrupt:
        print("\ninterrupted; the stages so far:")
        summarize(results)
        return 130
    return summarize(results)


if __name__ == "__main__":
    sys.exit(main())
