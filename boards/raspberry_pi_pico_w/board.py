"""Raspberry Pi Pico W, MicroPython or CircuitPython: both call the pins GP0 to GP28. Literals only.

Names: MicroPython's pins.csv and CircuitPython's pins.c of the board. At reset every pin of an RP2040 is an
input with a pull-down. Only odd pins count pulses: CircuitPython counts with the PWM hardware's channel B.
"""

NAME = "raspberry_pi_pico_w"
TITLE = "Raspberry Pi Pico W"
CHIP = "rp2040"
RUNTIMES = ("micropython", "circuitpython")
HAL = "micropython"
WIFI = 1
POWER = "VSYS"  # pin of the 5 V supply; through a Schottky diode if USB is to be plugged as well
USB_AT = "top"  # end of the header, as listed, at which the USB connector is
ADC_MV = (20, 3280)  # what the ADC tells from its ends, of 3300
BUSES = ("i2c", "onewire", "ir")  # kinds of pins that the runtimes make of digital ones
IN_ORDER = 1  # the rows of HEADER are those of the board

# printed names in the order of the board, USB up; left row, right row
HEADER = (
    (
        "GP0", "GP1", "GND", "GP2", "GP3", "GP4", "GP5", "GND", "GP6", "GP7", "GP8", "GP9", "GND",
        "GP10", "GP11", "GP12", "GP13", "GND", "GP14", "GP15",
    ),
    (
        "VBUS", "VSYS", "GND", "3V3_EN", "3V3", "ADC_VREF", "GP28", "AGND", "GP27", "GP26", "RUN",
        "GP22", "GND", "GP21", "GP20", "GP19", "GP18", "GND", "GP17", "GP16",
    ),
)

# printed, id for the HAL, what it can be, warnings, at reset
PINS = (
    ("GP0",  "GP0",  ("digital_in", "digital_out", "pull_up", "pwm", "i2c"),                   (), "pull_down"),
    ("GP1",  "GP1",  ("digital_in", "digital_out", "pull_up", "pwm", "i2c", "counter"),        (), "pull_down"),
    ("GP2",  "GP2",  ("digital_in", "digital_out", "pull_up", "pwm", "i2c"),                   (), "pull_down"),
    ("GP3",  "GP3",  ("digital_in", "digital_out", "pull_up", "pwm", "i2c", "counter"),        (), "pull_down"),
    ("GP4",  "GP4",  ("digital_in", "digital_out", "pull_up", "pwm", "i2c"),                   (), "pull_down"),
    ("GP5",  "GP5",  ("digital_in", "digital_out", "pull_up", "pwm", "i2c", "counter"),        (), "pull_down"),
    ("GP6",  "GP6",  ("digital_in", "digital_out", "pull_up", "pwm", "i2c"),                   (), "pull_down"),
    ("GP7",  "GP7",  ("digital_in", "digital_out", "pull_up", "pwm", "i2c", "counter"),        (), "pull_down"),
    ("GP8",  "GP8",  ("digital_in", "digital_out", "pull_up", "pwm", "i2c"),                   (), "pull_down"),
    ("GP9",  "GP9",  ("digital_in", "digital_out", "pull_up", "pwm", "i2c", "counter"),        (), "pull_down"),
    ("GP10", "GP10", ("digital_in", "digital_out", "pull_up", "pwm", "i2c"),                   (), "pull_down"),
    ("GP11", "GP11", ("digital_in", "digital_out", "pull_up", "pwm", "i2c", "counter"),        (), "pull_down"),
    ("GP12", "GP12", ("digital_in", "digital_out", "pull_up", "pwm", "i2c"),                   (), "pull_down"),
    ("GP13", "GP13", ("digital_in", "digital_out", "pull_up", "pwm", "i2c", "counter"),        (), "pull_down"),
    ("GP14", "GP14", ("digital_in", "digital_out", "pull_up", "pwm", "i2c"),                   (), "pull_down"),
    ("GP15", "GP15", ("digital_in", "digital_out", "pull_up", "pwm", "i2c", "counter"),        (), "pull_down"),
    ("GP28", "GP28", ("digital_in", "digital_out", "pull_up", "pwm", "i2c", "adc"),            (), "pull_down"),
    ("GP27", "GP27", ("digital_in", "digital_out", "pull_up", "pwm", "i2c", "counter", "adc"), (), "pull_down"),
    ("GP26", "GP26", ("digital_in", "digital_out", "pull_up", "pwm", "i2c", "adc"),            (), "pull_down"),
    ("GP22", "GP22", ("digital_in", "digital_out", "pull_up", "pwm", "i2c"),                   (), "pull_down"),
    ("GP21", "GP21", ("digital_in", "digital_out", "pull_up", "pwm", "i2c", "counter"),        (), "pull_down"),
    ("GP20", "GP20", ("digital_in", "digital_out", "pull_up", "pwm", "i2c"),                   (), "pull_down"),
    ("GP19", "GP19", ("digital_in", "digital_out", "pull_up", "pwm", "i2c", "counter"),        (), "pull_down"),
    ("GP18", "GP18", ("digital_in", "digital_out", "pull_up", "pwm", "i2c"),                   (), "pull_down"),
    ("GP17", "GP17", ("digital_in", "digital_out", "pull_up", "pwm", "i2c", "counter"),        (), "pull_down"),
    ("GP16", "GP16", ("digital_in", "digital_out", "pull_up", "pwm", "i2c"),                   (), "pull_down"),
)

# pin, what hangs there on the board, level that switches it on
ON_BOARD = ()

# appliance, why this board does not carry it
NOT_OFFERED = ()
