"""Fake `usb_cdc`: two serial channels in memory."""


class Serial:
    def __init__(self):
        self.timeout = self.write_timeout = None
        self.received = bytearray()
        self.sent = bytearray()
        self.room = 1 << 20

    @property
    def in_waiting(self):
        return len(self.received)

    def readinto(self, buffer):
        assert self.timeout == 0  # it would wait for ever otherwise
        n = min(len(buffer), len(self.received))
        buffer[:n] = self.received[:n]
        del self.received[:n]
        return n

    def write(self, data):
        assert self.write_timeout == 0
        n = min(len(data), self.room)
        self.sent += data[:n]
        return n


console = Serial()
data = Serial()
