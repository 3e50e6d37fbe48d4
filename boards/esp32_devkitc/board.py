"""Espressif ESP32-DevKitC V4 with an ESP32-WROOM-32E module. Literals only.

Header and functions: Espressif's user guide of the board. Levels at reset: IO_MUX table of the ESP32
technical reference manual (IO13 and IO14: not verified, the cautious reading). On a WROVER module IO16 and IO17 belong to the PSRAM: not to be used there.
"""

NAME = "esp32_devkitc"
TITLE = "Espressif ESP32-DevKitC V4"
CHIP = "esp32"
RUNTIMES = ("micropython",)
HAL = "micropython"
WIFI = 1
POWER = "5V"  # pin of the 5 V supply, also fed by USB
USB_AT = "bottom"  # end of the header, as listed, at which the USB connector is
ADC_MV = (150, 3000)  # what the ADC tells from its ends, of 3300
BUSES = ("i2c", "onewire", "ir")  # kinds of pins that the runtimes make of digital ones
IN_ORDER = 1  # the rows of HEADER are those of the board

# printed names in the order of the board, antenna up; left row, right row
HEADER = (
    (
        "3V3", "EN", "VP", "VN", "IO34", "IO35", "IO32", "IO33", "IO25", "IO26", "IO27", "IO14", "IO12",
        "GND", "IO13", "D2", "D3", "CMD", "5V",
    ),
    (
        "GND", "IO23", "IO22", "TX", "RX", "IO21", "GND", "IO19", "IO18", "IO5", "IO17", "IO16", "IO4",
        "IO0", "IO2", "IO15", "D1", "D0", "CLK",
    ),
)

# printed, id for the HAL, what it can be, warnings, at reset
PINS = (
    ("VP",   "IO36", ("digital_in", "counter", "adc"),                                         ("input_only",),       "float"),
    ("VN",   "IO39", ("digital_in", "counter", "adc"),                                         ("input_only",),       "float"),
    ("IO34", "IO34", ("digital_in", "counter", "adc"),                                         ("input_only",),       "float"),
    ("IO35", "IO35", ("digital_in", "counter", "adc"),                                         ("input_only",),       "float"),
    ("IO32", "IO32", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), (),                    "float"),
    ("IO33", "IO33", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), (),                    "float"),
    ("IO25", "IO25", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), ("adc2",),             "float"),
    ("IO26", "IO26", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), ("adc2",),             "float"),
    ("IO27", "IO27", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), ("adc2",),             "float"),
    ("IO14", "IO14", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), ("adc2",),             "pull_up"),
    ("IO12", "IO12", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), ("adc2", "strapping"), "pull_down"),
    ("IO13", "IO13", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), ("adc2",),             "pull_down"),
    ("D2",   "IO9",  (),                                                                       ("flash_psram",),      "pull_up"),
    ("D3",   "IO10", (),                                                                       ("flash_psram",),      "pull_up"),
    ("CMD",  "IO11", (),                                                                       ("flash_psram",),      "pull_up"),
    ("IO23", "IO23", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c"),        (),                    "float"),
    ("IO22", "IO22", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c"),        (),                    "float"),
    ("TX",   "IO1",  ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c"),        ("console",),          "pull_up"),
    ("RX",   "IO3",  ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c"),        ("console",),          "pull_up"),
    ("IO21", "IO21", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c"),        (),                    "float"),
    ("IO19", "IO19", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c"),        (),                    "float"),
    ("IO18", "IO18", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c"),        (),                    "float"),
    ("IO5",  "IO5",  ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c"),        ("strapping",),        "pull_up"),
    ("IO17", "IO17", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c"),        (),                    "float"),
    ("IO16", "IO16", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c"),        (),                    "float"),
    ("IO4",  "IO4",  ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), ("adc2",),             "pull_down"),
    ("IO0",  "IO0",  ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), ("adc2", "strapping"), "pull_up"),
    ("IO2",  "IO2",  ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), ("adc2", "strapping"), "pull_down"),
    ("IO15", "IO15", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), ("adc2", "strapping"), "pull_up"),
    ("D1",   "IO8",  (),                                                                       ("flash_psram",),      "pull_up"),
    ("D0",   "IO7",  (),                                                                       ("flash_psram",),      "pull_up"),
    ("CLK",  "IO6",  (),                                                                       ("flash_psram",),      "pull_up"),
)

# pin, what hangs there on the board, level that switches it on
ON_BOARD = (
    ("IO0", "boot button", 0),
)

# appliance, why this board does not carry it
NOT_OFFERED = ()
