"""Real versions of the firmware for the virtual board, compiled, as slots and as bundles."""

from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa

from rumpus_host.bench.repository import FIRMWARE
from rumpus_host.deploy import build, modules
from rumpus_host.update import bundle, keys

BOARD, APPLIANCE = "virtual", "water_heater"
# What makes a version bad: where it fails, and the lines put at the end of that file.
BAD = {
    "import": ("rumpus.app", "raise ValueError('a bug in 9.9.9')\n"),
    "loop": ("rumpus.app", "def _bad(self, ms):\n    raise ValueError('a bug in 9.9.9')\nApp.step = _bad\n"),
}


@cache
def _sources(transport: str) -> dict[str, str]:
    drivers = tuple(
        path.stem for path in (FIRMWARE / "rumpus" / "drivers").glob("*.py") if path.stem[0] != "_"
    )
    device = modules.Device(BOARD, APPLIANCE, transport, "virtual", "micropython", drivers)
    needed = modules.needed(device, build.PROFILES["full"])
    return {build.slot_path(name, path): path.read_text(encoding="utf-8") for name, path in needed.items()}


@cache
def files(version: str, bad: str = "", transport: str = "tcp_listen") -> dict[str, bytes]:
    """The files of a slot. bad: a key of BAD."""
    changed = {"rumpus/__init__.py": f'__version__ = "{version}"\n'}
    if bad:
        module, text = BAD[bad]
        path = module.replace(".", "/") + ".py"
        changed[path] = _sources(transport)[path] + text
    return {**_compiled(transport), **build.compile_all(changed)}


@cache
def _compiled(transport: str) -> dict[str, bytes]:
    return build.compile_all(_sources(transport))


@cache
def key() -> rsa.RSAPrivateKey:
    return keys.make()


def make_bundle(
    path: Path,
    version: str,
    bad: str = "",
    floor: str = "0.0.0",
    transport: str = "tcp_listen",
    **other: str,
) -> Path:
    """A bundle in a file. other: another board or appliance than it is made for."""
    about = {"board": BOARD, "appliance": APPLIANCE, **other}
    found = files(version, bad, transport)
    path.write_bytes(bundle.pack(found, version=version, floor=floor, key=key(), **about))
    return path


def install(
    folder: Path, version: str, floor: str = "0.0.0", slot: str = "a", transport: str = "tcp_listen"
) -> None:
    """A version as a cable brings it, and the public key."""
    found = files(version, transport=transport)
    text = bundle.manifest(found, board=BOARD, appliance=APPLIANCE, version=version, floor=floor)
    for path, data in {**found, "manifest": text}.items():
        place = folder / slot / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    (folder / keys.DEVICE_FILE).write_bytes(keys.public_bytes(key()))
