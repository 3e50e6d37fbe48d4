"""The modules of a device as trees, and what each name at the top of one means."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from ..modules import flags, for_runtime, parents, path_of, resolved


class Own(NamedTuple):
    """A name of ours: where it is defined."""

    module: str
    name: str


class Namespace(NamedTuple):
    """A module of ours, used as a thing with attributes."""

    module: str


class Outer(NamedTuple):
    """Something of the interpreter: `import module`, or `from module import name`."""

    module: str
    name: str = ""


Meaning = Own | Namespace | Outer


class Module:
    """name: dotted. meanings: of the names at its top. lazy: modules that it imports inside functions."""

    def __init__(self, name: str, path: Path, runtime: str) -> None:
        self.name = name
        self.package = name if path.name == "__init__.py" else name.rpartition(".")[0]
        tree = ast.parse(path.read_text(encoding="utf-8"))
        self.tree = _Plain(runtime, flags(tree, runtime)).visit(tree)
        self.meanings: dict[str, Meaning] = {}
        for node in top_level(self.tree.body):
            if isinstance(node, ast.Import | ast.ImportFrom):
                self.meanings.update(meanings_of(node, self.package))
            else:
                self.meanings.update({name: Own(self.name, name) for name in defined(node)})
        self.uses_world = any(isinstance(meaning, Outer) for meaning in self.meanings.values())


class _Plain(ast.NodeTransformer):
    """Without docstrings, annotations and what is for other interpreters."""

    def __init__(self, runtime: str, known: dict[str, bool]) -> None:
        self.runtime = runtime
        self.known = known

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        return None if isinstance(node.value, ast.Constant) else self.generic_visit(node)

    def visit_If(self, node: ast.If) -> ast.AST | list[ast.stmt]:
        decided = for_runtime(node.test, self.runtime, self.known)
        self.generic_visit(node)
        if decided is None:
            return node
        return (node.body if decided else node.orelse) or [ast.Pass()]

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        decided = for_runtime(node.test, self.runtime, self.known)
        self.generic_visit(node)
        return node if decided is None else node.body if decided else node.orelse

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        if node.value is None:
            return None
        self.generic_visit(node)
        return ast.copy_location(ast.Assign([node.target], node.value), node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        self.generic_visit(node)
        node.body = node.body or [ast.Pass()]
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        self.generic_visit(node)
        node.body = node.body or [ast.Pass()]
        return node


def read(needed: Mapping[str, Path], runtime: str) -> dict[str, Module]:
    """All modules, those first that others import when they are imported themselves."""
    modules = {name: Module(name, path, runtime) for name, path in needed.items()}
    ordered: dict[str, Module] = {}
    for name in modules:
        _add(name, modules, ordered, set())
    return ordered


def _add(name: str, modules: dict[str, Module], ordered: dict[str, Module], under_way: set[str]) -> None:
    if name in ordered or name in under_way or name not in modules:
        return
    under_way.add(name)
    for earlier in [*parents(name), *at_import(modules[name]), *later(modules[name])]:
        _add(earlier, modules, ordered, under_way)
    ordered[name] = modules[name]


def at_import(module: Module) -> list[str]:
    """The modules of ours that a module imports when it is imported."""
    found = []
    for meaning in module.meanings.values():
        if isinstance(meaning, Own | Namespace) and meaning.module != module.name:
            found.append(meaning.module)
    return found


def later(module: Module) -> list[str]:
    """The modules of ours that a module imports inside functions."""
    found = []
    for function in [node for node in ast.walk(module.tree) if isinstance(node, ast.FunctionDef)]:
        for node in ast.walk(function):
            if isinstance(node, ast.Import | ast.ImportFrom):
                meanings = meanings_of(node, module.package).values()
                found += [meaning.module for meaning in meanings if isinstance(meaning, Own | Namespace)]
    return found


def as_things(modules: Iterable[Module]) -> set[str]:
    """The modules that are imported inside functions as a whole."""
    found = set()
    for module in modules:
        for function in [node for node in ast.walk(module.tree) if isinstance(node, ast.FunctionDef)]:
            for node in ast.walk(function):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    meanings = meanings_of(node, module.package).values()
                    found |= {meaning.module for meaning in meanings if isinstance(meaning, Namespace)}
    return found


def meanings_of(node: ast.Import | ast.ImportFrom, package: str) -> dict[str, Meaning]:
    """What an import statement makes its names mean."""
    if isinstance(node, ast.Import):
        return {alias.asname or alias.name.split(".")[0]: _module(alias.name) for alias in node.names}
    base = resolved(node, package)
    found: dict[str, Meaning] = {}
    for alias in node.names:
        if path_of(f"{base}.{alias.name}"):
            found[alias.asname or alias.name] = Namespace(f"{base}.{alias.name}")
        elif path_of(base):
            found[alias.asname or alias.name] = Own(base, alias.name)
        else:
            found[alias.asname or alias.name] = Outer(base, alias.name)
    return found


def _module(name: str) -> Meaning:
    return Namespace(name) if path_of(name) else Outer(name)


def late_file(node: ast.AST) -> str:
    """The file that `load_late("file")` loads; "" for anything else."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "load_late":
        return str(node.args[0].value) if isinstance(node.args[0], ast.Constant) else ""
    return ""


def file_of(path: str) -> str:
    """What load_late() calls a file of the slot."""
    return path.removeprefix("rumpus/").removesuffix(".py")


def top_level(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a module that are run at its import, those inside `if` and `try` too."""
    for node in body:
        yield node
        if isinstance(node, ast.If | ast.Try | ast.For | ast.With | ast.While):
            for part in ("body", "orelse", "finalbody"):
                yield from top_level(getattr(node, part, []))
            for handler in getattr(node, "handlers", []):
                yield from top_level(handler.body)


def at_top(tree: ast.Module) -> set[str]:
    """The names that a module defines at its top."""
    return {name for node in top_level(tree.body) for name in defined(node)}


def defined(node: ast.stmt) -> list[str]:
    """The names that one statement defines by itself."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.Assign):
        return [name for target in node.targets for name in names_in(target)]
    if isinstance(node, ast.AugAssign | ast.For):
        return names_in(node.target)
    return []


def mentioned(node: ast.AST) -> tuple[set[str], set[str]]:
    """The names, and the attributes of anything, that a tree reads. A text counts as an attribute: it may name one."""
    names: set[str] = set()
    attributes: set[str] = set()
    for part in ast.walk(node):
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load):
            names.add(part.id)
        elif isinstance(part, ast.Attribute) and isinstance(part.ctx, ast.Load):
            attributes.add(part.attr)
        elif isinstance(part, ast.Constant) and isinstance(part.value, str):
            attributes.add(part.value)
    return names, attributes


def asked_for(trees: Iterable[ast.Module]) -> set[str]:
    """Names that these files have, or may ask for, of another: imported, as an attribute, or by a text."""
    found: set[str] = set()
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                found |= {alias.name for alias in node.names}
        found |= mentioned(tree)[1]
    return found


def names_in(target: ast.expr) -> list[str]:
    return [n.id for n in ast.walk(target) if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)]


def resolve(meaning: Meaning, modules: Mapping[str, Module]) -> Meaning:
    """A name of ours that a module has from another one: what it means where it is defined."""
    while isinstance(meaning, Own):
        further = modules[meaning.module].meanings.get(meaning.name)
        if further is None:
            raise KeyError(f"{meaning.module} has no {meaning.name}")
        if further == meaning:
            return meaning
        meaning = further
    return meaning
