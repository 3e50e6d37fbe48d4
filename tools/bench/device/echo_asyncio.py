"""A bare echo on asyncio: `echo_asyncio.py tcp PORT`, or `echo_asyncio.py serial` on stdin and stdout."""

import asyncio
import sys

_LONGEST = 256


async def echo(reader, writer):
    while True:
        data = await reader.read(_LONGEST)
        if not data:
            break
        writer.write(data)
        await writer.drain()


async def listen(port):
    await asyncio.start_server(echo, "127.0.0.1", port)
    await asyncio.sleep(3600)


class Console:
    """stdin, whose end means only that nothing is there."""

    def __init__(self):
        self._reader = asyncio.StreamReader(sys.stdin.buffer)

    async def read(self, n):
        data = b""
        while not data:
            data = await self._reader.read(n)
        return data


if sys.argv[1] == "tcp":
    asyncio.run(listen(int(sys.argv[2])))
else:
    asyncio.run(echo(Console(), asyncio.StreamWriter(sys.stdout.buffer, {})))
