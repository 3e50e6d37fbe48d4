"""An update of one device from begin to end: send the bundle, apply it, and stay until it is committed.

    await send(url, path, bundle, progress, told, key_of)
    slots = await apply(url, "Update", key_of=key_of)

The device is asked what it runs, again and again: its answer counts, not a notification that may be lost with
the link that dies at the restart. To ask is at the same time the exchange that a version on trial waits for;
where the device has a key, together with the proof that we have it, too.

A device whose memory does not suffice for that beside its appliance says so. It is then brought into update
mode first, in which all its outputs are off: told() is called before that.
"""

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from rumpus.dcmp.tables.properties import (
    FIRMWARE_VERSION,
    OTHER_VERSION,
    ROLLBACK_REASON,
    RUNNING_SLOT,
    UPDATE_MODE,
    UPDATE_STATE,
    UPTIME,
)
from rumpus.dcmp.tables.result_codes import APPLY_NOT_EXECUTABLE, OTHER_OPERATION_RUNNING
from rumpus.ra.tables.sealed import KEY_SIZE
from rumpus.update.tables.mode import ACTIVE, MODE_NAME, NEEDED
from rumpus.update.tables.slots import FIRMWARE

from .. import owner
from ..client import Unreachable
from ..dcmp import client as dcmp
from .bundle import Bundle

#: A broken transfer is begun again this often, where it stopped.
ATTEMPTS = 8
_AGAIN_S = 2.0
_LOOK_S = 0.5
TIMEOUT_S = 5.0
#: From APPLY to committed: looking at each byte, the restart, the network, the self-check.
TRIAL_S = 180.0
#: Into update mode, or out of it: a restart and the network.
MODE_S = 60.0
#: So long nothing is said on a cable on which a device is to start again.
_START_S = 60.0
_FIRST = asyncio.FIRST_COMPLETED

Progress = Callable[[int, int], None]
#: Called before a device goes into update mode.
Told = Callable[[], None]
#: The key of the device with that UUID, None when it is not here.
KeyOf = Callable[[bytes], bytes | None]


class Slots(NamedTuple):
    """What a device says of its versions."""

    running: str  # slot
    version: str
    other: str | None  # the version in the other slot, where there is a whole one
    state: str  # committed, staged, trial
    reason: str  # why it left the other slot: none, failed_starts, ordered
    mode: str = ""  # the update mode: available, needed, active; empty where there is none

    def as_json(self) -> dict:
        return {
            "slot": self.running,
            "version": self.version,
            "other_version": self.other,
            "state": self.state,
            "rollback_reason": self.reason,
            "update_mode": self.mode or None,
        }


class NotFromSlots(Exception):
    """The device does not run from a slot; it cannot be updated this way."""


class WrongDevice(Exception):
    """The bundle is for another type of appliance."""


class NotInMode(Exception):
    """The device was to go into update mode and runs its appliance instead. slots: as it is now."""

    def __init__(self, slots: Slots):
        super().__init__("not_in_mode")
        self.slots = slots


class KeyNeeded(Exception):
    """The device has a key, and it is not here: nobody could commit the new version. uuid: of the device."""

    def __init__(self, uuid: bytes):
        super().__init__("key_needed")
        self.uuid = uuid


class RolledBack(Exception):
    """The new version was left again. slots: as it is now."""

    def __init__(self, slots: Slots):
        super().__init__(slots.reason)
        self.slots = slots


class Undecided(Exception):
    """The device was not seen to commit or to leave the new version in time. slots: as last seen, or None."""

    def __init__(self, slots: Slots | None):
        super().__init__("undecided")
        self.slots = slots


def no_key(_uuid: bytes) -> bytes | None:
    """A KeyOf for devices that have none."""
    return None


async def slots_of(device: dcmp.Device) -> Slots:
    """Raises NotFromSlots, Unreachable, DcmpRefused."""
    return (await _ask(device))[0]


async def _ask(device: dcmp.Device) -> tuple[Slots, int]:
    """The slots, and the seconds since the device has started."""
    texts = {number: text for number, (_n, _u, text) in (await device.properties("StatusProperty")).items()}
    if RUNNING_SLOT not in texts:
        raise NotFromSlots
    common = await device.properties("CommonProperty")
    slots = Slots(
        texts[RUNNING_SLOT],
        common[FIRMWARE_VERSION][2],
        texts[OTHER_VERSION] or None,
        texts[UPDATE_STATE].partition(" ")[0],
        texts[ROLLBACK_REASON].partition(" ")[0],
        texts.get(UPDATE_MODE, ""),
    )
    return slots, int(texts[UPTIME])


async def look(url: str) -> Slots:
    """What a device runs. Raises NotFromSlots, Unreachable, DcmpRefused."""
    async with dcmp.connect(url, TIMEOUT_S) as device:
        return await slots_of(device)


async def send(
    url: str,
    path: Path,
    bundle: Bundle,
    progress: Progress | None = None,
    told: Told | None = None,
    key_of: KeyOf = no_key,
) -> Slots:
    """Stage a bundle; goes on where an earlier call was broken off. What the device runs meanwhile.

    Raises NotFromSlots, WrongDevice, NotInMode, KeyNeeded, NotOwner, DcmpRefused; Unreachable after ATTEMPTS.
    """
    for attempt in range(ATTEMPTS):
        try:
            await _enter(url, told, key_of, bundle.appliance)
            async with dcmp.connect(url, TIMEOUT_S) as device:
                await device.put_file(path, FIRMWARE, bundle.name, bundle.version, progress)
                return await slots_of(device)
        except (Unreachable, dcmp.DcmpRefused) as error:
            # A transfer that was broken off runs on there until its silence is noticed.
            if attempt + 1 == ATTEMPTS or not (isinstance(error, Unreachable) or _is_busy(error)):
                await _leave_quietly(url)
                raise
            await asyncio.sleep(_AGAIN_S)
    raise AssertionError("unreachable")


async def _enter(url: str, told: Told | None, key_of: KeyOf, appliance: str = "") -> None:
    """Bring the device into update mode, if it needs that and is not on trial."""
    async with dcmp.connect(url, TIMEOUT_S) as device:
        slots = await slots_of(device)
        if appliance and device.type_name != appliance:
            raise WrongDevice(device.type_name)
    if slots.mode == NEEDED and slots.state != "trial":
        if told:
            told()
        await enter(url, key_of)


async def enter(url: str, key_of: KeyOf = no_key) -> Slots:
    """Have a device start in update mode, whether it needs that or not; what it runs."""
    return await _ordered(url, "Execute", MODE_NAME, _ModeOrder, MODE_S, key_of)


async def leave(url: str) -> Slots:
    """Have a device that is in update mode run its appliance again; what it runs."""
    slots = await look(url)
    return await _ordered(url, "Reboot", "", _LeaveOrder, MODE_S, no_key) if slots.mode == ACTIVE else slots


async def _leave_quietly(url: str) -> None:
    """After a refusal, which counts, whatever comes of this; the mode ends by itself, too."""
    with contextlib.suppress(Unreachable, dcmp.DcmpRefused, NotFromSlots, Undecided, NotInMode):
        await leave(url)


def _is_busy(error: dcmp.DcmpRefused) -> bool:
    return error.result == OTHER_OPERATION_RUNNING


class _Order:
    """Follows what became of an order: before it, and as last seen."""

    def __init__(self, before: Slots, uptime_s: int) -> None:
        self.before = self.last = before
        self.has_restarted = False
        self.is_younger = False  # as it was seen
        self._uptime_s = uptime_s

    def see(self, slots: Slots, uptime_s: int) -> bool:
        """is_over(), with what is seen now."""
        self.last = slots
        self.is_younger |= uptime_s < self._uptime_s
        self.has_restarted |= self.is_younger
        self._uptime_s = uptime_s
        return self.is_over(slots)

    def is_over(self, slots: Slots) -> bool:
        """True when the other version is committed. Raises RolledBack."""
        if slots.running != self.before.running:
            return slots.state != "trial"
        # The reason may be an old one as long as the device has not restarted.
        if self.has_restarted and slots.reason == "failed_starts" and slots.state != "staged":
            raise RolledBack(slots)
        return False


class _ModeOrder(_Order):
    """Into update mode."""

    def is_over(self, slots: Slots) -> bool:
        if slots.mode != ACTIVE and self.is_younger:
            raise NotInMode(slots)
        return slots.mode == ACTIVE


class _LeaveOrder(_Order):
    """Out of update mode."""

    def is_over(self, slots: Slots) -> bool:
        return slots.mode != ACTIVE


def _starts(device: dcmp.Device) -> asyncio.Future[Any]:
    """Done when the device may be spoken to after an order: at once, on a cable when it has said hello.

    Any packet may hold the character that interrupts, and a device that starts on its console's cable is
    interrupted by it until the firmware has the port.
    """
    for link in device.endpoint.links:
        if not link.is_reliable:
            link.greeted.clear()
            return asyncio.ensure_future(link.greeted.wait())
    done: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    done.set_result(None)
    return done


async def _find_key(device: dcmp.Device, key_of: KeyOf) -> bytes | None:
    """The key that a trial will have to be shown; None when the device has none. Raises KeyNeeded, NotOwner."""
    key = key_of(device.uuid)
    if (await slots_of(device)).mode == ACTIVE:  # it was asked before, and here it cannot be
        return key
    try:
        await owner.Owner.open(device, key or bytes(KEY_SIZE))
    except owner.NotOwner as error:
        if error.code == "no_key":
            return None
        if key is None:
            raise KeyNeeded(device.uuid) from None
        raise
    except Unreachable:
        # Datagrams have no sealed channel, and old firmware does not know it.
        if key is not None and not device.is_linked:
            raise
    return key


async def _look(device: dcmp.Device, key: bytes | None) -> tuple[Slots, int]:
    """_ask(), and what a version on trial waits for."""
    slots, uptime_s = await _ask(device)
    if slots.state == "trial" and key is not None:
        await (await owner.Owner.open(device, key)).prove()
    return slots, uptime_s


async def apply(
    url: str, kind: str, timeout_s: float = TRIAL_S, key_of: KeyOf = no_key, told: Told | None = None
) -> Slots:
    """apply_once(), again where another order is not over yet: a trial that needs a moment."""
    try:
        await _enter(url, told, key_of)
        for _ in range(ATTEMPTS):
            try:
                return await apply_once(url, kind, timeout_s, key_of)
            except dcmp.DcmpRefused as error:
                if not _is_busy(error):
                    raise
            await asyncio.sleep(_AGAIN_S)
        return await apply_once(url, kind, timeout_s, key_of)
    except dcmp.DcmpRefused:
        await _leave_quietly(url)
        raise


async def apply_once(url: str, kind: str, timeout_s: float = TRIAL_S, key_of: KeyOf = no_key) -> Slots:
    """Switch to the other slot, kind "Update" or "Rollback", and stay until that version is committed.

    Raises DcmpRefused when the device will not, RolledBack, Undecided; KeyNeeded, NotOwner and Unreachable when
    it was not even asked.
    """
    return await _ordered(url, kind, "", _Order, timeout_s, key_of)


async def _ordered(
    url: str, kind: str, name: str, order_of: type["_Order"], timeout_s: float, key_of: KeyOf
) -> Slots:
    """Order it, and look until the order is over."""
    until = asyncio.get_running_loop().time() + timeout_s
    async with dcmp.connect(url, TIMEOUT_S) as device:
        key = await _find_key(device, key_of)
        order = order_of(*await _ask(device))
        accepted = asyncio.Event()
        started = _starts(device)
        applying = asyncio.ensure_future(device.apply(kind, FIRMWARE, name, lambda _s: accepted.set()))
        try:
            while not applying.done():  # on the link as it is: it may live through the restart
                await asyncio.wait({applying}, timeout=_LOOK_S)
                if accepted.is_set():
                    await asyncio.wait({applying, started}, timeout=_START_S, return_when=_FIRST)
                if accepted.is_set() and not applying.done() and order.see(*await _look(device, key)):
                    return order.last
            await applying
        except Unreachable:
            if not accepted.is_set():
                raise Undecided(order.last) from None
        except dcmp.DcmpRefused as error:
            # A trial that failed is told so as well, over a carrier that lives through a restart.
            if not accepted.is_set() or error.result != APPLY_NOT_EXECUTABLE:
                raise
        finally:
            started.cancel()
            applying.cancel()
            with contextlib.suppress(asyncio.CancelledError, Unreachable, dcmp.DcmpRefused):
                await applying
    order.has_restarted = True  # the link has died of it, or there was a result
    while asyncio.get_running_loop().time() < until:
        # The proof first, and by itself: little memory may not suffice for information while a trial goes on.
        if key is not None:
            with contextlib.suppress(Unreachable):
                async with dcmp.connect(url, TIMEOUT_S) as device:
                    await (await owner.Owner.open(device, key)).prove()
        with contextlib.suppress(Unreachable):
            async with dcmp.connect(url, TIMEOUT_S) as device:
                if order.see(*await _ask(device)):
                    return order.last
        await asyncio.sleep(_LOOK_S)
    raise Undecided(order.last)
