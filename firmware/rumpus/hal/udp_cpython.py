"""Datagrams on CPython: the calls of udp_micropython.py."""

import socket


class Datagrams:
    def __init__(self, poller, port, to_all, joins, interface, size, resolve):
        self.stream = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.ready = True
        self.source = None
        self._size = size
        self._resolve = resolve
        self._everybody = to_all
        self._joining = socket.inet_aton(to_all[0]) + socket.inet_aton(interface) if joins else None
        self.stream.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.stream.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        if interface != "0.0.0.0":
            self.stream.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(interface))
        self.stream.bind(("", port))
        self.stream.setblocking(False)
        poller.add(self)

    def join(self):
        if self._joining:
            try:
                self.stream.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, self._joining)
            except OSError:
                return False
            self._joining = None
        return True

    def address(self, host, port):
        return self._resolve(host), port

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
