"""An air conditioner steered through its infrared receiver, as its remote control does it.

An output driver whose level is the whole state (../remote_state.py): level 0 is off, which is also what an
interlock forces. option: (protocol,) or (protocol, model), a protocol being a table in ir_<protocol>.py:
("gree",), ("gree", "ybofb"), ("coolix",) or ("midea",). What they share, and when a frame goes out: ir_protocol.py.
"""

NEEDS = "ir"


def make(pin, option):
    """Imports the protocol's table alone. Raises ValueError for a protocol that nobody knows."""
    protocol = option[0]
    if protocol == "gree":
        from .ir_gree import make as make_it
    elif protocol == "coolix":
        from .ir_coolix import make as make_it
    elif protocol == "midea":
        from .ir_midea import make as make_it
    else:
        raise ValueError("no infrared protocol " + protocol)
    return make_it(pin, option)
