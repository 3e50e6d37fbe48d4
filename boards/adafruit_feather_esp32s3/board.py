"""Adafruit Feather ESP32-S3 (4 MB flash and 2 MB PSRAM, or 8 MB flash), CircuitPython. Literals only.

Pin names: CircuitPython's pins.c of the board; functions: ESP-IDF's GPIO summary of the chip; levels and
pulses at power-up: ESP32-S3 data sheet. A0 to A4 and D11 to D13 are ADC2. The right row is printed 13, 12,
... 5 without the D; the order of both rows is not verified. The digital pins SDA and SCL have pull-ups on the
board.
"""

NAME = "adafruit_feather_esp32s3"
TITLE = "Adafruit Feather ESP32-S3"
CHIP = "esp32s3"
RUNTIMES = ("circuitpython",)
HAL = "circuitpython"
WIFI = 1
POWER = "USB"  # pin of the 5 V supply, also fed by USB
USB_AT = "top"  # end of the header, as listed, at which the USB connector is
ADC_MV = (20, 3060)  # what the ADC tells from its ends, of 3300
BUSES = ("i2c", "onewire", "ir")  # kinds of pins that the runtimes make of digital ones
IN_ORDER = 0  # the rows of HEADER are those of the board

# printed names in the order of the board, USB up; left row, right row
HEADER = (
    (
        "RST", "3V3", "AREF", "GND", "A0", "A1", "A2", "A3", "A4", "A5", "SCK", "MO", "MI", "RX", "TX",
        "DB",
    ),
    (
        "", "", "", "", "BAT", "EN", "USB", "D13", "D12", "D11", "D10", "D9", "D6", "D5", "SCL", "SDA",
    ),
)

# printed, id for the HAL, what it can be, warnings, at reset
PINS = (
    ("A0",  "A0",   ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), ("adc2",),      "pulse"),
    ("A1",  "A1",   ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), ("adc2",),      "float"),
    ("A2",  "A2",   ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), ("adc2",),      "float"),
    ("A3",  "A3",   ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), ("adc2",),      "float"),
    ("A4",  "A4",   ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), ("adc2",),      "float"),
    ("A5",  "A5",   ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), (),             "float"),
    ("SCK", "SCK",  ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c"),        (),             "float"),
    ("MO",  "MOSI", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c"),        (),             "float"),
    ("MI",  "MISO", ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c"),        (),             "float"),
    ("RX",  "RX",   ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c"),        (),             "float"),
    ("TX",  "TX",   ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c"),        (),             "pull_up"),
    ("D13", "D13",  ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), ("adc2",),      "float"),
    ("D12", "D12",  ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), ("adc2",),      "float"),
    ("D11", "D11",  ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), ("adc2",),      "float"),
    ("D10", "D10",  ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), (),             "float"),
    ("D9",  "D9",   ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), (),             "float"),
    ("D6",  "D6",   ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), (),             "float"),
    ("D5",  "D5",   ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), (),             "float"),
    ("SCL", "SCL",  ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), (),             "pull_up"),
    ("SDA", "SDA",  ("digital_in", "digital_out", "pull_up", "pwm", "counter", "i2c", "adc"), ("strapping",), "pull_up"),
    ("DB",  "TXD0", (),                                                                       ("console",),   "pull_up"),
)

# pin, what hangs there on the board, level that switches it on
ON_BOARD = (
    ("D13", "red LED", 1),
)

# appliance, why this board does not carry it
NOT_OFFERED = ()
