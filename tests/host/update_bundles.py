"""Bundles for tests/device/update_cuts.py: the files of small versions, signed with a key made for the test."""

import random
from collections.abc import Mapping
from pathlib import Path

from rumpus.update.tables.bundle import BUNDLE_HEAD_SIZE
from rumpus_host.update import bundle, keys

BOARD, APPLIANCE = "virtual", "water_heater"
COMMON = {
    "rumpus/__init__.py": 0,
    "rumpus/app.py": 1500,
    "rumpus/wire.py": 300,
    "boards/virtual/water_heater.py": 700,
}
STORY = {
    "old": COMMON | {"rumpus/gone/x.py": 90, "rumpus/gone.py": 40},
    "new": COMMON | {"rumpus/more/__init__.py": 0, "rumpus/more/y.py": 2600},
    "bad": COMMON,
}
TINY = {"old": {"rumpus/app.py": 200}, "new": {"rumpus/app.py": 300}}


def many(seed: int) -> dict[str, dict[str, int]]:
    """Names and sizes of versions for random updates: some need several checkpoints of the staging."""
    rng = random.Random(seed)
    versions = {"old": dict(COMMON)}
    for n in range(12):
        kind = "bad" if n % 3 == 2 else "good"
        folders = rng.sample(("rumpus", "rumpus/dcmp", "rumpus/dcmp/tables", "boards/virtual", "rumpus/x"), 3)
        names = [f"{rng.choice(folders)}/m{rng.randrange(12)}.py" for _ in range(rng.randrange(1, 12))]
        versions[f"{kind}{n}"] = {name: rng.choice((0, 10, 300, 1024, 5000)) for name in names} | {
            "rumpus/app.py": 100
        }
    return versions


def write(folder: Path, versions: Mapping[str, Mapping[str, int]], seed: int = 0) -> Path:
    """Bundles with random contents in a folder, as update_cuts.py wants them."""
    rng = random.Random(seed)
    key = keys.make()
    folder.mkdir()
    (folder / "key").write_bytes(keys.public_bytes(key))
    for number, (name, sizes) in enumerate(versions.items()):
        files = {path: rng.randbytes(size) for path, size in sizes.items()}
        raw = bundle.pack(files, board=BOARD, appliance=APPLIANCE, version=f"1.{number}.0", key=key)
        read = bundle.read(raw)
        (folder / f"{name}.bundle").write_bytes(raw)
        (folder / f"{name}.digest").write_bytes(read.digest)
        text = raw[BUNDLE_HEAD_SIZE : len(raw) - sum(map(len, files.values()))]
        for path, data in (files | {"manifest": text}).items():
            place = folder / name / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
    return folder
