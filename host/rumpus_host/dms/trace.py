"""What was said, a line each: when, who to whom, over what, which messages, which transaction, how long.

    trace = Trace({device_id: "boiler", ...})
    trace.tap(endpoint)
    print(trace)
    trace.write(file)       # a capture that Wireshark opens

Several endpoints may have taps: a packet that more than one of them saw is one line.
"""

import time
from collections.abc import Callable
from typing import Any, BinaryIO, NamedTuple

from rumpus.dcmp import message as dcmp
from rumpus.dcmp.tables.header import HEADER_SIZE as DCMP_HEADER_SIZE
from rumpus.link import HEAD, RMDP, StreamLink
from rumpus.rmdp import message as rmdp
from rumpus.rmdp.tables.header import HEADER_SIZE
from rumpus.rmdp.tables.messages import SEND_EVENT, SEND_MESSAGE

from ..dcmp.endpoint import Endpoint
from ..dcmp.links import Link, Place
from ..dcmp.trace import Line, line_of
from ..ip_frames import TcpStreams, udp_frame
from ..pcapng import ETHERNET, RUMPUS, UNKNOWN, Capture


class Said(NamedTuple):
    """One packet. time_us: since the trace began. carrier: "tcp", "serial" or "udp". source, destination: places
    on an IP network, else None. packet: RMDP's. transaction: DCMP's, else RMDP's. line: what dcmp/trace.py makes
    of it."""

    time_us: int
    carrier: str
    source: Place | None
    destination: Place | None
    packet: bytes
    transaction: bytes
    line: Line

    @property
    def name(self) -> str:
        """The DCMP message, or the RMDP message that carries none."""
        return self.line.dcmp or self.line.rmdp

    def __str__(self) -> str:
        line = self.line
        layer = "DCMP" if line.dcmp else "RMDP"
        told = str(line).partition(" bytes)")[2].removeprefix(": ")
        who = f"{line.source} -> {line.to}"
        text = f"{self.ms:6}  {who:24} {self.carrier:6} {layer} {self.name:29} {self.transaction.hex()}"
        return f"{text} {line.size:5}  {told}".rstrip()

    @property
    def ms(self) -> int:
        return self.time_us // 1000


class Trace:
    """names: of nodes and devices. said: the packets; steps: (how many had been said, title)."""

    def __init__(self, names: dict[bytes, str], clock: Callable[[], float] = time.monotonic) -> None:
        self.names = names
        self.said: list[Said] = []
        self.repeats = 0  # packets that were seen again: by another tap, or sent again
        self.steps: list[tuple[int, str]] = []
        self._clock = clock
        self._began = clock()
        self._began_us = int(1e6 * time.time())
        self._seen: set[bytes] = set()

    def step(self, title: str) -> None:
        """What comes next is this."""
        self.steps.append((len(self.said), title))

    def tap(self, endpoint: Endpoint) -> None:
        """See what the endpoint sends and receives."""

        def see(is_out: bool, route: Any, packet: bytes) -> None:
            if packet in self._seen:
                self.repeats += 1
                return
            self._seen.add(packet)
            self._add(_way(endpoint, is_out, route, packet), packet)

        endpoint.tap = see

    def _add(self, way: tuple[str, Place | None, Place | None], packet: bytes) -> None:
        transaction = bytes(8)
        if len(packet) >= HEADER_SIZE:
            transaction = rmdp.transaction_of(packet, 0)
            carries = rmdp.kind_of(packet, 0) in (SEND_MESSAGE, SEND_EVENT)
            if carries and len(packet) >= HEADER_SIZE + DCMP_HEADER_SIZE:
                transaction = dcmp.transaction_of(packet, HEADER_SIZE)
        time_us = int(1e6 * (self._clock() - self._began))
        self.said.append(Said(time_us, *way, packet, transaction, line_of(packet, self.names)))

    def write(self, file: BinaryIO) -> None:
        """The trace as a capture: each packet with its line as comment, the first of a step also with its title."""
        capture = Capture(
            file, "What a DMS and a controller sent and received; a packet seen twice is there once."
        )
        lan = capture.interface(
            ETHERNET, "IP", "Headers are made from addresses and ports: see ip_frames.py."
        )
        cable = capture.interface(RUMPUS, "serial")
        titles, streams = dict(self.steps), TcpStreams()
        for i, said in enumerate(self.said):
            comments = [titles[i]] if i in titles else []
            interface, time_us = lan if said.source else cable, self._began_us + said.time_us
            capture.packet(interface, time_us, _frame(said, streams), UNKNOWN, *comments, str(said.line))

    def __str__(self) -> str:
        """The whole trace, with the steps as headings."""
        lines = [f"{'ms':>6}  {'from -> to':24} {'over':6} {'message':34} {'transaction':16} {'bytes':>5}"]
        titles = dict(self.steps)
        for i, said in enumerate(self.said):
            if i in titles:
                lines += ["", f"--- {titles[i]}"]
            lines.append(str(said))
        return "\n".join(lines)


def _way(
    endpoint: Endpoint, is_out: bool, route: Any, packet: bytes
) -> tuple[str, Place | None, Place | None]:
    """(carrier, source, destination) of a packet; route is what a tap gets."""
    if isinstance(route, Link):
        places = route.carrier.places()
        if places is None:
            return "serial", None, None
        ours, theirs = places
        return ("tcp", ours, theirs) if is_out else ("tcp", theirs, ours)
    assert endpoint.datagrams
    ours, to_all = endpoint.datagrams.own_place(), endpoint.datagrams.to_all[0]
    if is_out:
        return "udp", ours, route or to_all
    # A socket does not tell which of its addresses a datagram came to. What is for everybody comes to the group.
    return "udp", route, to_all if len(packet) >= HEADER_SIZE and rmdp.is_broadcast(packet, 0) else ours


def _frame(said: Said, streams: TcpStreams) -> bytes:
    """What a capture has of a packet: an Ethernet frame; of what came by a cable the packet itself."""
    packet = bytes((RMDP,)) + said.packet
    if said.source is None or said.destination is None:
        return packet
    if said.carrier == "udp":
        return udp_frame(said.source, said.destination, packet)
    out, link = bytearray(HEAD) + packet, StreamLink(0)
    start = link.frame(out, HEAD, len(out))
    return streams.frame(said.source, said.destination, bytes(out[start : link.out_end]))
