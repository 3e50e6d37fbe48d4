"""Datagrams on CircuitPython: the calls of udp_socket.py. It cannot join a group: it hears and
says to all what is broadcast."""

from .net_circuitpython import _pool

_EVERYBODY = "255.255.255.255"


class Datagrams:
    def __init__(self, poller, port, to_all, joins, interface, size, resolve):
        self.stream = _pool.socket(_pool.AF_INET, _pool.SOCK_DGRAM)
        self.ready = True
        self.source = None
        self._buffer = bytearray(size)
        self._resolve = resolve
        self._everybody = (_EVERYBODY, to_all[1])
        self.stream.setblocking(False)
        self.stream.bind(("", port))
        poller.add(self)

    def join(self):
        return True

    def address(self, host, port):
        return self._resolve(host), port

    def receive(self):
        try:
            n, self.source = self.stream.recvfrom_into(self._buffer)
        except OSError:
            self.ready = False
            return None
        return bytes(memoryview(self._buffer)[:n])

    def send(self, buf, at, end, to):
        try:
            return self.stream.sendto(memoryview(buf)[at:end], to or self._everybody) == end - at
        except OSError:
            return False
