"""What is only used while the device starts goes when it has started.

Constructors, what reads the settings and the files, what joins the parts: a sixth of the firmware runs once. For
each step of start.py's make_app() it is put into a late file that gives the classes their methods, takes the
step, and takes the methods away again; then nobody refers to that file, and its memory is free for the next.

Used later is what a late file, a statement at the top, or something that is used later itself mentions, and
what is mentioned anywhere but to call it: it may be kept. As in prune.py a method is its name, whose-ever it is.
"""

import ast
import copy
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from . import program
from .merge import MERGED
from .prune import used_by_start_files

STEPS = ("begin_app", "begin_management")  # functions of start.py, and late files
# While the parts are made garbage is collected often, so that they lie close together. DCMP makes objects for each
# message: were they collected as often, a device would lose bytes of a cable at 921600 baud meanwhile.
_COLLECT_LESS = "import gc\ngc.threshold(32768)"
_ONCE = "once"  # attribute of statements that go: the steps that need them


def _is_named(node: ast.stmt, *names: str) -> bool:
    return isinstance(node, ast.FunctionDef) and node.name in names


class _Function(NamedTuple):
    owner: ast.ClassDef | None
    node: ast.FunctionDef


def prepared(units: Mapping[str, ast.Module], is_managed: bool) -> dict[str, ast.Module]:
    """The trees with a make_app() that takes its steps in late files. is_managed: the device speaks DCMP."""
    tree = units[MERGED]
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == "make_app":
            _Stepping().visit(node)
            if is_managed:
                node.body[-1:-1] = ast.parse(_COLLECT_LESS).body
    return dict(units)


class _Stepping(ast.NodeTransformer):
    """step(...) becomes load_late("step").step(...)."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if isinstance(node.func, ast.Name) and node.func.id in STEPS:
            node.func = ast.parse(f"load_late({node.func.id!r}).{node.func.id}", mode="eval").body
        return node


def mark(units: Mapping[str, ast.Module]) -> None:
    """Find what is only used at the start, while different things have different names."""
    tree = units[MERGED]
    functions = [function for function in _functions(tree) if function.node.name not in ("make_app", *STEPS)]
    later = _Later(functions, {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)})
    later.take([part for path, each in units.items() if path != MERGED for part in each.body])
    later.take(_at_import(tree))
    later.take([node for node in tree.body if _is_named(node, "make_app")])
    functions_of_it = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    steps = [node for node in functions_of_it if _is_named(node, *STEPS)]
    for node in steps:
        later.take_what_is_kept(node)
    once = later.others()
    unused = [node for node in tree.body if _is_table(node) and not later.names & set(program.defined(node))]
    for node in [*steps, *unused, *[function.node for function in once]]:
        setattr(node, _ONCE, [])
    for step in reversed(STEPS):
        _mark_step(step, tree, once)


def _mark_step(step: str, tree: ast.Module, once: list["_Function"]) -> None:
    """Note at what goes that this step needs it: it is mentioned there, or where something else that it needs is.
    The first step has all that no other needs, too: an appliance is made by its name."""
    first = [node for node in tree.body if _is_named(node, step)]
    if step == STEPS[0]:
        first += [function.node for function in once if not getattr(function.node, _ONCE)]
    needs = _Later(once, {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)})
    needs.names, needs.attributes = set(), set()
    needs.take(first)
    others = needs.others()
    for node in {id(node): node for node in [*first, *[f.node for f in once if f not in others]]}.values():
        getattr(node, _ONCE).append(step)
    for node in tree.body:
        if _is_table(node) and hasattr(node, _ONCE) and needs.names & set(program.defined(node)):
            getattr(node, _ONCE).append(step)


def begun(units: Mapping[str, ast.Module]) -> dict[str, ast.Module]:
    """The trees with what is marked in a file for each step."""
    tree = units[MERGED]
    found = dict(units)
    functions = [function for function in _functions(tree) if function.owner]
    for step in STEPS:
        body = [node for node in tree.body if step in getattr(node, _ONCE, ())]
        methods = [function for function in functions if step in getattr(function.node, _ONCE, ())]
        found[f"rumpus/{step}.py"] = _file(step, tree, body, methods)
    for owner, node in functions:
        assert owner
        if hasattr(node, _ONCE):
            owner.body.remove(node)
            owner.body = owner.body or [ast.Pass()]
    found[MERGED] = ast.Module([node for node in tree.body if not hasattr(node, _ONCE)], [])
    return found


def _functions(tree: ast.Module) -> list[_Function]:
    found = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            found.append(_Function(None, node))
        elif isinstance(node, ast.ClassDef):
            found += [_Function(node, part) for part in node.body if isinstance(part, ast.FunctionDef)]
    return found


def _at_import(tree: ast.Module) -> list[ast.stmt]:
    """What is no function: it runs when the module is loaded, or is a table."""
    found: list[ast.stmt] = []
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            found += [part for part in node.body if not isinstance(part, ast.FunctionDef)]
            found += [ast.Expr(base) for base in node.bases]
        elif not isinstance(node, ast.FunctionDef) and not _is_table(node):
            found.append(node)
    return found


def _is_table(node: ast.stmt) -> bool:
    """True for a name with a value that mentions nothing."""
    if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
        return False
    return not any(isinstance(part, ast.Name | ast.Call) for part in ast.walk(node.value))


class _Later:
    """What is used later. names: at the top. attributes: of anything, texts among them."""

    def __init__(self, functions: list[_Function], classes: Mapping[str, ast.ClassDef]) -> None:
        self.functions = functions
        self.classes = classes
        self.names: set[str] = {"load_late"}
        self.attributes = used_by_start_files()
        for function in functions:
            self.take_what_is_kept(function.node)

    def take(self, nodes: Iterable[ast.AST]) -> None:
        for node in nodes:
            names, attributes = program.mentioned(node)
            self.names |= names
            self.attributes |= attributes

    def take_what_is_kept(self, function: ast.FunctionDef) -> None:
        called = {id(part.func) for part in ast.walk(function) if isinstance(part, ast.Call)}
        for part in ast.walk(function):
            if isinstance(part, ast.Name) and id(part) not in called:
                self.names.add(part.id)
            elif isinstance(part, ast.Attribute) and id(part) not in called:
                self.attributes.add(part.attr)

    def others(self) -> list[_Function]:
        """The functions that are not used later."""
        waiting, before = self.functions, -1
        while len(waiting) != before:
            before = len(waiting)
            made = self._made()
            used = [function for function in waiting if self._is_used(function, made)]
            waiting = [function for function in waiting if function not in used]
            self.take([function.node for function in used])
        return waiting

    def _is_used(self, function: _Function, made: set[str]) -> bool:
        owner, node = function
        if not _can_move(node):
            return True
        if owner is None:
            return node.name in self.names | self.attributes
        if node.name == "__init__":
            return owner.name in made
        return node.name in self.attributes or node.name.startswith("__")

    def _made(self) -> set[str]:
        """The classes of which objects may be made later, and those that they inherit from."""
        found: set[str] = set()
        waiting = [name for name in self.classes if name in self.names | self.attributes]
        while waiting:
            name = waiting.pop()
            if name in self.classes and name not in found:
                found.add(name)
                waiting += [base.id for base in self.classes[name].bases if isinstance(base, ast.Name)]
        return found


def _can_move(node: ast.FunctionDef) -> bool:
    """False for what is more than a function, or leaves one behind."""
    inside = [part for statement in node.body for part in ast.walk(statement)]
    more = ast.Lambda | ast.FunctionDef | ast.Yield | ast.YieldFrom | ast.Global | ast.GeneratorExp
    return not node.decorator_list and not any(isinstance(part, more) for part in inside)


def _file(step: str, tree: ast.Module, body: list[ast.stmt], methods: list[_Function]) -> ast.Module:
    """The late file of a step. All its methods have one name, which no name at the top has."""
    given: list[ast.stmt] = []
    taken: list[str] = []
    for owner, node in methods:
        assert owner
        place = f"{owner.name}.{node.name}"
        copied = _Super(owner).visit(copy.deepcopy(node))
        given += [ast.FunctionDef("a", copied.args, copied.body, [], None), *ast.parse(f"{place} = a").body]
        taken += [f"{place} = None", f"del {place}"]  # what is only deleted stays where it was
    used = {part.id for node in [*body, *given] for part in ast.walk(node) if isinstance(part, ast.Name)}
    own = {name for node in body for name in program.defined(node)}
    imports: list[ast.stmt] = []
    ours = []
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            if used & {alias.asname or alias.name for alias in node.names}:
                imports.append(node)
        else:
            ours += [name for name in program.defined(node) if name in used - own]
    head = ast.ImportFrom("rumpus", [ast.alias(name) for name in dict.fromkeys(ours)], 0)
    body = [copy.deepcopy(node) for node in body]
    made = next(node for node in body if _is_named(node, step))
    assert isinstance(made, ast.FunctionDef)
    made.name = "b"
    lines = [f"def {step}(a, c):", "    try:", "        return b(a, c)", "    finally:", *(taken or ["pass"])]
    after = ast.parse("\n".join([*lines[:4], *[" " * 8 + line for line in lines[4:]]]))
    return ast.Module([head, *imports, *body, *given, *after.body], [])


class _Super(ast.NodeTransformer):
    """super().__init__(...) outside of the class."""

    def __init__(self, owner: ast.ClassDef) -> None:
        self.base = owner.bases[0] if owner.bases else None

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        made = node.func
        if isinstance(made, ast.Attribute) and isinstance(made.value, ast.Call):
            called = made.value.func
            if isinstance(called, ast.Name) and called.id == "super":
                assert isinstance(self.base, ast.Name)
                made.value = ast.Name(self.base.id, ast.Load())
                node.args = [ast.Name("a", ast.Load()), *node.args]
        return node
