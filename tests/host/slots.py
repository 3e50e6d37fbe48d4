"""Slots as a device has them, for the tests that run what is built, and the heap that they need."""

import asyncio
import json
import shutil
from pathlib import Path

from rumpus import __version__
from rumpus.errors import RumpusError
from rumpus_host.bench.repository import ENTRY
from rumpus_host.bench.virtual_appliance import BenchError, VirtualAppliance
from rumpus_host.client import connect
from rumpus_host.dcmp import client as dcmp
from rumpus_host.deploy import build, romfs
from rumpus_host.update import bundle, keys

_DEVICE = Path(__file__).parent.parent / "device"
_LOOK = {"look.py": (_DEVICE / "look.py").read_text(encoding="utf-8")}
_START = {"slot_main.py": (_DEVICE / "slot_main.py").read_text(encoding="utf-8"), **_LOOK}
BUDGETS = Path(__file__).parent.parent / "budgets.json"
MINUTE_MS = 60_000
_STEP_MS = 1000
_RUN = "        app.run()\n"  # in main.py
_TOO_SMALL, _ENOUGH, _EXACT = 16_000, 200_000, 500


def write(files: dict[str, bytes], folder: Path) -> Path:
    """Write the files of a slot below folder and a start file beside them; its path."""
    compiled = any(path.endswith(".mpy") for path in files)
    start = build.compile_all(_START) if compiled else {path: text.encode() for path, text in _START.items()}
    for path, data in {**files, **start}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    entry = folder / "main.py"
    entry.write_text("import slot_main\n", encoding="utf-8")
    return entry


def write_rom(files: dict[str, bytes], folder: Path) -> Path:
    """As write(), the slot as a ROMFS image that is run where it is mapped, outside the heap."""
    start = build.compile_all(_START)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "slot.romfs").write_bytes(romfs.image({**files, **start}))
    entry = folder / "main.py"
    entry.write_text((_DEVICE / "rom_main.py").read_text(encoding="utf-8"), encoding="utf-8")
    return entry


WRITERS = {"flash": write, "rom": write_rom}


def write_updatable(files: dict[str, bytes], folder: Path, appliance: str) -> tuple[Path, Path]:
    """The files as a board has them that can be updated: in slot a, with the real start files, which look at the
    heap. (start file, folder of the slots)."""
    storage, start = folder / "flash", folder / "start"
    bundles = bundle.manifest(files, board="virtual", appliance=appliance, version=__version__)
    files = {f"a/{path}": data for path, data in {**files, "manifest": bundles}.items()}
    key = {keys.DEVICE_FILE: keys.public_bytes(keys.make())}
    look = build.compile_all(_LOOK)
    for root, contents in ((storage, {**files, **key}), (start, look)):
        for path, data in contents.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(data)
    shutil.copy(ENTRY.parent / "launch.py", start)
    main = ENTRY.read_text(encoding="utf-8")
    assert main.count(_RUN) == 1
    entry = start / ENTRY.name
    entry.write_text(main.replace(_RUN, f"        __import__('look').begin(app)\n{_RUN}"), encoding="utf-8")
    return entry, storage


async def live(appliance: str, entry: Path, limit: str, minutes: int) -> list[int]:
    """The device talks and lives for so long on 32-bit objects; its heap in use at each minute, the start's
    first. Raises BenchError or an error of the client when the heap is too small."""
    heap: list[int] = []
    async with VirtualAppliance(appliance, "micropython32", entry=entry, heap=limit) as device:
        async with connect(device.url, last_event=0, timeout_s=20) as client:
            await client.version()
            for _ in range(minutes):
                await device.advance(MINUTE_MS, _STEP_MS)
                await client.status()
                await client.control([("child_lock", 0)])
                heap += said(device)
            await device.advance(_STEP_MS)
        return heap + said(device)


INFO_TYPES = ("BasicInfo", "FunctionList", "DeviceProperty", "FullDescription")


async def live_managed(
    appliance: str, entry: Path, limit: str, folder: Path, minutes: int = 1, storage: Path | None = None
) -> dict[str, list[int]]:
    """The full profile lives on 32-bit objects and is talked to over RUMP and DCMP; its heap in use when idle, and
    for so many rounds after information, after events, after a file came, and after one went. storage: the folder of
    its slots, where it has some. Raises as live() does, and when an answer is missing."""
    heap: dict[str, list[int]] = {}
    sent, back = folder / "sent", folder / "back"
    sent.write_bytes(bytes(range(250)) * 20)
    settings = {"dcmp": True, "udp": 0}
    virtual = VirtualAppliance(
        appliance, "micropython32", entry=entry, heap=limit, settings=settings, storage=storage
    )
    async with virtual as device, dcmp.connect(device.url) as client:
        await _a_minute(device)
        heap["idle"] = [await _a_minute(device)]
        for _ in range(minutes):
            async with connect(device.url, timeout_s=20) as beside:
                await beside.status()
            for kind in INFO_TYPES:
                await client.info(kind)
            heap.setdefault("info", []).append(await _a_minute(device))
            await client.subscribe()
            await client.control([("child_lock", 0)])
            await client.info("FullDescription")
            heap.setdefault("told", []).append(await _a_minute(device))
            await client.put_file(sent, "UserDefined", "sent", "1")
            await client.info("FullDescription")
            heap.setdefault("files", []).append(await _a_minute(device))
            await client.get_file("UserDefined", "sent", back)
            assert back.read_bytes() == sent.read_bytes()
            heap.setdefault("got", []).append(await _a_minute(device))
    return heap


async def _a_minute(device: VirtualAppliance) -> int:
    """Let a minute pass; the heap in use that the device tells in it."""
    said(device)
    await device.advance(MINUTE_MS, _STEP_MS)
    async with asyncio.timeout(5):
        while not (found := said(device)):
            await asyncio.sleep(0.05)  # it is on its way
    return found[-1]


def said(device: VirtualAppliance) -> list[int]:
    """The heaps in use that the device has told since the last call."""
    found = [int(line.split()[1]) for line in device.log if line.startswith("heap ")]
    device.log.clear()
    return found


async def smallest(appliance: str, entry: Path) -> int:
    """The least heap in which live() works for a minute, within half a kilobyte."""
    low, high = _TOO_SMALL, _ENOUGH
    while high - low > _EXACT:
        middle = (low + high) // 2
        try:
            await live(appliance, entry, str(middle), 1)
            high = middle
        except (BenchError, RumpusError):
            low = middle
    return high


def budgets() -> dict:
    return json.loads(BUDGETS.read_text(encoding="utf-8"))
