"""Espressif ESP32-S3-DevKitC-1 (ESP32-S3-WROOM-1). Literals only.

Header: Espressif's user guide of the board; functions: ESP-IDF's GPIO summary of the chip; levels and
pulses at power-up: ESP32-S3 data sheet. IO35 to IO37 belong to the PSRAM on modules with octal PSRAM (R8),
so they are not offered. The RGB LED hangs at IO38 (board V1.1) or IO48 (V1.0).
"""

NAME = "esp32_s3_devkitc"
TITLE = "Espressif ESP32-S3-DevKitC-1"
CHIP = "esp32s3"
RUNTIMES = ("micropython", "circuitpython")
HAL = "micropython"
WIFI = 1
POWER = "5V"  # pin of the 5 V supply, also fed by USB
USB_AT = "bottom"  # end of the header, as listed, at which the USB connector is
ADC_MV = (20, 3100)  # what the ADC tells from its ends, of 3300
BUSES = ("i2c", "onewire", "ir")  # kinds of pins that the runtimes make of digital ones
IN_ORDER = 1  # the rows of HEADER are those of the board

# printed names in the order of the board, antenna up; left row, right row
HEADER = (
    (
        "3V3", "3V3", "RST", "IO4", "IO5", "IO6", "IO7", "IO15", "IO16", "IO17", "IO18", "IO8", "IO3",
        "IO46", "IO9", "IO10", "IO11", "IO12", "IO13", "IO14", "5V", "GND",
    ),
    (
        "GND", "TX", "RX", "IO1", "IO2", "IO42", "IO41", "IO40", "IO39", "IO38", "IO37", "IO36", "IO35",
        "IO0", "IO45", "IO48", "IO47", "IO21", "IO20", "IO19", "GND", "GND",
    ),
)

# printed, id for the HAL, what it can be, warnings, at reset
PINS = (
    ("IO4",  "IO4",  ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), (),               "float"),
    ("IO5",  "IO5",  ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), (),               "float"),
    ("IO6",  "IO6",  ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), (),               "float"),
    ("IO7",  "IO7",  ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), (),               "float"),
    ("IO15", "IO15", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), ("adc2",),        "float"),
    ("IO16", "IO16", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), ("adc2",),        "float"),
    ("IO17", "IO17", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), ("adc2",),        "float"),
    ("IO18", "IO18", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), ("adc2",),        "pulse"),
    ("IO8",  "IO8",  ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), (),               "float"),
    ("IO3",  "IO3",  ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), ("strapping",),   "float"),
    ("IO46", "IO46", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c"),        ("strapping",),   "pull_down"),
    ("IO9",  "IO9",  ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), (),               "float"),
    ("IO10", "IO10", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), (),               "float"),
    ("IO11", "IO11", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), ("adc2",),        "float"),
    ("IO12", "IO12", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), ("adc2",),        "float"),
    ("IO13", "IO13", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), ("adc2",),        "float"),
    ("IO14", "IO14", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), ("adc2",),        "float"),
    ("TX",   "IO43", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c"),        ("console",),     "pull_up"),
    ("RX",   "IO44", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c"),        ("console",),     "pull_up"),
    ("IO1",  "IO1",  ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), (),               "float"),
    ("IO2",  "IO2",  ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), (),               "float"),
    ("IO42", "IO42", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c"),        (),               "float"),
    ("IO41", "IO41", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c"),        (),               "float"),
    ("IO40", "IO40", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c"),        (),               "float"),
    ("IO39", "IO39", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c"),        (),               "pull_up"),
    ("IO38", "IO38", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c"),        (),               "float"),
    ("IO37", "IO37", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c"),        ("flash_psram",), "float"),
    ("IO36", "IO36", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c"),        ("flash_psram",), "float"),
    ("IO35", "IO35", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c"),        ("flash_psram",), "float"),
    ("IO0",  "IO0",  ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c"),        ("strapping",),   "pull_up"),
    ("IO45", "IO45", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c"),        ("strapping",),   "pull_down"),
    ("IO48", "IO48", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c"),        (),               "float"),
    ("IO47", "IO47", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c"),        (),               "float"),
    ("IO21", "IO21", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c"),        (),               "float"),
    ("IO20", "IO20", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), ("adc2", "usb"),  "pulse"),
    ("IO19", "IO19", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), ("adc2", "usb"),  "pulse"),
)

# pin, what hangs there on the board, level that switches it on
ON_BOARD = (
    ("IO38", "RGB LED (V1.1)", 1),
    ("IO48", "RGB LED (V1.0)", 1),
    ("IO0",  "boot button",    0),
)

# appliance, why this board does not carry it
NOT_OFFERED = ()
