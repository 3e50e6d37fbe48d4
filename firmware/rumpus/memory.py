"""Memory of modules that are loaded when they are needed."""

import gc
import sys


def loaded():
    """The names of the modules that are there now."""
    return tuple(sys.modules)


def forget_others(names):
    """Forget all modules but these, and collect: one that did not fit may be there by half, and is loaded anew."""
    for name in list(sys.modules):
        if name not in names:
            del sys.modules[name]
    gc.collect()
