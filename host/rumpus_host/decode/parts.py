"""What was understood of a message, and how layout rows are walked. Knows no protocol."""

from collections.abc import Callable
from typing import Any, NamedTuple

from rumpus import wire
from rumpus.errors import DecodeError
from rumpus.rump import message

#: The numbers and texts of a layout, as on the wire, by name.
Values = dict[str, Any]
#: (row name, value, the values of the rows before it in its group) -> (value for JSON, meaning for people).
Meaning = Callable[[str, Any, Values], tuple[Any, str]]
#: (row name, the values of its group) -> the layout of what a row of raw bytes has inside, or None.
Inside = Callable[[str, Values], tuple | None]


class Part(NamedTuple):
    """group: link, header (of RMDP and DCMP: "rmdp header", "dcmp header") or body. raw: the bytes at `offset`.
    name: with the lists it is in, as in "OutputList[0].ParamID". value: for JSON; meaning: for people.
    source: that of the row, with its mark in front; empty where the bytes are no row's."""

    group: str
    offset: int
    raw: bytes
    name: str
    value: Any
    meaning: str
    source: str = ""


class Decoded:
    """What became of the bytes. values: by name, as the other verbs' JSON has them. kind: of message.

    carries: the kind of the message inside of it, if it is one that carries others. note: what was taken for
    granted. verdict: what a receiver does with wrong bytes, when that is known.
    """

    def __init__(self, channel: str, assumed: str):
        self.channel = channel
        self.assumed = assumed
        self.kind: str | None = None
        self.carries: str | None = None
        self.device_id: bytes | None = None
        self.parts: list[Part] = []
        self.values: dict[str, Any] = {}
        self.error: DecodeError | None = None
        self.note = ""
        self.verdict = ""

    @property
    def type_name(self) -> str | None:
        return message.type_name(self.device_id) if self.device_id else None

    def add(
        self, group: str, buf: bytes, at: int, end: int, name: str, value: Any, meaning: str, source: str = ""
    ) -> None:
        self.parts.append(Part(group, at, bytes(buf[at:end]), name, value, meaning, source))

    def offset_of(self, name: str) -> int | None:
        """Where the last part of that name begins."""
        for part in reversed(self.parts):
            if part.name == name:
                return part.offset
        return None


class Walk:
    """Goes along layout rows and adds a part for each; what wire.py would unpack, with the places.

        at, values = Walk(decoded, "body", buf, end, means).rows(layout, at)

    means, inside: see Meaning and Inside. Raises DecodeError where a receiver does; the parts before it stay,
    and also those behind a counter that promises more than there is.
    """

    def __init__(
        self,
        decoded: Decoded,
        group: str,
        buf: bytes,
        end: int,
        means: Meaning | None = None,
        inside: Inside | None = None,
    ):
        self._decoded, self._group, self._buf, self._end = decoded, group, buf, end
        self._means = means or plain
        self._inside = inside

    def rows(
        self, layout: tuple, at: int, path: str = "", shown: dict[str, Any] | None = None
    ) -> tuple[int, Values]:
        """(offset after the rows, their values). shown: where the values for JSON are put."""
        shown = {} if shown is None else shown
        values: Values = {}
        start = at
        for i, (name, fmt, count, source) in enumerate(layout):
            if count and fmt not in ("s", "C"):
                shown[name] = []
                at, values[name] = self._list(layout[i], values[count], at, path, shown[name])
                continue
            read, after = wire.unpack(
                layout[: i + 1] if count else (layout[i],), self._buf, start if count else at, self._end
            )
            values[name] = read[name]
            within = self._inside(name, values) if self._inside else None
            if within is None:
                shown[name], meaning = self._means(name, read[name], values)
                self._add(at, after, path + name, shown[name], meaning, source)
            else:
                shown[name] = {}
                self._within(within, at, after, f"{path}{name}.", shown[name])
            at = after
        return at, values

    def _add(self, at: int, after: int, name: str, value: Any, meaning: str, source: str) -> None:
        self._decoded.add(self._group, self._buf, at, after, name, value, meaning, source)

    def _list(self, row: tuple, times: int, at: int, path: str, shown: list) -> tuple[int, list]:
        """A row that repeats."""
        name, fmt, _count, source = row
        wrong = None
        if (
            times * wire.least_size(fmt) > self._end - at
        ):  # a receiver stops here; people want to see the rest
            wrong = DecodeError("truncated", at)
        items = []
        try:
            for n in range(times):
                at, item = self._item((f"{name}[{n}]", fmt, None, source), at, path, shown)
                items.append(item)
        except DecodeError as error:
            raise wrong or error from None
        return at, items

    def _item(self, row: tuple, at: int, path: str, shown: list) -> tuple[int, Any]:
        name, fmt, _count, source = row
        if isinstance(fmt, tuple):
            shown.append({})
            return self.rows(fmt, at, f"{path}{name}.", shown[-1])
        read, after = wire.unpack((row,), self._buf, at, self._end)
        value, meaning = self._means(name.partition("[")[0], read[name], {})
        shown.append(value)
        self._add(at, after, path + name, value, meaning, source)
        return after, read[name]

    def _within(self, layout: tuple, at: int, end: int, path: str, shown: dict[str, Any]) -> None:
        """A layout in the bytes of one row: it must fill them."""
        inner = Walk(self._decoded, self._group, self._buf, end, self._means)
        after, _values = inner.rows(layout, at, path, shown)
        if after != end:
            raise DecodeError("surplus_bytes", after)


def walk(
    decoded: Decoded, group: str, layout: tuple, buf: bytes, at: int, end: int, means: Meaning | None = None
) -> tuple[Values, int]:
    """Add a part for each layout row. Returns (values as on the wire, offset after them). Raises DecodeError."""
    after, values = Walk(decoded, group, buf, end, means).rows(layout, at)
    return values, after


def plain(_name: str, value: Any, _values: Values | None = None) -> tuple[Any, str]:
    """The meaning of what needs no explanation."""
    if isinstance(value, bytes):
        return value.hex(), value.hex() or "empty"
    return value, str(value) if value != "" else "empty"


def name_in(rows: tuple, value: int) -> str | None:
    """The second column of the row whose first is value."""
    for row in rows:
        if row[0] == value:
            return row[1]
    return None


def add_later(decoded: Decoded, buf: bytes, at: int, end: int) -> None:
    """What follows a known body is a later version's; a receiver leaves it alone."""
    if at != end:
        decoded.add("body", buf, at, end, "later_part", buf[at:end].hex(), "of a newer version than ours")
