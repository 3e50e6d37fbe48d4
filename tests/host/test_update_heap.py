"""What an update costs on 32-bit MicroPython: heap. Prints the figures."""

import hashlib
import re
import subprocess
from pathlib import Path

import update_versions

from rumpus_host.bench import interpreters
from rumpus_host.bench.repository import FIRMWARE
from rumpus_host.update import bundle, keys

SCRIPT = Path(__file__).parent.parent / "device" / "update_heap.py"
# Bytes above what a device with DCMP and file transfer uses anyhow; modules as separate .mpy files.
# 4.5 kB of it is MicroPython's table of names, which doubles at the 621st.
MOST = {"idle": 13_000, "loaded": 24_500, "staging": 25_500, "applying": 29_000}


def test_an_update_fits_beside_a_running_device(tmp_path):
    """In use, garbage collected, with 135 files staged; a bundle of any size needs no more."""
    update_versions.install(tmp_path, "1.0.0", is_lean=False)
    path = update_versions.make_bundle(tmp_path / "new", "1.1.0", is_lean=False)
    read = bundle.read(path.read_bytes())
    command = interpreters.find("micropython32").command(SCRIPT, heap="4M")
    command += [str(tmp_path / "a"), str(tmp_path), str(path), read.digest.hex(), read.version]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    print(done.stdout)
    used = {stage: int(n) for stage, n in re.findall(r"^(\w+) (\d+)$", done.stdout, re.MULTILINE)}
    assert used.keys() == MOST.keys()
    assert all(used[stage] <= MOST[stage] for stage in MOST), used


def test_a_signature_needs_little_memory(tmp_path):
    """A heap of 12 kB, with what the interpreter, the test and the key take of it."""
    key = update_versions.key()
    values = keys.public_bytes(key), keys.sign(key, b"x"), hashlib.sha256(b"x").digest()
    script = tmp_path / "signature.py"
    script.write_text(
        "import sys\n"
        f"sys.path.insert(0, {str(FIRMWARE)!r})\n"
        "from rumpus.signature import is_good\n"
        f"assert is_good({values[0]!r}, {values[1]!r}, {values[2]!r}, 16)\n"
    )
    command = interpreters.find("micropython32").command(script, heap="12k")
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
