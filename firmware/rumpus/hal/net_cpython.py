"""Streams on CPython (Blinka boards and the virtual board): the calls of net_micropython.py."""

import os
import select
import socket

_IN = select.POLLIN
_OUT = select.POLLOUT
_BACKLOG = 2


class Poller:
    """Waits for any of the carriers registered with it."""

    def __init__(self):
        self._poll = select.poll()
        self._all = {}

    def add(self, carrier, events=_IN):
        self._poll.register(carrier.stream, events)
        self._all[carrier.stream.fileno()] = carrier

    def remove(self, carrier):
        for number, known in list(self._all.items()):
            if known is carrier:
                self._poll.unregister(number)
                del self._all[number]

    def wait(self, timeout_ms):
        """Wait until a carrier is ready or the time is over (-1: for ever)."""
        for number, _events in self._poll.poll(None if timeout_ms < 0 else timeout_ms):
            self._all[number].ready = True


class Stream:
    """A connected socket."""

    def __init__(self, poller, stream, writer=None):
        self.stream = stream
        self.ready = True
        self._poller = poller
        poller.add(self)

    def recv_into(self, view):
        self.ready = False
        try:
            return self.stream.recv_into(view) or -1
        except BlockingIOError:
            return 0
        except OSError:
            return -1

    def send(self, buf, at, end):
        try:
            return self.stream.send(memoryview(buf)[at:end])
        except BlockingIOError:
            return 0
        except OSError:
            return -1

    def close(self):
        self._poller.remove(self)
        self.stream.close()


class Console(Stream):
    """The process's own stdin and stdout."""

    def __init__(self, poller, stream, writer):
        super().__init__(poller, stream)
        self._out = writer.fileno()

    def recv_into(self, view):
        self.ready = False
        try:
            return os.readv(self.stream.fileno(), [view])
        except OSError:
            return 0

    def send(self, buf, at, end):
        try:
            return os.write(self._out, memoryview(buf)[at:end])
        except OSError:
            return end - at

    def close(self):
        self._poller.remove(self)


class Listener:
    """Accepts connections on host:port; port 0 takes a free one, see `port`."""

    def __init__(self, poller, host, port):
        self.stream = socket.create_server((host, port), backlog=_BACKLOG)
        self.stream.setblocking(False)
        self.port = self.stream.getsockname()[1]
        self.ready = False
        self._poller = poller
        poller.add(self)

    def accept(self):
        """A new carrier, or None."""
        if not self.ready:
            return None
        self.ready = False
        try:
            stream = self.stream.accept()[0]
        except OSError:
            return None
        return Stream(self._poller, _tuned(stream))

    def close(self):
        self._poller.remove(self)
        self.stream.close()


class Dialling:
    """A connection under way."""

    def __init__(self, poller, host, port):
        self.stream = socket.socket()
        self.stream.setblocking(False)
        self.ready = False
        self._poller = poller
        self.failed = self.stream.connect_ex((host, port)) not in (0, 115, 36, 10035)
        poller.add(self, _OUT)

    def carrier(self):
        """The carrier once connected; None while under way or failed (then `failed` is set)."""
        if not self.ready or self.failed:
            return None
        self._poller.remove(self)
        if self.stream.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            self.failed = True
            return None
        return Stream(self._poller, _tuned(self.stream))

    def close(self):
        self._poller.remove(self)
        self.stream.close()


def _tuned(stream):
    stream.setblocking(False)
    stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return stream
