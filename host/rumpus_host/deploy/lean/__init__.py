"""From the firmware as it is read to the firmware as it fits into 48 kB: sources to sources, before the
compiler.

On a device each module costs 250 bytes before it holds anything, each name that crosses from one to another
eight, each string in a table 32. So a lean build is one module, with what people read taken out:

    program.py   the modules, and what each name in them means
    decided.py   what the wiring decides
    values.py    what is known before the device starts: numbers and tables, as the host computes them
    tables.py    tables as a device needs them: names of fields become their numbers
    layouts.py   layouts of messages as bytes
    replaced.py  functions that have less to do
    merge.py     all modules in one; each name that is known becomes its value (names.py, scopes.py, early.py)
    prune.py     what nobody mentions is left out
    apart.py     what only late files use goes to them
    flatten.py   a class that only one other inherits from becomes one with it
    constants.py a table that is mentioned once stands there
    inline.py    what is called from one place only stands there
    shorten.py   names that only we use become short ones
    begin.py     what is only used while the device starts goes when it has started
    split.py     in a few pieces, because loading one big one needs more than it leaves
    order.py     the names that are used most come first

The update mode is a second program, made the same way of some of the same modules: `update_mode` beside `rumpus`.

Every step takes a tree of Python and gives one; nothing of it knows the firmware's purpose but tables.py
and decided.py.
"""

import ast
from collections.abc import Mapping
from pathlib import Path

from .. import modules
from ..modules import Device
from . import (
    apart,
    begin,
    constants,
    decided,
    flatten,
    inline,
    merge,
    order,
    program,
    prune,
    shorten,
    split,
    tables,
)

__all__ = ["lean"]

# Functions in a piece of the update mode, which is never run from a ROM.
_MODE_PIECE = 110
# DCMP makes objects for each message: were they collected as often as while the pieces are loaded (split.py), a
# device would lose bytes of a cable at 921600 baud meanwhile.
_COLLECT_LESS = "import gc\ngc.threshold(32768)"


def lean(needed: Mapping[str, Path], device: Device) -> dict[str, str]:
    """The sources of a lean build by their paths in the slot. needed: modules and their files.

    The whole firmware is the module `rumpus`. Other names of modules that start files and settings use
    (rumpus.app, rumpus.hal.micropython ...) are entries of sys.modules. What is imported inside a function
    stays a file of its own, so that it still costs nothing before.
    """
    normal = modules.needed(device, modules.MANAGED) if modules.MODE in needed else needed
    units = _appliance({name: needed[name] for name in normal}, device)
    if modules.MODE in needed:
        mode = modules.needed_in_mode(device)
        units |= _mode({name: needed[name] for name in mode}, device)
    return {path: ast.unparse(ast.fix_missing_locations(tree)) + "\n" for path, tree in units.items()}


def _appliance(needed: Mapping[str, Path], device: Device) -> dict[str, ast.Module]:
    """The firmware as the device runs it."""
    all_modules = program.read(needed, device.runtime)
    decided.decide(all_modules, device, needed)
    merged = merge.Merged(all_modules, device, tables.specialised(all_modules, needed, device))
    units = begin.prepared(merged.units(), merged.is_managed)
    exported = {*merged.exported(), *begin.STEPS}
    units = prune.pruned(units, exported)
    units = apart.apart(units, exported)
    units = flatten.flattened(units, exported)
    units = constants.placed(units, exported)
    units = inline.inlined(units, exported)
    begin.mark(units)
    units = shorten.shortened(units, exported)
    units = begin.begun(units)
    units = split.split(units, merged.exported())
    return _ordered(units)


def _mode(needed: Mapping[str, Path], device: Device) -> dict[str, ast.Module]:
    """The update mode, a package of its own."""
    all_modules = program.read(needed, device.runtime)
    merged = merge.MergedMode(all_modules, device, tables.for_mode(all_modules))
    units = prune.pruned(merged.units(), merged.exported())
    units = flatten.flattened(units, merged.exported(), in_pieces=True)
    units = constants.placed(units, merged.exported())
    units = inline.inlined(units, merged.exported())
    units = shorten.shortened(units, merged.exported())
    units = split.split(units, merged.exported(), modules.MODE, _MODE_PIECE)
    units[merge.MERGED].body += ast.parse(_COLLECT_LESS).body
    units[f"{modules.MODE}/__init__.py"] = units.pop(merge.MERGED)
    return _ordered(units)


def _ordered(units: Mapping[str, ast.Module]) -> dict[str, ast.Module]:
    return {path: order.ordered(tree) for path, tree in units.items()}
