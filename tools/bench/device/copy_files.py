"""A bare receiver beside a transfer: the same bytes over a socket into the same files, in the same pieces.

sys.argv: port, folder. First comes a line with the sizes of the files; a byte goes back when all is written.
Nothing is checked and nothing is answered meanwhile.
"""

import socket
import sys

_BLOCK = 1024


def take(stream, folder):
    view = memoryview(bytearray(_BLOCK))
    for number, size in enumerate(stream.readline().split()):
        left = int(size)
        with open(folder + "/" + str(number), "wb") as file:
            while left:
                n = stream.readinto(view[: min(left, _BLOCK)])
                if not n:
                    return
                file.write(view[:n])
                left -= n
    stream.write(b"k")


def main():
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(socket.getaddrinfo("127.0.0.1", int(sys.argv[1]))[0][-1])
    server.listen(1)
    while True:
        stream = server.accept()[0]
        take(stream, sys.argv[2])
        stream.close()


main()
