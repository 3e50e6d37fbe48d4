"""The stage of the demo: four virtual appliances, a client for each, and one virtual time for all.

Each device is the real firmware in an interpreter of its own; what a step expects is checked against
the device's own answers over its own carrier, never against the bench.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from rumpus_host import explain, fields
from rumpus_host.bench.virtual_appliance import VirtualAppliance
from rumpus_host.client import Client, Refused, connect

# type -> carrier; one of them over a cable.
CAST = {
    "water_heater": "serial",
    "air_conditioner": "tcp",
    "refrigerator": "tcp",
    "microwave_oven": "tcp",
}
# The devices' loops run every 100 ms; the demo lets them do longer steps, which they are made for.
STEP_MS = 500
# Virtual time between two looks at the devices.
LOOK_MS = 5000
# Real time for what travels over a carrier after virtual time has passed.
_SETTLE_S = 5.0


@dataclass
class Actor:
    """One device on the stage."""

    appliance: VirtualAppliance
    client: Client
    state: dict[str, Any] = field(default_factory=dict)
    alarms_seen: list[str] = field(default_factory=list)  # "+door" when raised, "-door" when cleared
    history: dict[str, list[float]] = field(default_factory=dict)
    reader: asyncio.Task | None = None

    @property
    def type(self) -> str:
        return self.appliance.type

    def show(self, status) -> None:
        """Take over a status, in physical values."""
        known = [field for field in fields.fields_of(self.type) if field.name in status]
        self.state = {field.name: fields.to_value(field, status[field.name]) for field in known}
        for name, value in self.state.items():
            if isinstance(value, float):
                self.history.setdefault(name, []).append(value)


def _counts(type_name: str, values: dict[str, Any]) -> list[tuple[str, int]]:
    pairs = []
    for name, value in values.items():
        counts = (
            value if type(value) is int else fields.to_counts(fields.by_name(type_name, name), str(value))
        )
        pairs.append((name, counts))
    return pairs


@dataclass
class Step:
    """One line of the story and what became of it."""

    scene: str
    text: str
    device: str
    passed: bool | None = None
    detail: str = ""
    virtual_s: float = 0.0


class StepFailed(Exception):
    """A device did not do what the story expects; the rest of the scene makes no sense."""


class Stage:
    """time_scale: None = as fast as it goes, else virtual seconds per real second.

    on_change is called after each look at the devices and each step.
    """

    def __init__(self, time_scale: float | None = None, on_change: Callable[[], None] = lambda: None):
        self.time_scale = time_scale
        self.on_change = on_change
        self.actors: dict[str, Actor] = {}
        self.steps: list[Step] = []
        self.scene = ""
        self.virtual_ms = 0
        self._owed_until = 0.0
        self._stack = contextlib.AsyncExitStack()

    async def __aexit__(self, *exc) -> None:
        for actor in self.actors.values():
            if actor.reader:
                actor.reader.cancel()
        await self._stack.aclose()

    async def __aenter__(self) -> "Stage":
        return self

    async def add(self, type_name: str, interpreter: str) -> Actor:
        """Start one device and connect to it."""
        device = VirtualAppliance(type_name, interpreter, CAST[type_name], seed=1)
        appliance = await self._stack.enter_async_context(device)
        client = await self._stack.enter_async_context(connect(appliance.url, name="rumpus demo"))
        actor = Actor(appliance, client)
        actor.reader = asyncio.create_task(self._read(actor))
        self.actors[type_name] = actor
        actor.show(await client.status())
        return actor

    async def _read(self, actor: Actor) -> None:
        async for kind, value in actor.client.events():
            if kind == "status":
                actor.show(value)
            elif kind == "alarm":
                raised = fields.alarms(actor.type, value["active"] & value["changed"])
                cleared = fields.alarms(actor.type, ~value["active"] & value["changed"])
                actor.alarms_seen += [f"+{name}" for name in raised] + [f"-{name}" for name in cleared]

    # --- time -------------------------------------------------------------------------------

    async def advance(self, ms: int) -> None:
        """Let virtual time pass for all devices together."""
        while ms > 0:
            step_ms = min(ms, LOOK_MS)
            await asyncio.gather(*[a.appliance.advance(step_ms, STEP_MS) for a in self.actors.values()])
            self.virtual_ms += step_ms
            ms -= step_ms
            self.on_change()
            await self._hold_back(step_ms)

    async def _hold_back(self, ms: int) -> None:
        if self.time_scale:
            self._owed_until = max(self._owed_until, time.monotonic() - 0.5) + ms / 1000 / self.time_scale
            await asyncio.sleep(max(0.0, self._owed_until - time.monotonic()))

    # --- what a story is made of ------------------------------------------------------------

    async def control(self, type_name: str, text: str, **values: Any) -> None:
        """Send a control; it passes when the device carries it out. Values as one writes them for `set`."""
        actor = self.actors[type_name]
        step = self._begin(type_name, text)
        try:
            status = await actor.client.control(_counts(type_name, values))
        except Refused as refused:
            self._end(step, False, f"refused: {explain.reason_name(refused.status.reason)}")
            return
        actor.show(status)
        self._end(step, True, ", ".join(f"{name} = {value}" for name, value in values.items()))

    async def refused(self, type_name: str, text: str, reason: str, **values: Any) -> None:
        """Send a control that the device must refuse for this reason. A value that is an int is sent as
        counts, unchecked, so that it is the device that refuses."""
        actor = self.actors[type_name]
        step = self._begin(type_name, text)
        try:
            await actor.client.control(_counts(type_name, values))
        except Refused as refused:
            given = explain.reason_name(refused.status.reason)
            self._end(step, given == reason, f"refused: {given}")
            return
        self._end(step, False, "it was carried out")

    async def until(self, type_name: str, text: str, limit_min: float, test: Callable[[dict], bool]) -> None:
        """Let time pass until the device itself says that test(its values) holds; fails at the limit."""
        actor = self.actors[type_name]
        step = self._begin(type_name, text)
        end_ms = self.virtual_ms + limit_min * 60_000
        while True:
            actor.show(await actor.client.status())
            if test(actor.state):
                self._end(step, True, f"after {(self.virtual_ms / 1000 - step.virtual_s) / 60:.1f} min")
                return
            if self.virtual_ms >= end_ms:
                self._end(step, False, f"not within {limit_min:g} min")
                return
            await self.advance(LOOK_MS)

    async def alarm(self, type_name: str, text: str, edge: str, limit_min: float) -> None:
        """Let time pass until the device pushes this alarm edge ("+fridge_door", "-fridge_door")."""
        actor = self.actors[type_name]
        step = self._begin(type_name, text)
        end_ms = self.virtual_ms + limit_min * 60_000
        while edge not in actor.alarms_seen and self.virtual_ms < end_ms:
            await self.advance(LOOK_MS)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_SETTLE_S):
                while edge not in actor.alarms_seen:
                    await asyncio.sleep(0.01)
        self._end(step, edge in actor.alarms_seen, edge)

    def world(self, type_name: str, text: str, **values: Any) -> None:
        """Change something in the world around a device: a door, the weather."""
        step = self._begin(type_name, text)
        for name, value in values.items():
            plant = self.actors[type_name].appliance.plant
            if not hasattr(plant, name):
                raise AttributeError(f"{type(plant).__name__} has no {name}")
            setattr(plant, name, value)
        self._end(step, True, "")

    def _begin(self, type_name: str, text: str) -> Step:
        step = Step(self.scene, text, type_name, virtual_s=self.virtual_ms / 1000)
        self.steps.append(step)
        self.on_change()
        return step

    def _end(self, step: Step, passed: bool, detail: str) -> None:
        step.passed = passed
        step.detail = detail
        self.on_change()
        if not passed:
            raise StepFailed(step.text)

    @property
    def failed(self) -> int:
        return sum(not step.passed for step in self.steps)
