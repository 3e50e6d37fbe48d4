"""How long each call of the outside world may keep the loop from turning, in the worst case. Literals only.

Reaction to an input is within its interlock row's for_ms, one step, and the longest stall that may happen
while an output is on. `at_rest` 1: the call is made only while all outputs are at rest (rest.py), so
it does not count towards the reaction. Figures: from the parts' data sheets and the interpreters'
sources; those marked "estimate" are to be measured on the board.
"""

# call, hal ("" = both), milliseconds, at_rest, why
STALLS = (
    ("ds18b20 start", "micropython", 15, 0, "two resets of 1 ms and 24 bytes of 0.5 ms with a ROM code"),
    ("ds18b20 fetch", "micropython", 12, 0, "a reset and 19 bytes of 0.5 ms with a ROM code"),
    ("ds18b20 start", "circuitpython", 30, 0, "estimate: the same, bits called one by one from Python"),
    ("ds18b20 fetch", "circuitpython", 25, 0, "estimate: the same, bits called one by one from Python"),
    ("i2c transfer", "micropython", 5, 0, "8 bytes at 100 kHz; a clock held low ends it after 2 ms"),
    ("i2c transfer", "circuitpython", 1000, 0, "estimate: a port's own time-out when the clock is held low"),
    ("i2c free a bus", "", 2, 0, "nine clock pulses of 10 us"),
    ("adc read", "", 1, 0, "four samples"),
    ("ir send", "micropython esp32", 1, 0, "the peripheral sends by itself; a second frame is 500 ms away"),
    ("ir send", "micropython, no RMT", 250, 0, "the longest frame, all ones, timed in Python"),
    ("ir send", "circuitpython", 250, 0, "PulseOut.send waits for the end of the frame"),
    ("wifi activate", "micropython", 500, 1, "estimate: loads the radio's firmware, once after start"),
    ("wifi connect", "micropython", 20, 0, "estimate: only starts it; progress is polled"),
    ("wifi connect", "circuitpython", 4000, 1, "connect() waits; afterwards the radio reconnects by itself"),
    ("dns", "micropython", 14000, 1, "lwIP asks two servers four times each; addresses are kept"),
    ("dns", "circuitpython", 14000, 1, "the same; the watchdog is stretched meanwhile where it can be"),
    ("tcp connect", "micropython", 1, 0, "non-blocking"),
    ("tcp connect", "circuitpython", 2000, 1, "there connect() waits"),
    ("tcp connect", "circuitpython on CPython", 1, 0, "non-blocking"),
    ("console write", "", 500, 0, "estimate: USB serial whose host has stopped reading"),
    ("file save", "", 200, 0, "estimate: two sectors of flash erased, one directory block"),
    ("slot save", "", 100, 0, "estimate: one sector of flash erased"),
    (
        "update piece",
        "",
        400,
        0,
        "estimate: a file closed, the next folder listed and swept, one sector erased",
    ),
    ("update manifest", "", 350, 0, "estimate: the signature (docs/updates.md) and 100 rows read twice"),
    ("update look", "", 200, 0, "estimate: 16 kB read and hashed"),
    ("garbage collection", "micropython", 50, 0, "estimate: 128 kB heap at 240 MHz; with PSRAM 300 ms"),
    ("garbage collection", "circuitpython", 100, 0, "estimate"),
)

# The hardware watchdog: above every stall that may happen with outputs on, and what all ports can do
# (RP2040: at most 8388). Stretched to the second figure for calls at rest, where the port lets it.
WATCHDOG_MS = 8000
WATCHDOG_AT_REST_MS = 30000


def worst_ms(hal, at_rest=0):
    """The longest stall on this HAL that may happen while outputs are on (at_rest=0), or at all (1)."""
    worst = 0
    for _call, known, ms, rest, _why in STALLS:
        if known.startswith(hal) or known == "":
            if rest <= at_rest:
                worst = max(worst, ms)
    return worst
