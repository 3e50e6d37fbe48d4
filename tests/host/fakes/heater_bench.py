"""A whole water heater on a HAL with a fake board: the App, a controller in memory, and a tank.

Used by check_micropython.py and check_circuitpython.py, so it runs on both interpreters.
"""

import math

from fake_hal import UUID, FakeController
from world import world

from rumpus.app import App
from rumpus.transports import loopback

AMBIENT = 15.0
NTC = (10000, 3950, 15000)


def reading_at(celsius, option=NTC):
    """What an ideal converter reads of this thermistor."""
    ohm = option[0] * math.exp(option[1] * (1 / (celsius + 273.15) - 1 / 298.15))
    return int(65535 * ohm / (ohm + option[2]))


class HeaterBench:
    """show(bench) puts the tank's temperature to the sensors. heats: the pins of the
    main relay and of the elements; both are needed, and on is high."""

    def __init__(self, hal, roles, show, heats, settings=None):
        self.celsius = 20.0
        self.show = show
        self.heats = heats
        self.hal = hal
        self.on_ms = 0
        show(self)
        near, far = loopback.pair()
        more = {"appliance": "water_heater", "board": "fake", "uuid": UUID, "transport": "loopback"}
        more.update(settings or {})
        more["carrier"] = far
        self.app = App(hal, more, roles)
        self.controller = FakeController(self.app, near)
        hal.wired(None)

    def run(self, ms, step_ms=500):
        """Let the tank and the firmware live for a while: 0.5 K a minute at full power."""
        for _ in range(0, ms, step_ms):
            is_hot = self.is_heating()
            self.celsius += (0.5 if is_hot else -0.005) * step_ms / 60000
            self.on_ms += step_ms if is_hot else 0
            self.show(self)
            world.advance(step_ms)
            self.app.step(self.hal.elapsed_ms())
            self.hal.stepped()

    def is_heating(self):
        main, elements = self.is_on()[:1], self.is_on()[1:]
        return all(main) and any(elements)

    def is_on(self):
        return [world.line(pin).level() for pin in self.heats]

    def control(self, *pairs):
        self.controller.control(*pairs)
        self.run(1000)
        return self.controller.events()[-1]

    def field(self, name):
        for row in self.app.state.rows:
            if row[1] == name:
                return self.app.state[row[0]]
        raise KeyError(name)

    def alarms(self):
        """Names of the active alarms."""
        return {row[1] for row in self.app.state.table.ALARMS if self.app.log.active >> row[0] & 1}


def check_heater(test, bench, break_sensor):
    """Heats to the target and no further; over-temperature and a broken sensor switch off."""
    bench.run(5000)
    test.assertTrue(abs(bench.field("current_temperature") - 200) <= 5)
    test.assertFalse(bench.is_heating())
    bench.control(("power", 1), ("mode", 0), ("target_temperature", 400))
    bench.run(10 * 60000)
    test.assertTrue(bench.on_ms > 5 * 60000, bench.on_ms)
    test.assertTrue(23 < bench.celsius < 26, bench.celsius)
    bench.run(60 * 60000)
    test.assertTrue(37 < bench.celsius < 42, bench.celsius)
    test.assertEqual(bench.alarms() & {"over_temperature", "temperature_sensor", "dry_heating"}, set())
    bench.celsius = 34.0  # a bath: heats again
    bench.run(5 * 60000)
    test.assertTrue(bench.is_heating())
    bench.celsius = 88.0
    bench.run(3000)
    test.assertEqual(bench.is_on(), [0] * len(bench.heats))
    test.assertTrue("over_temperature" in bench.alarms(), bench.alarms())
    bench.celsius = 30.0
    bench.run(5 * 60000)
    test.assertFalse(bench.is_heating())  # latched
    bench.app.interlocks.reset()
    bench.run(5 * 60000)
    test.assertTrue(bench.is_heating())
    break_sensor()
    bench.run(5000)
    test.assertEqual(bench.is_on(), [0] * len(bench.heats))
    test.assertTrue("temperature_sensor" in bench.alarms(), bench.alarms())
