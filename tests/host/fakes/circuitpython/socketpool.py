"""Fake `socketpool` over real sockets: recv_into and no recv, a closed peer is ENOTCONN, no connect in the
background."""

import errno
import socket


class SocketPool:
    AF_INET, SOCK_STREAM, SOCK_DGRAM = socket.AF_INET, socket.SOCK_STREAM, socket.SOCK_DGRAM
    SOL_SOCKET, SO_REUSEADDR = socket.SOL_SOCKET, socket.SO_REUSEADDR
    IPPROTO_TCP, TCP_NODELAY = socket.IPPROTO_TCP, socket.TCP_NODELAY

    def __init__(self, radio):
        pass

    def socket(self, family, kind):
        return Socket(socket.socket(family, kind))


class Socket:
    def __init__(self, real):
        self._real = real
        for name in ("bind", "listen", "close", "setblocking", "settimeout", "setsockopt", "connect"):
            setattr(self, name, getattr(real, name))

    def accept(self):
        real, address = self._real.accept()
        return Socket(real), address

    def recv_into(self, buffer, bufsize=0):
        n = self._real.recv_into(buffer)
        if n == 0:
            raise OSError(errno.ENOTCONN, "Not connected")
        return n

    def recvfrom_into(self, buffer):
        return self._real.recvfrom_into(buffer)

    def sendto(self, data, address):
        # lwIP broadcasts without being asked twice; here everybody is on the loopback network.
        self._real.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        host = "127.255.255.255" if address[0] == "255.255.255.255" else address[0]
        return self._real.sendto(data, (host, address[1]))

    def send(self, data):
        return self._real.send(data)
