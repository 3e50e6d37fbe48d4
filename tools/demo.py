"""Rumpus in one command: four virtual appliances and a story, with all set-up done on the way.

python3 tools/demo.py             the live view (Ctrl-C ends)
python3 tools/demo.py --once      play the story as fast as it goes and check every step
python3 tools/demo.py --help
"""

import os
import sys

import environment


def main() -> int:
    environment.enter()
    import get_micropython

    try:
        os.environ.setdefault("MICROPYTHON", str(get_micropython.find(64)))
    except get_micropython.NotFound as error:
        print(f"{error}\nGoing on with CPython.", file=sys.stderr)
    from rumpus_host.demo.main import main

    return main()


if __name__ == "__main__":
    sys.exit(main())
