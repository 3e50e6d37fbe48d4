"""The whole device in memory: conversations, pushes, alarms and what a failing part does to outputs."""

import unittest

from fake_hal import Bench, FakeHal, MemorySlots

from rumpus import app as app_module
from rumpus.appliances.base import ALARMS
from rumpus.link import RA, RUMP
from rumpus.ra import hello
from rumpus.ra.tables.messages import ONLY_NEW, RESET_NOT_LOCAL
from rumpus.rump.controller import ALARM, ANSWER, STATUS
from rumpus.rump.tables.timing import HEARTBEAT_MS, PUSH_INTERVAL_MS

COLD = 60000  # ADC readings of the virtual board's NTCs
HOT = 2600  # about 105 degC


def kinds(events):
    return [event[0] for event in events]


class Conversations(unittest.TestCase):
    def test_device_says_hello_on_connect_and_again_when_greeted(self):
        bench = Bench("water_heater")
        bench.run(100)
        bench.controller.events()
        self.assertEqual(len(bench.controller.hellos), 1)
        self.assertEqual(bench.controller.hellos[0]["device_id"], bench.app.state.device_id)
        bench.controller.say_hello(ONLY_NEW)
        bench.run(100)
        bench.controller.events()
        self.assertEqual(len(bench.controller.hellos), 2)

    def test_nothing_is_pushed_to_who_never_spoke(self):
        bench = Bench("water_heater")
        bench.run(3 * HEARTBEAT_MS)
        self.assertEqual(bench.controller.events(), [])

    def test_control_is_answered_with_the_state_that_follows(self):
        bench = Bench("water_heater")
        bench.run(200)
        sequence = bench.controller.control(("power", 1), ("target_temperature", 600))
        bench.app.step(0)
        events = bench.controller.events()
        self.assertEqual(events[0][:2], (ANSWER, sequence))
        self.assertEqual(events[0][2].result, 0)
        self.assertEqual(events[0][2]["target_temperature"], 600)
        self.assertEqual(events[0][2]["work_state"], 2)

    def test_one_bad_field_changes_nothing(self):
        bench = Bench("water_heater")
        bench.run(200)
        before = bytes(bench.app.state.buf)
        bench.controller.control(("power", 1), ("target_temperature", 9999))
        bench.app.step(0)
        answer = bench.controller.events()[0][2]
        self.assertEqual((answer.result, answer.field, answer.reason), (3, 0x11, 6))
        self.assertEqual(bytes(bench.app.state.buf), before)

    def test_several_requests_in_one_piece_are_all_answered(self):
        bench = Bench("water_heater", size=4096)
        bench.run(200)
        sent = [bench.controller.control(("power", i % 2)) for i in range(8)]
        bench.app.step(0)
        bench.app.step(0)
        answers = [event[1] for event in bench.controller.events() if event[0] == ANSWER]
        self.assertEqual(answers, sent)

    def test_heartbeat_and_rate_limit(self):
        bench = Bench("water_heater")
        bench.controller.say_hello(ONLY_NEW)
        bench.run(1000)
        bench.controller.events()
        bench.run(HEARTBEAT_MS + 1000)
        self.assertEqual(kinds(bench.controller.events()), [STATUS])
        pushes = 0
        for i in range(20):
            bench.controller.control(("power", i % 2))
            bench.run(100)
            pushes += kinds(bench.controller.events()).count(STATUS)
        self.assertTrue(2 <= pushes <= 2000 // PUSH_INTERVAL_MS + 1, pushes)

    def test_slow_reader_costs_one_message_and_gets_the_newest_state(self):
        bench = Bench("water_heater", size=150)
        bench.controller.say_hello(ONLY_NEW)
        for i in range(400):
            bench.app.control(_request(bench.app, "target_temperature", 300 + 10 * (i % 40)))
            bench.app.step(300)
        waiting = bench.app.conversations[0]._backlog
        self.assertTrue(waiting is None or len(waiting) < 150)
        seen = []
        for _ in range(6):
            seen += bench.controller.events()
            bench.app.step(300)
        self.assertEqual(seen[-1][2]["target_temperature"], 300 + 10 * (399 % 40))

    def test_one_controller_too_many_pushes_out_the_one_silent_longest(self):
        bench = Bench("water_heater")
        controllers = [bench.controller]
        bench.run(1000)
        for _ in range(app_module.MOST_CONVERSATIONS):
            controllers.append(bench.another())
            bench.run(1000)
        self.assertEqual(len(bench.app.conversations), app_module.MOST_CONVERSATIONS)
        self.assertFalse(controllers[0].carrier.open)
        self.assertTrue(controllers[1].carrier.open)

    def test_rubbish_is_counted_and_survived(self):
        bench = Bench("water_heater")
        bench.run(200)
        for junk in (b"\x00", b"hello", bytes(40), b"\x01\x01\x00\x01"):
            for channel in (RUMP, RA, 0, 77, 255):
                bench.controller.send(channel, junk)
                bench.app.step(0)
        self.assertTrue(bench.app.device.dropped >= 20)
        sequence = bench.controller.control(("power", 1))
        bench.app.step(0)
        answers = [event for event in bench.controller.events() if event[0] == ANSWER]
        self.assertEqual(answers[-1][1], sequence)

    def test_wrong_length_closes_the_connection(self):
        bench = Bench("water_heater")
        bench.run(200)
        bench.controller.carrier.send(b"\xff\xff1234", 0, 6)
        bench.run(200)
        self.assertEqual(bench.app.conversations, [])
        self.assertFalse(bench.controller.carrier.open)

    def test_device_asks_for_the_controllers_version(self):
        bench = Bench("water_heater")
        bench.run(200)
        bench.controller.say_hello(ONLY_NEW)
        bench.run(200)
        bench.controller.events()
        bench.app.conversations[0].ask_version(bench.app)
        kind, sequence, _values = bench.controller.events()[-1]
        self.assertEqual(kind, "version_query")
        texts = {name: name for name in ("protocol", "firmware", "hardware", "vendor", "model")}
        bench.controller.send(RUMP, bench.controller.session.answer_version(sequence, texts))
        bench.app.step(0)
        self.assertEqual(bench.app.controller_version, texts)


class Alarms(unittest.TestCase):
    def heat(self, bench, reading):
        bench.pin_of("tank_temperature").level = reading
        bench.run(5000)

    def test_both_edges_are_told_in_order(self):
        bench = Bench("water_heater")
        bench.controller.say_hello(ONLY_NEW)
        bench.run(200)
        bench.pin_of("leak_switch").level = 1
        bench.run(5000)
        bench.pin_of("leak_switch").level = 0
        bench.run(5000)
        bench.app.interlocks.reset()
        bench.run(500)
        alarms = [event[2] for event in bench.controller.events() if event[0] == ALARM]
        self.assertEqual([alarm["sequence"] for alarm in alarms], list(range(1, len(alarms) + 1)))
        self.assertEqual(alarms[0]["active"], 1 << 5)
        self.assertEqual(alarms[-1]["active"], 0)

    def test_edges_of_an_absent_controller_are_told_later_even_after_a_restart(self):
        slots, hal = MemorySlots(), FakeHal()
        hal._slots = slots
        bench = Bench("water_heater", hal)
        bench.run(500)
        bench.pin_of("leak_switch").level = 1
        bench.run(5000)
        bench.pin_of("leak_switch").level = 0
        bench.run(5000)
        bench.app.interlocks.reset()
        bench.run(500)
        last = bench.app.log.sequence
        self.assertTrue(last >= 2)
        bench = Bench("water_heater", FakeHal(bench.hal.files, slots))
        bench.controller.say_hello(0)
        bench.run(500)
        alarms = [event[2] for event in bench.controller.events() if event[0] == ALARM]
        self.assertEqual([alarm["sequence"] for alarm in alarms], list(range(1, last + 1)))
        self.assertEqual([alarm["boot_count"] for alarm in alarms], [1] * last)
        self.assertEqual(bench.app.log.boot_count, 2)

    def test_a_latched_fault_outlives_a_power_cut_and_ends_with_a_local_reset(self):
        slots, hal = MemorySlots(), FakeHal()
        hal._slots = slots
        bench = Bench("water_heater", hal)
        bench.run(500)
        bench.pin_of("leak_switch").level = 1
        bench.run(5000)
        latched = bench.app.interlocks.latched
        self.assertTrue(latched)
        bench = Bench("water_heater", FakeHal(bench.hal.files, slots))
        bench.run(5000)
        self.assertEqual(bench.app.interlocks.latched, latched)
        self.assertEqual(bench.app.log.active & latched, latched)
        bench.app.interlocks.reset()
        bench.run(500)
        self.assertEqual(bench.app.log.active & latched, 0)

    def test_over_a_network_nobody_clears_a_latched_fault(self):
        bench = Bench("water_heater")
        bench.run(500)
        latched = latch_a_leak(bench)
        bench.controller.send(RA, hello.pack_local_reset())
        bench.run(500)
        bench.controller.events()
        self.assertEqual(bench.controller.others, [{"result": RESET_NOT_LOCAL, "latched": latched}])
        self.assertEqual(bench.app.interlocks.latched, latched)

    def test_a_latch_without_an_edge_outlives_a_power_cut_and_so_does_its_reset(self):
        """The alarm of a latched row may be active already, by a row that is not latched."""
        slots, hal = MemorySlots(), FakeHal()
        hal._slots = slots
        bench = Bench("water_heater", hal)
        bench.run(500)
        bench.app.log.update(1 << 5, 0, 0, None, None)
        latched = latch_a_leak(bench)
        self.assertEqual(latched, 1 << 5)
        bench = Bench("water_heater", FakeHal(bench.hal.files, slots))
        self.assertEqual(bench.app.interlocks.latched, latched)
        for _ in range(2):  # at once, and as long as it stays
            self.assertEqual(bench.app.state[ALARMS], latched)
            bench.run(500)

    def test_over_temperature_switches_off_within_a_step(self):
        bench = Bench("water_heater")
        bench.run(500)
        bench.controller.control(("power", 1))
        bench.run(1000)
        self.assertTrue(bench.pin_of("element_ssr").level or bench.pin_of("element_upper").level)
        bench.pin_of("tank_temperature").level = HOT
        bench.pin_of("upper_temperature").level = HOT
        bench.app.step(app_module.STEP_MS)
        self.assertEqual(bench.pin_of("element_ssr").level, 0)
        self.assertEqual(bench.pin_of("element_upper").level, 0)


class Outputs(unittest.TestCase):
    def test_outputs_are_off_before_anything_else(self):
        bench = Bench("water_heater")
        for role in ("element_ssr", "element_upper", "main_relay"):
            self.assertEqual(bench.pin_of(role).written[0], 0)

    def test_an_unhandled_error_switches_everything_off(self):
        bench = Bench("water_heater")
        bench.run(500)
        bench.controller.control(("power", 1))
        bench.run(1000)
        hal = bench.hal
        hal.wait = lambda _timeout_ms: None
        hal.elapsed_ms = lambda: 100

        def fail(_elapsed_ms):
            raise ValueError("a part broke")

        bench.app.appliance.step = fail
        with self.assertRaises(ValueError):
            bench.app.run()
        self.assertEqual(hal.halts, 1)
        for role in ("element_ssr", "element_upper", "main_relay"):
            self.assertEqual(bench.pin_of(role).level, 0)


def latch_a_leak(bench):
    """A leak that is over but latched; its alarm bits."""
    for level in (1, 0):
        bench.pin_of("leak_switch").level = level
        bench.run(5000)
    return bench.app.interlocks.latched


def _request(app, name, counts):
    from rumpus.rump.control import Control

    control = Control()
    for row in app.state.rows:
        if row[1] == name:
            control.add(row[0], counts)
    return control


if __name__ == "__main__":
    unittest.main()
