"""DCMP's and RMDP's layouts as a device keeps them: three bytes for a row, and numbers in the place of names.

A row of a layout (firmware/rumpus/wire.py) is a name, a format, and the name of a counter; on a device 32
bytes and its texts. Here names are numbers, formats are places in one tuple, and a layout is a text of bytes
that rows() in replaced.py unpacks when it is used. The dicts of values have these numbers as their keys, so
in code too each name becomes its number: as a key everywhere, and in other places where the word is nothing
else. (A keyword such as "DeviceID" says what to search for, and goes over the wire.)
"""

import ast
import importlib
import re
from collections.abc import Iterable, Mapping
from typing import Any

from .program import Module, Own
from .tables import packed_transactions

_FORMAT = re.compile(r">[BHhIi]|\d*s|C\d*|S|B\*")
_SCOPE = ("rumpus.dcmp.", "rumpus.rmdp.", "rumpus.management.", "rumpus.update_mode.")
# What RUMP and RA use in the same way. Their names are other things' names too: only keys become numbers.
_KEYS_ONLY = (
    "rumpus.ra.",
    "rumpus.rump.tables.messages",
    "rumpus.rump.tables.frame",
    "rumpus.rump.message",
    "rumpus.rump.device",
    "rumpus.conversation",
    "rumpus.owner",
)
# Where the words of DCMP's transactions are nothing else.
_OF_TRANSACTIONS = (
    *[
        f"rumpus.dcmp.{name}"
        for name in ("transactions", "receiving", "transfer", "files", "apply", "requester")
    ],
    "rumpus.update_mode.device",
)
_APP = "rumpus.app"  # makes a dict for RA, and has those of settings
_TOLD = ("ALARM_BODY",)  # whose names DCMP tells


class Layouts:
    """modules: of the device, whose trees become those with numbers. special: values known to be others."""

    def __init__(self, modules: Mapping[str, Module], special: Mapping[Own, Any]) -> None:
        self.formats: list[str | bytes] = []
        self.values: dict[Own, Any] = {}
        self._numbers: dict[str, int] = {}
        self._also_words: set[str] = set()
        for name in _OF_TRANSACTIONS:
            if name in modules:
                modules[name].tree = _Words(packed_transactions()[0]).visit(modules[name].tree)
        self._pack(modules, special, [name for name in modules if name.startswith(_SCOPE)])
        self._pack(
            modules, special, [name for name in modules if name.startswith(_KEYS_ONLY)], only_keys=True
        )

    def _pack(
        self,
        modules: Mapping[str, Module],
        special: Mapping[Own, Any],
        scope: list[str],
        only_keys: bool = False,
    ) -> None:
        found = {own: value for name in scope for own, value in _tuples(name, modules[name])}
        found = {own: value for own, value in found.items() if own.name not in _TOLD}
        found.update({own: () for own in found if special.get(own) == ()})
        names = list(dict.fromkeys(name for value in found.values() for name in _names(value)))
        self._numbers = {name: number for number, name in enumerate(names, 1)}
        self._also_words = set(names) if only_keys else set(names) & set(_words(found.values()))
        for own, value in found.items():
            self.values[own] = self._packed(special.get(own, value))
        for name in scope:
            modules[name].tree = _Numbered(self._numbers, self._also_words).visit(modules[name].tree)
        if only_keys and _APP in modules:
            modules[_APP].tree = _InDicts(self._numbers, self._also_words).visit(modules[_APP].tree)

    def _packed(self, value: Any) -> Any:
        """A value with packed layouts in it, and numbers for names that are nothing else."""
        if _is_layout(value):
            return bytes(number for row in value for number in self._row(*row))
        if isinstance(value, tuple) and value and all(_is_body(item) for item in value):
            return b"".join(self._body(*row) for row in value)
        if isinstance(value, tuple) and value and all(_is_keyword(item) for item in value):
            return b"".join(self._keyword(*row) for row in value)
        if isinstance(value, tuple):
            return tuple(self._packed(item) for item in value)
        if value in self._numbers and value not in self._also_words:
            return self._numbers[value]
        return value

    def _body(self, kind: int, layout: Any) -> bytes:
        """Type of message in two bytes, length, layout."""
        packed = self._packed(layout)
        return kind.to_bytes(2, "big") + bytes((len(packed),)) + packed

    def _keyword(self, kind: int, field: str, words: tuple[str, ...], _source: object) -> bytes:
        """Type of message in two bytes, field, length, words between zero bytes."""
        packed = "".join(f"\0{word}" for word in words).encode() + b"\0"
        return kind.to_bytes(2, "big") + bytes((self._numbers[field], len(packed))) + packed

    def _row(self, name: str, fmt: Any, count: str | None, _source: object) -> tuple[int, int, int]:
        fmt = fmt if isinstance(fmt, str) else self._packed(fmt)
        if fmt not in self.formats:
            self.formats.append(fmt)
        return self._numbers[name], self.formats.index(fmt), self._numbers[count] if count else 0


def _tuples(name: str, module: Module) -> list[tuple[Own, tuple]]:
    values = vars(importlib.import_module(name))
    own = [key for key, meaning in module.meanings.items() if meaning == Own(name, key)]
    return [(Own(name, key), values[key]) for key in own if isinstance(values.get(key), tuple)]


def _is_layout(value: Any) -> bool:
    return isinstance(value, tuple) and bool(value) and all(_is_row(row) for row in value)


def _is_row(row: Any) -> bool:
    if not isinstance(row, tuple) or len(row) != 4:
        return False
    name, fmt, count, _source = row
    is_format = _is_layout(fmt) or (isinstance(fmt, str) and _FORMAT.fullmatch(fmt))
    return isinstance(name, str) and bool(is_format) and isinstance(count, str | None)


def _is_body(row: Any) -> bool:
    return isinstance(row, tuple) and len(row) == 2 and isinstance(row[0], int) and _is_layout(row[1])


def _is_keyword(row: Any) -> bool:
    if not isinstance(row, tuple) or len(row) != 4:
        return False
    kind, field, words, _source = row
    return isinstance(kind, int) and isinstance(field, str) and isinstance(words, tuple) and bool(words)


def _names(value: Any) -> Iterable[str]:
    """The names of the rows of all layouts in a value."""
    if not isinstance(value, tuple):
        return
    for row in value:
        if _is_layout(value):
            yield row[0]
            yield from _names(row[1])
        else:
            yield from _names(row)


def _words(values: Iterable[Any]) -> Iterable[str]:
    """The texts in tuples of texts: keywords."""
    for value in values:
        if isinstance(value, tuple) and not _is_layout(value):
            if all(isinstance(item, str) for item in value):
                yield from value
            yield from _words(value)


class _Numbered(ast.NodeTransformer):
    """Code with numbers: {"Name": x}, values["Name"], values.get("Name"), "Name" in values, field = "Name"."""

    def __init__(self, numbers: Mapping[str, int], also_words: set[str]) -> None:
        self.numbers = numbers
        self.also_words = also_words

    def _key(self, node: Any) -> Any:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in self.numbers:
            return ast.Constant(self.numbers[node.value])
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return node if node.value in self.also_words else self._key(node)

    def visit_Dict(self, node: ast.Dict) -> ast.AST:
        node.keys = [self._key(key) for key in node.keys]
        return self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        node.slice = self._key(node.slice)
        return self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if isinstance(node.func, ast.Attribute) and node.func.attr == "get":
            node.args[0] = self._key(node.args[0])
        return self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        if isinstance(node.ops[0], ast.In | ast.NotIn):
            node.left = self._key(node.left)
        return self.generic_visit(node)


class _Words(ast.NodeTransformer):
    """Words as numbers."""

    def __init__(self, words: tuple[str, ...]) -> None:
        self.words = words

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return ast.Constant(self.words.index(node.value)) if node.value in self.words else node


class _InDicts(_Numbered):
    """Dicts that are made; not what is looked up in others."""

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        return self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        return self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        return self.generic_visit(node)
