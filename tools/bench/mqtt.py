"""umqtt.simple for the memory bench: its source from PyPI, and as much of a broker as it needs to live."""

import hashlib
import io
import re
import socket
import tarfile
import urllib.request
from pathlib import Path

NAME = "umqtt.simple 1.3.4"
_PAGE = "https://pypi.org/simple/micropython-umqtt.simple/"
_FILE = "micropython-umqtt.simple-1.3.4.tar.gz"
_SHA256 = "b6a2520239e3992c63a7de9370ee9b3d9d27819a90359c521f1c0f7ccab8d12f"
_MODULE = "umqtt/simple.py"
_TIMEOUT_S = 20

# What the broker says; MQTT 3.1.1, sections 3.2, 3.9 and 3.3.
_CONNACK = bytes.fromhex("20 02 00 00")
_PUBLISH = bytes((0x30, 2 + 3 + 40)) + b"\0\3ask" + b"x" * 40
_SUBACK_HEAD, _GRANTED = bytes.fromhex("90 03"), bytes(1)
_CONNECT, _SUBSCRIBE, _SENT = 0x10, 0x82, 0x30


def fetch(folder: Path) -> bool:
    """Put the module below the folder; False when it cannot be had here. pip cannot install it: the package is
    for a tool that is no more."""
    try:
        page = urllib.request.urlopen(_PAGE, timeout=_TIMEOUT_S).read().decode()
        found = re.search(rf'href="([^"#]*/{re.escape(_FILE)})', page)
        if not found:
            return False
        data = urllib.request.urlopen(found[1], timeout=_TIMEOUT_S).read()
    except OSError:
        return False
    if hashlib.sha256(data).hexdigest() != _SHA256:
        return False
    with tarfile.open(fileobj=io.BytesIO(data)) as package:
        member = package.extractfile(_FILE.removesuffix(".tar.gz") + "/" + _MODULE)
        assert member
        (folder / _MODULE).parent.mkdir(parents=True)
        (folder / _MODULE).write_bytes(member.read())
    return True


def serve(listener: socket.socket, times: int) -> int:
    """Be the broker of one client, ask it so many times; what it said last. Raises OSError, ValueError."""
    stream = listener.accept()[0]
    with stream, stream.makefile("rb") as incoming:
        stream.settimeout(5)
        _take(incoming, _CONNECT)
        stream.sendall(_CONNACK)
        stream.sendall(_SUBACK_HEAD + _take(incoming, _SUBSCRIBE)[:2] + _GRANTED)
        said = b""
        for _ in range(times):
            stream.sendall(_PUBLISH)
            said = _take(incoming, _SENT)
        return int(said[2 + said[1] :])


def _take(incoming, kind: int) -> bytes:
    """The rest of a packet of that kind; all of ours are shorter than 128 bytes."""
    head = incoming.read(2)
    if len(head) < 2 or head[0] != kind or head[1] > 127:
        raise ValueError(f"not what a broker expects: {head!r}")
    return incoming.read(head[1])
