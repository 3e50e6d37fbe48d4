"""What was said, a line each: when, who to whom, over what, which messages, which transaction, how long.

    trace = Trace({device_id: "boiler", ...})
    endpoint.tap = trace.tap("controller")
    print(trace)

Several endpoints may have taps: a packet that more than one of them saw is one line.
"""

import time
from collections.abc import Callable
from typing import Any, NamedTuple

from rumpus.dcmp import message as dcmp
from rumpus.dcmp.tables.header import HEADER_SIZE as DCMP_HEADER_SIZE
from rumpus.rmdp import message as rmdp
from rumpus.rmdp.tables.header import HEADER_SIZE
from rumpus.rmdp.tables.messages import SEND_EVENT, SEND_MESSAGE

from ..dcmp.endpoint import Tap
from ..dcmp.links import Link
from ..dcmp.trace import Line, line_of


class Said(NamedTuple):
    """One packet. ms: since the trace began. carrier: "tcp", "serial" or "udp". transaction: DCMP's, else RMDP's.
    line: what dcmp/trace.py makes of it."""

    ms: int
    carrier: str
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


class Trace:
    """names: of nodes and devices. said: the packets; steps: (how many had been said, title)."""

    def __init__(self, names: dict[bytes, str], clock: Callable[[], float] = time.monotonic) -> None:
        self.names = names
        self.said: list[Said] = []
        self.repeats = 0  # packets that were seen again: by another tap, or sent again
        self.steps: list[tuple[int, str]] = []
        self._clock = clock
        self._began = clock()
        self._seen: set[bytes] = set()

    def step(self, title: str) -> None:
        """What comes next is this."""
        self.steps.append((len(self.said), title))

    def tap(self) -> Tap:
        """For Endpoint.tap."""

        def see(_is_out: bool, route: Any, packet: bytes) -> None:
            if packet in self._seen:
                self.repeats += 1
                return
            self._seen.add(packet)
            self._add(route, packet)

        return see

    def _add(self, route: Any, packet: bytes) -> None:
        carrier = "udp"
        if isinstance(route, Link):
            carrier = "serial" if route.carrier.quiet_s else "tcp"
        transaction = bytes(8)
        if len(packet) >= HEADER_SIZE:
            transaction = rmdp.transaction_of(packet, 0)
            carries = rmdp.kind_of(packet, 0) in (SEND_MESSAGE, SEND_EVENT)
            if carries and len(packet) >= HEADER_SIZE + DCMP_HEADER_SIZE:
                transaction = dcmp.transaction_of(packet, HEADER_SIZE)
        ms = int(1000 * (self._clock() - self._began))
        self.said.append(Said(ms, carrier, transaction, line_of(packet, self.names)))

    def __str__(self) -> str:
        """The whole trace, with the steps as headings."""
        lines = [f"{'ms':>6}  {'from -> to':24} {'over':6} {'message':34} {'transaction':16} {'bytes':>5}"]
        titles = dict(self.steps)
        for i, said in enumerate(self.said):
            if i in titles:
                lines += ["", f"--- {titles[i]}"]
            lines.append(str(said))
        return "\n".join(lines)
