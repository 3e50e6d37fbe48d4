"""LC-Relay ESP32 with four relays, sold as ESP32_Relay_AC X4 (V1.0, V1.1; ESP32-WROOM-32E). Literals only.

Relays, LED and button: devices.esphome.io, "AC/DC powered ESP32 Relay Board x4". Relays: Songle
SRD-05VDC-SL-C through a transistor each, so that a pin that floats leaves its relay off. The seller's
10 A are for the NO contact of an SPST type; the data sheet gives this changeover type 7 A at 240 V.
"""

NAME = "lc_relay_esp32_4ch"
TITLE = "LC-Relay ESP32, four relays (ESP32_Relay_AC X4)"
CHIP = "esp32"
RUNTIMES = ("micropython",)
HAL = "micropython"
WIFI = 1
POWER = "own supply"  # 90-250 V~, 7-30 V= or 5 V= at terminals of its own
USB_AT = ""  # none: flashed through its TX, RX, IO0 header with a 3.3 V adapter
ADC_MV = (150, 3000)  # what the ADC tells from its ends, of 3300
BUSES = ("i2c", "onewire", "ir")  # kinds of pins that the runtimes make of digital ones
IN_ORDER = 0  # the rows of HEADER are those of the board

# printed names, grouped here by use: the board has two blocks of 2 x 10 pads in another order
HEADER = (
    (
        "3V3", "GND", "5V", "IO36", "IO39", "IO34", "IO35", "IO27", "IO14", "IO12", "IO13",
    ),
    (
        "TX", "RX", "IO0", "IO22", "IO21", "IO19", "IO18", "IO5", "IO17", "IO16", "IO4", "IO2", "IO15",
        "IO23", "IO32", "IO33", "IO25", "IO26",
    ),
)

# printed, id for the HAL, what it can be, warnings, at reset
PINS = (
    ("IO36", "IO36", ("digital_in", "counter", "adc"),                                         ("input_only",),       "float"),
    ("IO39", "IO39", ("digital_in", "counter", "adc"),                                         ("input_only",),       "float"),
    ("IO34", "IO34", ("digital_in", "counter", "adc"),                                         ("input_only",),       "float"),
    ("IO35", "IO35", ("digital_in", "counter", "adc"),                                         ("input_only",),       "float"),
    ("IO27", "IO27", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), ("adc2",),             "float"),
    ("IO14", "IO14", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), ("adc2",),             "pull_up"),
    ("IO12", "IO12", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), ("adc2", "strapping"), "pull_down"),
    ("IO13", "IO13", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), ("adc2",),             "pull_down"),
    ("TX",   "IO1",  ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c"),        ("console",),          "pull_up"),
    ("RX",   "IO3",  ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c"),        ("console",),          "pull_up"),
    ("IO0",  "IO0",  ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), ("adc2", "strapping"), "pull_up"),
    ("IO22", "IO22", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c"),        (),                    "float"),
    ("IO21", "IO21", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c"),        (),                    "float"),
    ("IO19", "IO19", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c"),        (),                    "float"),
    ("IO18", "IO18", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c"),        (),                    "float"),
    ("IO5",  "IO5",  ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c"),        ("strapping",),        "pull_up"),
    ("IO17", "IO17", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c"),        (),                    "float"),
    ("IO16", "IO16", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c"),        (),                    "float"),
    ("IO4",  "IO4",  ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), ("adc2",),             "pull_down"),
    ("IO2",  "IO2",  ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), ("adc2", "strapping"), "pull_down"),
    ("IO15", "IO15", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), ("adc2", "strapping"), "pull_up"),
    ("IO23", "IO23", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c"),        (),                    "float"),
    ("IO32", "IO32", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), (),                    "float"),
    ("IO33", "IO33", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), (),                    "float"),
    ("IO25", "IO25", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), ("adc2",),             "float"),
    ("IO26", "IO26", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), ("adc2",),             "float"),
)

# pin, what hangs there on the board, level that switches it on
ON_BOARD = (
    ("IO32", "relay 1",     1),
    ("IO33", "relay 2",     1),
    ("IO25", "relay 3",     1),
    ("IO26", "relay 4",     1),
    ("IO23", "status LED",  1),
    ("IO0",  "boot button", 0),
)

# appliance, why this board does not carry it
NOT_OFFERED = (
    ("air_conditioner", "it takes six relays (compressor, valve, outdoor fan, three fan taps) and the board has four"),
)
