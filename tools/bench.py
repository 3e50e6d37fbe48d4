"""Measure Rumpus beside its limits and peers; goals are ratios between figures of one run.

    python3 tools/bench.py codec  [--json] [--rounds N] [--messages N]
    python3 tools/bench.py rtt    [--json] [--batches N]
    python3 tools/bench.py memory [--json] [--type TYPE]...
    python3 tools/bench.py dcmp   [--json] [--rounds N]
    python3 tools/bench.py update [--json] [--rounds N]

codec     time for each message beside struct, TLV and json, on CPython also construct and protobuf; heap
          for each message inside the running app, which must be none
rtt       round trips through the running app beside a bare echo of the same bytes
memory    heap in use after the start, and the smallest heap that works, of each appliance
dcmp      an upload's share of a serial line, its speed on TCP beside a bare socket's, its heap on 32 bit
update    a whole update: the transfer's share of a serial line, its speed on TCP beside a bare socket's, the
          time of APPLY, and the heap on 32 bit

Makes its own environment and fetches MicroPython, as the other tools do.
"""

import argparse
import contextlib
import sys

import environment


def parse() -> argparse.Namespace:
    summary = (__doc__ or "").partition("\n")[0]
    parser = argparse.ArgumentParser(description=summary)
    commands = parser.add_subparsers(dest="command", required=True)
    codec = commands.add_parser("codec", help="time and heap for each message")
    codec.add_argument("--rounds", type=int, default=25, help="rounds of each race (default 25)")
    codec.add_argument("--messages", type=int, default=1000, help="messages of each kind (default 1000)")
    rtt = commands.add_parser("rtt", help="round trips beside a bare echo")
    rtt.add_argument("--batches", type=int, default=40, help="batches of 100 round trips (default 40)")
    memory = commands.add_parser("memory", help="heap of each appliance on 32 bit")
    memory.add_argument("--type", action="append", help="only this appliance")
    dcmp = commands.add_parser("dcmp", help="uploads: throughput and heap")
    dcmp.add_argument("--rounds", type=int, default=3, help="uploads of each kind (default 3)")
    update = commands.add_parser("update", help="whole updates: throughput and heap")
    update.add_argument("--rounds", type=int, default=3, help="updates of each kind (default 3)")
    for command in (codec, rtt, memory, dcmp, update):
        command.add_argument("--json", action="store_true", help="print one JSON object")
    return parser.parse_args()


def main() -> int:
    options = parse()
    with contextlib.redirect_stdout(sys.stderr):  # what it says is no part of the JSON
        environment.enter()
    from bench import codec, dcmp, interpreters, memory, rtt, update

    try:
        if options.command == "codec":
            report = codec.run(interpreters.find(), options.rounds, options.messages)
        elif options.command == "rtt":
            report = rtt.run(interpreters.find(), options.batches)
        elif options.command == "dcmp":
            report = dcmp.run(interpreters.find(), options.rounds)
        elif options.command == "update":
            report = update.run(interpreters.find(), options.rounds)
        else:
            report = memory.run(interpreters.find((32,))[0], options.type)
    except interpreters.NotFound as error:
        print(error, file=sys.stderr)
        return 1
    print(report.as_json() if options.json else report.as_text())
    return 0


if __name__ == "__main__":
    sys.exit(main())
