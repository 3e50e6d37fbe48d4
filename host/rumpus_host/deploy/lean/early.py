"""A class that is made of a module stands before the first statement that needs it."""

import ast
from collections.abc import Iterable

from . import program


def in_order(body: list[ast.stmt]) -> list[ast.stmt]:
    things = [node for node in body if isinstance(node, ast.ClassDef) and node.name in _needed_early(body)]
    return body if not things else _moved(body, things)


def _needed_early(body: list[ast.stmt]) -> set[str]:
    seen: set[str] = set()
    early: set[str] = set()
    for node in body:
        early |= {name for name in _at_once(node) if name not in seen}
        seen |= set(program.defined(node))
    return early


def _at_once(node: ast.stmt) -> Iterable[str]:
    """Names that a statement needs when it is run, not those inside functions."""
    waiting: list[ast.AST] = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, ast.Name):
            yield one.id
        if isinstance(one, ast.FunctionDef):
            waiting += [*one.decorator_list, *one.args.defaults]
        elif not isinstance(one, ast.Lambda):
            waiting += ast.iter_child_nodes(one)


def _moved(body: list[ast.stmt], things: list[ast.ClassDef]) -> list[ast.stmt]:
    rest = [node for node in body if node not in things]
    for thing in things:
        first = next(i for i, node in enumerate(rest) if thing.name in set(_at_once(node)))
        needs = {name for name in _at_once(thing)}
        last = max((i for i, node in enumerate(rest) if needs & set(program.defined(node))), default=-1)
        rest.insert(max(first, 0) if last < first else last + 1, thing)
    return rest
