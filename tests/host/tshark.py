"""Captures as the real Wireshark reads them."""

import json
import subprocess
from pathlib import Path

import get_tshark

# Checksums are judged too: tshark does not by default, as network cards fill them in late.
_JUDGE = [word for name in ("ip", "udp", "tcp") for word in ("-o", f"{name}.check_checksum:TRUE")]
# What is in our own kind of link: bytes, to Wireshark.
_JUDGE += ["-o", 'uat:user_dlts:"User 0 (DLT=147)","data","0","","0",""']
BAD = "_ws.malformed || ip.checksum.status == 0 || udp.checksum.status == 0 || tcp.checksum.status == 0"


def fields(capture: Path, *names: str, wanted: str = "") -> list[list[str]]:
    """The values of fields, a list for each packet; a field that is there twice has two lines.

    wanted: a display filter.
    """
    command = [get_tshark.find(), "-n", "-r", capture, *_JUDGE, "-T", "json", "--no-duplicate-keys"]
    command += [word for name in names for word in ("-e", name)]
    done = subprocess.run(
        [*map(str, command), *(["-Y", wanted] if wanted else [])],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    layers = [packet["_source"]["layers"] for packet in json.loads(done.stdout)]
    return [["\n".join(layer.get(name, [""])) for name in names] for layer in layers]


def check_nothing_is_bad(capture: Path) -> None:
    """No packet is malformed or has a wrong checksum, and tshark has nothing to complain of."""
    assert fields(capture, "frame.number", wanted=BAD) == []
    warnings = fields(capture, "_ws.expert.message", wanted="_ws.expert.severity >= 0x400000")
    assert warnings == []
