"""Datagrams on MicroPython and CPython. The same calls on CircuitPython: udp_circuitpython.py.

receive()                bytes, from `source`; None when nothing is there
send(buf, at, end, to)   True when the network took it. to: a source, or None for everybody
address(host, port)      what send() takes
join()                   True when the group is joined (it fails while the network is down)
"""

import socket

_IN = 1
_IPPROTO_IP = 0
# Linux's numbers, for the port that does not name them.
_IP_ADD_MEMBERSHIP = getattr(socket, "IP_ADD_MEMBERSHIP", 35)
_IP_MULTICAST_IF = getattr(socket, "IP_MULTICAST_IF", 32)


class Datagrams:
    """A socket at a port (0: a free one) of all addresses. to_all: (group's address, port) that everybody
    listens at; joins: listen there too. interface: address of the network to use, "0.0.0.0" = as the system
    thinks. size: of the longest datagram. resolve: gives the address of a name (addresses.py)."""

    def __init__(self, poller, port, to_all, joins, interface, size, resolve):
        self.stream = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.ready = True
        self.source = None
        self._size = size
        self._resolve = resolve
        self._joining = None
        self._everybody = self.address(*to_all)
        self.stream.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.stream.bind(self.address("0.0.0.0", port))
        self.stream.setblocking(False)
        self._set(getattr(socket, "SOL_SOCKET", 1), getattr(socket, "SO_BROADCAST", 6), 1)
        if interface != "0.0.0.0":
            self._set(_IPPROTO_IP, _IP_MULTICAST_IF, _packed(interface))
        if joins:
            self._joining = _packed(to_all[0]) + _packed(interface)
        poller.add(self)

    def _set(self, level, option, value):
        try:
            self.stream.setsockopt(level, option, value)
        except (OSError, ValueError):
            return False  # a port whose stack has no such option, or no network yet
        return True

    def join(self):
        if self._joining and self._set(_IPPROTO_IP, _IP_ADD_MEMBERSHIP, self._joining):
            self._joining = None
        return self._joining is None

    def address(self, host, port):
        return socket.getaddrinfo(self._resolve(host), port)[0][-1]

    def receive(self):
        try:
            data, self.source = self.stream.recvfrom(self._size)
        except OSError:
            self.ready = False
            return None
        return data

    def send(self, buf, at, end, to):
        try:
            return self.stream.sendto(memoryview(buf)[at:end], to or self._everybody) == end - at
        except OSError:
            return False


def _packed(address):
    """The four bytes of "192.0.2.7"."""
    return bytes([int(part) for part in address.split(".")])
