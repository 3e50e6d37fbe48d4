"""rumpus decode: bytes of a message in words."""

import re
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from .. import decode, explain, fields
from . import _output
from ._failure import REFUSED, Failure, wrong_use
from ._options import Json

PANEL = "Protocol"

_HEX = re.compile(rb"(?:0[xX]|\\x|[0-9a-fA-F\s:,;_-])+")
# Of a part that is longer the beginning is shown; --json has all of it.
_MOST_BYTES = 64
# How the columns share a terminal: bytes a line, what the meaning needs, a name that is worth a second line.
_A_LINE = (16, 8, 4)
_LEAST_MEANING = 40
_WIDE_NAME = 17
_AROUND = 28  # offset, source and the lines between the columns


def run(
    text: Annotated[
        list[str] | None,
        typer.Argument(metavar="[HEX...]", help="The bytes; spaces, colons and 0x may stand between."),
    ] = None,
    file: Annotated[
        str | None,
        typer.Option("--file", metavar="FILE", help="Take them from a file, binary or hex. -: from stdin."),
    ] = None,
    channel: Annotated[
        str | None,
        typer.Option(
            "--channel", metavar="CHANNEL", help="rump, ra, rmdp, dcmp, sealed. Default: what they look like."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Take the bytes of one message apart: each part of header and body with its meaning and its source.

    The bytes may be a bare message, a packet with its channel byte, or a packet in the framing of a
    TCP connection (two bytes of length) or a serial line (zero bytes, COBS, CRC-32): what they were
    taken for is said. Wrong bytes: the offset and the reason, after what could be understood (exit
    code 1). An RMDP packet is taken apart together with the DCMP message that it carries.

    source says where a part's layout comes from: S the standard and its table, OURS this project.

    Examples:

        rumpus decode 0101020001000100000000a1b2c3d4e5f60000
        rumpus decode 01:01:82:00:07 ...
        rumpus decode --channel ra 0x03 0x01 0x02 0x00 0x00 0x00 0x00 0x03 0x63 0x6c 0x69
        rumpus decode --file packet.bin
    """
    data = _bytes_of(text or [], file)
    wanted = channel.strip().lower() if channel else None
    if wanted is not None and wanted not in decode.CHANNELS:
        raise wrong_use(
            f"There is no channel {channel!r}.", f"The channels are {', '.join(decode.CHANNELS)}."
        )
    decoded = decode.decode(data, wanted)
    if not as_json:
        _print(decoded)
    if decoded.error:
        raise _failure(decoded, decoded.error)
    if as_json:
        _output.print_json(as_dict(decoded))


def _bytes_of(text: list[str], file: str | None) -> bytes:
    """What a person gave: hexadecimal digits, or a file. Raises Failure."""
    if file is None:
        return parse_hex(" ".join(text))
    if text:
        raise wrong_use("There are bytes and a file.", "Give one of them.")
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise wrong_use(f"{file}: {error.strerror}.", "Name a file with the bytes of one message.") from None
    return parse_hex(data.decode()) if _HEX.fullmatch(data) else data


def parse_hex(text: str) -> bytes:
    """The bytes that a person means. Raises Failure."""
    digits = re.sub(r"0[xX]|\\x|[\s:,;_-]", "", text)
    wrong = re.search(r"[^0-9a-fA-F]", digits)
    if wrong:
        raise wrong_use(
            f"{wrong[0]!r} is no hexadecimal digit.", "Write bytes such as 0101 or 01:01 or 0x01 0x01"
        )
    if not digits:
        raise wrong_use("There are no bytes.", "Write bytes such as 0101 or 01:01 or 0x01 0x01")
    if len(digits) % 2:
        raise wrong_use(f"{len(digits)} hexadecimal digits are no whole bytes.", "Each byte has two digits.")
    return bytes.fromhex(digits)


def as_dict(decoded: decode.Decoded) -> dict:
    """What was understood, as JSON has it: values by name as in the other verbs, and all parts."""
    parts = [{**part._asdict(), "raw": part.raw.hex()} for part in decoded.parts]
    device_id = decoded.device_id
    device = {"id": device_id.hex(), "type": decoded.type_name} if device_id else None
    about = {"channel": decoded.channel, "assumed": decoded.assumed, "kind": decoded.kind, "device": device}
    if decoded.carries:
        about["carries"] = decoded.carries
    return {**decoded.values, **about, "parts": parts}


def _print(decoded: decode.Decoded) -> None:
    from rich.table import Table
    from rich.text import Text

    out = _output.console()
    out.print(Text(f"{decoded.channel} {_title(decoded)}, taken for {decoded.assumed}.", style="bold"))
    if decoded.note:
        out.print(Text(decoded.note))
    table = Table()
    for heading in ("offset", "bytes", "name", "meaning", "source"):
        side = "right" if heading == "offset" else "left"
        table.add_column(heading, overflow="fold", justify=side, no_wrap=heading != "meaning")
    rows = list(_rows(decoded))
    room = out.width - _AROUND - max((len(line) for row in rows for line in row[2].split("\n")), default=0)
    a_line = next((n for n in _A_LINE if room - 3 * n >= _LEAST_MEANING), _A_LINE[-1])
    group = None
    for part, offset, name, style in rows:
        if group is not None and part.group != group:
            table.add_section()
        group = part.group
        raw, meaning, source = (
            (_hex(part.raw, a_line), part.meaning, _mark(part.source)) if offset else ("", "", "")
        )
        table.add_row(offset, raw, Text(name, style=style), Text(meaning), Text(source, style="dim"))
    if rows:
        out.print(table)


def _title(decoded: decode.Decoded) -> str:
    if decoded.channel not in ("rmdp", "dcmp"):
        if decoded.carries:
            return f"ra {fields.spoken(decoded.carries)}"
        return fields.spoken(decoded.kind) if decoded.kind else "message"
    kind = decoded.kind or ("packet" if decoded.channel == "rmdp" else "message")  # the standard's own names
    return f"{kind} with dcmp {decoded.carries}" if decoded.carries else kind


def _rows(decoded: decode.Decoded) -> Iterator[tuple[decode.Part, str, str, str]]:
    """(part, offset, name, style) of each row; the headings of a header and of an item of a list have no offset."""
    group, around = None, []
    for part in decoded.parts:
        if part.group != group and part.group.endswith(" header"):
            yield part, "", part.group, "bold"
        group = part.group
        *lists, name = part.name.split(".")
        for depth, item in enumerate(lists):
            if lists[: depth + 1] != around[: depth + 1]:
                yield part, "", " " * depth + item, ""
        around = lists
        lines = textwrap.wrap(name, _WIDE_NAME, break_long_words=False)
        yield part, str(part.offset), "\n".join(" " * len(lists) + line for line in lines), "cyan"


def _hex(raw: bytes, a_line: int) -> str:
    """Hexadecimal digits, so many bytes a line; of a long part the beginning."""
    kept = raw if len(raw) <= _MOST_BYTES else raw[: _MOST_BYTES // 2]
    lines = [kept[at : at + a_line].hex(" ") for at in range(0, len(kept), a_line)]
    return "\n".join(lines if kept is raw else [*lines, "..."])


def _mark(source: str) -> str:
    """The mark in front of a source; of the standard with its table."""
    words = source.replace(";", " ").split()
    return " ".join(words[:2]) if words[:1] == ["S"] else "".join(words[:1])


def _failure(decoded: decode.Decoded, error: Exception) -> Failure:
    code, offset = getattr(error, "code", ""), getattr(error, "detail", None)
    told = explain.DAMAGE.get(code, explain.Explanation(code, ""))
    message = f"Wrong at offset {offset}: {told.sentence} ({code}). {decoded.verdict}".rstrip()
    more: dict[str, Any] = {**as_dict(decoded), "offset": offset}
    return Failure(REFUSED, code, message, told.next, more)
