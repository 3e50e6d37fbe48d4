"""Contestants run against each other on the interpreter that runs this file (MicroPython and CPython).

A contestant is (name, run): run(n) does the work n times. A shared machine is noisy, so processor time is
counted where it can be had, contestants take turns in short slices, a ratio is taken within each round,
and the medians of the rounds are told.
"""

# ruff: noqa: B905 (MicroPython has no strict zip)

import gc
import time

_HEAP_RUNS = 50
_CLOCK_PROCESS_CPUTIME_ID = 2


def _processor_clock():
    """A function that gives this process's processor time in microseconds, or the time that passed."""
    if hasattr(time, "process_time_ns"):
        return lambda: time.process_time_ns() / 1000
    try:
        import struct

        import ffi  # MicroPython's unix port has no such clock, but its C library has

        read = ffi.open(None).func("i", "clock_gettime", "ip")
        now = bytearray(struct.calcsize("ll"))
        read(_CLOCK_PROCESS_CPUTIME_ID, now)
    except (ImportError, OSError):
        return time.ticks_us

    def clock_us():
        read(_CLOCK_PROCESS_CPUTIME_ID, now)
        seconds, nanoseconds = struct.unpack("ll", now)
        return seconds * 1000000 + nanoseconds // 1000

    return clock_us


now_us = _processor_clock()


def since_us(start):
    return now_us() - start


def median(values):
    values = sorted(values)
    middle = len(values) // 2
    return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2


def race(contestants, rounds, slice_us):
    """{name: {"us", "heap_bytes", "ratio": {other name: ratio}}} of these contestants.

    us: microseconds for one run. heap_bytes: for one run, None where the interpreter cannot tell.
    """
    times = {}
    runs = {}
    for name, run in contestants:
        runs[name] = _how_many(run, slice_us)
        times[name] = []
    for turn in range(rounds):
        for i in range(len(contestants)):
            name, run = contestants[(i + turn) % len(contestants)]
            gc.collect()
            start = now_us()
            run(runs[name])
            times[name].append(since_us(start) / runs[name])
    found = {}
    for name, run in contestants:
        ratio = {}
        for other, _run in contestants:
            if other != name:
                ratio[other] = median([mine / its for mine, its in zip(times[name], times[other])])
        found[name] = {"us": median(times[name]), "heap_bytes": _heap_bytes(run), "ratio": ratio}
    return found


def _how_many(run, slice_us):
    """How often to run for a slice of that length; also warms the contestant up."""
    n = 1
    while True:
        start = now_us()
        run(n)
        took = since_us(start)
        if took * 4 > slice_us:
            return max(1, int(n * slice_us / max(took, 1)))
        n *= 4


def _heap_bytes(run):
    if not hasattr(gc, "mem_alloc"):
        return None
    gc.collect()
    gc.disable()
    before = gc.mem_alloc()
    run(_HEAP_RUNS)
    n = gc.mem_alloc() - before
    gc.enable()
    return n / _HEAP_RUNS
