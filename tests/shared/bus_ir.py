"""Infrared at the receiver's end: what arrives, as bits and bytes, and what an air conditioner makes of it.

Written apart from the encoders, from the descriptions of the protocols. Used by the shared tests and by
the bench of the virtual board.
"""


class Pin:
    """Infrared as a receiver sees it."""

    def __init__(self):
        self.frames = []

    def send(self, durations):
        self.frames.append(list(durations))


def bits_of(durations):
    """Spaces as text: 1, 0, or H for a header's, P for a pause. Independent of the encoder."""
    text = ""
    for i in range(1, len(durations), 2):
        space = durations[i]
        text += "0" if space < 1000 else "1" if space < 2500 else "H" if space < 4600 else "P"
    return text


def lsb_bytes(bits):
    return bytes([sum([int(bits[8 * i + k]) << k for k in range(8)]) for i in range(len(bits) // 8)])


def msb_bytes(bits):
    return bytes([int(bits[8 * i : 8 * i + 8], 2) for i in range(len(bits) // 8)])


def hexed(data):
    return "".join(["%02X" % byte for byte in data])


class Gree:
    """An air conditioner that understands Gree's frames: what it was told last. Raises ValueError."""

    def __init__(self):
        self.frames = 0
        self.power = None  # nothing heard yet
        self.mode = self.fan = self.target = self.vertical = self.horizontal = None

    def hear(self, durations):
        bits = bits_of(durations)
        if len(bits) != 69 or bits[0] + bits[33:37] != "H010P":
            raise ValueError("no frame of Gree: " + bits)
        data = lsb_bytes(bits[1:33] + bits[37:])
        total = sum([byte & 15 for byte in data[:4]]) + sum([byte >> 4 for byte in data[4:7]]) + 10
        if data[7] >> 4 != total & 15:
            raise ValueError("checksum")
        self.frames += 1
        self.power = data[0] >> 3 & 1
        self.mode = data[0] & 7
        self.fan = data[0] >> 4 & 3
        self.target = 16 + (data[1] & 15)
        self.vertical = data[4] & 15
        self.horizontal = data[4] >> 4
