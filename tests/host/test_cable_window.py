"""How an upload feels its way on a cable: against a model of the port in exact time; the last tests say how
quickly a loss is noticed."""

import pytest
from cable_model import BLOCK, Cable, Device

from rumpus.dcmp.tables.timing import WINDOW
from rumpus_host.dcmp.cable_window import OVERHEAD, CableWindow

FAST, SLOW = 921_600, 115_200
RING = 260
# A device, the line, and the least share of its rate; what a fixed window gets of it at best stands behind.
CABLES = {
    "room for all": (Device(ring=4096), FAST, 0.83),
    "a small ring, always in time": (Device(), FAST, 0.83),
    "as long as the ring lasts twice, now and then": (Device(stall_ms=6, every_ms=200), FAST, 0.4),
    "stalls longer than a block, often": (Device(stall_ms=20), FAST, 0.2),
    "an ESP32, bytes read in Python": (Device(read_us=25, store_ms=10), SLOW, 0.75),  # 0.88
    "that collects garbage": (Device(read_us=25, store_ms=10, stall_ms=60, every_ms=500), SLOW, 0.25),  # 0.47
    "that reads slower than the line": (Device(read_us=25, store_ms=10), FAST, 0.09),  # 0.12
    "that is worst of all": (Device(read_us=100, store_ms=50, stall_ms=100, every_ms=500), FAST, 0.008),
}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", CABLES)
def test_whatever_the_device_loses_the_file_arrives(name, seed):
    device, baud, share = CABLES[name]
    cable = Cable(device, baud, 60_000 if baud == FAST else 30_000, seed)
    assert cable.run()
    assert cable.share > share


@pytest.mark.parametrize("store_ms", (1, 10, 100, 900))
def test_the_first_blocks_cannot_be_lost(store_ms):
    """A block with all that it is wrapped in fits the ring, and no other comes before it is acknowledged."""
    window = CableWindow(10_000, 0, BLOCK, RING, 10 / FAST)
    assert window.block + OVERHEAD <= RING
    window.sent(window.block)
    assert not window.may_send()
    cable = Cable(Device(read_us=25, store_ms=store_ms), FAST, window.block * 3)
    cable.window._make_room(0)
    cable.window._most = cable.window._least
    assert cable.run() and cable.lost == 0


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def fill(window):
    """Send as much as may be; the offsets."""
    offsets = []
    while window.may_send():
        offsets.append(window.next)
        window.sent(min(window.block, window.size - window.next))
    return offsets


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def window(clock):
    """Grown to its full size, nothing on the way."""
    window = CableWindow(1_000_000, 0, BLOCK, RING, 10 / FAST, clock)
    while window.room < WINDOW * BLOCK:
        fill(window)
        clock.now += 0.05
        window.take_ack(window.next)
    return window


def test_a_repeated_acknowledgement_goes_back_once_and_halves(window):
    at = window.acked
    assert fill(window) == [at + i * BLOCK for i in range(WINDOW)]
    assert not window.take_ack(at)
    assert window.room == WINDOW * BLOCK // 2
    assert fill(window) == [at, at + BLOCK]
    for _ in range(2):  # of the blocks behind the lost one
        window.take_ack(at)
    assert fill(window) == [] and window.room == WINDOW * BLOCK // 2
    window.take_ack(at + BLOCK)
    assert fill(window) == [at + 2 * BLOCK, at + 3 * BLOCK]  # one for it, and one more is tried


def test_silence_goes_back_but_not_before_the_line_has_carried_the_blocks(window, clock):
    at = window.acked
    fill(window)
    clock.now += WINDOW * (BLOCK + OVERHEAD) * 10 / FAST
    window.elapsed(50)
    assert fill(window) == [] and 0 < window.due_ms() <= 1000
    clock.now += window.due_ms() / 1000
    window.elapsed(0)
    assert fill(window) == [at, at + BLOCK]


def test_acknowledgements_that_cannot_be(window):
    at = window.acked
    fill(window)
    for offset in (at - 1, window.next + 1, 2_000_000):
        assert not window.take_ack(offset)
    assert window.acked == at and window.room == WINDOW * BLOCK
