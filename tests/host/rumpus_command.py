"""The command line as a process of its own."""

import asyncio
import json
import sys


async def rumpus(*arguments: object) -> tuple[int | None, dict]:
    """(exit code, the JSON object it printed)."""
    code, said, _error = await spoken(*arguments, "--json")
    return code, json.loads(said)


async def spoken(*arguments: object) -> tuple[int | None, str, str]:
    """(exit code, what it printed for people, what it said on stderr)."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "rumpus_host.cli.main",
        *map(str, arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, error = await process.communicate()
    return process.returncode, said.decode(), error.decode()
