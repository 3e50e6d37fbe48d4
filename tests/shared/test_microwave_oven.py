"""The microwave oven: work states, cooking, remote permission, interlocks, and a small cavity."""

import unittest

from rumpus.appliances.base import ALARMS, MISSING, NOT_READY, NOT_WIRED, OPEN, SHORT, bit, ids
from rumpus.appliances.microwave_oven.appliance import MicrowaveOven
from rumpus.appliances.microwave_oven.interlocks import ROWS
from rumpus.appliances.microwave_oven.menus import DEFROST, MENUS
from rumpus.appliances.microwave_oven.states import EVENTS, TRANSITIONS
from rumpus.interlocks import Interlocks
from rumpus.rump.control import Control
from rumpus.rump.state import State, rows_of
from rumpus.rump.tables import microwave_oven as table
from rumpus.rump.tables.results import REASONS

try:
    from micropython import heap_lock, heap_unlock
except ImportError:  # CPython promises nothing about its heap

    def heap_lock():
        pass

    def heap_unlock():
        pass


FIELDS = rows_of(table)
ALL = MicrowaveOven.INPUTS + MicrowaveOven.OUTPUTS
START, PAUSE, STOP = 1, 2, 3
MICROWAVE, DEFROSTING, GRILL, CONVECTION, COMBI, STEAM, AUTO_MENU = range(7)
STATES = ("standby", "idle", "running", "finished", "delayed", "paused", "preheating", "fault")
HEATERS = ("magnetron", "grill", "convection", "steam")


def alarm(name):
    return bit(table.ALARMS, name)


class Oven:
    """A microwave oven with names instead of positions. Its door is closed, its chamber at 25 degC."""

    def __init__(self, wired=ALL, settings=None, with_interlocks=False, rows=ROWS, settle=True):
        self.state = State(table, b"microwave ov", MicrowaveOven.fitted(wired))
        self.it = it = MicrowaveOven(self.state, settings or {}, wired)
        it.defaults()
        self.guard = None
        if with_interlocks:
            self.guard = Interlocks(rows, it.INPUTS, it.OUTPUTS, table.ALARMS)
            it.levels = self.guard.levels
        if settle:
            for i in range(len(it.inputs)):
                it.inputs[i] = 0 if it.INPUTS[i] in wired else NOT_WIRED
            if "chamber_temperature" in wired:
                self["chamber_temperature"] = 250
            if "fan_speed" in wired:
                self["fan_speed"] = 30
            if "magnetron_current" in wired:
                self["magnetron_current"] = NOT_WIRED
            self.step()

    def __setitem__(self, name, value):
        self.it.inputs[MicrowaveOven.INPUTS.index(name)] = value

    def wanted(self, name):
        return self.it.wanted[MicrowaveOven.OUTPUTS.index(name)]

    def level(self, name):
        return self.guard.levels[MicrowaveOven.OUTPUTS.index(name)]

    def heats(self):
        return [name for name in HEATERS if self.wanted(name)]

    def field(self, name):
        return self.state[ids(FIELDS, name)[0]]

    def at(self):
        return STATES[self.field("work_state") - 1]

    def step(self, ms=0):
        self.it.step(ms)
        if self.guard:
            self.guard.apply(ms, self.it.inputs, self.it.wanted)
            self.state[ALARMS] = self.it.alarms | self.guard.active | self.guard.latched

    def run(self, ms, step_ms=1000):
        while ms > 0:
            self.step(min(ms, step_ms))
            ms -= step_ms

    def control(self, fields):
        control = Control()
        for name in fields:
            field = ids(FIELDS, name)[0]
            control.check(self.state, self.state.row(field), fields[name])
            control.add(field, fields[name])
        if not control.reason:
            self.it.check(control)
        if not control.reason:
            self.it.apply(control)
            self.step(0)
        return control

    def set(self, **fields):
        """Name of the reason, "none" when it was done; the loop has run once after it."""
        return REASONS[self.control(fields).reason][1]

    def refused(self, **fields):
        """(field, reason) names of a refusal."""
        control = self.control(fields)
        return [row[1] for row in FIELDS if row[0] == control.field], REASONS[control.reason][1]

    def press(self, name):
        self[name] = 1
        self.step(50)
        self[name] = 0
        self.step(50)

    def door_to(self, is_open):
        self["door"] = is_open
        self["door_monitor"] = is_open

    def enable(self):
        self.press("remote_button")
        return self

    def cook(self, **fields):
        """Enable the remote and start; 60 s of microwave unless said otherwise."""
        self.enable()
        fields["operation"] = START
        if "cook_time" not in fields and "menu_number" not in fields:
            fields["cook_time"] = 60
        reason = self.set(**fields)
        if reason != "none":
            raise AssertionError(reason)
        return self

    def has(self, name):
        bits = self.it.alarms | (self.guard.active | self.guard.latched if self.guard else 0)
        return bits & alarm(name) != 0


def remaining(oven):
    return oven.field("time_left")


def in_state(name):
    """An oven that was brought into this state by what people do."""
    oven = Oven()
    if name == "idle":
        oven.set(light=0)
    elif name == "running":
        oven.cook()
        oven.run(10000)
    elif name == "finished":
        oven.cook(cook_time=5)
        oven.run(5000)
    elif name == "delayed":
        oven.cook(delay_start=10)
        oven.run(10000)
    elif name == "paused":
        oven.cook()
        oven.run(10000)
        oven.set(operation=PAUSE)
    elif name == "preheating":
        oven.cook(cook_mode=CONVECTION)
        oven.run(10000)
    elif name == "fault":
        oven.state[ALARMS] = alarm("over_temperature")
        oven.step()
    assert oven.at() == name, (name, oven.at())
    return oven


class TestTransitions(unittest.TestCase):
    # What people and parts do, and the state that follows in the order of STATES; "!x" = refused with x.
    # Written by hand, apart from the table.
    EXPECTED = {
        "touch": "idle idle running idle delayed paused preheating fault",
        "start": "running running !busy running running running !busy !fault",
        "delay": "delayed delayed !busy delayed !busy !busy !busy !fault",
        "preheat": "preheating preheating !busy preheating !busy !busy !busy !fault",
        "pause": "!not_running !not_running paused !not_running paused !not_running paused !not_running",
        "stop": "idle idle idle idle idle idle idle fault",
        "opened": "idle idle paused idle paused paused paused fault",
        "closed again": "idle idle paused idle paused paused paused fault",
        "a minute": "standby idle finished finished delayed paused preheating fault",
        "long": "standby standby finished finished running standby fault fault",
        "hot": "standby idle running finished delayed paused running fault",
        "fault": "fault fault fault fault fault fault fault fault",
        "clear": "standby idle running finished delayed paused preheating idle",
        "start button": "running running running running running running preheating fault",
        "stop button": "idle idle paused idle paused idle paused fault",
        "remote button": "idle idle running idle delayed paused preheating fault",
        "add_time": "!not_running !not_running running !not_running delayed paused preheating !not_running",
    }

    def cause(self, oven, what):
        """Make it happen; the reason of a refusal or None."""
        reason = "none"
        if what == "touch":
            reason = oven.set(light=1)
        elif what == "start":
            oven.enable()
            if oven.it.work.is_busy() or oven.at() == "fault":
                reason = oven.set(operation=START)
            else:
                reason = oven.set(operation=START, cook_time=60)
        elif what == "delay":
            oven.it.remote_enabled = 1
            reason = oven.set(operation=START, cook_time=60, delay_start=5)
        elif what == "preheat":
            oven.it.remote_enabled = 1
            reason = oven.set(operation=START, cook_time=60, cook_mode=CONVECTION)
        elif what == "pause":
            reason = oven.set(operation=PAUSE)
        elif what == "stop":
            reason = oven.set(operation=STOP)
        elif what in ("opened", "closed again"):
            oven.door_to(1)
            oven.step(100)
            if what == "closed again":
                oven.door_to(0)
                oven.run(3000)
        elif what == "a minute":
            oven.run(60000)
        elif what == "long":
            oven.run(1830000, 30000) if oven.at() == "preheating" else oven.run(600000, 5000)
        elif what == "hot":
            oven["chamber_temperature"] = 1800
            oven.step()
        elif what == "fault":
            oven.state[ALARMS] = alarm("door_latch")
            oven.step()
        elif what == "clear":
            oven.state[ALARMS] = 0
            oven.step()
        elif what == "add_time":
            oven.enable()
            reason = oven.set(add_time=30)
        else:
            oven.press(what.replace(" ", "_"))
        return None if reason == "none" else reason

    def test_every_state_times_everything_that_can_happen(self):
        for what in self.EXPECTED:
            expected = self.EXPECTED[what].split(" ")
            for i in range(len(STATES)):
                with self.subTest(state=STATES[i], what=what):
                    oven = in_state(STATES[i])
                    reason = self.cause(oven, what)
                    if expected[i][0] == "!":
                        self.assertEqual("!" + str(reason), expected[i])
                        # A button pressed for it wakes or clears; nothing else happens.
                        self.assertIn(oven.at(), (STATES[i], "idle"))
                    else:
                        self.assertIsNone(reason)
                        self.assertEqual(oven.at(), expected[i])

    def test_the_table_moves_every_state_and_only_as_it_says(self):
        rows = {}
        for state, event, after in TRANSITIONS:
            self.assertNotIn((state, event), rows)
            rows[(state, event)] = after
        for i in range(len(STATES)):
            for event in range(len(EVENTS)):
                oven = in_state(STATES[i])
                oven.it.work.fire(event)
                after = STATES[oven.it.work.at - 1]
                self.assertEqual(after, rows.get((STATES[i], EVENTS[event]), STATES[i]), EVENTS[event])

    def test_what_was_paused_or_delayed_goes_on_where_it_was(self):
        oven = Oven().cook(cook_mode=CONVECTION, delay_start=1)
        oven.run(60000)
        self.assertEqual(oven.at(), "preheating")
        oven.set(operation=PAUSE)
        self.assertEqual(oven.set(operation=START), "none")
        self.assertEqual(oven.at(), "preheating")
        oven = Oven().cook(delay_start=1)
        oven.set(operation=PAUSE)
        oven.set(operation=START)
        self.assertEqual(oven.at(), "delayed")

    def test_heat_is_only_made_while_running_or_preheating(self):
        for name in STATES:
            oven = in_state(name)
            if name not in ("running", "preheating"):
                oven.run(1000)
                self.assertEqual(oven.heats(), [], name)
                self.assertEqual(oven.wanted("main_relay"), 0, name)

    def test_every_state_can_be_left_and_reached(self):
        self.assertEqual(set([row[0] for row in TRANSITIONS]), set(STATES))
        self.assertEqual(set([row[2] for row in TRANSITIONS]), set(STATES))


class TestRemote(unittest.TestCase):
    def test_start_is_refused_with_the_reason(self):
        oven = Oven()
        self.assertEqual(oven.refused(operation=START, cook_time=60), (["operation"], "remote_disabled"))
        oven.enable()
        self.assertEqual(oven.refused(operation=START), (["operation"], "nothing_to_cook"))
        self.assertEqual(
            oven.refused(operation=START, cook_mode=AUTO_MENU), (["operation"], "nothing_to_cook")
        )
        oven.set(child_lock=1)
        self.assertEqual(oven.refused(operation=START, cook_time=60), (["operation"], "child_lock"))
        self.assertEqual(oven.set(operation=START, cook_time=60, child_lock=0), "none")
        self.assertEqual(oven.at(), "running")

    def test_a_refused_start_changes_nothing(self):
        oven = Oven()
        before = bytes(oven.state.buf)
        oven.set(operation=START, cook_time=60)
        self.assertEqual(bytes(oven.state.buf), before)
        self.assertEqual(oven.enable().set(operation=START), "nothing_to_cook")

    def test_an_open_door_is_the_reason_before_the_remote_that_it_disabled(self):
        for name in ("door", "door_monitor"):
            for value in (1, OPEN, NOT_READY, NOT_WIRED):
                oven = Oven().enable()
                oven[name] = value
                oven.step()
                self.assertEqual(oven.set(operation=START, cook_time=60), "door_open")
                self.assertEqual((oven.field("door_open"), oven.field("remote_enabled")), (1, 0))

    def test_every_alarm_that_stops_refuses(self):
        for number, name, severity, _source in table.ALARMS:
            oven = Oven().enable()
            oven.state[ALARMS] = 1 << number
            oven.step()
            expected = "fault" if severity == "stop" else "none"
            self.assertEqual(oven.set(operation=START, cook_time=60), expected, name)

    def test_remote_comes_from_the_button_only_with_a_closed_door(self):
        oven = Oven()
        oven.door_to(1)
        oven.step()
        oven.press("remote_button")
        oven.door_to(0)
        oven.step()
        self.assertEqual(oven.field("remote_enabled"), 0)
        oven.enable()
        self.assertEqual(oven.field("remote_enabled"), 1)
        oven.enable()
        self.assertEqual(oven.field("remote_enabled"), 1)
        oven.door_to(1)
        oven.step()
        oven.door_to(0)
        oven.step()
        self.assertEqual(oven.field("remote_enabled"), 0)

    def test_a_held_button_enables_once(self):
        oven = Oven()
        oven["remote_button"] = 1
        oven.step(100)
        oven.door_to(1)
        oven.step(100)
        oven.door_to(0)
        oven.step(100)
        self.assertEqual(oven.field("remote_enabled"), 0)

    def test_remote_drops_when_a_cook_has_finished_or_was_stopped_here(self):
        oven = Oven().cook(cook_time=5)
        oven.run(4000)
        self.assertEqual(oven.field("remote_enabled"), 1)
        oven.run(1000)
        self.assertEqual((oven.at(), oven.field("remote_enabled")), ("finished", 0))
        oven = Oven().cook()
        oven.press("stop_button")
        self.assertEqual((oven.at(), oven.field("remote_enabled")), ("paused", 1))
        oven.press("stop_button")
        self.assertEqual((oven.at(), oven.field("remote_enabled")), ("idle", 0))
        oven = Oven().cook()
        oven.set(operation=STOP)
        self.assertEqual((oven.at(), oven.field("remote_enabled")), ("idle", 1))

    def test_child_lock_leaves_the_stop_button(self):
        oven = Oven().cook()
        oven.set(child_lock=1)
        oven.press("start_button")
        self.assertLessEqual(remaining(oven), 60)
        oven.press("stop_button")
        oven.press("start_button")
        self.assertEqual(oven.at(), "paused")
        oven.press("stop_button")
        self.assertEqual(oven.at(), "idle")
        oven.press("remote_button")
        self.assertEqual(oven.field("remote_enabled"), 0)

    def test_pause_and_stop_need_no_permission(self):
        oven = Oven()
        oven.press("start_button")
        self.assertEqual((oven.at(), oven.field("remote_enabled")), ("running", 0))
        self.assertEqual(oven.set(add_time=30), "remote_disabled")
        self.assertEqual(oven.set(operation=PAUSE), "none")
        self.assertEqual(oven.set(operation=START), "remote_disabled")
        self.assertEqual(oven.set(operation=STOP), "none")

    def test_what_is_not_fitted_does_not_cook(self):
        wired = ("door", "door_monitor", "remote_button", "magnetron", "fan", "lamp")
        for mode, reason in (
            (MICROWAVE, "none"),
            (DEFROSTING, "none"),
            (GRILL, "not_fitted"),
            (CONVECTION, "not_fitted"),
            (COMBI, "not_fitted"),
            (STEAM, "not_fitted"),
        ):
            oven = Oven(wired).enable()
            self.assertEqual(oven.set(operation=START, cook_time=60, cook_mode=mode), reason, mode)
        oven = Oven(wired).enable()
        self.assertEqual(
            oven.set(operation=START, cook_mode=AUTO_MENU, menu_number=17, weight=400), "not_fitted"
        )
        self.assertEqual(oven.set(operation=START, cook_mode=AUTO_MENU, menu_number=2, weight=400), "none")

    def test_the_recipe_may_not_change_while_it_cooks(self):
        for name, value in (
            ("cook_mode", 1),
            ("power_level", 50),
            ("cook_time", 9),
            ("menu_number", 1),
            ("weight", 500),
            ("chamber_target", 2000),
            ("delay_start", 3),
        ):
            for state in STATES:
                oven = in_state(state)
                busy = state in ("running", "delayed", "paused", "preheating")
                self.assertEqual(oven.refused(**{name: value})[1], "busy" if busy else "none", state)


class TestCooking(unittest.TestCase):
    def shares(self, oven, name, ms):
        on = switches = was = 0
        for _ in range(ms // 100):
            oven.step(100)
            on += oven.wanted(name)
            switches += 1 if oven.wanted(name) > was else 0
            was = oven.wanted(name)
        return on * 100, switches

    def test_each_power_level_is_its_share_of_the_time(self):
        for level in range(10, 101, 10):
            oven = Oven().cook(cook_time=3000, power_level=level)
            on_ms, _ = self.shares(oven, "magnetron", 600000)
            self.assertAlmostEqual(on_ms, 6000 * level, delta=3000)

    def test_the_magnetron_is_never_on_for_less_than_its_least_time(self):
        for level in range(10, 100, 10):
            oven = Oven().cook(cook_time=3000, power_level=level)
            on = 0
            for _ in range(3000):
                oven.step(100)
                if oven.wanted("magnetron"):
                    on += 100
                elif on:
                    self.assertGreaterEqual(on, 2900)
                    on = 0

    def test_it_ends_to_the_millisecond_and_says_so(self):
        oven = Oven().cook(cook_time=90)
        self.assertEqual(remaining(oven), 90)
        oven.step(1)
        self.assertEqual(remaining(oven), 90)
        oven.step(59999)
        self.assertEqual(remaining(oven), 30)
        oven.step(29999)
        self.assertEqual((oven.at(), remaining(oven), oven.wanted("magnetron")), ("running", 1, 1))
        oven.step(1)
        self.assertEqual((oven.at(), remaining(oven), oven.wanted("magnetron")), ("finished", 0, 0))
        self.assertTrue(oven.has("cooking_finished"))
        self.assertIsNone(oven.field("stage"))

    def test_the_notice_ends_with_the_door_or_something_new(self):
        oven = in_state("finished")
        oven.run(600000, 60000)
        self.assertTrue(oven.has("cooking_finished"))
        oven.door_to(1)
        oven.step()
        self.assertFalse(oven.has("cooking_finished"))
        for order in ({"light": 1}, {"operation": STOP}, {"child_lock": 0}):
            oven = in_state("finished")
            oven.set(**order)
            self.assertFalse(oven.has("cooking_finished"))
        for button in ("start_button", "stop_button", "remote_button"):
            oven = in_state("finished")
            oven.press(button)
            self.assertFalse(oven.has("cooking_finished"), button)

    def test_each_cook_is_told_anew(self):
        oven = in_state("finished")
        oven.enable()
        self.assertEqual(oven.set(operation=START), "nothing_to_cook")
        self.assertEqual(oven.set(operation=START, cook_time=20), "none")

    def test_a_pause_keeps_the_time(self):
        oven = Oven().cook()
        oven.run(20000)
        oven.set(operation=PAUSE)
        self.assertEqual(oven.heats(), [])
        oven.run(100000)
        self.assertEqual(remaining(oven), 40)
        self.assertEqual(oven.set(operation=START), "none")
        self.assertEqual((oven.at(), oven.wanted("magnetron")), ("running", 1))
        oven.run(40000)
        self.assertEqual(oven.at(), "finished")

    def test_a_pause_does_not_last_for_ever(self):
        oven = Oven().cook()
        oven.set(operation=PAUSE)
        oven.run(299999)
        self.assertEqual(oven.at(), "paused")
        oven.step(1)
        self.assertEqual((oven.at(), remaining(oven)), ("idle", 0))

    def test_an_opened_door_pauses_and_closing_does_not_go_on(self):
        for which in ("door", "door_monitor"):
            oven = Oven().cook()
            oven.run(10000)
            oven[which] = 1
            oven.step(100)
            self.assertEqual((oven.at(), oven.heats(), oven.wanted("lamp")), ("paused", [], 1))
            oven[which] = 0
            oven.run(60000)
            self.assertEqual((oven.at(), oven.heats()), ("paused", []))
            self.assertEqual(oven.set(operation=START), "remote_disabled")
            oven.press("start_button")
            self.assertEqual(oven.at(), "running")
            self.assertEqual(remaining(oven), 50)

    def test_add_time(self):
        oven = Oven().cook()
        oven.run(30000)
        self.assertEqual(oven.set(add_time=45), "none")
        self.assertEqual(remaining(oven), 75)
        oven.run(75000)
        self.assertEqual(oven.at(), "finished")
        oven = Oven().cook(cook_time=5900)
        self.assertEqual(oven.refused(add_time=100), (["add_time"], "above_range"))
        self.assertEqual(oven.set(add_time=99), "none")
        oven.set(child_lock=1)
        oven.run(200000)
        self.assertEqual(oven.set(add_time=9), "child_lock")
        oven.set(operation=STOP)
        self.assertEqual(oven.set(add_time=9), "not_running")

    def test_time_added_in_the_pause_and_with_the_resume(self):
        oven = in_state("paused")
        self.assertEqual(oven.set(add_time=10), "none")
        self.assertEqual(oven.set(add_time=10, operation=START), "none")
        self.assertEqual((oven.at(), remaining(oven)), ("running", 70))

    def test_a_delay(self):
        oven = Oven().cook(delay_start=2, cook_time=30)
        self.assertEqual((oven.at(), remaining(oven), oven.heats()), ("delayed", 120, []))
        oven.run(119999)
        self.assertEqual((oven.at(), remaining(oven)), ("delayed", 1))
        oven.step(1)
        self.assertEqual((oven.at(), remaining(oven), oven.field("delay_start")), ("running", 30, 0))
        oven.run(30000)
        self.assertEqual(oven.at(), "finished")

    def test_a_day_of_delay_fits(self):
        oven = Oven().cook(delay_start=1440)
        self.assertEqual(remaining(oven), 86400)
        for _ in range(1440):
            oven.step(60000)
        self.assertEqual(oven.at(), "running")

    def test_a_delay_can_be_paused_and_goes_on(self):
        oven = Oven().cook(delay_start=2)
        oven.run(60000)
        oven.set(operation=PAUSE)
        oven.run(30000)
        self.assertEqual((oven.at(), remaining(oven)), ("paused", 60))
        oven.set(operation=START)
        self.assertEqual((oven.at(), remaining(oven)), ("delayed", 60))

    def test_start_skips_the_rest_of_a_delay(self):
        oven = Oven().cook(delay_start=100, cook_time=30)
        self.assertEqual(oven.set(operation=START), "none")
        self.assertEqual((oven.at(), remaining(oven)), ("running", 30))

    def test_a_door_opened_in_the_delay_needs_someone_here(self):
        oven = Oven().cook(delay_start=1)
        oven.door_to(1)
        oven.step(100)
        oven.door_to(0)
        oven.run(200000)
        self.assertEqual(oven.at(), "paused")

    def test_defrost_spreads_the_time(self):
        oven = Oven().cook(cook_mode=DEFROSTING, cook_time=600)
        self.assertEqual(remaining(oven), 600)
        seen = []
        for _, power, percent in DEFROST:
            seen.append(oven.field("stage"))
            self.assertEqual(oven.it.work.recipe.power(), power)
            oven.run(6000 * percent)
        self.assertEqual(seen, [1, 2, 3])
        self.assertEqual(oven.at(), "finished")
        self.assertEqual(sum([row[2] for row in DEFROST]), 100)

    def test_grill_and_combi(self):
        oven = Oven().cook(cook_mode=GRILL)
        self.assertEqual(oven.heats(), ["grill"])
        oven = Oven().cook(cook_mode=COMBI, power_level=40, cook_time=1000)
        magnetron = grill = 0
        for _ in range(6000):
            oven.step(100)
            magnetron += oven.wanted("magnetron")
            grill += oven.wanted("grill")
            self.assertEqual(oven.wanted("magnetron") + oven.wanted("grill"), 1)
        self.assertAlmostEqual(magnetron, 2400, delta=30)

    def test_steam_needs_water(self):
        for name, which in (("water_low", "water_shortage"), ("tank_out", "tank_out")):
            oven = Oven().cook(cook_mode=STEAM)
            self.assertEqual(oven.heats(), ["steam"])
            oven[name] = 1
            oven.step(100)
            self.assertEqual((oven.at(), oven.heats()), ("paused", []))
            self.assertTrue(oven.has(which))
            self.assertEqual(oven.set(operation=START), "fault")
            oven[name] = 0
            oven.step(100)
            self.assertEqual(oven.at(), "paused")
            self.assertEqual(oven.set(operation=START), "none")
        oven = Oven().enable()
        oven["water_low"] = 1
        self.assertEqual(oven.set(operation=START, cook_mode=STEAM, cook_time=60), "fault")
        self.assertEqual(oven.set(operation=START, cook_mode=GRILL, cook_time=60), "none")

    def test_convection_preheats_then_keeps_the_temperature(self):
        oven = Oven().cook(cook_mode=CONVECTION, chamber_target=1800, cook_time=600)
        self.assertEqual((oven.at(), oven.heats(), remaining(oven)), ("preheating", ["convection"], 600))
        oven.run(60000)
        self.assertEqual(remaining(oven), 600)
        for temperature, state, heats in (
            (1799, "preheating", ["convection"]),
            (1800, "running", []),
            (1761, "running", []),
            (1760, "running", ["convection"]),
            (1799, "running", ["convection"]),
            (1800, "running", []),
        ):
            oven["chamber_temperature"] = temperature
            oven.step(100)
            self.assertEqual((oven.at(), oven.heats()), (state, heats), temperature)
        self.assertEqual(oven.field("chamber_temp"), 1800)

    def test_a_hot_chamber_needs_no_preheating_and_a_pause_no_second_one(self):
        oven = Oven()
        oven["chamber_temperature"] = 2000
        oven.cook(cook_mode=CONVECTION)
        self.assertEqual(oven.at(), "running")
        oven.set(operation=PAUSE)
        oven["chamber_temperature"] = 2000
        oven.set(operation=START)
        self.assertEqual(oven.at(), "running")

    def test_a_chamber_that_never_gets_hot_is_a_fault_until_someone_looks(self):
        oven = Oven().cook(cook_mode=CONVECTION)
        oven.run(1799999, 60000)
        self.assertEqual(oven.at(), "preheating")
        oven.step(1)
        self.assertEqual((oven.at(), oven.heats()), ("fault", []))
        self.assertTrue(oven.has("magnetron"))
        oven.run(600000, 60000)
        self.assertEqual(oven.at(), "fault")
        oven.press("stop_button")
        self.assertEqual(oven.at(), "idle")

    def test_convection_is_refused_with_a_blind_sensor(self):
        oven = Oven().enable()
        oven["chamber_temperature"] = SHORT
        self.assertEqual(oven.set(operation=START, cook_mode=CONVECTION, cook_time=60), "fault")

    def test_standby_after_a_while(self):
        oven = in_state("idle")
        oven.run(299999)
        self.assertEqual(oven.at(), "idle")
        oven.step(1)
        self.assertEqual(oven.at(), "standby")


class TestMenus(unittest.TestCase):
    def test_every_menu_at_both_weights_fits(self):
        for number, name, least, most, stages in MENUS:
            for grams in (least, most):
                oven = Oven().cook(cook_mode=AUTO_MENU, menu_number=number, weight=grams)
                self.assertIn(oven.at(), ("running", "preheating"))
                self.assertTrue(1 <= len(stages) <= 5)
                expected = sum([stage[2] + stage[3] * grams // 100 for stage in stages])
                self.assertEqual(remaining(oven), expected, name)
                self.assertLessEqual(expected, 5999)

    def test_numbers_are_those_of_the_field(self):
        row = [row for row in FIELDS if row[1] == "menu_number"][0]
        self.assertEqual([menu[0] for menu in MENUS], list(range(1, row[5] + 1)))
        weight = [row for row in FIELDS if row[1] == "weight"][0]
        for menu in MENUS:
            for grams in menu[2:4]:
                self.assertTrue(weight[4] <= grams <= weight[5] and grams % weight[6] == 0)

    def test_weights_outside_are_refused(self):
        oven = Oven().enable()
        for grams, reason in ((100, "below_range"), (150, "none"), (650, "above_range")):
            oven.set(operation=STOP)
            self.assertEqual(
                oven.set(operation=START, cook_mode=AUTO_MENU, menu_number=2, weight=grams), reason
            )

    def test_stages_follow_each_other(self):
        oven = Oven().cook(cook_mode=AUTO_MENU, menu_number=18, weight=400)
        seen = []
        last = 0
        while oven.at() == "running":
            stage = oven.field("stage")
            if stage != last:
                seen.append((stage, oven.it.work.recipe.mode(), oven.it.work.recipe.power()))
                last = stage
            oven.step(500)
        self.assertEqual(
            seen, [(1, MICROWAVE, 80), (2, COMBI, 60), (3, GRILL, 100), (4, COMBI, 40), (5, GRILL, 100)]
        )

    def test_added_time_goes_to_the_last_stage(self):
        oven = Oven().cook(cook_mode=AUTO_MENU, menu_number=3, weight=200)
        before = remaining(oven)
        oven.set(add_time=100)
        self.assertEqual(remaining(oven), before + 100)
        oven.run(120000)
        self.assertEqual(oven.field("stage"), 2)
        oven.run((before - 120 + 100) * 1000 - 1000)
        self.assertEqual(oven.at(), "running")
        oven.run(1000)
        self.assertEqual(oven.at(), "finished")


class TestParts(unittest.TestCase):
    """Lamp, turntable, fan, buzzer, buttons."""

    def test_lamp_and_turntable(self):
        oven = Oven()
        self.assertEqual((oven.wanted("lamp"), oven.wanted("turntable")), (0, 0))
        oven.set(light=1)
        self.assertEqual(oven.wanted("lamp"), 1)
        oven.set(light=0)
        oven.door_to(1)
        oven.step()
        self.assertEqual(oven.wanted("lamp"), 1)
        oven.door_to(0)
        oven.step()
        oven.cook(cook_time=5)
        self.assertEqual((oven.wanted("lamp"), oven.wanted("turntable")), (1, 1))
        oven.run(5000)
        self.assertEqual((oven.wanted("lamp"), oven.wanted("turntable")), (0, 0))

    def test_the_fan_runs_on(self):
        oven = Oven().cook(cook_time=5)
        self.assertEqual(oven.wanted("fan"), 1)
        oven.run(5000)
        oven.run(119999)
        self.assertEqual(oven.wanted("fan"), 1)
        oven.step(1)
        self.assertEqual(oven.wanted("fan"), 0)
        oven["chamber_temperature"] = 1000
        oven.step()
        self.assertEqual(oven.wanted("fan"), 1)

    def test_the_fan_runs_on_after_a_pause_and_a_fault(self):
        oven = Oven().cook()
        oven.run(5000)
        oven.set(operation=PAUSE)
        oven.run(100000)
        self.assertEqual(oven.wanted("fan"), 1)
        oven = Oven().cook()
        oven.state[ALARMS] = alarm("magnetron")
        oven.step(100)
        oven.run(100000)
        self.assertEqual((oven.at(), oven.wanted("fan")), ("fault", 1))

    def beeps(self, oven, ms):
        count = was = 0
        for _ in range(ms // 50):
            count += 1 if oven.wanted("buzzer") > was else 0
            was = oven.wanted("buzzer")
            oven.step(50)
        return count

    def test_the_buzzer(self):
        oven = Oven().cook(cook_time=5)
        oven.run(1000)
        self.assertEqual(self.beeps(oven, 10000), 3)
        oven = Oven()
        oven.set(beep=0)
        oven.cook(cook_time=5)
        self.assertEqual(self.beeps(oven, 10000), 0)
        oven.set(identify=4)
        self.assertEqual(self.beeps(oven, 10000), 4)

    def test_quick_start_and_thirty_seconds_more(self):
        oven = Oven()
        oven.press("start_button")
        self.assertEqual((oven.at(), oven.field("cook_mode"), oven.field("cook_time")), ("running", 0, 30))
        oven.press("start_button")
        oven.press("start_button")
        self.assertEqual(remaining(oven), 90)
        oven.door_to(1)
        oven.step()
        oven.press("start_button")
        self.assertEqual(oven.at(), "paused")

    def test_the_start_button_cooks_what_was_chosen(self):
        oven = Oven()
        oven.set(cook_mode=GRILL, cook_time=100)
        oven.press("start_button")
        self.assertEqual((oven.heats(), remaining(oven)), (["grill"], 100))
        oven = Oven()
        oven.set(cook_mode=AUTO_MENU, menu_number=1, weight=500)
        oven.press("start_button")
        self.assertEqual(oven.at(), "idle")

    def test_a_stuck_button_is_alarmed_and_pressed_once(self):
        oven = Oven()
        oven["start_button"] = 1
        oven.run(29999)
        self.assertFalse(oven.has("keypad"))
        oven.step(1)
        self.assertTrue(oven.has("keypad"))
        self.assertEqual(oven.at(), "finished")
        oven["start_button"] = 0
        oven.step()
        self.assertFalse(oven.has("keypad"))
        oven["stop_button"] = MISSING
        oven.step()
        self.assertTrue(oven.has("keypad"))

    def test_gas_sensor_and_bus(self):
        oven = Oven()
        oven["gas_level"] = OPEN
        oven.step()
        self.assertTrue(oven.has("gas_sensor"))
        self.assertEqual(oven.at(), "standby")
        oven["gas_level"] = MISSING
        oven.step()
        self.assertTrue(oven.has("internal_communication"))
        self.assertEqual(oven.at(), "fault")

    def test_after_a_restart_nothing_cooks(self):
        oven = Oven(settle=False)
        oven.step(1000)
        self.assertEqual((oven.at(), oven.heats(), oven.field("remote_enabled")), ("standby", [], 0))


class Dice:
    """Repeatable numbers on every interpreter."""

    def __init__(self, seed):
        self.seed = seed

    def __call__(self, n):
        self.seed = (self.seed * 1103515245 + 12345) & 0x7FFFFFFF
        return (self.seed >> 8) % n


ORDERS = (
    {"operation": START, "cook_time": 40},
    {"operation": START},
    {"operation": START, "cook_time": 300, "power_level": 10, "cook_mode": 0},
    {"operation": START, "cook_time": 90, "cook_mode": CONVECTION},
    {"operation": START, "cook_time": 90, "cook_mode": COMBI, "power_level": 70},
    {"operation": START, "cook_time": 90, "cook_mode": STEAM},
    {"operation": START, "cook_mode": AUTO_MENU, "menu_number": 18, "weight": 300},
    {"operation": START, "cook_time": 50, "delay_start": 1},
    {"operation": PAUSE},
    {"operation": STOP},
    {"add_time": 77},
    {"child_lock": 1},
    {"child_lock": 0},
    {"light": 1},
    {"identify": 3},
)
INPUTS = (
    ("door", 0),
    ("door", 1),
    ("door_monitor", 0),
    ("door_monitor", 1),
    ("chamber_temperature", 250),
    ("chamber_temperature", 1770),
    ("chamber_temperature", 1850),
    ("chamber_temperature", OPEN),
    ("water_low", 1),
    ("water_low", 0),
    ("start_button", 1),
    ("stop_button", 1),
    ("start_button", 0),
    ("stop_button", 0),
)


def shake(dice, ovens):
    """Give all ovens the same new inputs or the same order; close the door more often than not."""
    what = dice(3)
    if what == 0:
        name, value = INPUTS[dice(len(INPUTS))]
        for oven in ovens:
            oven[name] = value
        return
    order = ORDERS[dice(len(ORDERS))]
    for oven in ovens:
        if what == 1:
            oven.door_to(0)
            oven.step()
            oven.press("remote_button")
        oven.set(**order)


class TestSlicing(unittest.TestCase):
    def test_results_do_not_depend_on_how_time_is_sliced(self):
        for seed in range(8):
            dice = Dice(seed)
            whole, sliced = Oven(), Oven()
            for turn in range(150):
                shake(dice, (whole, sliced))
                ms = dice(60001)
                whole.step(ms)
                while ms:
                    part = min(ms, 1 + dice(9000))
                    sliced.step(part)
                    ms -= part
                self.assertEqual(whole.it.wanted, sliced.it.wanted, (seed, turn))
                self.assertEqual(whole.it.alarms, sliced.it.alarms, (seed, turn))
                self.assertEqual(whole.it.timers.left, sliced.it.timers.left, (seed, turn))
                self.assertEqual(bytes(whole.state.buf), bytes(sliced.state.buf), (seed, turn))

    def test_heat_never_without_fan_closed_door_and_its_state(self):
        for seed in range(8):
            dice = Dice(seed + 50)
            oven = Oven(with_interlocks=True)
            for turn in range(200):
                shake(dice, (oven,))
                for _ in range(dice(20)):
                    oven.step(dice(1000))
                    closed = oven.it.inputs[0] == 0 and oven.it.inputs[1] == 0
                    for name in HEATERS:
                        if oven.level(name):
                            self.assertTrue(closed and oven.level("fan") == 1, (seed, turn, name))
                            self.assertIn(oven.at(), ("running", "preheating"))


class TestHeap(unittest.TestCase):
    def test_steps_and_controls_allocate_nothing(self):
        dice = Dice(5)
        oven = Oven(with_interlocks=True)
        it = oven.it
        orders = []
        for order in ORDERS:
            control = Control()
            for name in order:
                control.add(ids(FIELDS, name)[0], order[name])
            orders.append(control)
        for _ in range(500):
            shake(dice, (oven,))
            ms = dice(60001)
            control = orders[dice(len(orders))]
            control.reason = control.field = 0
            heap_lock()
            try:
                it.step(ms)
                oven.guard.apply(ms, it.inputs, it.wanted)
                it.check(control)
                if not control.reason:
                    it.apply(control)
                it.step(0)
            finally:
                heap_unlock()


class TestInterlocks(unittest.TestCase):
    """Each row alone: the loop is replaced by wishes that no sane loop has."""

    ALL_ON = (1, 1, 1, 1, 1, 1, 1, 1, 0)

    def setUp(self):
        self.oven = Oven(with_interlocks=True)
        self.current = None  # mA that are measured, None: what a sound magnetron takes
        self.levels(0, (0,) * 9)

    def levels(self, ms, wanted=ALL_ON):
        """The heaters that are on after ms of these wishes, in steps of 100 ms."""
        guard = self.oven.guard
        for step_ms in [0] + [100] * (ms // 100):
            sound = 7000 * self.oven.level("magnetron")
            self.oven["magnetron_current"] = sound if self.current is None else self.current
            guard.apply(step_ms, self.oven.it.inputs, wanted)
        return [name for name in HEATERS if self.oven.level(name)]

    def test_all_may_be_on_with_everything_in_order(self):
        self.assertEqual(self.levels(1000), list(HEATERS))
        self.assertEqual(self.oven.guard.active, 0)

    def test_no_heat_with_either_door_switch_open_faulty_or_missing(self):
        for name in ("door", "door_monitor"):
            for value in (1, OPEN, MISSING, NOT_WIRED):
                self.setUp()
                self.levels(1000)
                self.oven[name] = value
                self.assertEqual(self.levels(0), [], (name, value))
                self.assertEqual(self.oven.level("main_relay"), 0)

    def test_a_welded_primary_switch_is_latched(self):
        self.oven["door_monitor"] = 1
        self.levels(1900)
        self.assertFalse(self.oven.has("door_latch"))
        self.levels(200)
        self.assertTrue(self.oven.has("door_latch"))
        self.oven["door_monitor"] = 0
        self.assertEqual(self.levels(60000), [])
        self.assertEqual(self.oven.guard.reset(), 0)
        self.assertEqual(self.levels(100), list(HEATERS))

    def test_a_door_ajar_is_told_and_over_when_it_is_closed(self):
        self.oven["door"] = 1
        self.levels(9900)
        self.assertFalse(self.oven.has("door_latch"))
        self.levels(200)
        self.assertTrue(self.oven.has("door_latch"))
        self.oven["door"] = 0
        self.levels(100)
        self.assertFalse(self.oven.has("door_latch"))

    def test_a_dead_door_switch_is_told(self):
        for name in ("door", "door_monitor"):
            self.setUp()
            self.oven[name] = MISSING
            self.levels(600)
            self.assertTrue(self.oven.has("door_latch"), name)

    def test_chamber_sensor(self):
        for code, which in (
            (OPEN, "temperature_sensor_open"),
            (SHORT, "temperature_sensor_short"),
            (MISSING, "internal_communication"),
            (NOT_READY, "internal_communication"),
        ):
            self.setUp()
            self.oven["chamber_temperature"] = code
            self.levels(600)
            self.assertEqual(self.levels(0), [])
            self.assertEqual(self.oven.guard.active, alarm(which))
            self.oven["chamber_temperature"] = 250
            self.assertEqual(self.levels(1000), [])
            self.assertEqual(self.levels(2000), list(HEATERS))

    def test_convection_needs_a_readable_sensor_at_once(self):
        for code in (OPEN, SHORT, MISSING, NOT_WIRED):
            self.setUp()
            self.oven["chamber_temperature"] = code
            self.assertNotIn("convection", self.levels(0))

    def test_over_temperature_is_latched_and_cools(self):
        self.oven["chamber_temperature"] = 2801
        self.assertEqual(self.levels(0), [])
        self.assertTrue(self.oven.has("over_temperature"))
        self.levels(1000, (0,) * 9)
        self.assertEqual(self.oven.level("fan"), 1)
        self.assertEqual(self.oven.guard.reset(), alarm("over_temperature"))
        self.oven["chamber_temperature"] = 2000
        self.assertEqual(self.levels(1000), [])
        self.assertEqual(self.oven.guard.reset(), 0)
        self.assertEqual(self.levels(100), list(HEATERS))

    def test_current_without_a_command_is_a_welded_relay(self):
        off = (1, 0, 0, 0, 0, 0, 0, 0, 0)
        self.current = 7000
        self.levels(900, off)
        self.assertFalse(self.oven.has("magnetron"))
        self.assertEqual(self.oven.level("main_relay"), 1)
        self.levels(300, off)
        self.assertTrue(self.oven.has("magnetron"))
        self.assertEqual((self.oven.level("main_relay"), self.oven.level("fan")), (0, 1))
        self.current = 0
        self.assertEqual(self.levels(60000), [])
        self.assertEqual(self.oven.guard.reset(), 0)

    def test_no_current_although_on_and_far_too_much(self):
        self.current = 0
        self.levels(2400)
        self.assertFalse(self.oven.has("magnetron"))
        self.levels(300)
        self.assertTrue(self.oven.has("magnetron"))
        self.assertNotIn("magnetron", self.levels(10000))
        self.setUp()
        self.current = 16001
        self.levels(700)
        self.assertTrue(self.oven.has("magnetron"))
        self.assertEqual(self.oven.level("main_relay"), 0)

    def test_a_dead_meter_stops_the_magnetron(self):
        self.current = OPEN
        self.levels(2100)
        self.assertNotIn("magnetron", self.levels(0))
        self.assertTrue(self.oven.has("internal_communication"))

    def test_a_standing_or_silent_fan_stops_the_heat(self):
        for value in (0, MISSING):
            self.setUp()
            self.levels(1000)
            self.oven["fan_speed"] = value
            self.levels(3100)
            self.assertEqual(self.levels(100), [])
            self.assertTrue(self.oven.has("fan"))
            self.oven["fan_speed"] = 30
            self.assertEqual(self.levels(6000), list(HEATERS))

    def test_magnetron_needs_the_main_relay_and_brings_its_fan(self):
        self.assertNotIn("magnetron", self.levels(100, (0, 1, 1, 1, 1, 1, 1, 1, 0)))
        for i in (1, 2, 3):
            self.setUp()
            wanted = [0] * 9
            wanted[0] = wanted[i] = 1
            self.levels(100, wanted)
            self.assertEqual(self.oven.level("fan"), 1)

    def test_the_fan_runs_on_after_each_heater(self):
        for i in (1, 2, 3):
            self.setUp()
            wanted = [0] * 9
            wanted[0] = wanted[5] = wanted[i] = 1
            self.levels(5000, wanted)
            off = (0,) * 9
            self.levels(59000, off)
            self.assertEqual(self.oven.level("fan"), 1, i)
            self.levels(2000, off)
            self.assertEqual(self.oven.level("fan"), 0, i)

    def test_a_stalled_loop_switches_the_heat_off(self):
        self.levels(1000)
        self.oven.guard.apply(5001, self.oven.it.inputs, self.ALL_ON)
        self.assertEqual([name for name in HEATERS if self.oven.level(name)], [])
        self.assertEqual(self.levels(2000), list(HEATERS))

    def test_alarms_of_the_interlocks_bring_the_loop_into_fault(self):
        oven = Oven(with_interlocks=True)
        oven.cook()
        oven.run(5000, 100)
        self.assertEqual(oven.level("magnetron"), 1)
        oven["fan_speed"] = 0
        oven.run(3500, 100)
        self.assertEqual((oven.at(), oven.level("magnetron")), ("fault", 0))
        self.assertEqual(oven.enable().set(operation=START, cook_time=30), "fault")


class TestCavity(unittest.TestCase):
    """Convection with a first-order chamber, loop and interlocks together."""

    def test_cake(self):
        oven = Oven(with_interlocks=True)
        oven.cook(cook_mode=AUTO_MENU, menu_number=19, weight=300)
        chamber, most, least, elapsed_s = 25.0, 0.0, 999.0, 0
        while oven.at() in ("preheating", "running"):
            chamber += 0.45 * oven.level("convection") - (chamber - 25.0) / 900
            oven["chamber_temperature"] = int(chamber * 10)
            oven.step(1000)
            elapsed_s += 1
            if oven.at() == "running":
                most, least = max(most, chamber), min(least, chamber)
        self.assertEqual(oven.at(), "finished")
        self.assertTrue(175.0 < least and most < 182.0, (least, most))
        self.assertGreater(elapsed_s, 1650)
        self.assertEqual(oven.guard.active, 0)


if __name__ == "__main__":
    unittest.main()
