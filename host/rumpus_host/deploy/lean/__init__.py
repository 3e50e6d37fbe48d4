"""From the firmware as it is read to the firmware as it fits into 48 kB: sources to sources, before the
compiler.

On a device each module costs 250 bytes before it holds anything, each name that crosses from one to another
eight, each string in a table 32. So a lean build is one module, with what people read taken out:

    program.py   the modules, and what each name in them means
    values.py    what is known before the device starts: numbers and tables, as the host computes them
    tables.py    tables as a device needs them: names of fields become their numbers
    replaced.py  functions that have less to do
    merge.py     all modules in one; each name that is known becomes its value
    prune.py     what nobody mentions is left out
    shorten.py   names that only we use become short ones
    split.py     in a few pieces, because loading one big one needs more than it leaves
    order.py     the names that are used most come first

Every step takes a tree of Python and gives one; nothing of it knows the firmware's purpose but tables.py.
"""

import ast
from collections.abc import Mapping
from pathlib import Path

from ..modules import Device
from . import merge, order, program, prune, shorten, split, tables

__all__ = ["lean"]

# DCMP makes objects for each message: were they collected as often as while the pieces are loaded (split.py), a
# device would lose bytes of a cable at 921600 baud meanwhile.
_COLLECT_LESS = "import gc\ngc.threshold(32768)"


def lean(needed: Mapping[str, Path], device: Device) -> dict[str, str]:
    """The sources of a lean build by their paths in the slot. needed: modules and their files.

    The whole firmware is the module `rumpus`. Other names of modules that start files and settings use
    (rumpus.app, rumpus.hal.micropython ...) are entries of sys.modules. What is imported inside a function
    stays a file of its own, so that it still costs nothing before.
    """
    all_modules = program.read(needed, device.runtime)
    merged = merge.Merged(all_modules, device, tables.specialised(all_modules, needed, device))
    units = merged.units()
    if merged.is_managed:
        names = ast.parse(f"NAMES = {tables.field_names(device)!r}")
        units["rumpus/field_names.py"] = names
    units = prune.pruned(units, merged.exported())
    units = shorten.shortened(units, merged.exported())
    units = split.split(units, merged.exported())
    if merged.is_managed:
        units[merge.MERGED].body += ast.parse(_COLLECT_LESS).body
    units = {path: order.ordered(tree) for path, tree in units.items()}
    return {path: ast.unparse(ast.fix_missing_locations(tree)) + "\n" for path, tree in units.items()}
