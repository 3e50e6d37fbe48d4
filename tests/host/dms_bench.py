"""What the tests of the DMS share: settings for virtual devices on loopback, and waiting."""

import asyncio
import os
import socket
from collections.abc import Callable
from typing import Any

LOOPBACK = "127.0.0.1"


def free_udp_port() -> int:
    """A port for what is said to everybody, so that tests that run side by side do not hear each other."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stream:
        stream.bind((LOOPBACK, 0))
        return stream.getsockname()[1]


def device_settings(group_port: int, dms: str, **more: Any) -> dict[str, Any]:
    """Settings of a virtual device with DCMP; dms: "tcp://HOST:PORT", "udp://HOST:PORT" or ""."""
    lan = {"udp_port": group_port, "udp_interface": LOOPBACK, "udp_own_port": 0}
    return {"dcmp": True, "dms": dms, **lan, **more}


async def until(condition: Callable[[], Any], seconds: float = 20.0) -> Any:
    """What the condition gives once it is true; fails after so many seconds."""
    async with asyncio.timeout(seconds):
        while not (value := condition()):
            await asyncio.sleep(0.02)
    return value


def a_device_id() -> bytes:
    return os.urandom(16)
