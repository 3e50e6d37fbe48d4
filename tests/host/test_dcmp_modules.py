"""What a device loads of DCMP and RMDP, and what it leaves on the file system."""

import subprocess
import sys
from pathlib import Path

FIRMWARE = Path(__file__).resolve().parent.parent.parent / "firmware"
# Tables and modules for people, tools and askers.
NOT_ON_A_DEVICE = (
    "dcmp.tables.messages",
    "dcmp.tables.message_names_ours",
    "dcmp.tables.results",
    "dcmp.tables.device_errors",
    "dcmp.tables.device_types",
    "dcmp.tables.bodies_info_ours",
    "dcmp.descriptions",
    "dcmp.requester",
    "dcmp.file_client",
)
# Loaded when the first message comes that needs them.
RARE = (
    "dcmp.files",
    "dcmp.apply",
    "dcmp.transactions",
    "dcmp.tables.bodies_files_ours",
    "dcmp.codec_registration",
)


def loaded(*modules: str) -> set[str]:
    """The modules of rumpus that are loaded after importing these."""
    lines = [f"import rumpus.{name}" for name in modules]
    program = "\n".join([*lines, "import sys", "print(*[n for n in sys.modules if n.startswith('rumpus.')])"])
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": str(FIRMWARE)},
        capture_output=True,
        text=True,
        check=True,
    )
    return {name.removeprefix("rumpus.") for name in done.stdout.split()}


def test_a_device_without_files_loads_neither_files_nor_what_is_for_people() -> None:
    found = loaded("dcmp.session", "dcmp.device", "dcmp.events", "rmdp.node")
    assert not found & {*NOT_ON_A_DEVICE, *RARE}


def test_a_device_with_files_loads_nothing_for_people() -> None:
    assert not loaded("dcmp.device", "dcmp.files", "dcmp.apply") & set(NOT_ON_A_DEVICE)


def test_a_device_without_dcmp_loads_none_of_it() -> None:
    assert not [name for name in loaded("rump.device", "link", "wire") if name.startswith(("dcmp", "rmdp"))]


def test_rmdp_and_dcmp_know_nothing_of_each_other() -> None:
    assert not [name for name in loaded("rmdp.node") if name.startswith("dcmp")]
    assert not [name for name in loaded("dcmp.session", "dcmp.device") if name.startswith("rmdp")]
