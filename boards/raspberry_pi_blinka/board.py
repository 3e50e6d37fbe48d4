"""Raspberry Pi with a 40-pin header, CPython and Blinka. Literals only.

Names: Blinka's board file. Levels at reset: BCM2835 peripherals, table of alternate functions (GPIO0 to 8
pulled up, 9 to 27 pulled down). Printed on no board: GPIO numbers, in the order of the header from the
corner away from the USB sockets.
"""

NAME = "raspberry_pi_blinka"
TITLE = "Raspberry Pi (40-pin header) with Blinka"
CHIP = "bcm283x"
RUNTIMES = ("blinka",)
HAL = "circuitpython"
WIFI = 0  # that of Linux, which shares no pins
POWER = "own supply"  # its own USB supply
USB_AT = "bottom"  # end of the header, as listed, at which the USB sockets are
ADC_MV = ()  # what the ADC tells from its ends, of 3300
BUSES = ("i2c",)  # kinds of pins that the runtimes make of digital ones
IN_ORDER = 1  # the rows of HEADER are those of the board

# GPIO numbers in the order of the header; odd pins, even pins
HEADER = (
    (
        "3V3", "GPIO2", "GPIO3", "GPIO4", "GND", "GPIO17", "GPIO27", "GPIO22", "3V3", "GPIO10", "GPIO9",
        "GPIO11", "GND", "ID_SD", "GPIO5", "GPIO6", "GPIO13", "GPIO19", "GPIO26", "GND",
    ),
    (
        "5V", "5V", "GND", "GPIO14", "GPIO15", "GPIO18", "GND", "GPIO23", "GPIO24", "GND", "GPIO25",
        "GPIO8", "GPIO7", "ID_SC", "GND", "GPIO12", "GND", "GPIO16", "GPIO20", "GPIO21",
    ),
)

# printed, id for the HAL, what it can be, warnings, at reset
PINS = (
    ("GPIO2",  "D2",  ("digital_in", "digital_out", "pull_up", "i2c"), (),           "pull_up"),
    ("GPIO3",  "D3",  ("digital_in", "digital_out", "pull_up", "i2c"), (),           "pull_up"),
    ("GPIO4",  "D4",  ("digital_in", "digital_out", "pull_up"),        (),           "pull_up"),
    ("GPIO17", "D17", ("digital_in", "digital_out", "pull_up"),        (),           "pull_down"),
    ("GPIO27", "D27", ("digital_in", "digital_out", "pull_up"),        (),           "pull_down"),
    ("GPIO22", "D22", ("digital_in", "digital_out", "pull_up"),        (),           "pull_down"),
    ("GPIO10", "D10", ("digital_in", "digital_out", "pull_up"),        (),           "pull_down"),
    ("GPIO9",  "D9",  ("digital_in", "digital_out", "pull_up"),        (),           "pull_down"),
    ("GPIO11", "D11", ("digital_in", "digital_out", "pull_up"),        (),           "pull_down"),
    ("ID_SD",  "D0",  (),                                              ("eeprom",),  "pull_up"),
    ("GPIO5",  "D5",  ("digital_in", "digital_out", "pull_up"),        (),           "pull_up"),
    ("GPIO6",  "D6",  ("digital_in", "digital_out", "pull_up"),        (),           "pull_up"),
    ("GPIO13", "D13", ("digital_in", "digital_out", "pull_up"),        (),           "pull_down"),
    ("GPIO19", "D19", ("digital_in", "digital_out", "pull_up"),        (),           "pull_down"),
    ("GPIO26", "D26", ("digital_in", "digital_out", "pull_up"),        (),           "pull_down"),
    ("GPIO14", "D14", ("digital_in", "digital_out", "pull_up"),        ("console",), "pull_up"),
    ("GPIO15", "D15", ("digital_in", "digital_out", "pull_up"),        ("console",), "pull_down"),
    ("GPIO18", "D18", ("digital_in", "digital_out", "pull_up"),        (),           "pull_down"),
    ("GPIO23", "D23", ("digital_in", "digital_out", "pull_up"),        (),           "pull_down"),
    ("GPIO24", "D24", ("digital_in", "digital_out", "pull_up"),        (),           "pull_down"),
    ("GPIO25", "D25", ("digital_in", "digital_out", "pull_up"),        (),           "pull_down"),
    ("GPIO8",  "D8",  ("digital_in", "digital_out", "pull_up"),        (),           "pull_up"),
    ("GPIO7",  "D7",  ("digital_in", "digital_out", "pull_up"),        (),           "pull_up"),
    ("ID_SC",  "D1",  (),                                              ("eeprom",),  "pull_up"),
    ("GPIO12", "D12", ("digital_in", "digital_out", "pull_up"),        (),           "pull_down"),
    ("GPIO16", "D16", ("digital_in", "digital_out", "pull_up"),        (),           "pull_down"),
    ("GPIO20", "D20", ("digital_in", "digital_out", "pull_up"),        (),           "pull_down"),
    ("GPIO21", "D21", ("digital_in", "digital_out", "pull_up"),        (),           "pull_down"),
)

# pin, what hangs there on the board, level that switches it on
ON_BOARD = ()

# appliance, why this board does not carry it
NOT_OFFERED = (
    ("water_heater", "the header has no analogue inputs, and Blinka gives Linux boards no 1-Wire: nothing to measure temperature with"),
    ("air_conditioner", "the header has no analogue inputs, and Blinka gives Linux boards no 1-Wire: nothing to measure temperature with"),
    ("refrigerator", "the header has no analogue inputs, and Blinka gives Linux boards no 1-Wire: nothing to measure temperature with"),
)
