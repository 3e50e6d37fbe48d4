"""The end of a deploy: the device starts, and answers."""

import asyncio
import time
from typing import Any

from rumpus.errors import RumpusError

from ..client import Unreachable, connect
from .flash import MAINTENANCE
from .problem import DeployError
from .repl import Repl
from .settings import Settings

_LISTEN_S = 6.0
_ANSWER_S = 20.0
_TRY_S = 3.0


def start(repl: Repl, settings: Settings, address: str | None = None) -> dict[str, Any]:
    """End maintenance, restart, and ask the device what it is.

    address: of the device in the network, where that is known. The answer is {} where nobody here can ask:
    a device that dials out, or one whose address is not known. Raises DeployError.
    """
    repl.remove(MAINTENANCE)
    heard = repl.restart_and_listen(_LISTEN_S if settings["transport"] == "uart" else _LISTEN_S / 2)
    if b"Traceback" in heard or b"rumpus: boot:" in heard:
        raise _fails(heard)
    url = url_of(repl.port, settings, address)
    return asyncio.run(_ask(url)) if url else {}


def url_of(port: str, settings: Settings, address: str | None) -> str | None:
    if settings["transport"] == "uart":
        return port if "://" in port else f"serial://{port}"
    if settings["transport"] == "tcp_listen" and address:
        return f"tcp://{address}:{settings['port']}"
    return None


def _fails(heard: bytes) -> DeployError:
    lines = [line for line in heard.decode(errors="replace").splitlines() if line.strip(" >\x00")]
    told = next((line for line in reversed(lines) if "Error" in line or "boot:" in line), lines[-1])
    message = f"The device starts and then fails: {told.strip()}."
    return DeployError("device_fails", message, "All of it: mpremote connect PORT, then Ctrl-D.")


async def _ask(url: str) -> dict[str, Any]:
    """What the device says of itself."""
    deadline = time.monotonic() + _ANSWER_S
    while True:
        try:
            async with connect(url, timeout_s=_TRY_S, name="rumpus-flash") as device:
                version = await device.version()
                told = {name: version[name] for name in ("firmware", "hardware")}
                return {"url": url, "id": device.device_id.hex(), "type": device.type_name, **told}
        except (Unreachable, RumpusError) as error:
            if time.monotonic() > deadline:
                message = f"The files are in place, but nothing answers at {url}: {error}."
                raise DeployError(
                    "no_answer", message, "Press reset on the board; then: rumpus get " + url
                ) from None
            await asyncio.sleep(0.2)


async def set_utc_offset(url: str, minutes: int) -> None:
    """Give a running device its offset; it keeps it. Raises RumpusError."""
    async with connect(url, name="rumpus-provision") as device:
        await device.control([("utc_offset", minutes)])
