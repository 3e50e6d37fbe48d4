"""The names that are used most come first.

A compiled module numbers its names as they come; code refers to the first 127 with one byte and to others
with two. A text that stands in tables more than once is kept once if it is among the names.
"""

import ast
from collections import Counter
from typing import Any

_WITH_ONE_BYTE = 126
_LONGEST_NAME = 10  # of a text that the compiler treats as a name


def ordered(tree: ast.Module) -> ast.Module:
    """The module with a first statement that does nothing but mention names."""
    used = _uses(tree)
    texts = [text for text in _repeated_texts(tree) if text not in used]
    names = [name for name, _n in used.most_common(_WITH_ONE_BYTE)]
    if not names:
        return tree
    lines = [f" __name__.{name}" if name.isidentifier() else f" __name__ == {name!r}" for name in names]
    lines += [f" __name__ == {text!r}" for text in texts]
    first = ast.parse("if not __name__:\n" + "\n".join(lines)).body
    return ast.Module([*first, *tree.body], [])


def _uses(tree: ast.Module) -> Counter[Any]:
    used: Counter[Any] = Counter()
    for function in [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]:
        used[function.name] += 2
        used.update(arg.arg for arg in function.args.args)
        locals_ = {arg.arg for arg in function.args.args}
        for node in ast.walk(function):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                locals_.add(node.id)
        for node in ast.walk(function):
            if isinstance(node, ast.Attribute):
                used[node.attr] += 1
            elif isinstance(node, ast.Name) and node.id not in locals_:
                used[node.id] += 1
            elif isinstance(node, ast.Constant) and _is_short_text(node.value):
                used[node.value] += 1
    return Counter({name: n for name, n in used.items() if name.isascii() and name.isprintable()})


def _repeated_texts(tree: ast.Module) -> list[str]:
    counts: Counter[Any] = Counter()
    for node in ast.walk(tree):
        if isinstance(node, ast.Tuple):
            values = [item.value for item in node.elts if isinstance(item, ast.Constant)]
            counts.update(value for value in values if _is_short_text(value))
    return sorted(text for text, n in counts.items() if n > 1)


def _is_short_text(value: object) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST_NAME
