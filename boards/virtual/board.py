"""The virtual board: a microcontroller whose pins end in the bench. Literals only."""

NAME = "virtual"
CHIP = "none"
BUSES = ("i2c", "onewire", "ir")  # kinds of pins that simulated chips and the bench make of digital ones

# pin, what it can be
PINS = (
    ("A0", ("adc",)),
    ("A1", ("adc",)),
    ("A2", ("adc",)),
    ("A3", ("adc",)),
    ("A4", ("adc",)),
    ("A5", ("adc",)),
    ("A6", ("adc",)),
    ("A7", ("adc",)),
    ("D0", ("digital_in", "digital_out", "counter")),
    ("D1", ("digital_in", "digital_out", "counter")),
    ("D2", ("digital_in", "digital_out", "counter")),
    ("D3", ("digital_in", "digital_out", "counter")),
    ("D4", ("digital_in", "digital_out")),
    ("D5", ("digital_in", "digital_out")),
    ("D6", ("digital_in", "digital_out")),
    ("D7", ("digital_in", "digital_out")),
    ("D8", ("digital_in", "digital_out")),
    ("D9", ("digital_in", "digital_out")),
    ("D10", ("digital_in", "digital_out")),
    ("D11", ("digital_in", "digital_out")),
    ("D12", ("digital_in", "digital_out")),
    ("D13", ("digital_in", "digital_out")),
    ("D14", ("digital_in", "digital_out")),
    ("D15", ("digital_in", "digital_out")),
    ("D16", ("digital_in", "digital_out", "i2c")),
    ("D17", ("digital_in", "digital_out", "i2c")),
    ("D18", ("digital_in", "digital_out", "i2c")),
    ("D19", ("digital_in", "digital_out", "i2c")),
    ("D20", ("digital_in", "digital_out", "i2c")),
    ("D21", ("digital_in", "digital_out", "i2c")),
    ("D22", ("digital_in", "digital_out", "i2c")),
    ("D23", ("digital_in", "digital_out", "i2c")),
    ("P0", ("pwm", "digital_out")),
    ("P1", ("pwm", "digital_out")),
    ("P2", ("pwm", "digital_out")),
    ("P3", ("pwm", "digital_out")),
    ("P4", ("pwm", "digital_out")),
    ("P5", ("pwm", "digital_out")),
)
