"""Heap of the core profile of each appliance on 32-bit MicroPython, over TCP, beside others.

In use: after the start, with a controller connected and answered, garbage collected. Smallest: the least
heap in which it starts, connects, answers queries and controls and lives a while. From the .mpy files of a
slot as it is deployed; ROMFS: the same files in an image that is mapped and not copied to the heap.
"""

import http.client
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from pathlib import Path

from rumpus.rump.tables import messages
from rumpus_host.deploy import romfs
from rumpus_host.deploy.build import build, compile_all
from rumpus_host.fields import fields_of

from . import mqtt
from .board import DEVICE, ROOT, TYPES, WATCHED_APP, Board, BoardFailed, free_port
from .figures import Report, Row
from .interpreters import Interpreter
from .mpy import compile_tree

MICRODOT = "microdot==2.7.0"
NOT_AVAILABLE = (
    "mqtt_as: not on PyPI nor npm; left out. Its goals are shown beside microdot, which needs about the same.",
)
ROM_START = ROOT / "tests" / "device" / "rom_main.py"
_LEAST, _MOST, _STEP = 2_000, 400_000, 250
_ROUNDS = 20

# A trial: the heap in use within this heap ("64000"), or None when that is too small.
Trial = Callable[[str], int | None]


def run(interpreter: Interpreter, types: Sequence[str] | None) -> Report:
    """The report. types: only these appliances."""
    report = Report("memory", f"{interpreter.name}, from .mpy unless it says .py, over TCP")
    with tempfile.TemporaryDirectory(prefix="rumpus-bench-") as name:
        folder = Path(name)
        _compile(folder)
        peers = _peers(interpreter, folder, report)
        for peer, trial in peers.items():
            _add(report, peer, trial, {})
        found = {peer: (_value(report, peer, "in use"), _value(report, peer, "smallest")) for peer in peers}
        for kind in types or TYPES:
            slot = build("virtual", kind)
            _add(report, kind, _slot(interpreter, folder / f"slot-{kind}", slot, kind), found)
            _add(report, f"{kind}, ROMFS", _rom(interpreter, folder / f"rom-{kind}", slot, kind), found)
            for path, data in sorted(slot.items()):
                report.add(Row(kind, path, len(data), "B"))
        kind = (types or TYPES)[0]
        _add(report, f"{kind}, not lean", _app(interpreter, folder, kind), {})
        smallest = _smallest(_app(interpreter, None, kind))
        report.add(Row(f"{kind}, .py", "smallest heap that works", smallest, "B"))
    report.notes += NOT_AVAILABLE
    return report


def _value(report: Report, where: str, what: str) -> float:
    return next(row.value for row in report.rows if row.where == where and what in row.what)


def _compile(folder: Path) -> None:
    """Everything as .mpy below folder, file by file."""
    compile_tree(ROOT / "firmware" / "rumpus", folder / "rumpus")
    compile_tree(ROOT / "boards", folder / "boards")
    compile_tree(DEVICE, folder)


def _add(report: Report, where: str, trial: Trial, peers: dict[str, tuple[float, float]]) -> None:
    in_use = trial(str(_MOST))
    if in_use is None:
        sys.exit(f"bench: {where} does not work in a heap of {_MOST} bytes")
    for what, value, i, most in (
        ("heap in use", in_use, 0, 1.0),
        ("smallest heap that works", _smallest(trial), 1, 1.5),
    ):
        if not peers:
            report.add(Row(where, what, value, "B"))
        for peer, theirs in peers.items():
            goal = most if peer == "microdot" else None
            report.add(Row(where, what, value, "B", value / theirs[i], peer, theirs[i], goal))


def _smallest(trial: Trial) -> int:
    low, high = _LEAST, _MOST  # low is too small, high works
    while high - low > _STEP:
        middle = (low + high) // 2
        if trial(str(middle)) is None:
            low = middle
        else:
            high = middle
    return high


# --- the app ----------------------------------------------------------------------------------------------


def _slot(interpreter: Interpreter, folder: Path, files: dict[str, bytes], kind: str) -> Trial:
    """From the files of a slot in a file system."""
    for path, data in {**files, **_watched()}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return _app(interpreter, folder, kind)


def _rom(interpreter: Interpreter, folder: Path, files: dict[str, bytes], kind: str) -> Trial:
    """From a ROMFS image of the same files."""
    folder.mkdir()
    (folder / "slot.romfs").write_bytes(romfs.image({**files, **_watched()}))
    start = folder / "main.py"
    start.write_text(
        ROM_START.read_text(encoding="utf-8").replace("slot_main", "watched_app"), encoding="utf-8"
    )
    return _trial(interpreter, [str(start)], Path("/rom"), Path("/rom"), kind)


def _watched() -> dict[str, bytes]:
    return compile_all({"watched_app.py": Path(WATCHED_APP).read_text(encoding="utf-8")})


def _app(interpreter: Interpreter, compiled: Path | None, kind: str) -> Trial:
    """compiled: folder with the .mpy files, None for the sources."""
    if compiled is None:
        return _trial(interpreter, [WATCHED_APP], ROOT / "firmware", ROOT, kind)
    code = f"import sys; sys.path[0] = '{compiled}'; import watched_app"
    return _trial(interpreter, ["-c", code], compiled, compiled, kind)


def _trial(interpreter: Interpreter, what: list[str], firmware: Path, boards: Path, kind: str) -> Trial:
    def trial(heap: str) -> int | None:
        command = [*interpreter.command(heap), *what]
        marks = {"RUMPUS_MARKS": "collected"}
        try:
            with Board(command, kind, environment=marks, firmware=firmware, boards=boards) as board:
                _live(board, kind)
                return board.result()["marks"][0] or None
        except (BoardFailed, OSError):
            return None

    return trial


def _live(board: Board, kind: str) -> None:
    """Queries, controls (a harmless one) and time."""
    lock = next(row for row in fields_of(kind) if row.name == "child_lock")
    for sequence in range(1, _ROUNDS):
        board.wire.ask(board.status_query(2 * sequence), messages.STATUS_QUERY_RESPONSE)
        board.wire.ask(board.control(2 * sequence + 1, [(lock.id, b"\0")]), messages.RESPONSE)
        board.tick()


# --- the others -------------------------------------------------------------------------------------------


def _peers(interpreter: Interpreter, folder: Path, report: Report) -> dict[str, Trial]:
    """Those that can be had here; those that cannot are noted."""
    found = {"asyncio echo": _server(interpreter, folder, "echo_for_memory", _ask_echo)}
    umqtt = _umqtt(interpreter, folder)
    if umqtt:
        found[mqtt.NAME] = umqtt
    else:
        report.notes.append(f"{mqtt.NAME}: PyPI is not reachable here; left out.")
    target = folder / "pip"
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--disable-pip-version-check",
        "install",
        "-q",
        "--no-deps",
        "--target",
    ]
    if subprocess.run([*pip, str(target), MICRODOT], capture_output=True).returncode:
        report.notes.append(f"{MICRODOT}: pip cannot get it here; left out.")
        return found
    core = folder / "microdot-core"  # the package file and the one that it imports
    core.mkdir()
    for file in ("__init__.py", "microdot.py"):
        shutil.copy(target / "microdot" / file, core)
    compile_tree(core, folder / "microdot")
    return {**found, "microdot": _server(interpreter, folder, "microdot_for_memory", _ask_microdot)}


def _umqtt(interpreter: Interpreter, folder: Path) -> Trial | None:
    """None when it cannot be had here."""
    source = folder / "umqtt-source"
    if not mqtt.fetch(source):
        return None
    compile_tree(source, folder)

    def trial(heap: str) -> int | None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.settimeout(5)
            port = listener.getsockname()[1]
            code = f"import sys; sys.path[0] = '{folder}'; sys.argv.append('{port}'); import umqtt_for_memory"
            with _process([*interpreter.command(heap), "-c", code]):
                try:
                    return mqtt.serve(listener, _ROUNDS)
                except (OSError, ValueError):
                    return None

    return trial


def _server(interpreter: Interpreter, folder: Path, module: str, ask: Callable[[int], int]) -> Trial:
    def trial(heap: str) -> int | None:
        port = free_port()
        code = f"import sys; sys.path[0] = '{folder}'; sys.argv.append('{port}'); import {module}"
        with _process([*interpreter.command(heap), "-c", code]) as process:
            try:
                _wait_for(port, process)
                in_use = ask(port)
                for _ in range(_ROUNDS):
                    in_use = ask(port)
            except (OSError, ValueError, http.client.HTTPException):
                return None
            return in_use

    return trial


@contextmanager
def _process(command: Sequence[str]):
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env=os.environ, start_new_session=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(400):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except ConnectionRefusedError:
            if process.poll() is not None:
                raise
            time.sleep(0.01)
    raise TimeoutError


def _ask_echo(port: int) -> int:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as stream:
        stream.sendall(b"x" * 40)
        return int(stream.recv(100))


def _ask_microdot(port: int) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/")
        return int(connection.getresponse().read())
    finally:
        connection.close()
