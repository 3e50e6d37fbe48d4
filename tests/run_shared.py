"""Runs tests/shared/test_*.py on the interpreter that runs this file: CPython, MicroPython, CircuitPython.

    INTERPRETER tests/run_shared.py [TEXT...]      only tests whose file.class.name holds one of the texts

Prints each failure with its traceback, then `ran N tests, F failed`; the exit code is 1 when any failed.
"""

import gc
import os
import sys

HERE = __file__.replace("\\", "/").rpartition("/")[0] or "."
for folder in ("shared", "upy", "../firmware", ".."):
    sys.path.insert(0, HERE + "/" + folder)

import unittest  # noqa: E402  ours, see tests/upy


def print_error(error):
    if hasattr(sys, "print_exception"):  # MicroPython
        sys.print_exception(error)
    else:
        import traceback

        traceback.print_exception(type(error), error, error.__traceback__)


def load(name):
    """The test module, or None after printing why it cannot be imported."""
    try:
        return __import__(name)
    except Exception as error:
        print("FAILED", name, "(import)")
        print_error(error)
        return None


def run_file(name, texts):
    """Run one test file; return how many tests ran and how many failed."""
    ran = failed = 0
    module = load(name)
    if module is None:
        return 1, 1
    for kind, test in unittest.tests_in(module):
        label = "%s.%s.%s" % (name, kind.__name__, test)
        if texts and not any(text.lower() in label.lower() for text in texts):
            continue
        failures = kind(test).run_one()
        ran += 1
        failed += 1 if failures else 0
        for where, error in failures:
            print("FAILED %s.%s.%s" % (name, kind.__name__, where))
            print_error(error)
        gc.collect()
    del sys.modules[name]  # its memory is wanted for the next file
    return ran, failed


def main(texts):
    ran = failed = 0
    for file in sorted(os.listdir(HERE + "/shared")):
        if file.startswith("test_") and file.endswith(".py"):
            counts = run_file(file[:-3], texts)
            ran += counts[0]
            failed += counts[1]
            gc.collect()
    if not ran:
        print("no tests found" + (" with " + " ".join(texts) if texts else " in tests/shared"))
    print("ran %d tests, %d failed" % (ran, failed))
    return 1 if failed or not (ran or texts) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
