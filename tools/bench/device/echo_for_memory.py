"""A bare echo on asyncio that answers how much of the heap is in use, as a number in a line of text."""

import asyncio
import gc
import sys


async def echo(reader, writer):
    while True:
        data = await reader.read(256)
        if not data:
            break
        gc.collect()
        writer.write(b"%d\n" % gc.mem_alloc())
        await writer.drain()


async def main(port):
    await asyncio.start_server(echo, "127.0.0.1", port)
    await asyncio.sleep(3600)


asyncio.run(main(int(sys.argv[1])))
