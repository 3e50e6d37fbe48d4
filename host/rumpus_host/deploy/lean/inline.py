"""What is called from one place only stands there.

A function costs a device 64 bytes and more before it does anything; people need it for its name. A function
or method that is mentioned once in the whole build, and called there in a statement of its own, an assignment
or a return, is put in that place: its arguments become locals, and what it returns goes to where the call
stood. Where that cannot be said in plain statements (a return inside a loop, a generator, a default) it stays.
"""

import ast
import copy
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from . import program
from .merge import ORIGIN
from .outer import names as outer_names
from .scopes import local_names

# A call whose frame is larger takes it from the heap: not on the path of a RUMP message.
_FEW_LOCALS = 7
_MAY_BE_LARGE = ("rumpus.dcmp.", "rumpus.rmdp.", "rumpus.management.", "rumpus.update.")

_SHORT = 8  # parts of an expression that is no longer than a call
_Scope = ast.ClassDef | ast.Module


class _Callee(NamedTuple):
    function: ast.FunctionDef
    place: _Scope  # whose body it is in
    tree: ast.Module


def inlined(units: Mapping[str, ast.Module], exported: Iterable[str]) -> dict[str, ast.Module]:
    """The trees without functions that are called once. exported: names that are used from outside."""
    trees = list(units.values())
    _tell_apart(trees)
    keep = {*exported, *outer_names(trees), *_texts(trees)}
    counts = _counts(trees)
    for tree in trees:
        _Expressions(_short_ones(tree, counts, keep)).into(tree)
    callees = _callees(trees, _counts(trees), keep)
    for tree in trees:
        work = _Work({name: callee for name, callee in callees.items() if callee.tree is tree})
        for host, origin in _functions(tree):
            work.finish(host, origin)
        for callee in work.gone:
            body = callee.place.body
            body.remove(callee.function)
            if not body:
                body.append(ast.Pass())
    return dict(units)


def _tell_apart(trees: list[ast.Module]) -> None:
    """Private methods of classes that have nothing to do with each other get names of their own."""
    classes = {node.name: node for tree in trees for node in tree.body if isinstance(node, ast.ClassDef)}
    attributes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    of_others = {node.attr for node in attributes if not _is_self(node.value)} | _texts(trees)
    set_ = {node.attr for node in attributes if not isinstance(node.ctx, ast.Load)}
    for node in classes.values():
        set_ |= {name for part in node.body if isinstance(part, ast.Assign) for name in program.defined(part)}
    for node in [node for tree in trees for node in tree.body if isinstance(node, ast.ClassDef)]:
        first = node
        while first.bases and isinstance(first.bases[0], ast.Name) and first.bases[0].id in classes:
            first = classes[first.bases[0].id]
        for part in ast.walk(node):
            if isinstance(part, ast.FunctionDef):
                name = part.name
            elif isinstance(part, ast.Attribute) and _is_self(part.value):
                name = part.attr
            else:
                continue
            if name.startswith("_") and not name.startswith("__") and name not in of_others | set_:
                setattr(
                    part, "name" if isinstance(part, ast.FunctionDef) else "attr", f"{name}_of_{first.name}"
                )


def _is_self(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "self"


class _Counts(NamedTuple):
    """How often each name is mentioned, and given a meaning, in the whole build."""

    mentioned: Counter[str]
    defined: Counter[str]


def _counts(trees: list[ast.Module]) -> _Counts:
    counts = _Counts(Counter(), Counter())
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Name | ast.Attribute):
                name = node.id if isinstance(node, ast.Name) else node.attr
                counts.mentioned[name] += 1
                counts.defined[name] += not isinstance(node.ctx, ast.Load)
            elif isinstance(node, ast.FunctionDef | ast.ClassDef):
                counts.defined[node.name] += 1
            elif isinstance(node, ast.arg):
                counts.defined[node.arg] += 1
    return counts


def _short_ones(tree: ast.Module, counts: _Counts, keep: set[str]) -> dict[str, _Callee]:
    """Functions of one expression that are only called, in this tree: once, or in which the expression is short."""
    mentioned, defined = counts
    called: Counter[str] = Counter()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and not node.keywords and not _has_star(node):
            called[_name_called(node)] += 1
    found = {}
    for place in [tree, *[node for node in tree.body if isinstance(node, ast.ClassDef)]]:
        for part in place.body:
            if not isinstance(part, ast.FunctionDef) or len(part.body) != 1 or part.name in keep:
                continue
            name, n = part.name, mentioned[part.name]
            if (
                n
                and defined[name] == 1
                and called[name] == n
                and (n == 1 or _is_short(part))
                and _is_one(part)
                and _is_plain(part)
            ):
                found[name] = _Callee(part, place, tree)
    return found


def _name_called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _is_one(function: ast.FunctionDef) -> bool:
    """True for `return expression`, without names of its own in it."""
    statement = function.body[0]
    if len(function.body) != 1 or not isinstance(statement, ast.Return) or statement.value is None:
        return False
    own = ast.ListComp | ast.GeneratorExp | ast.DictComp | ast.SetComp
    return not any(isinstance(part, own) for part in ast.walk(statement))


def _is_short(function: ast.FunctionDef) -> bool:
    parts = [part for part in ast.walk(function.body[0]) if isinstance(part, ast.expr)]
    return len(parts) <= _SHORT


class _Expressions(ast.NodeTransformer):
    """Calls of functions of one expression become this expression, where that is said with names and numbers."""

    def __init__(self, callees: Mapping[str, _Callee]) -> None:
        self.callees = callees
        self.stays: set[str] = set()
        self.hosts: list[ast.FunctionDef] = []
        self._is_trial = True

    def into(self, tree: ast.Module) -> None:
        """Put all of a function's calls in place, or none."""
        if not self.callees:
            return
        self.visit(tree)
        self._is_trial = False
        self.visit(tree)
        for name, callee in self.callees.items():
            if name not in self.stays:
                body = callee.place.body
                body.remove(callee.function)
                if not body:
                    body.append(ast.Pass())

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.hosts.append(node)
        self.generic_visit(node)
        self.hosts.pop()
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        name = _name_called(node)
        callee = self.callees.get(name)
        if callee is None or name in self.stays:
            return node
        value = self._value(callee, node)
        if value is None:
            self.stays.add(name)
        return node if value is None or self._is_trial else value

    def _value(self, callee: _Callee, call: ast.Call) -> ast.expr | None:
        is_method = isinstance(callee.place, ast.ClassDef)
        if not self.hosts or is_method != isinstance(call.func, ast.Attribute):
            return None
        given = [call.func.value, *call.args] if isinstance(call.func, ast.Attribute) else list(call.args)
        args = [arg.arg for arg in callee.function.args.args]
        if len(given) != len(args) or not all(_is_simple(value) for value in given):
            return None
        statement = callee.function.body[0]
        assert isinstance(statement, ast.Return)
        inside = {part.id for part in ast.walk(statement) if isinstance(part, ast.Name)} - set(args)
        if inside & {name for host in self.hosts for name in local_names(host)}:
            return None
        if any(
            isinstance(part, ast.Call) and _name_called(part) in self.callees for part in ast.walk(statement)
        ):
            return None  # one level at a time
        names = dict(zip(args, given, strict=True))
        renamed = _Renamed(names).visit(copy.deepcopy(statement))
        return renamed.value


def _is_simple(value: ast.expr) -> bool:
    """True for what may be evaluated more or less often, and later: a name, a number, an attribute of a name."""
    if isinstance(value, ast.Attribute):
        return isinstance(value.value, ast.Name)
    return isinstance(value, ast.Name | ast.Constant)


def _texts(trees: list[ast.Module]) -> set[str]:
    nodes = [node for tree in trees for node in ast.walk(tree)]
    found = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    for node in nodes:
        if isinstance(node, ast.ImportFrom):
            found |= {alias.name for alias in node.names}
    return found


def _functions(tree: ast.Module) -> list[tuple[ast.FunctionDef, str]]:
    """All functions and methods at the top, with the module that they come from."""
    found = []
    for node in tree.body:
        parts = node.body if isinstance(node, ast.ClassDef) else [node]
        origin = getattr(node, ORIGIN, "")
        found += [(part, origin) for part in parts if isinstance(part, ast.FunctionDef)]
    return found


def _callees(trees: list[ast.Module], counts: _Counts, keep: set[str]) -> dict[str, _Callee]:
    """The functions that are defined once and mentioned once, by name."""
    found: dict[str, _Callee] = {}
    for tree in trees:
        for place in [tree, *[node for node in tree.body if isinstance(node, ast.ClassDef)]]:
            for part in place.body:
                if isinstance(part, ast.FunctionDef) and _is_once(part.name, counts) and _is_plain(part):
                    found[part.name] = _Callee(part, place, tree)
    return {name: callee for name, callee in found.items() if name not in keep}


def _is_once(name: str, counts: _Counts) -> bool:
    return counts.mentioned[name] == 1 and counts.defined[name] == 1


def _is_plain(function: ast.FunctionDef) -> bool:
    """True for what is no generator and has arguments by place, no decorator and no names of other scopes."""
    args = function.args
    if function.decorator_list or args.defaults or args.vararg or args.kwarg or args.kwonlyargs:
        return False
    unusual = ast.Yield | ast.YieldFrom | ast.Global | ast.Nonlocal | ast.FunctionDef | ast.Lambda
    inside = [node for part in function.body for node in ast.walk(part)]
    return not any(isinstance(node, unusual) or _is_super(node) for node in inside)


def _is_super(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == "super"


class _Work:
    """Hosts are finished from the innermost call outwards."""

    def __init__(self, callees: Mapping[str, _Callee]) -> None:
        self.callees = callees
        self.gone: list[_Callee] = []
        self._done: set[int] = set()

    def finish(self, host: ast.FunctionDef, origin: str) -> None:
        """Put into a function what only it calls."""
        if id(host) in self._done:
            return
        self._done.add(id(host))
        may_be_large = host.name == "__init__" or origin.startswith(_MAY_BE_LARGE)
        host.body = self._block(host.body, host, may_be_large, origin)

    def _block(self, body: list[ast.stmt], host: ast.FunctionDef, large: bool, origin: str) -> list[ast.stmt]:
        found: list[ast.stmt] = []
        for node in body:
            for part in ("body", "orelse", "finalbody"):
                if inner := getattr(node, part, None):
                    setattr(node, part, self._block(inner, host, large, origin))
            for handler in getattr(node, "handlers", []):
                handler.body = self._block(handler.body, host, large, origin)
            if isinstance(node, ast.FunctionDef):
                found.append(node)  # a scope of its own
                continue
            found += self._replaced(node, host, large, origin) or [node]
        return found

    def _replaced(
        self, node: ast.stmt, host: ast.FunctionDef, large: bool, origin: str
    ) -> list[ast.stmt] | None:
        """The statements in the place of one that calls, None when it stays."""
        call = node.value if isinstance(node, ast.Expr | ast.Return | ast.Assign) else None
        if not isinstance(call, ast.Call) or call.keywords or _has_star(call):
            return None
        name = _name_called(call)
        callee = self.callees.get(name)
        if callee is None or callee.function is host:
            return None
        is_method = isinstance(callee.place, ast.ClassDef)
        if is_method != isinstance(call.func, ast.Attribute):
            return None
        if not isinstance(node, ast.Return) and _keeps_late(callee.function):
            return None
        self.finish(callee.function, origin)
        given = [call.func.value, *call.args] if isinstance(call.func, ast.Attribute) else list(call.args)
        if len(given) != len(callee.function.args.args):
            return None
        statements = _in_place(callee.function, given, node, host, large)
        if statements is not None:
            self.gone.append(callee)
        return statements


def _keeps_late(function: ast.FunctionDef) -> bool:
    """True for a function that has something of a late file in a local: when it returns that is gone, and in another
    function it would stay."""
    nodes = [node for part in function.body for node in ast.walk(part) if isinstance(node, ast.Assign)]
    values = [node.value.value if isinstance(node.value, ast.Attribute) else node.value for node in nodes]
    return any(program.late_file(value) for value in values)


def _has_star(call: ast.Call) -> bool:
    return any(isinstance(arg, ast.Starred) for arg in call.args)


def _in_place(
    function: ast.FunctionDef, given: list[ast.expr], node: ast.stmt, host: ast.FunctionDef, large: bool
) -> list[ast.stmt] | None:
    own = local_names(function) | {arg.arg for arg in function.args.args}
    others = local_names(host) | {part.id for part in ast.walk(host) if isinstance(part, ast.Name)}
    others |= {arg.arg for arg in host.args.args}
    body = copy.deepcopy(function.body)
    globals_ = {p.id for part in body for p in ast.walk(part) if isinstance(p, ast.Name)} - own
    if globals_ & (local_names(host) | {arg.arg for arg in host.args.args}):
        return None
    stored = {
        p.id
        for part in body
        for p in ast.walk(part)
        if isinstance(p, ast.Name) and not isinstance(p.ctx, ast.Load)
    }
    names: dict[str, ast.expr] = {}
    before: list[ast.stmt] = []
    for arg, value in zip(function.args.args, given, strict=True):
        if isinstance(value, ast.Name | ast.Constant) and arg.arg not in stored:
            names[arg.arg] = value
        else:
            local = _free(arg.arg, others)
            names[arg.arg] = ast.Name(local, ast.Load())
            before.append(ast.Assign([ast.Name(local, ast.Store())], value))
    for name in sorted(own - set(names)):
        names[name] = ast.Name(_free(name, others), ast.Load())
    if not large:
        added = {value.id for value in names.values() if isinstance(value, ast.Name)}
        if len(local_names(host) | {arg.arg for arg in host.args.args} | added) > _FEW_LOCALS:
            return None
    renamed = [_Renamed(names).visit(part) for part in body]
    try:
        return [*before, *_Ends(node).block(renamed)] or [ast.Pass()]
    except _Cannot:
        return None


def _free(name: str, taken: set[str]) -> str:
    """The name, or one like it that nobody has; it is taken then."""
    n = 1
    free = name
    while free in taken:
        n += 1
        free = f"{name}_{n}"
    taken.add(free)
    return free


class _Renamed(ast.NodeTransformer):
    def __init__(self, names: Mapping[str, ast.expr]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.AST:
        value = self.names.get(node.id)
        if value is None:
            return node
        return ast.Name(value.id, node.ctx) if isinstance(value, ast.Name) else copy.deepcopy(value)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.AST:
        value = self.names.get(node.name or "")
        if isinstance(value, ast.Name):
            node.name = value.id
        return self.generic_visit(node)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST:
        for alias in node.names:
            value = self.names.get(alias.asname or alias.name)
            if isinstance(value, ast.Name) and value.id != alias.name:
                alias.asname = value.id
        return node


class _Cannot(Exception):
    """A return that cannot be said in plain statements."""


class _Ends:
    """Statements of a callee with what was done with its result in the place of each return."""

    def __init__(self, site: ast.stmt) -> None:
        self.site = site

    def block(self, body: list[ast.stmt]) -> list[ast.stmt]:
        """The same body, its returns replaced; what follows an `if` that returns becomes its `else`."""
        if isinstance(self.site, ast.Return):
            ends = _always_returns(body)
            return body if ends else [*body, ast.Return(None)]
        for i, node in enumerate(body):
            if isinstance(node, ast.Return):
                return [*body[:i], *self._given(node.value)]
            if not _has_return(node):
                continue
            if not isinstance(node, ast.If):
                raise _Cannot
            return [*body[:i], self._branches(node, body[i + 1 :])]
        return [*body, *self._given(None)]

    def _branches(self, node: ast.If, rest: list[ast.stmt]) -> ast.If:
        if rest and not _always_returns(node.body):
            if not _always_returns(node.orelse):
                raise _Cannot
            then, other = [*node.body, *rest], node.orelse
        else:
            then, other = node.body, [*node.orelse, *rest]
        node.body = self.block(then) or [ast.Pass()]
        node.orelse = self.block(other)
        return node

    def _given(self, value: ast.expr | None) -> list[ast.stmt]:
        if isinstance(self.site, ast.Assign):
            return [ast.Assign(copy.deepcopy(self.site.targets), value or ast.Constant(None))]
        if value is None or isinstance(value, ast.Constant | ast.Name):
            return []
        return [ast.Expr(value)]


def _always_returns(body: list[ast.stmt]) -> bool:
    if not body:
        return False
    last = body[-1]
    if isinstance(last, ast.If):
        return _always_returns(last.body) and _always_returns(last.orelse)
    return isinstance(last, ast.Return | ast.Raise)


def _has_return(node: ast.stmt) -> bool:
    return any(isinstance(part, ast.Return) for part in ast.walk(node))
