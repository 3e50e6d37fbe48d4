"""One device through DCMP, for asyncio: found behind a URL, described, controlled, listened to, and its files.

    async with connect("tcp://192.0.2.7:3880") as device:
        await device.info("BasicInfo")
        status = await device.control([("target_temperature", 500)])     # counts, as over RUMP
        await device.put_file(Path("bundle"), "Firmware", "bundle", "1.2.0")

control() and status() are those of client.Client: same arguments, same Status, same errors. DCMP never asks
twice, so a control is sent once (RMDP may send the datagram again; the device does it once).
"""

import asyncio
import contextlib
import os
import struct
from collections.abc import AsyncGenerator, Callable
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from rumpus.dcmp.requester import Requester
from rumpus.dcmp.session import ANSWER, END, NO_ANSWER, NOTICE, REFUSED
from rumpus.dcmp.tables import message_codes as m
from rumpus.dcmp.tables.bodies_ours import ANY_FUNCTION
from rumpus.dcmp.tables.properties import FIELD_PROPERTY
from rumpus.dcmp.tables.result_codes import PAYLOAD_NOT_WHOLE
from rumpus.dcmp.tables.results_ours import DEVICE_ERROR
from rumpus.dcmp.values import to_counts, to_text
from rumpus.errors import RumpusError
from rumpus.link import SEALED
from rumpus.rmdp.tables.places import PORT
from rumpus.rump import message as rump_message
from rumpus.rump.layout import Layout, Status
from rumpus.rump.state import not_available, rows_of

from ..carriers import BadUrl, open_carrier
from ..client import NO_SEALED_ANSWER, OutcomeUnknown, Refused, Unreachable
from . import words
from .cable_window import CableFiles
from .endpoint import Answered, Endpoint, Event, Tap
from .links import Datagrams
from .storage import LocalFile

#: How long a device has to say who it is.
_FIND_S = 3.0
_LOOK_MS = 500  # a discovery is asked for again so often until somebody answers
_LEASE_S = 600
_PROPERTY_KINDS = ("CommonProperty", "ConfigProperty", "StatusProperty", "DeviceSpecificProperty")

Progress = Callable[[int, int], None]


class DcmpRefused(RumpusError):
    """The device answered with a Result that is no success, and no control was refused by it."""

    def __init__(self, result: int):
        super().__init__(words.result_name(result), result)
        self.result = result


def new_id() -> bytes:
    """Our own device ID: RUMPUS_DCMP_ID (32 hex digits) for devices that name their controllers, else new."""
    wanted = os.environ.get("RUMPUS_DCMP_ID", "")
    return bytes.fromhex(wanted) if len(wanted) == 32 else os.urandom(16)


class Device:
    """Use connect(). about: BasicInfo of the device (DeviceName, DeviceType, DeviceID, ...)."""

    def __init__(self, url: str, timeout_s: float, device_id: bytes | None, tap: Tap | None):
        self.url = url
        self.timeout_s = timeout_s
        self.about: dict[str, Any] = {}
        self.table: Any = None
        self.requester = Requester(int(timeout_s * 1000))
        self.files = CableFiles(LocalFile())
        self.endpoint = Endpoint(new_id(), [self.requester, self.files], self._noticed)
        self.endpoint.tap = tap
        self._wanted = device_id
        self._notices: asyncio.Queue[Event] = asyncio.Queue()
        self._stack = contextlib.AsyncExitStack()

    # --- life -----------------------------------------------------------------------------------------

    async def __aenter__(self) -> "Device":
        try:
            await self._stack.enter_async_context(self.endpoint)
            await self._open()
            await self._find()
        except OSError as error:
            await self._stack.aclose()
            raise Unreachable("no_connection", str(error)) from None
        except BaseException:
            await self._stack.aclose()
            raise
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self._stack.aclose()

    async def _open(self) -> None:
        if urlsplit(self.url).scheme != "udp":
            carrier = await open_carrier(self.url)
            self.files.ring, self.files.byte_s = carrier.window, carrier.byte_s
            self.endpoint.add(carrier, self.url)
        else:
            parts = urlsplit(self.url)
            try:
                host, port = parts.hostname, parts.port or PORT
            except ValueError as error:
                raise BadUrl(f"{self.url}: {error}; write udp://HOST:PORT") from None
            if not host:
                raise BadUrl(f"{self.url}: no host; write udp://HOST:PORT")
            found = await asyncio.get_running_loop().getaddrinfo(host, port, family=2)
            place = found[0][4]
            self.endpoint.datagrams = Datagrams(self.endpoint.receive, [(str(place[0]), int(place[1]))])
            await self.endpoint.datagrams.open()
        self.endpoint.node.start()

    async def _find(self) -> None:
        """Who is there? The device wanted, or the only one."""
        found: dict[bytes, dict[str, Any]] = {}
        loop = asyncio.get_running_loop()
        until = loop.time() + max(_FIND_S, self.timeout_s)
        while not found:
            if loop.time() > until:
                raise Unreachable("no_answer", "no device answered a DCMP discovery")
            for values in await self.discover(timeout_ms=_LOOK_MS):
                if self._wanted in (None, values["DeviceID"]):
                    found[values["DeviceID"]] = values
            if any(link.closed.is_set() for link in self.endpoint.links):
                raise Unreachable("no_answer", "the connection was closed before a device answered")
        if len(found) > 1:
            ids = ", ".join(device_id.hex() for device_id in found)
            raise Unreachable("several", f"several devices are behind it; choose one of {ids}")
        self.about = next(iter(found.values()))
        with contextlib.suppress(ModuleNotFoundError):
            self.table = import_module(f"rumpus.rump.tables.{self.type_name}")

    @property
    def uuid(self) -> bytes:
        return self.id

    @property
    def is_linked(self) -> bool:
        """False where it is reached by datagrams."""
        return bool(self.endpoint.links)

    async def sealed(self, body: bytes) -> bytes:
        """Send a packet of the sealed channel; what comes back: see owner.py. Raises Unreachable, also for a
        device that is reached by datagrams: there is no such channel there."""
        if not self.is_linked:
            raise Unreachable("no_seal", "its key can be proved over tcp:// and serial:// only")
        link = self.endpoint.links[0]
        while not link.sealed.empty():
            link.sealed.get_nowait()  # of a question that was given up
        link.send(body, SEALED)
        try:
            async with asyncio.timeout(self.timeout_s):
                return await link.sealed.get()
        except TimeoutError:
            raise Unreachable("no_answer", NO_SEALED_ANSWER) from None

    @property
    def id(self) -> bytes:
        """The DCMP device ID: the device's UUID."""
        return self.about["DeviceID"]

    @property
    def device_id(self) -> bytes:
        """The RUMP device ID, which derives from the same UUID."""
        return rump_message.make_device_id(self.table.DEVICE_TYPE, self.id)

    @property
    def type_name(self) -> str:
        return words.type_name(self.about["DeviceType"])

    # --- asking ---------------------------------------------------------------------------------------

    async def ask(self, make: Callable[[], bytes]) -> dict[str, Any]:
        """The values of the answer to a request of one answer. make: queues it, gives its transaction.

        Raises DcmpRefused, or Unreachable when no answer came: then the outcome is unknown.
        """
        answered = self.endpoint.expect(make())
        event = await self._event(answered)
        return self._values(event)

    async def _event(self, answered: Answered) -> Event:
        """The next event of a request; the end of the link is one too."""
        ends = [asyncio.ensure_future(link.closed.wait()) for link in self.endpoint.links]
        came = asyncio.ensure_future(answered.events.get())
        try:
            await asyncio.wait({came, *ends}, return_when=asyncio.FIRST_COMPLETED)
            if not came.done():
                raise Unreachable("disconnected", "the link died before the answer")
            return came.result()
        finally:
            for task in (came, *ends):
                task.cancel()

    @staticmethod
    def _values(event: Event) -> dict[str, Any]:
        what, _transaction, _kind, _source, values = event
        if what == NO_ANSWER:
            raise Unreachable("no_answer", "no answer came in time")
        if what == REFUSED:
            raise DcmpRefused(values["Result"])
        return values

    async def discover(
        self, condition: str = "All", value: Any = None, timeout_ms: int = 1000
    ) -> list[dict[str, Any]]:
        """BasicInfo of all devices behind the URL that answer a discovery within timeout_ms."""
        session = self.endpoint.session
        transaction = self.requester.discover(session, condition, value, timeout_ms=timeout_ms)
        answered = self.endpoint.expect(transaction)
        found = []
        while True:
            what, _t, _k, _source, values = await answered.events.get()
            if what == ANSWER:
                found.append(values)
            elif what in (END, NO_ANSWER):
                return found

    async def info(self, info_type: str) -> dict[str, Any]:
        """The values of an info response: BasicInfo, FunctionList, CommonProperty, ConfigProperty,
        StatusProperty, DeviceSpecificProperty, DeviceProperty or FullDescription."""
        return await self.ask(lambda: self.requester.info(self.endpoint.session, self.id, info_type))

    async def properties(self, info_type: str = "DeviceProperty") -> dict[int, tuple[str, int, str]]:
        """{PropertyID: (name, unit code, text)}. All of them in parts, where a datagram cannot carry them."""
        try:
            answers = [await self.info(info_type)]
        except DcmpRefused as error:
            if error.result != PAYLOAD_NOT_WHOLE or info_type != "DeviceProperty":
                raise
            answers = [await self.info(part) for part in _PROPERTY_KINDS]
        rows = [row for values in answers for row in values["DeviceList"][0]["PropertyList"]]
        return {row["PropertyID"]: (row["Name"], row["Unit"], row["Value"]) for row in rows}

    # --- control --------------------------------------------------------------------------------------

    async def status(self) -> Status:
        """The status, from the device's own properties. Raises Unreachable, DcmpRefused."""
        found = await self.properties("DeviceSpecificProperty")
        return self._status({number - FIELD_PROPERTY: text for number, (_n, _u, text) in found.items()})

    def _status(self, texts: dict[int, str], result: int = 0, field: int = 0, reason: int = 0) -> Status:
        """A Status as RUMP has it. texts: value by field."""
        rows = rows_of(self.table)
        bits = sum(1 << i for i, row in enumerate(rows) if row[0] in texts)
        layout = Layout(rows, self.table.REVISION, bits.to_bytes((len(rows) + 7) // 8, "little"))
        counts = []
        try:
            for row in layout.rows:
                number = to_counts(texts.get(row[0], ""), row[7])
                counts.append(not_available(row[2]) if number is None else number)
            body = layout.pack((result, field, reason, layout.constant, *counts))
        except (RumpusError, ValueError, struct.error) as error:
            raise Unreachable("bad_answer", f"the device's answer cannot be read: {error}") from None
        status = layout.unpack_good(body, 0, len(body))
        assert status  # it was just packed
        return status

    async def control(self, values: list[tuple[str, int]]) -> Status:
        """Set fields (name, counts), all or none. The Status that holds then.

        Raises Refused, OutcomeUnknown, or DcmpRefused for what RUMP has no word for.
        """
        rows = {row[1]: row for row in rows_of(self.table)}
        params = [(rows[name][0], to_text(counts, rows[name][7])) for name, counts in values]
        session = self.endpoint.session
        answered = self.endpoint.expect(self.requester.control(session, self.id, params))
        try:
            what, _t, _k, _source, answer = await self._event(answered)
        except Unreachable as error:
            raise OutcomeUnknown(str(error.detail), None) from None
        if what == NO_ANSWER:
            raise OutcomeUnknown("no answer came in time", await self._status_if_possible())
        if what == REFUSED:
            raise await self._refused(answer)
        try:
            return self._status({row["ParamID"]: row["Value"] for row in answer["OutputList"]})
        except Unreachable as error:
            raise OutcomeUnknown(str(error.detail), await self._status_if_possible()) from None

    async def _refused(self, answer: dict[str, Any]) -> RumpusError:
        result = answer["Result"] - DEVICE_ERROR
        if "Reason" not in answer or not 0 < result <= 0xFF:
            return DcmpRefused(answer["Result"])
        held = await self._status_if_possible()  # the refusal counts, whether or not the rest can be had
        texts = {row[0]: to_text(held[row[1]], row[7]) for row in held.layout.rows} if held else {}
        return Refused(self._status(texts, result, answer["Field"], answer["Reason"]))

    async def _status_if_possible(self) -> Status | None:
        try:
            return await self.status()
        except RumpusError:
            return None

    # --- events ---------------------------------------------------------------------------------------

    def _noticed(self, event: Event) -> None:
        self._notices.put_nowait(event)

    async def subscribe(
        self, event_type: str = "All", function: int = ANY_FUNCTION, lease_s: int = _LEASE_S
    ) -> int:
        """Ask for events; seconds granted (0: until cancelled)."""
        return (await self._subscription("Subscribe", event_type, function, lease_s))["LeaseTime"]

    async def unsubscribe(self, event_type: str = "All", function: int = ANY_FUNCTION) -> None:
        await self._subscription("Cancel", event_type, function, 0)

    async def _subscription(self, kind: str, event_type: str, function: int, lease_s: int) -> dict[str, Any]:
        values = {"SubscriptionType": kind, "DeviceID": self.id, "EventType": event_type}
        values |= {"FunctionID": function, "LeaseTime": lease_s}
        session, request = self.endpoint.session, m.EVENT_SUBSCRIPTION_REQUEST
        return await self.ask(lambda: self.requester.ask(session, request, self.id, values))

    async def events(
        self, event_type: str = "All", lease_s: int = _LEASE_S
    ) -> AsyncGenerator[dict[str, Any], None]:
        """EVENT_NOTIFICATION bodies of this device for ever; renews the lease at half of its time.

        Raises Unreachable when the link dies or a renewal is not answered.
        """
        granted = await self.subscribe(event_type, lease_s=lease_s)
        loop = asyncio.get_running_loop()
        renew_at = loop.time() + (granted or _LEASE_S) / 2
        try:
            while True:
                event = await self._notice_until(renew_at)
                if event is None:
                    granted = await self.subscribe(event_type, lease_s=lease_s)
                    renew_at = loop.time() + (granted or _LEASE_S) / 2
                    continue
                what, _transaction, kind, source, values = event
                if (what, kind, source) == (NOTICE, m.EVENT_NOTIFICATION, self.id):
                    yield values
        finally:
            with contextlib.suppress(RumpusError, TimeoutError):
                async with asyncio.timeout(1):
                    await self.unsubscribe(event_type)

    async def _notice_until(self, when: float) -> Event | None:
        """The next notice, None when the time has come."""
        ends = [asyncio.ensure_future(link.closed.wait()) for link in self.endpoint.links]
        came = asyncio.ensure_future(self._notices.get())
        try:
            left_s = when - asyncio.get_running_loop().time()
            await asyncio.wait({came, *ends}, timeout=max(0, left_s), return_when=asyncio.FIRST_COMPLETED)
            if came.done():
                return came.result()
            if any(end.done() for end in ends):
                raise Unreachable("disconnected", "the link died")
            return None
        finally:
            for task in (came, *ends):
                task.cancel()

    # --- files ----------------------------------------------------------------------------------------

    async def list_files(self, file_type: str = "All", name: str = "") -> list[dict[str, Any]]:
        """FileType, FileName, FileVersion, FileSize, FileDigest of each."""
        values = {"FileType": file_type, "FileName": name}
        session = self.endpoint.session
        answer = await self.ask(lambda: self.requester.ask(session, m.GET_FILEINFO_REQUEST, self.id, values))
        return answer["FileList"]

    async def get_file(self, file_type: str, name: str, path: Path, progress: Progress | None = None) -> int:
        """Download; goes on where an earlier call stopped. Bytes of the file."""
        (told,) = await self.list_files(file_type, name)
        self._storage.path = path
        digest = told["FileDigest"] if any(told["FileDigest"]) else None
        session = self.endpoint.session
        await self._transfer(lambda: self.files.get(session, self.id, file_type, name, digest), progress)
        return path.stat().st_size

    async def put_file(
        self, path: Path, file_type: str, name: str, version: str = "", progress: Progress | None = None
    ) -> int:
        """Upload; goes on where an earlier call stopped: bytes that were there already. Raises DcmpRefused,
        Unreachable, OSError."""
        self._storage.path = path
        path.open("rb").close()  # so that what is wrong with it is said in the system's words
        session = self.endpoint.session
        await self._transfer(lambda: self.files.put(session, self.id, file_type, name, version), progress)
        return self.files.resumed_at

    @property
    def _storage(self) -> LocalFile:
        return self.files.storage

    async def _transfer(self, begin: Callable[[], bytes], progress: Progress | None) -> None:
        answered = self.endpoint.expect(begin())
        waiting = asyncio.ensure_future(self._event(answered))
        try:
            if progress:
                progress(self.files.done, self.files.size)
            while not waiting.done():
                await asyncio.wait({waiting}, timeout=0.1)
                if progress:
                    progress(self.files.done, self.files.size)
            self._values(waiting.result())
            await self.endpoint.delivered()  # the result; until it has it the device takes no other file
        except BaseException:
            waiting.cancel()
            self.files.cancel(self.endpoint.session)
            self.endpoint.wake()
            raise

    # --- apply and registration -----------------------------------------------------------------------

    async def apply(
        self,
        apply_type: str,
        file_type: str = "Firmware",
        name: str = "",
        accepted: Callable[[int], None] | None = None,
    ) -> dict[str, Any]:
        """Update, Rollback, Execute or Reboot; the body of its result. accepted: called with the seconds that
        the device expects it to take. Over a carrier that lives through a restart (UDP, serial) the result
        comes here; over TCP the link dies with the device: Unreachable, and the device is to be asked."""
        values = {"ApplyType": apply_type, "FileType": file_type, "FileName": name}
        session = self.endpoint.session
        answered = self.endpoint.expect(self.requester.ask(session, m.APPLY_REQUEST, self.id, values))
        event = await self._event(answered)
        if event[0] == "accepted":
            if accepted:
                accepted(event[4]["ExpectedTime"])
            event = await self._event(answered)
        return self._values(event)

    async def register_service(
        self, reg_type: str, device_id: bytes, service: str, user: str = "", params=()
    ) -> str:
        """At a management server: Register, Add or Delete a service of a device; the ServiceName it answers."""
        values = {"RegType": reg_type, "DeviceID": device_id, "ServiceName": service, "UserID": user}
        values["ParamList"] = [{"ParamID": number, "Value": text} for number, text in params]
        session = self.endpoint.session
        kind = m.SERVICE_REGISTRATION_REQUEST
        return (await self.ask(lambda: self.requester.ask(session, kind, self.id, values)))["ServiceName"]


def connect(
    url: str, timeout_s: float = 5.0, device_id: bytes | None = None, tap: Tap | None = None
) -> Device:
    """A Device for `async with`. url: as for RUMP, or udp://HOST:PORT. device_id: which of several.

    Raises Unreachable, BadUrl.
    """
    return Device(url, timeout_s, device_id, tap)
