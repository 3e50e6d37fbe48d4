"""DS18B20 on a simulated 1-Wire line, slot by slot. Runs on all interpreters."""

import unittest

from bus_onewire import ByteBus, Ds18b20Chip, Wire, crc8

from rumpus.appliances.base import MISSING, NOT_READY, SHORT
from rumpus.drivers import ds18b20
from rumpus.drivers.crc8 import crc8_onewire
from rumpus.hal.stalls import STALLS

try:
    from micropython import heap_lock, heap_unlock
except ImportError:  # CPython promises nothing about its heap

    def heap_lock():
        pass

    def heap_unlock():
        pass


def hexed(data):
    return "".join(["%02x" % byte for byte in data])


class _Line(unittest.TestCase):
    def setUp(self):
        self.chip = Ds18b20Chip()
        self.wire = Wire(self.chip)
        self.part = ds18b20.make(ByteBus(self.wire), ())

    def run_ms(self, ms, step_ms=100):
        """Values of all calls in that time."""
        values = []
        for _ in range(0, ms, step_ms):
            self.wire.advance(step_ms)
            values.append(self.part.read(step_ms))
        return values

    def settle(self, counts):
        self.chip.sixteenths = counts * 16 // 10
        self.run_ms(3000)
        self.assertEqual(self.part.read(0), counts)


class ConversionTest(_Line):
    def test_checksum_of_the_data_sheets_example(self):
        # Maxim application note 27: ROM code 02 1C B8 01 00 00 00 has the checksum A2.
        rom = b"\x02\x1c\xb8\x01\x00\x00\x00"
        self.assertEqual(crc8_onewire(rom, 0, 7), 0xA2)
        self.assertEqual(crc8(rom), 0xA2)

    def test_temperatures_of_the_data_sheet(self):
        # DS18B20 data sheet, table 1: temperature, digital output.
        rows = ((1250, 0x07D0), (851, 0x0551), (251, 0x0191), (101, 0x00A2), (5, 0x0008), (0, 0))
        rows += ((-5, 0xFFF8), (-101, 0xFF5E), (-251, 0xFE6F), (-550, 0xFC90))
        for counts, raw in rows:
            self.chip.sixteenths = raw
            self.run_ms(3000)
            self.assertEqual(self.part.read(0), counts, "0x%04x" % raw)

    def test_nothing_is_known_before_the_first_conversion_is_over(self):
        values = self.run_ms(800)
        self.assertEqual(values, [NOT_READY] * 8)
        self.assertEqual(self.run_ms(100), [250])

    def test_a_result_is_taken_only_after_750_ms_whatever_the_steps(self):
        for step_ms in (1, 7, 100, 749, 5000):
            self.setUp()
            for _ in range(12 * 750 // step_ms + 3):
                busy = self.chip.left_ms
                was = self.wire.us
                self.wire.advance(step_ms)
                self.part.read(step_ms)
                if self.wire.us != was:
                    self.assertEqual(busy > step_ms, False, step_ms)
            self.assertEqual(self.part.read(0), 250)
            self.assertTrue(self.chip.conversions >= 2)

    def test_twelve_bits_are_set_whatever_the_chip_was_delivered_with(self):
        self.chip.eeprom = b"\x4b\x46\x1f"  # 9 bits
        self.chip.power_on()
        self.chip.sixteenths = 401
        self.run_ms(2000)
        self.assertEqual(self.part.read(0), 251)
        self.assertEqual(self.chip.pad[4], 0x7F)

    def test_two_sensors_on_one_wire_are_told_apart(self):
        other = Ds18b20Chip(b"\x28\xff\x64\x1e\x8f\xd3\x16", -160)
        self.wire.chips.append(other)
        bus = ByteBus(self.wire)
        parts = [
            ds18b20.make(bus, ("".join(["%02x" % byte for byte in chip.rom]),)) for chip in self.wire.chips
        ]
        for _ in range(30):
            self.wire.advance(100)
            values = [part.read(100) for part in parts]
        self.assertEqual(values, [250, -100])

    def test_no_call_keeps_the_bus_longer_than_declared(self):
        self.part = ds18b20.make(ByteBus(self.wire), (hexed(self.chip.rom),))
        longest = {}
        for _ in range(30):
            self.wire.advance(100)
            name = "ds18b20 fetch" if self.part.is_converting else "ds18b20 start"
            was = self.wire.us
            self.part.read(100)
            longest[name] = max(longest.get(name, 0), self.wire.us - was)
        declared = {row[0]: row[2] for row in STALLS if row[1] == "micropython"}
        for name, us in longest.items():
            self.assertTrue(1000 < us <= 1000 * declared[name], (name, us))


class FaultTest(_Line):
    def test_one_bad_checksum_is_read_again(self):
        self.settle(250)
        self.chip.sixteenths = 480
        for bit in (0, 11, 30, 71):
            self.chip.flip = bit
            for _ in range(20):
                if self.part.failures == 0:
                    self.run_ms(100)
            self.assertEqual(self.part.failures, 1)
            self.chip.flip = -1
            self.assertTrue(self.part.read(0) in (250, 300))
            self.run_ms(100)
            self.assertEqual(self.part.read(0), 300)

    def test_bad_checksums_are_a_fault_and_its_end_is_seen(self):
        self.settle(250)
        self.chip.flip = 5
        values = self.run_ms(3000)
        self.assertEqual(set(values), {250, MISSING})
        self.assertEqual(values[-1], MISSING)
        self.chip.flip = -1
        self.assertEqual(self.run_ms(2000)[-1], 250)

    def test_a_sensor_that_is_not_there(self):
        self.chip.is_connected = False
        self.assertEqual(self.run_ms(300)[-1], MISSING)
        self.chip.is_connected = True
        values = self.run_ms(2000)
        self.assertEqual(set(values), {MISSING, 250})

    def test_a_sensor_that_falls_off_is_a_fault_within_a_conversion(self):
        self.settle(250)
        self.chip.is_connected = False
        self.assertEqual(self.run_ms(ds18b20.CONVERT_MS + 400)[-1], MISSING)

    def test_a_line_held_low_is_short(self):
        for is_blind in (False, True):
            self.setUp()
            self.part.bus.is_blind = is_blind
            self.settle(250)
            self.wire.is_held_low = True
            values = self.run_ms(4000)
            self.assertEqual(set(values), {250, SHORT})
            self.assertEqual(values[-1], SHORT)
            self.wire.is_held_low = False
            self.assertEqual(self.run_ms(2000)[-1], 250)

    def test_a_line_held_low_from_the_start_is_short(self):
        for is_blind in (False, True):
            self.setUp()
            self.part.bus.is_blind = is_blind
            self.wire.is_held_low = True
            self.assertEqual(self.run_ms(4000)[-1], SHORT)


class PowerOnValueTest(_Line):
    """85.0 degC is a temperature only when it was measured."""

    def test_the_power_on_value_is_never_reported(self):
        # Power is lost at every possible moment between two calls.
        for moment in range(0, 24):
            self.setUp()
            self.settle(200)
            values = self.run_ms(100 * moment)
            self.chip.power_on()
            values += self.run_ms(3000)
            self.assertEqual(set(values), {200}, moment)

    def test_a_sensor_without_enough_supply_is_a_fault_not_85(self):
        self.settle(200)
        self.chip.is_browning_out = True
        values = self.run_ms(10000)
        self.assertEqual(set(values), {200, MISSING})
        self.assertEqual(values[-1], MISSING)

    def test_a_lost_order_to_convert_is_noticed(self):
        for times in (1, 2):
            self.setUp()
            self.chip.loses_converts = times
            values = self.run_ms(4000)
            self.assertEqual(set(values), {NOT_READY, 250})
        self.chip.loses_converts = 1000
        values = self.run_ms(4000)
        self.assertEqual(set(values), {250, MISSING})

    def test_a_measured_85_counts_when_it_is_repeated(self):
        self.chip.sixteenths = 85 * 16
        values = self.run_ms(3000)
        self.assertEqual(set(values), {NOT_READY, 850})
        self.assertEqual(self.chip.conversions >= 2, True)
        first = values.index(850)
        self.assertTrue(first * 100 >= 2 * ds18b20.CONVERT_MS, first)

    def test_a_jump_to_85_waits_for_the_second_conversion(self):
        self.settle(200)
        self.chip.sixteenths = 85 * 16
        had = self.chip.conversions
        values = self.run_ms(3000)
        self.assertEqual(set(values), {200, 850})
        self.assertTrue(self.chip.conversions >= had + 2)
        self.assertTrue(values.index(850) * 100 >= ds18b20.CONVERT_MS)

    def test_passing_85_slowly_costs_nothing(self):
        for counts in (848, 849, 850, 851, 850):
            self.chip.sixteenths = (counts * 16 + 5) // 10
            had = self.chip.conversions
            self.run_ms(2600)
            self.assertEqual(self.part.read(0), counts)
            self.assertTrue(self.chip.conversions <= had + 3)


class _Replay:
    """A bus that answers from fixed bytes, so that only the driver could allocate."""

    def __init__(self, data):
        self.data = data
        self.at = 0
        self.presence = 1
        self.orders = 0

    def reset(self):
        self.at = 0
        return self.presence

    def write_byte(self, byte):
        self.orders = byte

    def read_byte(self):
        if self.orders == 0x44:
            return 0
        byte = self.data[self.at]
        self.at += 1
        return byte


class AllocationTest(unittest.TestCase):
    def test_reading_allocates_nothing(self):
        pad = b"\x91\x01\x55\xd3\x7f\xff\x0c\x10"
        bus = _Replay(pad + bytes([crc8(pad)]))
        part = ds18b20.make(bus, ("2801020304050683",))
        heap_lock()
        for _ in range(20):
            value = part.read(400)
        bus.presence = 0
        for _ in range(20):
            missing = part.read(400)
        heap_unlock()
        self.assertEqual((value, missing), (251, MISSING))


if __name__ == "__main__":
    unittest.main()
