"""Runs the tests of one file under the interpreter that runs this: INTERPRETER run_checks.py NAME.

The paths (fakes, shared tests, firmware) come from the caller's MICROPYPATH or PYTHONPATH.
"""

import sys

sys.path[0] = ""  # this folder's other files must not hide anything
if sys.argv[1] == "check_circuitpython":
    import types

    known = dict(vars(sys.implementation), name="circuitpython", version=(10, 2, 1))
    sys.implementation = types.SimpleNamespace(**known)

from unittest import tests_in  # noqa: E402  ours, see tests/upy


def print_error(error):
    if hasattr(sys, "print_exception"):
        sys.print_exception(error)
    else:
        import traceback

        traceback.print_exception(error)


ran = failed = 0
for kind, name in tests_in(__import__(sys.argv[1])):
    failures = kind(name).run_one()
    ran += 1
    failed += 1 if failures else 0
    print("FAILED" if failures else "ok", kind.__name__ + "." + name)
    for _where, error in failures:
        print_error(error)
print("ran", ran, "tests,", failed, "failed")
sys.exit(1 if failed or not ran else 0)
