"""The user/controller on a PC: one class over a session, for asyncio.

    async with connect("tcp://192.0.2.7:3880") as device:
        status = await device.status()
        await device.control([("target_temperature", 500)])     # counts; fields.py has the physical values

A control is sent once. When the link dies or time runs out before its answer, OutcomeUnknown is
raised and nothing is sent again; the status is asked for, so that one can see.
"""

import asyncio
import random
from collections.abc import AsyncIterator
from importlib import import_module
from typing import Any

from rumpus import __version__
from rumpus.errors import DecodeError, RumpusError, TransportError
from rumpus.link import HEAD, RA, RUMP, SEALED, TAIL
from rumpus.ra import hello as ra_hello
from rumpus.ra.tables.messages import DEVICE_HELLO, DEVICE_NOT_NOW, LOCAL_RESET_ANSWER, ONLY_NEW
from rumpus.rump import controller as rump
from rumpus.rump import message
from rumpus.rump.layout import Status
from rumpus.rump.state import rows_of
from rumpus.rump.tables.frame import DEVICE_TYPES
from rumpus.rump.tables.messages import CONTROL
from rumpus.rump.tables.results import OK
from rumpus.rump.tables.timing import HEARTBEAT_MS, RESPONSE_TIMEOUT_MS

from .carriers import Carrier, open_carrier

# Waits between attempts to come back, with up to half of jitter.
_FIRST_WAIT_S = 0.1
_LONGEST_WAIT_S = 5.0
# Events that nobody has taken yet; older ones are dropped, and counted, so that a client which only
# sends controls does not fill the memory.
_MOST_EVENTS = 10_000
# A device that is not heard for this long is asked; when it does not answer, the link is dead.
_SILENCE_S = 2.5 * HEARTBEAT_MS / 1000
# To whoever does not prove its key a device says nothing.
NO_SEALED_ANSWER = "it does not answer what only its owner may ask"


class Unreachable(RumpusError):
    """Nothing answers at the URL, or it stopped answering. Nothing was changed."""


class TakingUpdate(Unreachable):
    """The device is there, but runs no appliance: it is taking an update."""


class Refused(RumpusError):
    """The device refused the control; `status` says which field, why, and what holds instead."""

    def __init__(self, status: Status):
        super().__init__(status.result, status.field)
        self.status = status


class OutcomeUnknown(RumpusError):
    """The link died, or the answer did not come, with a control under way. It may have been carried
    out or not. `status` is what the device said afterwards, None when it could not be asked."""

    def __init__(self, detail: str, status: Status | None = None):
        super().__init__("outcome_unknown", detail)
        self.status = status


def table_of(device_id: bytes):
    """The table module of a device's type. Raises Unreachable for a type that nobody knows."""
    number = int.from_bytes(device_id[:2], "big")
    for value, name, _source in DEVICE_TYPES:
        if value == number:
            return import_module(f"rumpus.rump.tables.{name}")
    raise Unreachable("unknown_type", f"the device says it is of type {number}")


class Client:
    """Use connect(); the attributes are valid inside its `async with`.

    hello: what the device said of itself (dict by DEVICE_HELLO_BODY). table: its type's table module.
    last_event: newest alarm event known. lost_events: events nobody took in time.
    """

    def __init__(self, url: str, last_event: int, name: str, timeout_s: float, reconnect: bool):
        self.url = url
        self.name = name
        self.timeout_s = timeout_s
        self.reconnect = reconnect
        self.last_event = last_event
        self.hello: dict = {}
        self.table: Any = None
        self.lost_events = 0
        self.device_version_queries = 0
        self._session: rump.Controller | None = None
        self._carrier: Carrier | None = None
        self._out = bytearray(HEAD + 2048 + TAIL)
        self._waiting: dict[int, tuple[asyncio.Future, int]] = {}
        self._in_flight = 0
        self._room = asyncio.Condition()
        self._hello_come = asyncio.Event()
        self._reset: asyncio.Future | None = None
        self._opened: asyncio.Future[bytes] | None = None
        self._events: asyncio.Queue = asyncio.Queue()
        self._tasks: list[asyncio.Task] = []

    @property
    def device_id(self) -> bytes:
        return self.hello["device_id"]

    @property
    def uuid(self) -> bytes:
        return self.hello["uuid"]

    @property
    def type_name(self) -> str:
        return self.table.NAME

    # --- life -------------------------------------------------------------------------------

    async def __aenter__(self) -> "Client":
        try:
            async with asyncio.timeout(self.timeout_s):
                await self._open()
        except BaseException as error:
            await self._lose("not connected")
            if isinstance(error, TimeoutError):
                raise Unreachable("no_answer", "connected, but no device said hello") from None
            if isinstance(error, OSError):
                raise Unreachable("no_connection", str(error)) from None
            raise
        self._tasks = [asyncio.create_task(self._live()), asyncio.create_task(self._watch_silence())]
        return self

    async def __aexit__(self, *_exc) -> None:
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._lose("closed by us")

    async def _open(self) -> None:
        """Open the carrier, exchange hellos. Raises OSError; waits for ever for the device's hello."""
        self._hello_come.clear()
        self._carrier = await open_carrier(self.url, self._heard_console)
        self._session = None
        await self._say_hello()
        while not self._hello_come.is_set():
            if not await self._receive():
                raise ConnectionError("the connection was closed before the device said hello")

    async def _say_hello(self) -> None:
        await self._send(RA, ra_hello.pack_controller_hello(self.last_event, self.name))

    async def _live(self) -> None:
        """Receive for ever; come back when the link dies, if that is wanted."""
        while True:
            try:
                while await self._receive():
                    pass
                reason = "the link was closed"
            except RumpusError as error:
                reason = str(error.detail or error.code)
            await self._lose(reason)
            if not self.reconnect:
                return
            await self._come_back()

    async def _come_back(self) -> None:
        wait_s = _FIRST_WAIT_S
        while True:
            try:
                async with asyncio.timeout(self.timeout_s):
                    return await self._open()
            except (OSError, TimeoutError, RumpusError):
                await self._lose(None)
            await asyncio.sleep(wait_s * (1 + random.random() / 2))
            wait_s = min(2 * wait_s, _LONGEST_WAIT_S)

    async def _lose(self, reason: str | None) -> None:
        """The link is gone: close what is left and tell those who wait for answers."""
        carrier, self._carrier = self._carrier, None
        if carrier:
            await carrier.close()
        self._fail_all("the link died before the answer")
        await self._make_room(self._in_flight)
        if reason:
            self._put(("disconnected", reason))

    async def _watch_silence(self) -> None:
        """Ask a device that was not heard for long; a link that nothing comes over is closed."""
        heard = None
        while True:
            await asyncio.sleep(_SILENCE_S)
            carrier = self._carrier
            if carrier is None or (carrier, carrier.link.packets) != heard:
                heard = carrier and (carrier, carrier.link.packets)
                continue
            try:
                await self.status()
            except RumpusError:
                if carrier is self._carrier:
                    await carrier.close()

    # --- bytes ------------------------------------------------------------------------------

    async def _send(self, channel: int, packet: bytes) -> None:
        carrier = self._carrier
        if carrier is None:
            raise Unreachable("disconnected", "the link is down")
        end = HEAD + 1 + len(packet)
        self._out[HEAD] = channel
        self._out[HEAD + 1 : end] = packet
        start = carrier.link.frame(self._out, HEAD, end)
        await carrier.write(bytes(memoryview(self._out)[start : carrier.link.out_end]))

    async def _receive(self) -> bool:
        """Wait for bytes and handle the packets in them; False once the carrier has closed."""
        carrier = self._carrier
        if carrier is None:
            return False
        data = await self._next_bytes(carrier)
        if data is None:
            return False
        link = carrier.link
        at = 0
        while at < len(data):
            free = link.free()
            n = min(len(free), len(data) - at)
            free[:n] = data[at : at + n]
            link.received(n)
            at += n
            while link.next_packet():
                await self._take(link.buf, link.at, link.end)
        return not getattr(link, "broken", False)

    async def _next_bytes(self, carrier: Carrier) -> bytes | None:
        """The next bytes that come; None when the carrier has closed. Text on a quiet cable is console."""
        while True:
            try:
                async with asyncio.timeout(carrier.quiet_s):
                    return await carrier.received.get()
            except TimeoutError:
                carrier.link.waiting_text()  # type: ignore[attr-defined]  (only a cable has quiet_s)

    async def _take(self, buf: bytearray, at: int, end: int) -> None:
        channel = buf[at]
        if channel == RA:
            await self._take_ra(buf, at + 1, end)
        elif channel == SEALED and self._opened and not self._opened.done():
            self._opened.set_result(bytes(buf[at + 1 : end]))
        elif channel == RUMP and self._session:
            event = self._session.receive(buf, at + 1, end)
            if event:
                await self._take_event(*event)

    async def _take_ra(self, buf: bytearray, at: int, end: int) -> None:
        try:
            kind, values = ra_hello.unpack(buf, at, end)
        except DecodeError:
            return
        if kind == DEVICE_HELLO:
            await self._take_hello(values)
        elif kind == DEVICE_NOT_NOW:
            raise TakingUpdate("taking_update", "the device is taking an update")
        elif kind == LOCAL_RESET_ANSWER and self._reset and not self._reset.done():
            self._reset.set_result(values)

    async def _take_hello(self, values: dict) -> None:
        if values["answers"] == 0:
            # It has just started, and never heard ours; over a cable that is all one sees of a restart.
            self._fail_all("the device has started anew")
            await self._say_hello()
            return
        if self._session is None or values["device_id"] != self._session.device_id:
            self.table = table_of(values["device_id"])
            timeout_ms = int(self.timeout_s * 1000) or RESPONSE_TIMEOUT_MS
            self._session = rump.Controller(self.table, values["device_id"], timeout_ms)
        # last_event is not known yet, or the device has lost its log: then what it has is what there is.
        self.last_event = min(self.last_event, values["event_sequence"])
        if self.hello.get("boot_count") != values["boot_count"] or not self._hello_come.is_set():
            self._put(("connected", values))
        self.hello = values
        self._hello_come.set()

    async def _take_event(self, kind: str, sequence: int, values) -> None:
        if kind == rump.ANSWER:
            self._answer(sequence, values)
        elif kind == rump.ALARM:
            await self._take_alarm(values)
        elif kind == rump.STATUS:
            self._put(("status", values))
            await self._check_told(values)
        elif kind == rump.VERSION_QUERY:
            self.device_version_queries += 1
            answer = {"protocol": "rump.1", "firmware": __version__, "hardware": "host"}
            answer |= {"vendor": "", "model": self.name}
            assert self._session  # the query came through it
            await self._send(RUMP, self._session.answer_version(sequence, answer))

    async def _take_alarm(self, values: dict) -> None:
        if values["sequence"] <= self.last_event:
            return  # told again after a reconnect
        self.last_event = values["sequence"]
        self._put(("alarm", values))

    async def _check_told(self, status: Status) -> None:
        """A status names the newest alarm event; one that we never got is asked for by a new hello."""
        newest = status["event_sequence"]
        if newest is not None and newest > self.last_event:
            await self._say_hello()

    def _heard_console(self, view: memoryview) -> None:
        self._put(("console", bytes(view).decode(errors="replace")))

    def _put(self, event: tuple) -> None:
        if self._events.qsize() >= _MOST_EVENTS:
            self._events.get_nowait()
            self.lost_events += 1
        self._events.put_nowait(event)

    # --- requests ---------------------------------------------------------------------------

    async def status(self) -> Status:
        """Ask for the status. Raises Unreachable."""
        return await self._ask(lambda session: session.status_query())

    async def version(self) -> dict:
        """Ask for the versions, dict by VERSION_BODY. Raises Unreachable."""
        return await self._ask(lambda session: session.version_query())

    async def control(self, values: list[tuple[str, int]]) -> Status:
        """Set fields (name, counts), all or none. The Status that holds then.

        Raises Refused, OutcomeUnknown, or Unreachable when it was never sent.
        """
        formats = {row[1]: (row[0], row[2]) for row in rows_of(self.table)}
        triples = [(*formats[name], counts) for name, counts in values]
        try:
            status = await self._ask(lambda session: session.control(triples))
        except OutcomeUnknown as error:
            error.status = await self._status_if_possible()
            raise
        if status.result != OK:
            raise Refused(status)
        return status

    async def reset_latched(self) -> dict:
        """Ask the device to let go of latched faults whose cause is gone: {"result", "latched"}, by
        LOCAL_RESET_ANSWER_BODY. Only a device at the other end of a cable does it. Raises Unreachable."""
        self._reset = asyncio.get_running_loop().create_future()
        try:
            await self._send(RA, ra_hello.pack_local_reset())
            async with asyncio.timeout(self.timeout_s):
                return await self._reset
        except TimeoutError:
            raise Unreachable("no_answer", f"no answer within {self.timeout_s:g} s") from None
        except TransportError:
            raise Unreachable("disconnected", "the link is down") from None
        finally:
            self._reset = None

    async def sealed(self, body: bytes) -> bytes:
        """Send a packet of the sealed channel; what comes back: see owner.py. Raises Unreachable."""
        self._opened = asyncio.get_running_loop().create_future()
        try:
            await self._send(SEALED, body)
            async with asyncio.timeout(self.timeout_s):
                return await self._opened
        except TimeoutError:
            raise Unreachable("no_answer", NO_SEALED_ANSWER) from None
        except TransportError:
            raise Unreachable("disconnected", "the link is down") from None
        finally:
            self._opened = None

    async def _status_if_possible(self) -> Status | None:
        """The status after a control without an answer; a new connection is made if it takes one."""
        try:
            if self._carrier is not None or self.reconnect:
                return await self.status()
            async with connect(self.url, timeout_s=self.timeout_s) as again:
                return await again.status()
        except RumpusError:
            return None

    async def _ask(self, make):
        await self._wait_for_room()
        if self._session is None or self._carrier is None:
            raise Unreachable("disconnected", "the link is down")
        sequence, packet = make(self._session)
        future = asyncio.get_running_loop().create_future()
        self._waiting[sequence] = (future, len(packet))
        self._in_flight += len(packet)
        try:
            await self._send(RUMP, packet)
            # Not asyncio.timeout(): it would cancel the future, which then could not say why.
            await asyncio.wait({future}, timeout=self.timeout_s)
            if not future.done():
                self._session.forget(sequence)
                self._fail(sequence, packet[1], f"no answer within {self.timeout_s:g} s")
            return await future
        except TransportError as error:
            self._session.forget(sequence)
            # "closed": nothing of it was written. Anything else may have cut it off half-way.
            if error.code == "closed" or packet[1] != CONTROL:
                raise Unreachable("disconnected", "the link is down") from None
            raise OutcomeUnknown("the link died while it was being sent") from None
        finally:
            self._waiting.pop(sequence, None)
            await self._make_room(len(packet))

    async def _wait_for_room(self) -> None:
        """Hold back while the far end's input ring could overflow."""
        async with self._room:
            while self._carrier and self._carrier.window and self._in_flight > self._carrier.window // 2:
                await self._room.wait()

    async def _make_room(self, n: int) -> None:
        async with self._room:
            self._in_flight = max(0, self._in_flight - n)
            self._room.notify_all()

    def _answer(self, sequence: int, values) -> None:
        future, _n = self._waiting.get(sequence, (None, 0))
        if future and not future.done():
            future.set_result(values)

    def _fail_all(self, why: str) -> None:
        """No answer will come to anything that is under way."""
        if self._session:
            for _kind, sequence, request in self._session.closed():
                self._fail(sequence, request, why)

    def _fail(self, sequence: int, request: int, why: str) -> None:
        future, _n = self._waiting.get(sequence, (None, 0))
        if future and not future.done():
            future.set_exception(OutcomeUnknown(why) if request == CONTROL else Unreachable("no_answer", why))

    async def events(self) -> AsyncIterator[tuple]:
        """("status", Status), ("alarm", dict), ("connected", hello), ("disconnected", reason),
        ("console", text), in the order they came. Ends after the last when the link is closed for good."""
        while True:
            live = self._tasks[0] if self._tasks else None
            if self._events.empty() and (live is None or live.done()):
                return
            taken = asyncio.ensure_future(self._events.get())
            done, _ = await asyncio.wait(
                {taken, live} if live else {taken}, return_when=asyncio.FIRST_COMPLETED
            )
            if taken not in done:
                taken.cancel()
                continue
            yield taken.result()


def connect(
    url: str,
    last_event: int = ONLY_NEW,
    name: str = f"rumpus {__version__}",
    timeout_s: float = 5.0,
    reconnect: bool = False,
) -> Client:
    """A Client for `async with`. last_event: newest alarm event that is known already (0: send all
    that are kept). reconnect: come back by itself when the link dies. Raises Unreachable, BadUrl."""
    return Client(url, last_event, name, timeout_s, reconnect)


def type_of(device_id: bytes) -> str | None:
    """The name of the type in a device ID."""
    return message.type_name(device_id)
