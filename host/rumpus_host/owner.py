"""Somebody who has a device's key: proves it, and asks what only the owner may.

owner = await Owner.open(device, key)           # device: a Client, or a Device of dcmp.client
await owner.networks()
await owner.change_network("Home", "correct horse")
"""

import asyncio
import contextlib
import os
import secrets
from typing import NamedTuple, Protocol

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from rumpus import wire
from rumpus.errors import DecodeError, RumpusError
from rumpus.link import RA
from rumpus.ra.tables import owner as m
from rumpus.ra.tables import sealed as t
from rumpus.ra.tables.messages import HEADER_SIZE, VERSION
from rumpus.seal import Seal, is_same

from .client import Unreachable, connect

#: A device tries a network for twenty seconds, and then the other one.
MOVE_S = 75.0
_LOOK_S = 1.0
_TIMEOUT_S = 3.0


class NotOwner(RumpusError):
    """The proof failed. code: no_key (the device has none), other_key (it has another than we)."""


class Refused(RumpusError):
    """The device refused; code: a name in RESULTS of ra/tables/owner.py."""


class Networks(NamedTuple):
    """wanted: the network that the device was last told of. joined: the one it is in. "": none."""

    wanted: str
    joined: str


class NotMoved(Exception):
    """The device did not come to the network in time. networks: as last seen, None when it was not seen."""

    def __init__(self, networks: Networks | None):
        super().__init__("not moved")
        self.networks = networks


class Sealing(Protocol):
    """A connection to a device that carries the sealed channel."""

    @property
    def uuid(self) -> bytes: ...

    async def sealed(self, body: bytes) -> bytes:
        """Send a packet of the sealed channel; what comes back. Raises Unreachable."""
        ...


class Owner:
    """Use Owner.open()."""

    def __init__(self, device: Sealing, seal: Seal):
        self._device = device
        self._seal = seal

    @classmethod
    async def open(cls, device: Sealing, key: bytes) -> "Owner":
        """Let the device prove that it has the key. Ours is proved by what we ask next. Raises NotOwner,
        Unreachable."""
        nonce = os.urandom(t.NONCE_SIZE)
        answer = await device.sealed(wire.pack(t.OPEN_BODY, {"kind": t.OPEN, "nonce": nonce}))
        try:
            values, _end = wire.unpack(t.OPENED_BODY, answer, 0, len(answer))
        except DecodeError as error:
            raise Unreachable("no_answer", f"its answer is not one: {error.code}") from None
        if values["result"] == t.NO_KEY:
            raise NotOwner("no_key")
        seal = Seal(key, device.uuid, nonce + values["nonce"], t.TO_DEVICE, t.TO_CONTROLLER)
        if not is_same(seal.proof, values["proof"]):
            raise NotOwner("other_key")
        return cls(device, seal)

    async def prove(self) -> None:
        """One exchange, by which the device knows that we have the key. Raises Unreachable."""
        await self.networks()

    async def networks(self) -> Networks:
        """Raises Unreachable."""
        values = await self._ask(m.NETWORK_QUERY, b"", m.NETWORK_STATE_BODY)
        return Networks(values["wanted"], values["joined"])

    async def change_network(self, ssid: str, password: str) -> None:
        """Tell the device of another Wi-Fi network. Raises Refused, Unreachable; OverflowError for a name or
        password that is too long."""
        iv = secrets.token_bytes(16)
        padded = password.encode().ljust(m.PASSWORD_SIZE, b"\0")
        if len(padded) > m.PASSWORD_SIZE or len(ssid.encode()) > m.SSID_SIZE:
            raise OverflowError("name or password too long")
        cipher = Cipher(algorithms.AES(self._seal.secret_key), modes.CBC(iv)).encryptor()
        secret = cipher.update(padded) + cipher.finalize()
        body = wire.pack(m.NETWORK_CHANGE_BODY, {"ssid": ssid, "iv": iv, "password": secret})
        values = await self._ask(m.NETWORK_CHANGE, body, m.NETWORK_CHANGED_BODY)
        if values["result"] != m.ACCEPTED:
            names = {number: name for number, name, _source in m.RESULTS}
            raise Refused(names.get(values["result"], "refused"))

    async def _ask(self, kind: int, body: bytes, layout: tuple) -> dict:
        """The values of the answer, which has the number after the question's."""
        packet = bytes((RA, VERSION, kind)) + body
        answer = await self._device.sealed(self._seal.close(packet))
        try:
            opened = self._seal.open(answer)
            if opened[:3] != bytes((RA, VERSION, kind + 1)):
                raise DecodeError("unknown_message", 2)
            return wire.unpack(layout, opened, 1 + HEADER_SIZE, len(opened))[0]
        except DecodeError as error:
            raise Unreachable("no_answer", f"its answer is not one: {error.code}") from None


async def moved(url: str, key: bytes, ssid: str, timeout_s: float = MOVE_S) -> Networks:
    """Wait until a device that was told of a network has joined it. Raises NotMoved; NotOwner."""
    last: Networks | None = None
    has_left = False
    until = asyncio.get_running_loop().time() + timeout_s
    while asyncio.get_running_loop().time() < until:
        await asyncio.sleep(_LOOK_S)
        seen: Networks | None = None
        with contextlib.suppress(Unreachable):
            async with connect(url, timeout_s=_TIMEOUT_S) as device:
                seen = await (await Owner.open(device, key)).networks()
        if seen is None or seen.joined == "":
            has_left, last = True, None
            continue
        last = seen
        if seen.joined == ssid:
            return seen
        if has_left:
            break  # it is back where it was
    raise NotMoved(last)
