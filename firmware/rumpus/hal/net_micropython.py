"""Streams on MicroPython: sockets and the console, without garbage in the steady state.

A carrier has three calls, the same on every interpreter:

    recv_into(view)       bytes put into the view; 0 = nothing there; -1 = closed
    send(buf, at, end)    bytes taken of buf[at:end]; 0 = full; -1 = closed
    close()

and `ready`, which wait() of the Poller sets when recv_into() may have something.
"""

import errno
import select
import socket

_IN = select.POLLIN
_OUT = select.POLLOUT
_BAD = select.POLLERR | select.POLLHUP
# Connections waiting to be accepted: more would only wait longer.
_BACKLOG = 2
_TCP_NODELAY = 1
_IPPROTO_TCP = 6


class Poller:
    """Waits for any of the carriers registered with it."""

    def __init__(self):
        self._poll = select.poll()
        self._all = []

    def add(self, carrier, events=_IN):
        self._poll.register(carrier.stream, events)
        self._all.append(carrier)

    def remove(self, carrier):
        if carrier in self._all:
            self._poll.unregister(carrier.stream)
            self._all.remove(carrier)

    def wait(self, timeout_ms):
        """Wait until a carrier is ready or the time is over (-1: for ever). Allocates nothing."""
        for pair in self._poll.ipoll(timeout_ms):
            self._found(pair[0])

    def _found(self, stream):
        for carrier in self._all:
            if carrier.stream is stream:
                carrier.ready = True


class Stream:
    """A connected socket, or any non-blocking pair of streams."""

    def __init__(self, poller, stream, writer=None):
        self.stream = stream
        self.ready = True
        self._writer = writer or stream
        self._poller = poller
        poller.add(self)

    def recv_into(self, view):
        self.ready = False
        try:
            n = self.stream.readinto(view)
        except OSError:
            return -1
        if n is None:
            return 0
        return n or -1

    def send(self, buf, at, end):
        try:
            n = self._writer.write(buf, at, end - at)
        except OSError:
            return -1
        return n or 0

    def close(self):
        self._poller.remove(self)
        self.stream.close()


class Console(Stream):
    """The console's two streams; at their end there is nothing to read, but nothing is closed either."""

    def recv_into(self, view):
        self.ready = False
        try:
            return self.stream.readinto(view) or 0
        except OSError:
            return 0

    def send(self, buf, at, end):
        # A terminal write that takes nothing would be tried again for ever; a UART drops instead.
        n = Stream.send(self, buf, at, end)
        return n if n > 0 else end - at

    def close(self):
        self._poller.remove(self)


class Listener:
    """Accepts connections on host:port; port 0 takes a free one, see `port`."""

    def __init__(self, poller, host, port):
        self.stream = socket.socket()
        self.stream.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.stream.bind(_address(host, port))
        self.stream.listen(_BACKLOG)
        self.stream.setblocking(False)
        self.ready = False
        self.port = port
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
        self.ready = False
        self.failed = False
        self._poller = poller
        self.stream.setblocking(False)
        try:
            self.stream.connect(_address(host, port))
        except OSError as error:
            if error.errno != errno.EINPROGRESS:
                self.failed = True
        poller.add(self, _OUT)

    def carrier(self):
        """The carrier once connected; None while under way or failed (then `failed` is set)."""
        if not self.ready or self.failed:
            return None
        self._poller.remove(self)
        poll = select.poll()
        poll.register(self.stream, _OUT)
        for pair in poll.poll(0):
            if pair[1] & _BAD:
                self.failed = True
                return None
        return Stream(self._poller, _tuned(self.stream))

    def close(self):
        self._poller.remove(self)
        self.stream.close()


def _tuned(stream):
    stream.setblocking(False)
    try:
        # One write per message and no waiting for more; without this a reply may take 40 ms.
        stream.setsockopt(_IPPROTO_TCP, _TCP_NODELAY, 1)
    except OSError:
        pass  # a port whose stack has no such option
    return stream


def _address(host, port):
    return socket.getaddrinfo(host, port)[0][-1]
