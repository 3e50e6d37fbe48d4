"""Devices and servers by name on the LAN: announced and found with mDNS (zeroconf).

A microcontroller does not announce itself this way: its network stack answers for a host name at most. Who
does is the host: rumpus sim --announce, rumpus dms, and a bridge for the devices on its cables.
"""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Sequence
from typing import NamedTuple

from zeroconf import IPVersion, NonUniqueNameException, ServiceStateChange
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

SERVICE = "_rumpus._tcp.local."
_RESOLVE_MS = 2000


class Announced(NamedTuple):
    """What is announced. id: 32 hex digits. protocols: such as "rump" and "dcmp"."""

    name: str
    id: str
    type: str
    host: str
    port: int
    protocols: tuple[str, ...]


def _zeroconf(interfaces: Sequence[str] | None) -> AsyncZeroconf:
    if interfaces:
        return AsyncZeroconf(interfaces=list(interfaces), ip_version=IPVersion.V4Only)
    return AsyncZeroconf(ip_version=IPVersion.V4Only)


@contextlib.asynccontextmanager
async def announcing(what: Announced, interfaces: Sequence[str] | None = None) -> AsyncIterator[None]:
    """Announce in the body. interfaces: addresses of networks, None = all. Raises OSError without a network."""
    properties = {"id": what.id, "type": what.type, "name": what.name, "protocols": ",".join(what.protocols)}
    info = AsyncServiceInfo(
        SERVICE,
        f"{what.name}-{what.id[:8]}.{SERVICE}",
        addresses=[socket.inet_aton(what.host)],
        port=what.port,
        properties=properties,
        server=f"rumpus-{what.id[:12]}.local.",
    )
    zeroconf = _zeroconf(interfaces)
    try:
        with contextlib.suppress(NonUniqueNameException):
            await (await zeroconf.async_register_service(info, allow_name_change=True))
        yield
    finally:
        await zeroconf.async_unregister_all_services()
        await zeroconf.async_close()


async def browse(seconds: float, interfaces: Sequence[str] | None = None) -> list[Announced]:
    """What answers within so many seconds. Raises OSError without a network."""
    names: set[str] = set()

    def changed(zeroconf, service_type: str, name: str, state_change: ServiceStateChange) -> None:
        if state_change is not ServiceStateChange.Removed:
            names.add(name)

    zeroconf = _zeroconf(interfaces)
    try:
        browser = AsyncServiceBrowser(zeroconf.zeroconf, SERVICE, handlers=[changed])
        await asyncio.sleep(seconds)
        found = [info for name in sorted(names) if (info := await _resolved(zeroconf, name))]
        await browser.async_cancel()
    finally:
        await zeroconf.async_close()
    return found


async def _resolved(zeroconf: AsyncZeroconf, name: str) -> Announced | None:
    info = AsyncServiceInfo(SERVICE, name)
    if not await info.async_request(zeroconf.zeroconf, _RESOLVE_MS):
        return None
    told = {key: value or "" for key, value in info.decoded_properties.items()}
    hosts = info.parsed_addresses(IPVersion.V4Only)
    if not hosts or info.port is None or not told.get("id"):
        return None
    protocols = tuple(name for name in told.get("protocols", "").split(",") if name)
    return Announced(told.get("name", ""), told["id"], told.get("type", ""), hosts[0], info.port, protocols)
