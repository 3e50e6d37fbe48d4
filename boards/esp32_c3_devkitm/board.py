"""Espressif ESP32-C3-DevKitM-1 (ESP32-C3-MINI-1, flash inside the chip). Literals only.

Header: Espressif's user guide of the board; functions: ESP-IDF's GPIO summary of the chip; levels at
power-up: ESP32-C3 data sheet, and the board's own pull-ups at IO2, IO8 (not verified) and IO9. ADC2 (IO5) does not work
on this chip at all times, so it counts as not usable together with Wi-Fi.
"""

NAME = "esp32_c3_devkitm"
TITLE = "Espressif ESP32-C3-DevKitM-1"
CHIP = "esp32c3"
RUNTIMES = ("micropython", "circuitpython")
HAL = "micropython"
WIFI = 1
POWER = "5V"  # pin of the 5 V supply, also fed by USB
USB_AT = "bottom"  # end of the header, as listed, at which the USB connector is
ADC_MV = (20, 2500)  # what the ADC tells from its ends, of 3300
BUSES = ("i2c", "onewire", "ir")  # kinds of pins that the runtimes make of digital ones
IN_ORDER = 1  # the rows of HEADER are those of the board

# printed names in the order of the board, antenna up; left row, right row
HEADER = (
    (
        "GND", "3V3", "3V3", "IO2", "IO3", "GND", "RST", "GND", "IO0", "IO1", "IO10", "GND", "5V", "5V",
        "GND",
    ),
    (
        "GND", "TX", "RX", "GND", "IO9", "IO8", "GND", "IO7", "IO6", "IO5", "IO4", "GND", "IO18",
        "IO19", "GND",
    ),
)

# printed, id for the HAL, what it can be, warnings, at reset
PINS = (
    ("IO2",  "IO2",  ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), ("strapping",), "pull_up"),
    ("IO3",  "IO3",  ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), (),             "float"),
    ("IO0",  "IO0",  ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), (),             "float"),
    ("IO1",  "IO1",  ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), (),             "float"),
    ("IO10", "IO10", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c"),        (),             "float"),
    ("TX",   "IO21", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c"),        ("console",),   "pull_up"),
    ("RX",   "IO20", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c"),        ("console",),   "pull_up"),
    ("IO9",  "IO9",  ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c"),        ("strapping",), "pull_up"),
    ("IO8",  "IO8",  ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c"),        ("strapping",), "pull_up"),
    ("IO7",  "IO7",  ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c"),        (),             "float"),
    ("IO6",  "IO6",  ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c"),        (),             "float"),
    ("IO5",  "IO5",  ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), ("adc2",),      "float"),
    ("IO4",  "IO4",  ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), (),             "float"),
    ("IO18", "IO18", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c"),        ("usb",),       "pulse"),
    ("IO19", "IO19", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c"),        ("usb",),       "pull_up"),
)

# pin, what hangs there on the board, level that switches it on
ON_BOARD = (
    ("IO8", "RGB LED",     1),
    ("IO9", "boot button", 0),
)

# appliance, why this board does not carry it
NOT_OFFERED = ()
