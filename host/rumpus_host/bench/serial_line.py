"""A serial cable made of two pseudo-terminals: the device's end, the host's end, and a UART between.

The device's end is its console: unprocessed bytes, reads that never block, and the keyboard interrupt
switched on, as a REPL has it. Between the ends run two threads, one for each direction, that behave as a
UART does: the input ring towards the device holds 260 bytes and what arrives while it is full is lost;
what the device sends while nobody has the host's end open is lost as well. They are threads because
hardware does not wait for a busy program.
"""

import array
import fcntl
import os
import select
import termios
import threading
import time
import tty
from collections.abc import Callable

RING = 260  # input ring of the REPL port on ESP32
_CHUNK = 4096
_SLACK_S = 0.005
_NOBODY_S = 0.005  # how often to look whether somebody has opened the host's end


class SerialLine:
    """ring: bytes that wait for the device. baud: pace of either direction; None: as fast as it goes.
    slack_s: how much of a late wake-up is made good; what was late then comes at once, and wants room in the
    ring, so a measurement takes a long ring and a long slack, and has the pace on a busy machine too.

    device_fd is for the device's stdin and stdout, path for the host to open.
    """

    def __init__(self, ring: int = RING, baud: int | None = None, slack_s: float = _SLACK_S) -> None:
        self.ring = ring
        self._slack_s = slack_s
        self.lost_to_device = 0  # bytes dropped because the ring was full
        self.lost_to_host = 0  # bytes dropped because nobody was there
        self._inner, self.device_fd = os.openpty()
        self._outer, host_fd = os.openpty()
        self.path = os.ttyname(host_fd)
        tty.setraw(host_fd)
        os.close(host_fd)  # from here on only the host opens it, so that we see whether it is there
        os.set_blocking(self._inner, False)
        os.set_blocking(self._outer, False)
        self._chunk = max(1, baud // 10_000) if baud else _CHUNK  # a millisecond's worth
        self._byte_s = 10 / baud if baud else 0.0
        self._stopping, self._stop = os.pipe()
        self.reset()
        self._threads = [
            threading.Thread(target=self._pump, args=(fd, move), name="serial line", daemon=True)
            for fd, move in ((self._outer, self._to_device), (self._inner, self._to_host))
        ]
        for thread in self._threads:
            thread.start()

    def reset(self) -> None:
        """The device's end as it is before a device starts: nothing waiting, keyboard interrupt on."""
        tty.setraw(self.device_fd)
        mode = termios.tcgetattr(self.device_fd)
        mode[3] |= termios.ISIG
        mode[6][termios.VMIN] = mode[6][termios.VTIME] = 0
        termios.tcsetattr(self.device_fd, termios.TCSANOW, mode)
        termios.tcflush(self.device_fd, termios.TCIFLUSH)

    def close(self) -> None:
        """Stop the pump and close all ends."""
        os.close(self._stop)
        for thread in self._threads:
            thread.join()
        for fd in (self._stopping, self._inner, self._outer, self.device_fd):
            os.close(fd)

    # --- the pump -------------------------------------------------------------------------------------

    def _pump(self, fd: int, move: Callable[[bytes], None]) -> None:
        """Move what arrives at fd until close()."""
        poll = select.poll()
        poll.register(fd, select.POLLIN)
        poll.register(self._stopping, select.POLLIN)
        line_free_at = 0.0
        while True:
            ready = dict(poll.poll())
            if self._stopping in ready:
                return
            if not ready[fd] & select.POLLIN:  # hung up: nobody has the host's end open
                time.sleep(_NOBODY_S)
                continue
            try:
                data = os.read(fd, self._chunk)
            except OSError:  # hung up between the two calls
                continue
            move(data)
            if self._byte_s:
                line_free_at = max(line_free_at, time.monotonic() - self._slack_s) + len(data) * self._byte_s
                time.sleep(max(0.0, line_free_at - time.monotonic()))

    def _to_device(self, data: bytes) -> None:
        room = max(0, self.ring - self._waiting())
        self.lost_to_device += len(data) - self._write(self._inner, data[:room])

    def _to_host(self, data: bytes) -> None:
        poll = select.poll()
        poll.register(self._outer, 0)  # a hang-up is told without being asked for
        is_open = not poll.poll(0)
        self.lost_to_host += len(data) - (self._write(self._outer, data) if is_open else 0)

    def _waiting(self) -> int:
        """Bytes that the device has not read. A burst that the kernel is still moving counts as read."""
        count = array.array("i", [0])
        fcntl.ioctl(self.device_fd, termios.FIONREAD, count)
        return count[0]

    @staticmethod
    def _write(fd: int, data: bytes) -> int:
        """Bytes taken; a full buffer or a closed end takes none."""
        try:
            return os.write(fd, data)
        except OSError:
            return 0
