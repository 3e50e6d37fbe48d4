"""Counts <-> the text of a DCMP value (D52): "1", "-18", "45.5"; nothing when not available.

Digits, an optional minus and one point only, so that both ends and a capture's reader agree. Integers
only: a decimal is counts with a point put in. Knows RUMP's field rows, nothing else.
"""

from .tables.timing import LONGEST_VALUE
from .tables.units import UNIT_TYPES

BOOL = 1
INTEGER = 2
DECIMAL = 3
TEXT = 4


def name_of(row):
    """The name of a field row."""
    return row[1]


def unit_code(token):
    """The DCMP unit of a unit token; 0 for what has none (bool, enum, bitmap, count)."""
    for code, name, _source in UNIT_TYPES:
        if name == token:
            return code
    return 0


def data_type(row):
    """The DataType of a field row."""
    if row[8] == "bool":
        return BOOL
    return DECIMAL if row[7] > 1 else INTEGER


def _places(scale):
    """Digits after the point: scale is a power of ten."""
    n = 0
    while scale > 1:
        scale //= 10
        n += 1
    return n


def to_text(counts, scale=1):
    """The text of counts; empty for None."""
    if counts is None:
        return ""
    if scale == 1:
        return str(counts)
    sign = "-" if counts < 0 else ""
    counts = abs(counts)
    fraction = str(scale + counts % scale)[1:]  # with its leading zeros
    return sign + str(counts // scale) + "." + fraction


def to_counts(text, scale=1):
    """The counts of a text, or None when it is no number or finer than a count."""
    if not text or len(text) > LONGEST_VALUE:
        return None
    is_negative = text[0] == "-"
    whole, point, fraction = (text[1:] if is_negative else text).partition(".")
    if not _is_digits(whole) or (point and not _is_digits(fraction)):
        return None
    places = _places(scale)
    while len(fraction) > places and fraction[-1] == "0":
        fraction = fraction[:-1]
    if len(fraction) > places:
        return None
    counts = int(whole) * scale + int(fraction + "0" * (places - len(fraction)) or "0")
    return -counts if is_negative else counts


def _is_digits(text):
    if not text:
        return False
    for c in text:
        if not "0" <= c <= "9":
            return False
    return True


def longest(row):
    """The most characters that a value of the row takes."""
    return max(len(to_text(row[4], row[7])), len(to_text(row[5], row[7])))
