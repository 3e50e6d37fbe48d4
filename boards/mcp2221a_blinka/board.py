"""MCP2221A USB adapter (Adafruit breakout) with Blinka on any computer. Literals only.

Names: Blinka's board file. Four pins, no pull-ups, ADC of 10 bits at G1 to G3. From the factory the pins are
outputs for LEDs; the levels at reset below hold for a chip prepared as the README says, with all four set
to GPIO input in its flash.
"""

NAME = "mcp2221a_blinka"
TITLE = "MCP2221A USB adapter with Blinka"
CHIP = "mcp2221a"
RUNTIMES = ("blinka",)
HAL = "circuitpython"
WIFI = 0
POWER = "own supply"  # the computer's USB
USB_AT = "top"  # end of the header, as listed, at which the USB connector is
ADC_MV = (10, 3290)  # what the ADC tells from its ends, of 3300
BUSES = ("i2c",)  # kinds of pins that the runtimes make of digital ones
IN_ORDER = 0  # the rows of HEADER are those of the board

# printed names, grouped here by use: the order on the board is another
HEADER = (
    (
        "3V3", "G1", "G2", "GND",
    ),
    (
        "5V", "G0", "G3", "SDA", "SCL", "GND",
    ),
)

# printed, id for the HAL, what it can be, warnings, at reset
PINS = (
    ("G1",  "G1",  ("digital_in", "digital_out", "adc"), ("factory_function",), "float"),
    ("G2",  "G2",  ("digital_in", "digital_out", "adc"), ("factory_function",), "float"),
    ("G0",  "G0",  ("digital_in", "digital_out"),        ("factory_function",), "float"),
    ("G3",  "G3",  ("digital_in", "digital_out", "adc"), ("factory_function",), "float"),
    ("SDA", "SDA", ("i2c",),                             (),                    "float"),
    ("SCL", "SCL", ("i2c",),                             (),                    "float"),
)

# pin, what hangs there on the board, level that switches it on
ON_BOARD = ()

# appliance, why this board does not carry it
NOT_OFFERED = (
    ("air_conditioner", "four pins: with two sensors, compressor and fan there is none left for the condensate switch"),
    ("microwave_oven", "it takes at least five pins (two door switches, remote button, magnetron, fan) and there are four"),
)
