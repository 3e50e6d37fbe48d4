"""A plain asyncio copy: what comes over a connection goes into a file, then one byte goes back.

sys.argv: port, path of the file. Prints nothing.
"""

import asyncio
import sys

_BLOCK = 1024


async def take(reader, writer):
    with open(sys.argv[2], "wb") as file:
        left = int.from_bytes(await reader.readexactly(4), "big")
        while left:
            data = await reader.read(min(left, _BLOCK))
            file.write(data)
            left -= len(data)
    writer.write(b"k")
    await writer.drain()
    writer.close()
    await writer.wait_closed()


async def main():
    server = await asyncio.start_server(take, "127.0.0.1", int(sys.argv[1]))
    await server.wait_closed()


asyncio.run(main())
