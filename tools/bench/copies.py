"""The peer of a transfer over TCP: the same bytes into the same files by a bare socket of the same interpreter."""

import asyncio
import contextlib
import statistics
import tempfile
import time
from collections.abc import Sequence

from rumpus_host.bench.virtual_appliance import BenchError

from .board import DEVICE, free_port
from .interpreters import Interpreter

_BLOCK = 1024
_CONNECT_TRIES = 200


async def copies(interpreter: Interpreter, heap: str, files: Sequence[bytes], rounds: int) -> float:
    """Seconds of a bare copy of these files, the median of the rounds."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="rumpus-bench-") as target:
        command = [*interpreter.command(heap), str(DEVICE / "copy_files.py"), str(port), target]
        process = await asyncio.create_subprocess_exec(*command)
        try:
            return statistics.median([await _copy(port, files) for _ in range(rounds)])
        finally:
            process.kill()
            await process.wait()


async def _copy(port: int, files: Sequence[bytes]) -> float:
    reader, writer = await _connected(port)
    before = time.perf_counter()
    writer.write(b" ".join(b"%d" % len(data) for data in files) + b"\n")
    for data in files:
        for at in range(0, len(data), _BLOCK):
            writer.write(data[at : at + _BLOCK])
            await writer.drain()
    await reader.readexactly(1)
    took_s = time.perf_counter() - before
    writer.close()
    return took_s


async def _connected(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    for _ in range(_CONNECT_TRIES):
        with contextlib.suppress(ConnectionRefusedError):
            return await asyncio.open_connection("127.0.0.1", port)
        await asyncio.sleep(0.02)
    raise BenchError("the bare receiver does not listen")
