"""Streams on CircuitPython: socketpool and usb_cdc with the calls of net_micropython.py.

There is no poll() that all its ports have: wait() sleeps for a moment and then takes every carrier for
ready; asking one that has nothing costs an exception.
"""

import errno
import time

import socketpool
import wifi

_SLICE_MS = 10
_BACKLOG = 2
_CONNECT_S = 2
_NOT_NOW = (errno.EAGAIN, getattr(errno, "ETIMEDOUT", errno.EAGAIN))

_pool = socketpool.SocketPool(wifi.radio)


class Poller:
    """Waits for any of the carriers registered with it."""

    def __init__(self):
        self._all = []

    def add(self, carrier):
        self._all.append(carrier)

    def remove(self, carrier):
        if carrier in self._all:
            self._all.remove(carrier)

    def wait(self, timeout_ms):
        """Sleep, at most for a slice; then every carrier may have something."""
        ms = min(timeout_ms, _SLICE_MS) if timeout_ms >= 0 else _SLICE_MS
        if ms:
            time.sleep(ms / 1000)
        for carrier in self._all:
            carrier.ready = True


class Stream:
    """A connected socket."""

    def __init__(self, poller, stream):
        self.stream = stream
        self.ready = True
        self._poller = poller
        stream.setblocking(False)
        try:
            # One write per message and no waiting for more.
            stream.setsockopt(_pool.IPPROTO_TCP, _pool.TCP_NODELAY, 1)
        except (AttributeError, OSError):
            pass  # a port whose stack has no such option
        poller.add(self)

    def recv_into(self, view):
        """Bytes put into the view; 0 = nothing there; -1 = closed (some ports raise ENOTCONN then)."""
        self.ready = False
        try:
            return self.stream.recv_into(view) or -1
        except OSError as error:
            return 0 if error.errno in _NOT_NOW else -1

    def send(self, buf, at, end):
        try:
            return self.stream.send(memoryview(buf)[at:end])
        except OSError as error:
            return 0 if error.errno in _NOT_NOW else -1

    def close(self):
        self._poller.remove(self)
        self.stream.close()


class Console:
    """A USB serial channel. With usb_cdc.data enabled in boot.py, packets and the REPL do not share one."""

    def __init__(self, poller, serial):
        self.ready = True
        self._poller = poller
        self._serial = serial
        serial.timeout = 0
        serial.write_timeout = 0
        poller.add(self)

    def recv_into(self, view):
        self.ready = False
        n = min(self._serial.in_waiting, len(view))
        return self._serial.readinto(view[:n]) or 0 if n else 0

    def send(self, buf, at, end):
        # A host that does not read would be written to for ever; it is dropped instead.
        return self._serial.write(memoryview(buf)[at:end]) or end - at

    def close(self):
        self._poller.remove(self)


class Listener:
    """Accepts connections on host:port."""

    def __init__(self, poller, host, port):
        self.stream = _pool.socket(_pool.AF_INET, _pool.SOCK_STREAM)
        self.stream.setsockopt(_pool.SOL_SOCKET, _pool.SO_REUSEADDR, 1)
        self.stream.bind((host, port))
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
        return Stream(self._poller, stream)

    def close(self):
        self._poller.remove(self)
        self.stream.close()


class Dialling:
    """A connection: connect() waits on this interpreter, for up to the time that stalls.py says."""

    def __init__(self, poller, host, port):
        self.stream = _pool.socket(_pool.AF_INET, _pool.SOCK_STREAM)
        self.failed = False
        self._poller = poller
        self.stream.settimeout(_CONNECT_S)
        try:
            self.stream.connect((host, port))
        except OSError:
            self.failed = True

    def carrier(self):
        """The carrier once connected; None when it failed (then `failed` is set)."""
        return None if self.failed else Stream(self._poller, self.stream)

    def close(self):
        self.stream.close()
