"""An update of one device from begin to end: send the bundle, apply it, and stay until it is committed.

    async for step in update(url, path): ...

The device is asked what it runs, again and again: its answer counts, not a notification that may be lost with
the link that dies at the restart. To ask is at the same time the exchange that a version on trial waits for.
"""

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from rumpus.dcmp.tables.properties import ROLLBACK_REASON, RUNNING_SLOT, UPDATE_STATE

from ..client import Unreachable
from ..dcmp import client as dcmp
from .bundle import Bundle

#: A broken transfer is begun again this often, where it stopped.
ATTEMPTS = 5
_AGAIN_S = 2.0
_TIMEOUT_S = 5.0
#: From APPLY to committed: looking at each byte, the restart, the network, the self-check.
TRIAL_S = 180.0
_FIRMWARE = "Firmware"

Progress = Callable[[int, int], None]


class Slots(NamedTuple):
    """What a device says of its versions."""

    running: str  # slot
    version: str
    other: str | None  # the version in the other slot, where there is a whole one
    state: str  # committed, staged, trial
    reason: str  # why it left the other slot: none, failed_starts, ordered

    def as_json(self) -> dict:
        return {
            "slot": self.running,
            "version": self.version,
            "other_version": self.other,
            "state": self.state,
            "rollback_reason": self.reason,
        }


class NotFromSlots(Exception):
    """The device does not run from a slot; it cannot be updated this way."""


class WrongDevice(Exception):
    """The bundle is for another type of appliance."""


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


async def slots_of(device: dcmp.Device) -> Slots:
    """Raises NotFromSlots, Unreachable, DcmpRefused."""
    texts = {number: text for number, (_n, _u, text) in (await device.properties("StatusProperty")).items()}
    if RUNNING_SLOT not in texts:
        raise NotFromSlots
    running = texts[RUNNING_SLOT]
    versions = {row["FileName"]: row["FileVersion"] for row in await device.list_files(_FIRMWARE)}
    others = [version for slot, version in versions.items() if slot != running]
    state = texts[UPDATE_STATE].partition(" ")[0]
    reason = texts[ROLLBACK_REASON].partition(" ")[0]
    return Slots(running, versions.get(running, ""), others[0] if others else None, state, reason)


async def send(url: str, path: Path, bundle: Bundle, progress: Progress | None = None) -> Slots:
    """Stage a bundle; goes on where an earlier call was broken off. What the device ran meanwhile.

    Raises NotFromSlots, WrongDevice, DcmpRefused; Unreachable after ATTEMPTS.
    """
    for attempt in range(ATTEMPTS):
        try:
            async with dcmp.connect(url, _TIMEOUT_S) as device:
                slots = await slots_of(device)
                if device.type_name != bundle.appliance:
                    raise WrongDevice(device.type_name)
                await device.put_file(path, _FIRMWARE, bundle.name, bundle.version, progress)
                return slots
        except Unreachable:
            if attempt + 1 == ATTEMPTS:
                raise
            await asyncio.sleep(_AGAIN_S)
    raise AssertionError("unreachable")


async def apply(url: str, kind: str, timeout_s: float = TRIAL_S) -> Slots:
    """Switch to the other slot, kind "Update" or "Rollback", and stay until that version is committed.

    Raises DcmpRefused when the device will not, RolledBack, Undecided; Unreachable when it was not even asked.
    """
    async with dcmp.connect(url, _TIMEOUT_S) as device:
        before = await slots_of(device)
        accepted: list[int] = []
        try:
            await asyncio.wait_for(device.apply(kind, _FIRMWARE, "", accepted.append), timeout_s)
        except (Unreachable, TimeoutError):
            if not accepted:
                raise Undecided(before) from None
        except dcmp.DcmpRefused:
            # The result of a trial that failed comes over carriers that outlive a restart.
            if not accepted or before == await _slots_at(url):
                raise
    return await _wait(url, before, timeout_s)


async def _wait(url: str, before: Slots, timeout_s: float) -> Slots:
    last = None
    until = asyncio.get_running_loop().time() + timeout_s
    while asyncio.get_running_loop().time() < until:
        with contextlib.suppress(Unreachable):
            last = await _slots_at(url)
            if last.state != "trial" and last.running != before.running:
                return last
            if last.running == before.running and last.reason == "failed_starts":
                raise RolledBack(last)
        await asyncio.sleep(_AGAIN_S / 4)
    raise Undecided(last)


async def _slots_at(url: str) -> Slots:
    async with dcmp.connect(url, _TIMEOUT_S) as device:
        return await slots_of(device)
