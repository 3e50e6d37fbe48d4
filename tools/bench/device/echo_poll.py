"""A bare echo on select.poll: `echo_poll.py tcp PORT`, or `echo_poll.py serial` on stdin and stdout."""

import select
import socket
import sys

_LONGEST = 256


def connection(port):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(socket.getaddrinfo("127.0.0.1", port)[0][-1])
    listener.listen(1)
    stream = listener.accept()[0]
    stream.setblocking(False)
    return stream


def echo(reader, writer, is_over):
    poll = select.poll()
    poll.register(reader, select.POLLIN)
    buf = bytearray(_LONGEST)
    while True:
        for _ in poll.ipoll(-1):
            n = reader.readinto(buf)
            if n:
                writer.write(buf, n)
            elif n == 0 and is_over:
                return


if sys.argv[1] == "tcp":
    stream = connection(int(sys.argv[2]))
    echo(stream, stream, True)
else:
    echo(sys.stdin.buffer, sys.stdout.buffer, False)
