"""What comes back after a power cut, what does not, and how often it is written."""

import unittest

from fake_hal import Bench, FakeHal, MemoryFiles
from protocol_helpers import heap_lock, heap_unlock

from rumpus import retained as retained_module
from rumpus import wire
from rumpus.appliances.base import bit
from rumpus.appliances.refrigerator.appliance import Refrigerator
from rumpus.appliances.water_heater.appliance import WaterHeater
from rumpus.retained import COST_MS, FIRST_TOTALS_MS, MOST_CREDIT_MS, SETTLE_MS, TOTALS_MS, Retained
from rumpus.rump.state import State
from rumpus.wiring import load

TYPES = ("water_heater", "air_conditioner", "refrigerator", "microwave_oven")
HOUR_MS = 3600000
DAY_MS = 24 * HOUR_MS


class CountingFiles(MemoryFiles):
    """Counts the writes of what is kept; may refuse them."""

    def __init__(self):
        super().__init__()
        self.writes = 0
        self.is_full = False

    def save(self, name, data):
        if name == retained_module.NAME:
            if self.is_full:
                return False
            self.writes += 1
        return super().save(name, data)


class DamagedFiles(MemoryFiles):
    """Both copies of what was kept are broken."""

    def load(self, name):
        if name == retained_module.NAME and name not in self.data:
            self.damaged += 2
        return super().load(name)


class Kept:
    """An appliance without pins and what it keeps."""

    def __init__(self, maker=WaterHeater, files=None):
        self.files = files or CountingFiles()
        self.appliance = maker(State(maker.TABLE, bytes(12)), {}, maker.INPUTS + maker.OUTPUTS)
        self.appliance.defaults()
        self.ids = {row[1]: row[0] for row in self.appliance.state.rows}
        self.retained = Retained(self.appliance, self.files)
        self.retained.load()

    def __getitem__(self, name):
        return self.appliance.state[self.ids[name]]

    def __setitem__(self, name, counts):
        self.appliance.state[self.ids[name]] = counts

    def run(self, ms, step_ms=1000):
        for _ in range(0, ms, step_ms):
            self.retained.step(step_ms)


def again(bench):
    """The same device after a power cut."""
    return Bench(bench.app.state.table.NAME, FakeHal(bench.hal.files, bench.hal._slots))


def field(bench, name):
    for row in bench.app.state.rows:
        if row[1] == name:
            return bench.app.state[row[0]]
    raise KeyError(name)


class ComesBack(unittest.TestCase):
    def cut(self, kind, *pairs):
        """A device that was told this and lost its power ten seconds later, started again."""
        bench = Bench(kind)
        bench.run(1000)
        bench.controller.control(*pairs)
        bench.run(10000)
        for name, counts in pairs:
            self.assertEqual(field(bench, name), counts, name)
        bench = again(bench)
        return bench

    def test_a_water_heater_comes_back_as_it_was(self):
        pairs = (("power", 1), ("target_temperature", 620), ("mode", 4), ("heating_power_limit", 1500))
        pairs += (("child_lock", 1), ("utc_offset", -210), ("reservation_2_hour", 5))
        bench = self.cut("water_heater", *pairs)
        for name, counts in pairs:
            self.assertEqual(field(bench, name), counts, name)

    def test_boost_comes_back_with_the_mode_that_follows_it(self):
        bench = Bench("water_heater")
        bench.run(1000)
        bench.controller.control(("power", 1), ("mode", 4))
        bench.run(1000)
        bench.controller.control(("mode", 5))
        bench.run(10000)
        bench = again(bench)
        self.assertEqual((field(bench, "mode"), bench.app.appliance.mode_before), (5, 4))

    def test_an_air_conditioner_comes_back_as_it_was_and_starts(self):
        pairs = (("power", 1), ("mode", 1), ("target_temperature", 200), ("fan_speed", 3), ("eco", 1))
        bench = self.cut("air_conditioner", *pairs)
        for name, counts in pairs:
            self.assertEqual(field(bench, name), counts, name)
        bench.pin_of("outdoor_unit").level = 1
        bench.pin_of("supply_voltage").level = 41000
        for _ in range(200):
            bench.pin_of("indoor_fan_pulses").level = bench.pin_of("outdoor_fan_pulses").level = 20
            bench.run(1000, 1000)
        self.assertTrue(bench.pin_of("compressor_speed").level > 0)

    def test_what_ends_by_itself_does_not_come_back(self):
        bench = self.cut("air_conditioner", ("power", 1), ("sleep", 1), ("timer_off", 60))
        self.assertEqual((field(bench, "power"), field(bench, "sleep"), field(bench, "timer_off")), (1, 0, 0))
        bench = self.cut("refrigerator", ("rapid_freeze", 1), ("freezer_set", -200))
        self.assertEqual((field(bench, "rapid_freeze"), field(bench, "freezer_set")), (0, -200))

    def test_a_microwave_oven_neither_cooks_on_nor_remembers_the_recipe(self):
        bench = Bench("microwave_oven")
        self.rest(bench)
        bench.run(2000)
        bench.pin_of("remote_button").level = 0
        bench.run(500)
        bench.pin_of("remote_button").level = 1
        bench.controller.control(("beep", 0), ("power_level", 50), ("cook_time", 600), ("operation", 1))
        bench.run(1000)
        self.assertEqual(field(bench, "work_state"), 3)
        self.assertEqual(bench.pin_of("main_relay").level, 1)
        bench.app.retained.finish()  # as if the beep had been off for long
        bench = again(bench)
        self.rest(bench)
        for role in ("main_relay", "magnetron", "grill", "convection", "steam"):
            self.assertEqual(bench.pin_of(role).level, 0)
        bench.run(5000)
        self.assertEqual(field(bench, "beep"), 0)
        self.assertEqual((field(bench, "power_level"), field(bench, "cook_time")), (100, None))
        self.assertTrue(field(bench, "work_state") in (1, 2))
        self.assertEqual(bench.pin_of("main_relay").level, 0)

    def rest(self, bench):
        for role in ("remote_button", "start_button", "stop_button"):
            bench.pin_of(role).level = 1
        bench.pin_of("chamber_temperature").level = 64800  # of its 100 kohm bead, about 25 degC

    def test_totals_come_back(self):
        kept = Kept(Refrigerator)
        kept["energy_total"] = 1234567
        kept.appliance.filter_used_min = 4321
        kept.appliance.defrost_left_min = 17
        kept.run(FIRST_TOTALS_MS)
        kept = Kept(Refrigerator, kept.files)
        self.assertEqual(kept["energy_total"], 1234567)
        self.assertEqual(kept.appliance.filter_used_min, 4321)
        self.assertEqual(kept.appliance.defrost_left_min, 17)

    def test_an_orderly_end_loses_nothing(self):
        bench = Bench("water_heater")
        bench.run(1000)
        bench.controller.control(("power", 1))
        bench.run(1000)
        bench.hal.wait = lambda _timeout_ms: None
        bench.hal.elapsed_ms = lambda: 100
        bench.app.stopped = True
        bench.app.run()
        self.assertEqual(field(again(bench), "power"), 1)

    def test_every_kept_name_is_a_row_and_can_be_set_and_every_attribute_has_its_own_number(self):
        for kind in TYPES:
            bench = Bench(kind)
            kept = bench.app.appliance
            access = {row[1]: row[3] for row in bench.app.state.rows}
            for name in kept.KEPT:
                self.assertTrue("r" in access[name] and "w" in access[name], name)
            numbers = [number for number, _name in kept.ATTRIBUTES]
            self.assertEqual(len(numbers), len(set(numbers)))
            for number, name in kept.ATTRIBUTES:
                self.assertTrue(0xF0 <= number <= 0xFF and bench.app.state.row(number) is None)
                self.assertTrue(0 <= getattr(kept, name) < 1 << 30, name)


class Damage(unittest.TestCase):
    def load(self, record):
        files = CountingFiles()
        files.data[retained_module.NAME] = record
        return Kept(files=files)

    def test_without_a_record_the_defaults_hold_and_nothing_is_written(self):
        kept = Kept()
        self.assertEqual((kept["power"], kept["target_temperature"]), (0, 550))
        kept.run(2 * TOTALS_MS, 60000)
        self.assertEqual(kept.files.writes, 0)

    def test_what_cannot_be_used_is_ignored_and_counted_and_the_rest_is_taken(self):
        good = bytes((0x11, 2, 2, 0x58))  # target_temperature 60.0
        for bad in (
            bytes((0xEE, 1, 1)),  # no such field
            bytes((0x10, 2, 0, 1)),  # another size
            bytes((0x12, 1, 8)),  # no such mode
            bytes((0x19, 2, 2, 0x59)),  # between two steps
            bytes((0x46, 4, 0xFF, 0xFF, 0xFF, 0xFF)),  # not available
            bytes((0x40, 1, 2)),  # a field that is not kept
            bytes((0xF0, 4, 0x40, 0, 0, 0)),  # a big integer on small boards
        ):
            kept = self.load(bad + good)
            self.assertEqual((kept.retained.ignored, kept["target_temperature"]), (1, 600), bad)
            self.assertEqual(kept["work_state"], None)
        for cut in (bytes((0x10, 1)), bytes((0x46, 4, 0))):
            self.assertEqual(self.load(good + cut).retained.ignored, 1)

    def test_any_bytes_are_survived(self):
        seed = 1
        for length in range(60):
            record = bytearray(length)
            for i in range(length):
                seed = seed * 75 % 65537
                record[i] = seed & 0xFF
            kept = self.load(bytes(record))
            for row in kept.appliance.state.rows:
                if "w" in row[3] and "r" in row[3] and kept.appliance.state[row[0]] is not None:
                    self.assertEqual(wire.check(row, kept.appliance.state[row[0]]), wire.GOOD)

    def test_a_store_that_refuses_is_told_and_tried_again(self):
        for kind in TYPES:
            bench = Bench(kind, FakeHal(CountingFiles()))
            eeprom = bit(bench.app.state.table.ALARMS, "eeprom")
            bench.run(1000)
            bench.hal.files.is_full = True
            bench.controller.control(("child_lock", 1))
            bench.run(2 * SETTLE_MS)
            self.assertTrue(bench.app.log.active & eeprom, kind)
            bench.hal.files.is_full = False
            bench.run(COST_MS, 1000)
            self.assertFalse(bench.app.log.active & eeprom, kind)
            self.assertEqual(field(again(bench), "child_lock"), 1)

    def test_a_record_that_is_lost_is_told_until_something_is_set_anew(self):
        for kind in TYPES:
            bench = Bench(kind, FakeHal(DamagedFiles()))
            eeprom = bit(bench.app.state.table.ALARMS, "eeprom")
            bench.run(1000)
            self.assertTrue(bench.app.log.active & eeprom, kind)
            bench.controller.control(("child_lock", 1))
            bench.run(2 * SETTLE_MS)
            self.assertFalse(bench.app.log.active & eeprom, kind)

    def test_an_event_that_cannot_be_stored_is_told(self):
        hal = FakeHal()
        bench = Bench("water_heater", hal)
        eeprom = bit(bench.app.state.table.ALARMS, "eeprom")
        bench.run(1000)
        self.assertFalse(bench.app.log.active & eeprom)
        hal.slots("events").is_full = True
        bench.pin_of("leak_switch").level = 1
        bench.run(5000)
        self.assertTrue(bench.app.log.active & eeprom)
        hal.slots("events").is_full = False
        bench.pin_of("leak_switch").level = 0
        bench.run(5000)
        bench.app.reset_latched()
        bench.run(1000)
        self.assertEqual(bench.app.log.active, 0)


class Wear(unittest.TestCase):
    def test_a_moved_slider_is_one_write(self):
        kept = Kept()
        for i in range(40):
            kept["target_temperature"] = 400 + 10 * (i % 30)
            kept.run(100, 100)
        kept.run(HOUR_MS)
        self.assertEqual(kept.files.writes, 1)
        self.assertEqual(Kept(files=kept.files)["target_temperature"], 490)

    def test_there_and_back_is_no_write(self):
        kept = Kept()
        kept["power"] = 1
        kept.run(2000)
        kept["power"] = 0
        kept.run(HOUR_MS)
        self.assertEqual(kept.files.writes, 0)

    def test_a_controller_that_never_stops_is_held_to_the_credit(self):
        kept = Kept()
        for i in range(DAY_MS // 6000):
            kept["power"] = i % 2
            kept["target_temperature"] = 400 + 10 * (i % 30)
            kept.run(6000, 3000)
        most = (DAY_MS + MOST_CREDIT_MS) // COST_MS + DAY_MS // TOTALS_MS + 1
        self.assertTrue(most - 5 <= kept.files.writes <= most, kept.files.writes)

    def test_a_steady_change_is_not_put_off_for_ever(self):
        kept = Kept()
        for i in range(10):
            kept["target_temperature"] = 400 + 10 * i
            kept.run(1000)
        self.assertTrue(kept.files.writes >= 1)

    def test_totals_are_written_once_an_hour_and_with_every_setting(self):
        kept = Kept()
        for i in range(DAY_MS // 60000):
            kept["energy_total"] = i + 1
            kept.run(60000, 60000)
        self.assertTrue(24 <= kept.files.writes <= 25, kept.files.writes)
        kept["energy_total"] = 5000
        kept["power"] = 1
        kept.run(2 * SETTLE_MS)
        self.assertEqual(Kept(files=kept.files)["energy_total"], 5000)

    def test_power_that_never_lasts_an_hour_still_leads_to_a_defrost(self):
        kept = Kept(Refrigerator)
        before = kept.appliance.defrost_left_min
        for _ in range(3):
            kept.appliance.defrost_left_min = kept.appliance.defrost_left_min - 9
            kept.run(FIRST_TOTALS_MS + 60000, 60000)
            kept = Kept(Refrigerator, kept.files)
        self.assertEqual(kept.appliance.defrost_left_min, before - 27)

    def test_looking_allocates_nothing(self):
        for kind in TYPES:
            bench = Bench(kind)
            bench.run(10000)
            looked = bench.app.retained
            looked._state[looked._rows[0][0]] = 1  # the child lock
            heap_lock()
            try:
                for _ in range(SETTLE_MS // 1000 - 2):
                    looked.step(1000)
            finally:
                heap_unlock()

    def test_a_record_stays_small_enough_to_lie_inside_a_littlefs_directory(self):
        for kind in TYPES:
            bench = Bench(kind)
            bench.app.retained._save()
            size = len(bench.hal.files.data[retained_module.NAME])
            self.assertTrue(size + 7 <= 128, "%s: %d" % (kind, size))  # 7: what Files adds


class Rows(unittest.TestCase):
    def test_the_microwave_keeps_nothing_that_heats(self):
        table = load("rumpus.rump.tables.microwave_oven", ("FIELDS",))
        kept = load("rumpus.appliances.microwave_oven.product", ("KEPT",)).KEPT
        self.assertEqual([row[1] for row in table.FIELDS if row[1] in kept], ["beep"])


if __name__ == "__main__":
    unittest.main()
