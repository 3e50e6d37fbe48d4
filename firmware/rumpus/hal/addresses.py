"""Names of servers to numeric addresses. A resolver may block for many seconds (stalls.py), so it is asked
only while all outputs are at rest; meanwhile the last answer holds.
"""


class Addresses:
    """resolve(name) -> address, may block, raises OSError. is_at_rest() -> True when it may."""

    def __init__(self, resolve, is_at_rest):
        self._resolve = resolve
        self._is_at_rest = is_at_rest
        self._known = {}
        self.is_missing = False  # somebody needs an address that nobody has told yet

    def of(self, host):
        """The address of a name. Raises OSError while there is none."""
        if host.replace(".", "").isdigit():
            return host
        self.is_missing = host not in self._known
        if self._is_at_rest():
            self._known[host] = self._resolve(host)
            self.is_missing = False
        if host not in self._known:
            raise OSError("no address of " + host)
        return self._known[host]
