"""Slots on disk, as a device has them, for the tests that run what is built."""

from pathlib import Path

from rumpus_host.deploy import build

_START = Path(__file__).parent.parent / "device" / "slot_main.py"


def write(files: dict[str, bytes], folder: Path) -> Path:
    """Write the files of a slot below folder and a start file beside them; its path."""
    compiled = any(path.endswith(".mpy") for path in files)
    start = {"slot_main.py": _START.read_text(encoding="utf-8")}
    files = {**files, **(build.compile_all(start) if compiled else {p: t.encode() for p, t in start.items()})}
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    entry = folder / "main.py"
    entry.write_text("import slot_main\n", encoding="utf-8")
    return entry
