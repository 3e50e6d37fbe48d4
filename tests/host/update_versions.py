"""Real versions of the firmware for the virtual board, compiled, as slots and as bundles."""

import tempfile
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa

from rumpus_host.boards import load
from rumpus_host.deploy import build, modules
from rumpus_host.deploy.lean import lean
from rumpus_host.update import bundle, keys

BOARD, APPLIANCE = "virtual", "water_heater"
# What makes a version bad: where it fails, and the lines put at the end of that source.
BAD = {
    "import": ("rumpus.app", "raise ValueError('a bug in 9.9.9')\n"),
    "loop": ("rumpus.app", "def _bad(self, ms):\n    raise ValueError('a bug in 9.9.9')\nApp.step = _bad\n"),
}


@cache
def files(
    version: str,
    bad: str = "",
    transport: str = "tcp_listen",
    is_lean: bool = True,
    appliance: str = APPLIANCE,
) -> dict[str, bytes]:
    """The files of a slot. bad: a key of BAD."""
    drivers = tuple(sorted({row[1] for row in load.wiring(load.board(BOARD), appliance)}))
    device = modules.Device(BOARD, appliance, transport, "virtual", "micropython", drivers)
    needed = modules.needed(device, build.PROFILES["full"])
    more = {"rumpus": f'\n__version__ = "{version}"\n'}
    if bad:
        module, text = BAD[bad]
        more[module] = text
    with tempfile.TemporaryDirectory() as folder:
        for module, text in more.items():
            whole = needed[module].read_text(encoding="utf-8") + text
            needed[module] = Path(folder) / module / needed[module].name
            needed[module].parent.mkdir()
            needed[module].write_text(whole, encoding="utf-8")
        if is_lean:
            return build.compile_all(lean(needed, device), "-O3")
        sources = {build.slot_path(name, path): path.read_text("utf-8") for name, path in needed.items()}
    return build.compile_all(sources)


@cache
def key() -> rsa.RSAPrivateKey:
    return keys.make()


def make_bundle(
    path: Path,
    version: str,
    bad: str = "",
    floor: str = "0.0.0",
    transport: str = "tcp_listen",
    is_lean: bool = True,
    **other: str,
) -> Path:
    """A bundle in a file. other: another board or appliance than it is made for."""
    about = {"board": BOARD, "appliance": APPLIANCE, **other}
    found = files(version, bad, transport, is_lean, about["appliance"])
    path.write_bytes(bundle.pack(found, version=version, floor=floor, key=key(), **about))
    return path


def install(
    folder: Path,
    version: str,
    floor: str = "0.0.0",
    slot: str = "a",
    transport: str = "tcp_listen",
    is_lean: bool = True,
    appliance: str = APPLIANCE,
) -> None:
    """A version as a cable brings it, and the public key."""
    found = files(version, transport=transport, is_lean=is_lean, appliance=appliance)
    text = bundle.manifest(found, board=BOARD, appliance=appliance, version=version, floor=floor)
    for path, data in {**found, "manifest": text}.items():
        place = folder / slot / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    (folder / keys.DEVICE_FILE).write_bytes(keys.public_bytes(key()))
