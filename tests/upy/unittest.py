"""The part of unittest that our shared tests use, for interpreters that have none (MicroPython).

tests/run_shared.py uses it on CPython too, so that a test behaves the same everywhere. There is no
skipping: what an interpreter cannot do is decided in the test, in the open.
"""

import sys


class TestCase:
    """Derive from it; each method test_* runs between setUp and tearDown on an object of its own."""

    def __init__(self, name=""):
        self._name = name
        self._failures = []  # (name of the test, exception)

    def setUp(self):
        """Before each test; override."""

    def tearDown(self):
        """After each test, also a failed one; override."""

    def run_one(self):
        """Run the test this object was made for; return its failures as (name, exception)."""
        try:
            self.setUp()
            try:
                getattr(self, self._name)()
            finally:
                self.tearDown()
        except Exception as error:
            self._failures.append((self._name, error))
        return self._failures

    def subTest(self, msg="", **params):
        """`with self.subTest(field="mode"):` goes on after a failure and names the case."""
        return _SubTest(self, msg, params)

    def fail(self, msg=None):
        raise AssertionError(msg or "failed")

    def assertTrue(self, value, msg=None):
        self._check(value, msg, "%r is not true", value)

    def assertFalse(self, value, msg=None):
        self._check(not value, msg, "%r is not false", value)

    def assertEqual(self, first, second, msg=None):
        self._check(first == second, msg, "%r != %r", first, second)

    def assertNotEqual(self, first, second, msg=None):
        self._check(first != second, msg, "%r == %r", first, second)

    def assertIs(self, first, second, msg=None):
        self._check(first is second, msg, "%r is not %r", first, second)

    def assertIsNot(self, first, second, msg=None):
        self._check(first is not second, msg, "%r is %r", first, second)

    def assertIsNone(self, value, msg=None):
        self._check(value is None, msg, "%r is not None", value)

    def assertIsNotNone(self, value, msg=None):
        self._check(value is not None, msg, "%r is None", value)

    def assertIn(self, item, items, msg=None):
        self._check(item in items, msg, "%r is not in %r", item, items)

    def assertNotIn(self, item, items, msg=None):
        self._check(item not in items, msg, "%r is in %r", item, items)

    def assertIsInstance(self, value, kind, msg=None):
        self._check(isinstance(value, kind), msg, "%r is no %r", value, kind)

    def assertLess(self, first, second, msg=None):
        self._check(first < second, msg, "%r >= %r", first, second)

    def assertLessEqual(self, first, second, msg=None):
        self._check(first <= second, msg, "%r > %r", first, second)

    def assertGreater(self, first, second, msg=None):
        self._check(first > second, msg, "%r <= %r", first, second)

    def assertGreaterEqual(self, first, second, msg=None):
        self._check(first >= second, msg, "%r < %r", first, second)

    def assertAlmostEqual(self, first, second, places=7, msg=None, delta=None):
        close = abs(first - second) <= (delta if delta is not None else 0.5 * 10**-places)
        self._check(first == second or close, msg, "%r is not close to %r", first, second)

    def assertRaises(self, kind, function=None, *args, **kwargs):
        """Call the function, or without one: `with self.assertRaises(E) as caught:`."""
        if function is None:
            return _Raises(kind)
        with _Raises(kind):
            function(*args, **kwargs)

    def _check(self, is_good, msg, text, *values):
        # The text is made only for a failure: most tests pass, and some run with the heap locked.
        if not is_good:
            raise AssertionError((text % values) + (": " + str(msg) if msg is not None else ""))


class _Raises:
    def __init__(self, kind):
        self._kind = kind
        self.exception = None

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if kind is None:
            raise AssertionError("%r was not raised" % (self._kind,))
        self.exception = error
        return issubclass(kind, self._kind)


class _SubTest:
    def __init__(self, case, msg, params):
        self._case = case
        self._label = "%s %s" % (msg, params or "")

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if kind is None or not issubclass(kind, Exception):
            return False
        self._case._failures.append(("%s [%s]" % (self._case._name, self._label.strip()), error))
        return True


def tests_in(module):
    """(class, name of the test) for each test of a module, in a fixed order; classes named _X are bases."""
    for class_name in sorted(dir(module)):
        kind = getattr(module, class_name)
        if isinstance(kind, type) and issubclass(kind, TestCase) and class_name[0] != "_":
            for name in sorted(dir(kind)):
                if name.startswith("test"):
                    yield kind, name


def main():
    """So that a test file may end with unittest.main(); tests/run_shared.py does the running."""
    sys.exit("run tests/run_shared.py instead")
