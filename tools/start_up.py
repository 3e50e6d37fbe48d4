"""Print how DCMP devices and a management server find each other: real MicroPython, on loopback.

    python3 tools/start_up.py

Each line is a packet that the server sent (<-) or heard (->): the time, how it went, from whom to whom, the
RMDP message, and the DCMP message in it. Makes its own environment, as the other tools do.
"""

import asyncio
import contextlib
import sys

import environment


def main() -> int:
    with contextlib.redirect_stdout(sys.stderr):
        environment.enter()
    from rumpus_host.bench.start_up import start_up

    done = asyncio.run(start_up(told=lambda seen: print(seen, flush=True)))
    print(f"\nregistered: {', '.join(done.registered)}; discovered: {', '.join(done.discovered)};", end=" ")
    print(f"services: {', '.join(done.services)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
