"""All modules in one.

Names at the top of a module become names at the top of the one; a name of another module, however it was
imported, becomes the name of the thing itself, and a name whose value is known becomes the value.
"""

import ast
import builtins
import copy
from collections.abc import Mapping
from typing import Any

from ...bench.repository import FIRMWARE
from .. import modules as all_of_ours
from . import layouts, program, replaced, values
from .early import in_order
from .names import Names, elements
from .program import Meaning, Module, Namespace, Outer, Own
from .scopes import locals_of
from .tables import appliance_class, role_numbers

MERGED = "rumpus/__init__.py"
ORIGIN = "origin"  # attribute of statements: the module that they come from
# Modules that are used as things with attributes: by load() in app.py, management.py and wiring.py.
_AS_THINGS = ("rumpus.rump.tables.", "rumpus.rmdp.tables.", "rumpus.drivers.", "rumpus.transports.udp")
_MANAGEMENT = "rumpus.management.management"


class Merged:
    """modules: in the order of their import. special: values in the place of known ones."""

    NAME = "rumpus"  # what the one module is imported as
    EXCHANGES: tuple[str, ...] | None = None  # the only ones of DCMP that it knows, as a device

    def __init__(
        self, modules: Mapping[str, Module], device: all_of_ours.Device, special: Mapping[Own, Any]
    ) -> None:
        self.modules = modules
        self.device = device
        modules[replaced.LATE.module].meanings[replaced.LATE.name] = replaced.LATE
        self.is_managed = _MANAGEMENT in modules
        formats = None
        if "rumpus.dcmp.codec" in modules:
            packed = layouts.Layouts(modules, special)
            formats = packed.formats
            special = {**special, **packed.values}
        self.special = special
        self.known = {**values.known_values(modules), **special}
        self.roles = role_numbers(device)
        self.wiring = f"boards.{device.board}.{device.appliance}"
        self._replaced = replaced.functions(device, self.wiring, formats, self.EXCHANGES)
        self._named_late = {self.wiring, *all_of_ours.LATE, *all_of_ours.MANAGED_LATE}
        self.named = self._find_named()
        self.eager = self._eager()
        self.files = self._files()
        self._here: frozenset[str] = frozenset(self.eager)  # modules whose names are in the file being made
        self._exports = self._find_exports()
        self._names: dict[Meaning, str] = {}
        self._taken = set(dir(builtins)) | locals_of(module.tree for module in modules.values())
        self._imports: list[ast.stmt] = []
        self._mentioned: set[Meaning] = set()
        self.things: list[str] = [name for name in self.named if name.startswith(_AS_THINGS)]
        for own in self._exports:
            self._names[program.resolve(own, modules)] = own.name
            self._taken.add(own.name)
        self._name_late()

    def _find_named(self) -> list[str]:
        """The modules that start files and settings name."""
        named = [name for name in all_of_ours.roots(self.device) if name not in self._named_late]
        return named + list(all_of_ours.MANAGED_AT_ONCE if self.is_managed else ())

    def _eager(self) -> list[str]:
        """The modules that are merged; all others stay files of their own."""
        waiting = [*self.named, *all_of_ours.entry_imports()]
        found: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name not in found and name in self.modules:
                found.add(name)
                waiting += [*all_of_ours.parents(name), *program.at_import(self.modules[name])]
        return [name for name in self.modules if name in found]

    def _files(self) -> dict[str, list[str]]:
        """The modules that are loaded late: what is imported inside a function, or named, is a file with all that
        it imports itself and the one module does not have. So a module may be in more than one."""
        late = {*self._named_late, *self._named_drivers()}
        for module in self.modules.values():
            late.update(program.later(module))
        return {name: self._with_imports(name) for name in self.modules if name in late - set(self.eager)}

    def _named_drivers(self) -> set[str]:
        """Drivers that are there though the wiring does not name them are asked for by code."""
        return {name for name in self.modules if name.startswith("rumpus.drivers.")}

    def _with_imports(self, name: str) -> list[str]:
        waiting, found = [name], set()
        while waiting:
            module = waiting.pop()
            if module not in found and module in self.modules and module not in self.eager:
                found.add(module)
                waiting += program.at_import(self.modules[module])
        return [module for module in self.modules if module in found]

    def _name_late(self) -> None:
        """Names in files of their own stay as they are where somebody asks for them by name; of others, none is
        that of a local, and no two are the same."""
        taken = set(self._taken)
        from_outside = self._named_late | program.as_things(self.modules.values())
        for name in sorted(self.modules, key=lambda name: name not in from_outside):
            for key, own in self.modules[name].meanings.items():
                if name not in self.eager and own == Own(name, key):
                    is_clear = name in from_outside or key not in taken
                    self._names[own] = key if is_clear else f"{key}_{self.file_of(name)}"
                    taken.add(self._names[own])

    def _find_exports(self) -> list[Own]:
        device = self.device
        place = f"rumpus.appliances.{device.appliance}"
        found = [
            Own(f"rumpus.hal.{device.hal}", "Hal"),
            Own(f"rumpus.transports.{device.transport}", "LINK"),
            Own(f"rumpus.transports.{device.transport}", "Transport"),
            Own(f"{place}.appliance", appliance_class(device).__name__),
            Own(f"{place}.interlocks", "ROWS"),
            Own(self.wiring, "ROLES"),
            *([Own(_MANAGEMENT, "Management")] if self.is_managed else []),
        ]
        for path in sorted((FIRMWARE / "entry").glob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("rumpus"):
                    found += [Own(node.module or "", alias.name) for alias in node.names]
        return found

    def _entries(self) -> set[str]:
        """The modules that start files import."""
        return all_of_ours.entry_imports()

    def exported(self) -> set[str]:
        """Names that are used from outside."""
        return {own.name for own in self._exports}

    def units(self) -> dict[str, ast.Module]:
        """The trees by the paths of their files: the one module, and the few that stay alone."""
        units = {MERGED: ast.Module(self._merged(), [])}
        self._imports = []
        for name in self.files:
            units[f"rumpus/{self.file_of(name)}.py"] = self._alone(name)
        return units

    def file_of(self, name: str) -> str:
        """Where a module that stays alone lies, below the one module: all in one folder."""
        return "roles" if name == self.wiring else name.removeprefix("rumpus.").replace(".", "_")

    def _merged(self) -> list[ast.stmt]:
        body: list[ast.stmt] = []
        for name in self.eager:
            body += self._statements(name)
        done: set[str] = set()
        while todo := [name for name in self.things if name not in done]:  # one may need another
            for name in todo:
                body.append(self._thing(name))
                done.add(name)
        return [*self._imports, *in_order(body), *self._registered()]

    def _alone(self, name: str) -> ast.Module:
        """A module that stays a file with what it needs, its names from the one module imported at its top."""
        self._mentioned = set()
        self._here = frozenset({*self.eager, *self.files[name]})
        body = [node for module in self.files[name] for node in self._statements(module)]
        used = {node.id for part in body for node in ast.walk(part) if isinstance(node, ast.Name)}
        imports: list[ast.stmt] = []
        wanted: dict[str, list[str]] = {}
        for meaning in sorted(self._mentioned, key=self._names.__getitem__):
            text = self._names[meaning]
            if isinstance(meaning, Outer):
                imports.append(_import(meaning, text))
            elif isinstance(meaning, Own) and text in used and meaning.module in self.eager:
                wanted.setdefault("rumpus", []).append(text)
            elif isinstance(meaning, Namespace):
                raise NotImplementedError(f"{name} uses the module {meaning.module} as a thing")
        imports += [ast.ImportFrom(place, list(map(ast.alias, texts)), 0) for place, texts in wanted.items()]
        return ast.Module([*imports, *body], [])

    def _registered(self) -> list[ast.stmt]:
        """The names of modules under which start files and load() look for what is in the one module."""
        entries = sorted(self._entries())
        here = [name for name in self.named if name not in self.things and name not in entries]
        lines = ["import sys", f"_here = sys.modules[{self.NAME!r}]"]
        lines += [f"sys.modules[{name!r}] = _here" for name in entries if name != self.NAME]
        things = [f"_things[{_leaf(name)!r}] = _here" for name in here]
        classes = [name for name in self.things if name in self.named]
        things += [f"_things[{_leaf(name)!r}] = {self.name_of(Namespace(name))}" for name in classes]
        return ast.parse("\n".join([*lines, *things])).body

    def _thing(self, name: str) -> ast.stmt:
        """A module as a class with its names as attributes; what nobody mentions is pruned later."""
        body: list[ast.stmt] = []
        for key in sorted(self.modules[name].meanings):
            try:
                value = self.expression(program.resolve(self.modules[name].meanings[key], self.modules))
            except KeyError:
                continue
            body.append(ast.Assign([ast.Name(key, ast.Store())], value))
        return ast.ClassDef(
            name=self.name_of(Namespace(name)),
            bases=[],
            keywords=[],
            body=body or [ast.Pass()],
            decorator_list=[],
        )

    def _statements(self, name: str) -> list[ast.stmt]:
        module = self.modules[name]
        body: list[ast.stmt] = []
        for node in module.tree.body:
            names = program.defined(node)
            owns = [Own(name, each) for each in names]
            if isinstance(node, ast.Import | ast.ImportFrom):
                continue
            if isinstance(node, ast.FunctionDef) and owns[0] in self._replaced:
                *before, node = ast.parse(self._replaced[owns[0]]).body
                for part in before:
                    if isinstance(part, ast.FunctionDef):
                        part.name = self.name_of(Own(name, part.name))
                body += before
            if self._is_known(node, owns):
                for own in owns:
                    if not values.is_free(self.known[own]):
                        body += values.definition(self.name_of(own), self.known[own])
                continue
            body.append(Names(self, module).visit(copy.deepcopy(node)))
        for node in body:
            setattr(node, ORIGIN, name)
        return body

    def _is_known(self, node: ast.stmt, owns: list[Own]) -> bool:
        """True for an assignment that the value can stand for."""
        if not isinstance(node, ast.Assign | ast.AugAssign) or not owns:
            return False
        return all(
            own in self.special or (own in self.known and not self._has_others(node, own)) for own in owns
        )

    def _has_others(self, node: ast.Assign | ast.AugAssign, own: Own) -> bool:
        """True for a table with tables of other modules in it: its value would be these a second time."""
        if not isinstance(node.value, ast.Tuple):
            return False
        names = Names(self, self.modules[own.module])
        parts = [part for part in elements(node.value) if isinstance(part, ast.Name | ast.Attribute)]
        found = [meaning for part in parts if isinstance(meaning := names.meaning(part), Own)]
        return any(m.module != own.module and isinstance(self.known.get(m), tuple) for m in found)

    def name_of(self, meaning: Meaning) -> str:
        """The name in the one module of what is no value."""
        self._mentioned.add(meaning)
        if meaning not in self._names:
            wish = meaning.name if isinstance(meaning, Own) else _leaf(meaning.module)
            if isinstance(meaning, Outer) and meaning.name:
                wish = meaning.name
            text, n = wish, 1
            while text in self._taken or text in self._names.values():
                n += 1
                text = f"{wish}_{n}"
            self._names[meaning] = text
            if isinstance(meaning, Outer):
                self._imports.append(_import(meaning, text))
            elif isinstance(meaning, Namespace) and meaning.module not in self.things:
                self.things.append(meaning.module)
        return self._names[meaning]

    @property
    def here(self) -> frozenset[str]:
        """The modules whose names are in the file that is being made, or in the one module."""
        return self._here

    def late(self, module: str) -> ast.expr:
        """What loads a module that is a file of its own, and forgets it: see replaced.py."""
        late = ast.Name(self.name_of(replaced.LATE), ast.Load())
        return ast.Call(late, [ast.Constant(self.file_of(module))], [])

    def is_value(self, meaning: Meaning) -> bool:
        """True for a name in the place of which its value stands."""
        return isinstance(meaning, Own) and meaning in self.known and values.is_free(self.known[meaning])

    def expression(self, meaning: Meaning) -> ast.expr:
        """What a name becomes."""
        if isinstance(meaning, Own) and self.is_value(meaning):
            return values.expression(self.known[meaning])
        return ast.Name(self.name_of(meaning), ast.Load())


class MergedMode(Merged):
    """The update mode: a program of its own, all of it in one file, of the same modules."""

    NAME = all_of_ours.MODE
    EXCHANGES = ("put", "apply")

    def _find_named(self) -> list[str]:
        return all_of_ours.mode_roots(self.device)

    def _eager(self) -> list[str]:
        return list(self.modules)

    def _find_exports(self) -> list[Own]:
        device = self.device
        return [
            Own(self.NAME, "make_app"),
            Own(f"rumpus.hal.{device.hal}", "Hal"),
            Own(f"rumpus.transports.{device.transport}", "LINK"),
            Own(f"rumpus.transports.{device.transport}", "Transport"),
        ]

    def _entries(self) -> set[str]:
        return {self.NAME}


def _leaf(name: str) -> str:
    return name.rpartition(".")[2]


def _import(meaning: Outer, text: str) -> ast.stmt:
    if meaning.name:
        alias = ast.alias(meaning.name, None if text == meaning.name else text)
        return ast.ImportFrom(meaning.module, [alias], 0)
    return ast.Import([ast.alias(meaning.module, None if text == meaning.module else text)])
