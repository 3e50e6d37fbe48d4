"""The names inside the statements of one module, in the words of the one module: see merge.py."""

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from . import program, values
from .program import Meaning, Module, Namespace, Outer, Own
from .scopes import local_names

if TYPE_CHECKING:
    from .merge import Merged


class _Scope:
    def __init__(self, is_class: bool, names: set[str]) -> None:
        self.is_class = is_class
        self.names = names
        self.imports: dict[str, Meaning] = {}


class Names(ast.NodeTransformer):
    """The names of one statement at the top of a module, in the words of the one module."""

    def __init__(self, merged: "Merged", module: Module) -> None:
        self.merged = merged
        self.module = module
        self.scopes: list[_Scope] = []

    def meaning(self, node: ast.expr) -> Meaning | None:
        """What a name or a dotted name means; None for what is local, built in, or an attribute of a value."""
        if isinstance(node, ast.Name):
            found = self._of_name(node.id)
            return program.resolve(found, self.merged.modules) if found else None
        if isinstance(node, ast.Attribute):
            base = self.meaning(node.value)
            if isinstance(base, Namespace):
                module = self.merged.modules[base.module]
                if node.attr in module.meanings:
                    return program.resolve(module.meanings[node.attr], self.merged.modules)
                return Namespace(f"{base.module}.{node.attr}")
        return None

    def _of_name(self, name: str) -> Meaning | None:
        for i, scope in enumerate(reversed(self.scopes)):
            if scope.is_class and i:
                continue
            if name in scope.imports:
                return scope.imports[name]
            if name in scope.names:
                return None
        return self.module.meanings.get(name)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        meaning = self.meaning(node)
        if meaning is None:
            return node
        if isinstance(node.ctx, ast.Load):
            return self.merged.expression(meaning)
        return ast.Name(self.merged.name_of(meaning), node.ctx)

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        meaning = self.meaning(node)
        if meaning is None:
            self.generic_visit(node)
            return node
        return self.merged.expression(meaning)

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        """`"role" in wired`: names of roles are numbers here."""
        tested, among = node.left, node.comparators[0]
        if isinstance(tested, ast.Constant) and isinstance(among, ast.Name) and among.id == "wired":
            node.left = ast.Constant(self.merged.roles[str(tested.value)])
        self.generic_visit(node)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """len() of a known table is a number."""
        if isinstance(node.func, ast.Name) and node.func.id == "len" and len(node.args) == 1:
            meaning = self.meaning(node.args[0])
            value = self.merged.known.get(meaning) if isinstance(meaning, Own) else None
            if isinstance(value, tuple | bytes):
                return ast.Constant(len(value))
        if (
            isinstance(node.func, ast.Name)
            and node.func.id == "load"
            and isinstance(node.args[0], ast.Constant)
        ):
            path = str(node.args[0].value)
            if path in self.merged.files:
                return self.merged.late(path)
        self.generic_visit(node)
        return node

    def visit_Import(self, node: ast.Import) -> ast.AST | None:
        if self.scopes:
            return node
        for alias in node.names:  # inside `if` or `try` at the top
            alias.asname = self.merged.name_of(Outer(alias.name))
        return node

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST | list[ast.stmt] | None:
        kept: list[ast.stmt] = []
        for name, meaning in program.meanings_of(node, self.module.package).items():
            if isinstance(meaning, Outer):
                return node
            if meaning.module in self.merged.here or self.merged.is_value(meaning):
                if self.scopes:
                    self.scopes[-1].imports[name] = meaning
                continue
            value: ast.expr = self.merged.late(meaning.module)
            if isinstance(meaning, Own):
                value = ast.Attribute(value, self.merged.name_of(meaning), ast.Load())
            kept.append(ast.Assign([ast.Name(name, ast.Store())], value))
        return kept or ast.Pass()

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        if not self.scopes:
            node.name = self.merged.name_of(Own(self.module.name, node.name))
        node.args.defaults = [self.visit(default) for default in node.args.defaults]
        node.decorator_list = [self.visit(each) for each in node.decorator_list]
        self.scopes.append(_Scope(False, local_names(node)))
        body = [self.visit(each) for each in node.body]
        self.scopes.pop()
        node.body = _flat(body)
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        self.scopes.append(_Scope(False, {arg.arg for arg in node.args.args}))
        node.body = self.visit(node.body)
        self.scopes.pop()
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        original = node.name
        if not self.scopes:
            node.name = self.merged.name_of(Own(self.module.name, node.name))
        node.bases = [self.visit(base) for base in node.bases]
        scope = _Scope(True, set())
        self.scopes.append(scope)
        body = []
        for part in node.body:
            owns = [Own(self.module.name, f"{original}.{name}") for name in program.defined(part)]
            if isinstance(part, ast.Assign) and owns and owns[0] in self.merged.special:
                part.value = values.expression(self.merged.special[owns[0]])
            elif isinstance(part, ast.Assign):  # `NAME = NAME`: the second one is the module's
                part.value = self.visit(part.value)
            scope.names.update(program.defined(part))
            body.append(part if isinstance(part, ast.Assign) else self.visit(part))
        self.scopes.pop()
        node.body = _flat(body)
        return node

    def _comprehension(self, node: Any) -> ast.AST:
        names = {name for part in node.generators for name in program.names_in(part.target)}
        self.scopes.append(_Scope(False, names))
        self.generic_visit(node)
        self.scopes.pop()
        return node

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _comprehension


def elements(table: ast.Tuple) -> Iterator[ast.expr]:
    """What stands in a table and in the tables in it; not what is only an argument of a call."""
    for part in table.elts:
        if isinstance(part, ast.Tuple):
            yield from elements(part)
        else:
            yield part.value if isinstance(part, ast.Starred) else part


def _flat(body: list[Any]) -> list[ast.stmt]:
    flat: list[ast.stmt] = []
    for part in body:
        flat += part if isinstance(part, list) else [part]
    kept = [part for part in flat if not isinstance(part, ast.Pass)]
    return kept or [ast.Pass()]
