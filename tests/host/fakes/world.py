"""What is soldered to a fake board: lines with levels, voltages, buses with simulated chips, and a clock.

The fake modules of both interpreters (micropython/, circuitpython/) act on this one world; a test sets
what is outside and looks at what the firmware does. Times are milliseconds.
"""


class Line:
    """One pin. outside: the level that something outside drives, None if nothing does."""

    def __init__(self):
        self.outside = None
        self.is_output = False
        self.is_open_drain = False
        self.pull = None  # 1 up, 0 down
        self.latch = 0
        self.watchers = []  # called at a falling edge
        self.shown = []  # levels that the pin has driven, in order

    def level(self):
        if self.is_output and not (self.is_open_drain and self.latch):
            return self.latch
        if self.outside is not None:
            return self.outside
        return 1 if self.pull else 0

    def drive(self, level):
        self.latch = 1 if level else 0
        if self.is_output:
            self.shown.append(self.latch)

    def pulse(self, n=1):
        """n falling edges from outside."""
        for _ in range(n):
            for watcher in self.watchers:
                watcher()


class World:
    def __init__(self):
        self.chip = "esp32"
        self.now_ms = 0
        self.lines = {}
        self.volts = {}  # pin -> reading 0..65535 of the supply that an ideal converter would give
        self.pwm = {}  # pin -> (hertz, duty)
        self.wires = {}  # pin -> bus_onewire.Wire
        self.i2c = {}  # (data pin, clock pin) -> bus_i2c.Lines
        self.infrared = []  # (pin, hertz, durations)
        self.access_points = {}  # ssid -> password
        self.watchdog = None  # its time-out in ms
        self.feeds = 0
        self.timers = []
        self.keyboard_interrupt = 3

    def line(self, pin):
        if pin not in self.lines:
            self.lines[pin] = Line()
        return self.lines[pin]

    def bus_of(self, pin):
        """The I2C lines that this pin is the data line of, or the clock line of; or None."""
        for pins in self.i2c:
            if pin in pins:
                return self.i2c[pins]
        return None

    def advance(self, ms):
        self.now_ms += ms
        for bus in list(self.wires.values()) + list(self.i2c.values()):
            bus.advance(ms)
        for timer in self.timers:
            timer.advance(ms)


world = World()
