"""SHT3x and AHT20 on a simulated I2C bus, byte by byte. Runs on all interpreters."""

import unittest

from bus_i2c import Aht20Chip, Bus, Lines, Sht3xChip, crc8

from rumpus.appliances.base import MISSING, NOT_READY, SHORT
from rumpus.drivers import aht20, sht3x
from rumpus.drivers.crc8 import crc8_i2c

try:
    from micropython import heap_lock, heap_unlock
except ImportError:  # CPython promises nothing about its heap

    def heap_lock():
        pass

    def heap_unlock():
        pass


class ChecksumTest(unittest.TestCase):
    def test_the_data_sheets_example(self):
        # SHT3x data sheet, 4.12: CRC (0xBEEF) = 0x92.
        self.assertEqual(crc8_i2c(b"\xbe\xef", 0, 2), 0x92)
        self.assertEqual(crc8(b"\xbe\xef"), 0x92)


class _Sensor(unittest.TestCase):
    """What both chips must do."""

    DRIVER = None
    CHIP = None

    def setUp(self):
        self.chip = self.CHIP()
        self.lines = Lines(self.chip)
        self.bus = Bus(self.lines)
        self.parts = [self.DRIVER.make(self.bus, (name,)) for name in ("temperature", "humidity")]

    def run_ms(self, ms, step_ms=100):
        """Pairs of values of all calls in that time."""
        values = []
        for _ in range(0, ms, step_ms):
            self.lines.advance(step_ms)
            values.append(tuple([part.read(step_ms) for part in self.parts]))
        return values

    def test_both_roles_share_one_chip_and_one_measurement(self):
        self.assertEqual(self.run_ms(3000)[-1], (215, 48))
        self.assertTrue(2 <= self.chip.measurements <= 4, self.chip.measurements)
        self.assertEqual(len(self.bus.parts), 1)

    def test_the_order_of_the_roles_does_not_matter(self):
        self.bus = Bus(self.lines)
        self.parts = [self.DRIVER.make(self.bus, (name,)) for name in ("humidity", "temperature")]
        self.assertEqual(self.run_ms(3000)[-1], (48, 215))

    def test_one_role_alone(self):
        for index in (0, 1):
            self.setUp()
            self.bus.parts.clear()
            name = ("temperature", "humidity")[index]
            self.parts = [self.DRIVER.make(self.bus, (name,))]
            self.assertEqual(self.run_ms(3000)[-1], ((215, 48)[index],))

    def test_the_whole_range_within_half_a_count(self):
        for temperature in (-400, -399, -55, -1, 0, 1, 215, 850, 1249):
            for humidity in (0, 4, 5, 333, 995, 1000):
                self.chip.temperature = temperature
                self.chip.humidity = humidity
                self.run_ms(1500)
                t, h = self.run_ms(100)[-1]
                self.assertEqual(t, temperature)
                self.assertTrue(abs(10 * h - humidity) <= 5, (h, humidity))

    def test_nothing_is_known_before_the_first_measurement(self):
        values = self.run_ms(1000, 10)
        self.assertEqual(values[0], (NOT_READY, NOT_READY))
        self.assertEqual(set(values), {(NOT_READY, NOT_READY), (215, 48)})

    def test_any_step_will_do(self):
        for step_ms in (1, 33, 100, 1000, 60000):
            self.setUp()
            self.assertEqual(self.run_ms(6 * max(step_ms, 300), step_ms)[-1], (215, 48), step_ms)

    def test_one_bad_checksum_changes_nothing(self):
        self.run_ms(3000)
        for bit in range(0, 8 * self.BYTES, 5):
            self.chip.temperature = 300
            self.chip.flip = bit
            had = self.chip.measurements
            for _ in range(30):
                if self.chip.measurements != had:
                    break
                self.assertTrue(self.run_ms(100)[-1] in ((215, 48), (300, 48)))
            self.run_ms(200)
            self.chip.flip = -1
            self.assertTrue(self.run_ms(100)[-1] in ((215, 48), (300, 48)))
            self.run_ms(2000)

    def test_bad_checksums_are_a_fault_and_its_end_is_seen(self):
        self.run_ms(3000)
        self.chip.flip = 13
        values = self.run_ms(5000)
        self.assertEqual(set(values), {(215, 48), (MISSING, MISSING)})
        self.assertEqual(values[-1], (MISSING, MISSING))
        self.chip.flip = -1
        self.assertEqual(self.run_ms(3000)[-1], (215, 48))

    def test_a_chip_that_is_not_there(self):
        self.chip.is_connected = False
        self.assertEqual(self.run_ms(1000)[-1], (MISSING, MISSING))
        self.chip.is_connected = True
        self.assertEqual(self.run_ms(3000)[-1], (215, 48))

    def test_a_chip_that_falls_off_is_a_fault_within_two_seconds(self):
        self.run_ms(3000)
        self.chip.is_connected = False
        self.assertEqual(self.run_ms(2000)[-1], (MISSING, MISSING))

    def test_a_bus_held_low_is_short(self):
        self.run_ms(3000)
        self.lines.holder = -1
        values = self.run_ms(3000)
        self.assertEqual(set(values), {(215, 48), (SHORT, SHORT)})
        self.assertEqual(values[-1], (SHORT, SHORT))
        self.lines.holder = 0
        self.assertEqual(self.run_ms(3000)[-1], (215, 48))

    def test_a_bus_held_low_that_the_hal_cannot_see_is_a_fault_too(self):
        self.run_ms(3000)
        self.lines.holder = -1
        self.lines.data = lambda: 1
        self.assertEqual(self.run_ms(3000)[-1], (MISSING, MISSING))


class Sht3xTest(_Sensor):
    DRIVER = sht3x
    CHIP = Sht3xChip
    BYTES = 6

    def test_two_chips_on_one_bus(self):
        other = Sht3xChip(0x45, -50, 900)
        self.lines.chips.append(other)
        self.parts.append(sht3x.make(self.bus, ("temperature", 0x45)))
        self.parts.append(sht3x.make(self.bus, ("humidity", 0x45)))
        self.assertEqual(self.run_ms(3000)[-1], (215, 48, -50, 90))


class Aht20Test(_Sensor):
    DRIVER = aht20
    CHIP = Aht20Chip
    BYTES = 7

    def test_calibration_is_asked_for_once(self):
        self.run_ms(5000)
        self.assertEqual(self.chip.is_calibrated, True)

    def test_a_busy_chip_is_waited_for(self):
        self.chip.stays_busy_ms = 60
        self.assertEqual(self.run_ms(3000, 10)[-1], (215, 48))

    def test_a_chip_that_is_busy_for_ever_is_a_fault(self):
        self.chip.stays_busy_ms = 100000
        self.assertEqual(self.run_ms(5000, 10)[-1], (MISSING, MISSING))

    def test_a_loss_of_power_is_a_gap_and_no_nonsense(self):
        self.run_ms(3000)
        self.chip.power_on()
        values = self.run_ms(5000)
        self.assertEqual(set(values), {(215, 48)})
        self.assertEqual(self.chip.is_calibrated, True)


class _Replay:
    """A bus that answers from fixed bytes, so that only the driver could allocate."""

    def __init__(self, data):
        self.data = data
        self.parts = {}
        self.answer = 1

    def write(self, address, buf):
        return self.answer

    def read(self, address, buf):
        for i in range(len(buf)):
            buf[i] = self.data[i]
        return self.answer


class AllocationTest(unittest.TestCase):
    def check(self, driver, data, values):
        bus = _Replay(data)
        temperature = driver.make(bus, ("temperature",))
        humidity = driver.make(bus, ("humidity",))
        heap_lock()
        for _ in range(30):
            t = temperature.read(100)
            h = humidity.read(100)
        bus.answer = 0
        for _ in range(30):
            missing = temperature.read(100)
        heap_unlock()
        self.assertEqual((t, h, missing), values + (MISSING,))

    def test_sht3x_allocates_nothing(self):
        data = b"\xff\xff" + bytes([crc8(b"\xff\xff")]) + b"\xff\xff" + bytes([crc8(b"\xff\xff")])
        self.check(sht3x, data, (1300, 100))

    def test_aht20_allocates_nothing(self):
        data = b"\x18\xff\xff\xff\xff\xff"
        self.check(aht20, data + bytes([crc8(data)]), (1500, 100))


if __name__ == "__main__":
    unittest.main()
