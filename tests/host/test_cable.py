"""One cable for protocol and console: the firmware on its process's own stdin and stdout."""

import asyncio
import os
import termios

import pytest

from rumpus.link import HEAD, RUMP, TAIL
from rumpus.ra.tables.messages import RESET_DONE
from rumpus.rump.controller import Controller
from rumpus.rump.message import NO_DEVICE
from rumpus.rump.tables import water_heater
from rumpus.serial_link import SerialLink
from rumpus_host.bench.virtual_appliance import VirtualAppliance
from rumpus_host.client import connect

INTERPRETERS = ("micropython", "micropython32", "cpython")
PACKET = 24  # bytes of the packets in which every position takes every value
BATCH = 4  # packets of that size that fit the input ring together with a query


class Cable:
    """The host's end of a cable, byte by byte."""

    def __init__(self, path: str):
        self.fd = os.open(path, os.O_RDWR | os.O_NOCTTY)
        os.set_blocking(self.fd, False)
        self.text = bytearray()
        self.link = SerialLink(4096, self.text.extend)
        self.session = Controller(water_heater, NO_DEVICE)

    def packet(self, channel: int, message: bytes) -> bytes:
        out = bytearray(HEAD + 1 + len(message) + TAIL)
        out[HEAD] = channel
        out[HEAD + 1 : HEAD + 1 + len(message)] = message
        start = self.link.frame(out, HEAD, HEAD + 1 + len(message))
        return bytes(out[start : self.link.out_end])

    def write(self, data: bytes) -> None:
        assert os.write(self.fd, data) == len(data)

    async def read(self) -> list:
        """What the device has sent by now, as events."""
        try:
            data = os.read(self.fd, 4096)
        except BlockingIOError:
            await asyncio.sleep(0.001)
            return []
        events = []
        for at in range(0, len(data), 1024):
            piece = data[at : at + 1024]
            self.link.free()[: len(piece)] = piece
            self.link.received(len(piece))
            while self.link.next_packet():
                if self.link.buf[self.link.at] == RUMP:
                    events.append(self.session.receive(self.link.buf, self.link.at + 1, self.link.end))
        return [event for event in events if event]

    async def ask_status(self):
        """A status query and its answer."""
        sequence, message = self.session.status_query()
        self.write(self.packet(RUMP, message))
        async with asyncio.timeout(10):
            while True:
                for event in await self.read():
                    if event[:2] == ("answer", sequence):
                        return event[2]

    def close(self) -> None:
        os.close(self.fd)


@pytest.mark.parametrize("interpreter", INTERPRETERS)
async def test_every_byte_value_in_every_position_of_a_packet(interpreter):
    """Channel 0x50 is nobody's, so each packet is counted as dropped, and not one may be missing."""
    async with VirtualAppliance("water_heater", interpreter, "serial") as appliance:
        cable = Cable(appliance.line.path)
        await cable.ask_status()
        sent = 0
        for position in range(1, PACKET):
            for first in range(0, 256, BATCH):
                batch = b""
                for value in range(first, first + BATCH):
                    body = bytearray(b"\x50" + bytes(range(0x60, 0x60 + PACKET - 1)))
                    body[position] = value
                    batch += cable.packet(0x50, bytes(body[1:]))
                    sent += 1
                cable.write(batch)
                await cable.ask_status()
        assert sent == (PACKET - 1) * 256
        assert appliance.line.lost_to_device == 0
        assert appliance.is_running and not appliance.is_halted
        assert await _dropped(appliance, cable) == sent
        cable.close()


async def _dropped(appliance, cable: Cable) -> int:
    """What the firmware itself counted, read in its REPL after the escape."""
    await _escape(appliance, cable)
    return int(await _evaluate(cable, "app.device.dropped"))


async def _escape(appliance, cable: Cable) -> None:
    cable.write(b"\x03\x03\x03")
    for _ in range(200):
        await asyncio.sleep(0.01)
        await appliance.advance(100)
        if appliance.is_halted:
            return
    raise AssertionError("no escape")


async def _evaluate(cable: Cable, expression: str) -> str:
    """The value of an expression in the REPL at the other end."""
    await _text(cable, b">>> ")
    cable.write(f"print('=' * 3 + str({expression}) + '=' * 3)\r".encode())
    said = await _text(cable, b"===\n", b"===\r\n")
    return said.decode().rpartition("===")[0].rpartition("===")[2]


async def _text(cable: Cable, *wanted: bytes) -> bytes:
    """What the cable says up to one of the wanted texts."""
    said = b""
    async with asyncio.timeout(10):
        while not any(text in said for text in wanted):
            try:
                said += os.read(cable.fd, 4096)
            except BlockingIOError:
                await asyncio.sleep(0.005)
    return said


@pytest.mark.parametrize("interpreter", ("micropython", "micropython32"))
async def test_escape_and_silence_switch_off_and_give_the_repl(interpreter):
    async with VirtualAppliance("water_heater", interpreter, "serial") as appliance:
        cable = Cable(appliance.line.path)
        await cable.ask_status()
        power = next(row for row in water_heater.FIELDS if row[1] == "power")
        _sequence, message = cable.session.control([(power[0], power[2], 1)])
        cable.write(cable.packet(RUMP, message))
        await asyncio.sleep(0.1)
        await appliance.advance(60_000, 1000)
        assert appliance.outputs["main_relay"] == 1
        await _escape(appliance, cable)
        assert set(appliance.outputs.values()) == {0}
        assert await _evaluate(cable, "6 * 7") == "42"
        cable.close()


@pytest.mark.parametrize("interpreter", ("micropython", "cpython"))
async def test_two_interrupts_or_three_with_more_behind_are_only_noise(interpreter):
    async with VirtualAppliance("water_heater", interpreter, "serial") as appliance:
        cable = Cable(appliance.line.path)
        await cable.ask_status()
        for noise in (b"\x03\x03", b"\x03\x03\x03x", b"x\x03\x03\x03", b"hello\r\n"):
            cable.write(noise)
            await asyncio.sleep(0.05)
            await appliance.advance(2000)
            assert not appliance.is_halted
            cable.write(b"\0")
            await cable.ask_status()
        cable.close()


@pytest.mark.parametrize("interpreter", INTERPRETERS)
async def test_a_latched_fault_is_cleared_over_the_cable_once_its_cause_is_gone(interpreter):
    appliance = VirtualAppliance("water_heater", interpreter, "serial")
    async with appliance, connect(appliance.url) as device:
        leak = 1 << 5
        appliance.plant.wet = True
        await appliance.advance(10_000, 500)
        assert await device.reset_latched() == {"result": RESET_DONE, "latched": leak}
        appliance.plant.wet = False
        await appliance.advance(60_000, 500)
        assert (await device.status())["alarms"] & leak
        assert await device.reset_latched() == {"result": RESET_DONE, "latched": 0}
        assert not (await device.status())["alarms"] & leak


async def test_interrupt_key_is_live_before_the_firmware_switches_it_off():
    """The bench leaves it on, so the tests above prove something."""
    async with VirtualAppliance("water_heater", "micropython", "serial") as appliance:
        now = termios.tcgetattr(appliance.line.device_fd)[3]
        await appliance.kill()
        appliance.line.reset()
        before = termios.tcgetattr(appliance.line.device_fd)[3]
        assert before & termios.ISIG and not now & termios.ISIG


async def test_host_paces_to_the_input_ring():
    async with VirtualAppliance("water_heater", "micropython32", "serial") as appliance:
        async with connect(appliance.url) as device:
            answers = await asyncio.gather(*[device.status() for _ in range(60)])
            assert len(answers) == 60
        assert appliance.line.lost_to_device == 0


async def test_console_text_arrives_as_events_and_disturbs_nothing():
    appliance = VirtualAppliance("water_heater", "micropython", "serial")
    async with appliance, connect(appliance.url) as device:
        os.write(appliance.line.device_fd, b"a line from a print()\r\n")
        await device.status()
        async with asyncio.timeout(5):
            async for kind, value in device.events():
                if kind == "console":
                    assert "a line from a print()" in value
                    break
