"""Which names are local to a function."""

import ast
from collections.abc import Iterable

from . import program


def local_names(function: ast.FunctionDef) -> set[str]:
    """The names that are local to a function."""
    args = function.args
    found = {arg.arg for arg in (*args.posonlyargs, *args.args, *args.kwonlyargs)}
    found |= {arg.arg for arg in (args.vararg, args.kwarg) if arg}
    waiting: list[ast.AST] = list(function.body)
    outside: set[str] = set()
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
            continue
        if isinstance(node, ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            continue
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found |= {alias.asname or alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ExceptHandler) and node.name:
            found.add(node.name)
        elif isinstance(node, ast.Global | ast.Nonlocal):
            outside |= set(node.names)
        waiting += ast.iter_child_nodes(node)
    return found - outside


def locals_of(trees: Iterable[ast.Module]) -> set[str]:
    """The names that are local somewhere."""
    found: set[str] = set()
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                found |= local_names(node)
            elif isinstance(node, ast.comprehension):
                found |= set(program.names_in(node.target))
            elif isinstance(node, ast.Lambda):
                found |= {arg.arg for arg in node.args.args}
    return found
