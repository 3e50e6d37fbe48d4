"""The values of an appliance as the status message that is sent."""

import unittest

from protocol_helpers import DEVICE_ID, TABLES, field, fill, locked, make_device, unhex, vectors

from rumpus.errors import StateError
from rumpus.rump.device import Peer
from rumpus.rump.state import State, rows_of
from rumpus.rump.tables import refrigerator, water_heater


class StateTest(unittest.TestCase):
    def test_begins_with_nothing_available(self):
        for table in TABLES:
            state = State(table, DEVICE_ID)
            for row in rows_of(table):
                if "r" in row[3]:
                    self.assertIsNone(state[row[0]])
            self.assertFalse(state.changed)

    def test_status_vectors(self):
        for table in TABLES:
            file = vectors(table.NAME)
            for vector in file["vectors"]:
                if vector["kind"] != "status":
                    continue
                device = make_device(table, vector["fitted"], unhex(file["device_id"]))
                fill(device.state, vector["values"])
                out = bytearray(300)
                end = device.write_status(Peer(), out, 5)
                self.assertEqual(bytes(out[5:end]), unhex(vector["bytes"]), (table.NAME, vector["name"]))

    def test_fitted_names_the_optional_fields(self):
        state = State(water_heater, DEVICE_ID, ("flow",))
        flow, hot_water = field(water_heater, "flow")[0], field(water_heater, "hot_water")[0]
        power = field(water_heater, "power")[0]
        self.assertTrue(state.has(flow))
        self.assertTrue(state.has(power))
        self.assertFalse(state.has(hot_water))
        self.assertFalse(state.has(0))
        state[flow] = 12
        state[hot_water] = 50  # nothing happens
        self.assertEqual(state[flow], 12)
        with self.assertRaises(StateError):
            state[hot_water]

    def test_fields_of_controls_only_are_not_in_the_status(self):
        state = State(refrigerator, DEVICE_ID)
        defrost_now = field(refrigerator, "defrost_now")[0]
        self.assertTrue(state.has(defrost_now))
        with self.assertRaises(StateError) as caught:
            state[defrost_now]
        self.assertEqual((caught.exception.code, caught.exception.detail), ("not_in_status", defrost_now))

    def test_rows_are_found_by_id(self):
        for table in TABLES:
            state = State(table, DEVICE_ID)
            known = {row[0]: row for row in rows_of(table)}
            for number in range(256):
                self.assertEqual(state.row(number), known.get(number))
                self.assertEqual(state.has(number), number in known)

    def test_changed_is_set_by_new_counts_of_pushed_fields_only(self):
        state = State(water_heater, DEVICE_ID)
        for row in state.rows:
            if "r" not in row[3]:
                continue
            state.changed = False
            state[row[0]] = row[4]
            self.assertEqual(state.changed, "n" in row[3], row[1])
            state.changed = False
            state[row[0]] = row[4]
            self.assertFalse(state.changed, row[1])

    def test_neighbours_are_untouched(self):
        for table in TABLES:
            state = State(table, DEVICE_ID)
            shown = [row for row in state.rows if "r" in row[3]]
            for row in shown:
                state[row[0]] = row[4]
            for row in shown:
                state[row[0]] = row[5]
                for other in shown:
                    self.assertEqual(state[other[0]], other[5] if other is row else other[4])
                state[row[0]] = row[4]

    def test_using_it_costs_no_heap(self):
        state = State(water_heater, DEVICE_ID)
        out = bytearray(state.size + 10)
        names = ("target_temperature", "power", "flow", "energy_total", "identify")
        numbers = [field(water_heater, name)[0] for name in names]

        state[numbers[3]] = 1  # from "not available", a big integer on a 32-bit board

        def use():
            state[numbers[0]] = 551
            state[numbers[0]] = None
            state[numbers[0]] = 9999
            state[numbers[1]] = 1
            state[numbers[3]] = 1000000
            state[numbers[4]] = 1
            state.row(numbers[2])
            state.has(numbers[2])
            if state[numbers[0]] != 750 or state[numbers[2]] is not None or state[numbers[3]] != 1000000:
                raise ValueError
            state.copy_to(out, 7)

        locked(use)
        self.assertEqual(bytes(out[7 : 7 + state.size]), bytes(state.buf))
