"""Fake `machine` of a board, found before the built-in one through MICROPYPATH. Acts on the world."""

import os

import ffi
from umachine import *  # noqa: F403  what the interpreter has of its own
from world import world

_ESP32_LOW_MV, _ESP32_HIGH_MV = 142, 3120  # where its converter begins and ends at 11 dB
_INPUT_ONLY = (34, 35, 36, 39)


class Pin:
    IN, OUT, OPEN_DRAIN = 1, 3, 7
    PULL_DOWN, PULL_UP = 1, 2
    IRQ_RISING, IRQ_FALLING = 1, 2

    def __init__(self, id, mode=-1, pull=-1, *, value=None):
        if isinstance(id, str) and id not in ("LED",):
            raise ValueError("unknown named pin " + id)
        self.id = id
        self.line = world.line(id)
        self.init(mode, pull, value=value)

    def init(self, mode=-1, pull=-1, *, value=None):
        if world.chip == "esp32" and self.id in _INPUT_ONLY and (mode in (3, 7) or pull > 0):
            raise ValueError("pin can only be input")
        line = self.line
        if value is not None:
            line.latch = 1 if value else 0
        if mode != -1:
            was = line.is_output
            line.is_output = mode != Pin.IN
            line.is_open_drain = mode == Pin.OPEN_DRAIN
            line.pull = {Pin.PULL_UP: 1, Pin.PULL_DOWN: 0}.get(pull)
            if line.is_output and (not was or value is not None):
                line.shown.append(line.latch)

    def value(self, level=None):
        bus = world.bus_of(self.id)
        if level is not None:
            if bus and level and not self.line.latch and self.is_clock():
                bus.clock()
            self.line.drive(level)
            return None
        if bus and not self.is_clock():
            return bus.data() and self.line.level()
        return self.line.level()

    def is_clock(self):
        return any([pins[1] == self.id for pins in world.i2c])

    def irq(self, handler=None, trigger=3):
        assert trigger == Pin.IRQ_FALLING
        self.line.watchers.append(lambda: handler(self))


class ADC:
    def __init__(self, pin, atten=None):
        self.id = pin.id
        self.atten = atten

    def read_u16(self):
        reading = world.volts.get(self.id, 65535)
        if world.chip != "esp32":
            return reading
        mv = reading * 3300 // 65535
        raw = (mv - _ESP32_LOW_MV) * 4095 // (_ESP32_HIGH_MV - _ESP32_LOW_MV)
        raw = max(0, min(4095, raw))
        return raw << 4 | raw >> 8


if world.chip == "esp32":

    def _read_uv(self):
        mv = world.volts.get(self.id, 65535) * 3300 // 65535
        return 1000 * max(_ESP32_LOW_MV, min(_ESP32_HIGH_MV, mv))

    ADC.read_uv = _read_uv
    ADC.ATTN_11DB = 3


class PWM:
    def __init__(self, pin, *, freq, duty_u16):
        self.id = pin.id
        self.hertz = freq
        self.duty_u16(duty_u16)

    def duty_u16(self, duty):
        assert 0 <= duty <= 65535
        world.pwm[self.id] = (self.hertz, duty)
        world.line(self.id).shown.append(duty)


class SoftI2C:
    def __init__(self, scl, sda, *, freq=400000, timeout=50000):
        assert freq <= 100000 and timeout < 50000
        self.bus = world.i2c[(sda.id, scl.id)]

    def writeto(self, address, buf):
        n = self.bus.writeto(address, buf)
        if n < 0:
            raise OSError(19)
        return n

    def readfrom_into(self, address, buf):
        if not self.bus.readfrom_into(address, buf):
            raise OSError(19)


class WDT:
    """It really kills: the process gets a signal that nobody catches. FAKE_WATCHDOG_US shortens it."""

    _alarm = None

    def __init__(self, id=0, timeout=5000):
        if world.chip == "rp2" and timeout > 8388:
            raise ValueError("timeout exceeds 8388")
        world.watchdog = timeout
        if os.getenv("FAKE_WATCHDOG_US"):
            WDT._alarm = WDT._alarm or ffi.open("libc.so.6").func("I", "ualarm", "II")
        self.feed()

    def feed(self):
        world.feeds += 1
        if WDT._alarm:
            WDT._alarm(int(os.getenv("FAKE_WATCHDOG_US")), 0)


class Timer:
    def __init__(self, id):
        if id < 0 and world.chip == "old":
            raise ValueError("invalid Timer number")
        self.id = id

    def init(self, *, period, callback):
        self.period = self.left = period
        self.callback = callback
        world.timers.append(self)

    def advance(self, ms):
        self.left -= ms
        while self.left <= 0:
            self.left += self.period
            self.callback(self)
