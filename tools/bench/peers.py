"""The codec's contestants on CPython: those of every interpreter, construct and protobuf."""

import sys
from importlib import import_module
from typing import Any

from .board import DEVICE

sys.path.append(str(DEVICE))
# The same files that MicroPython runs.
codec_contestants: Any = import_module("codec_contestants")
racing: Any = import_module("race")

_CONSTRUCT = {"B": "Int8ub", "H": "Int16ub", "h": "Int16sb", "I": "Int32ub"}


def race(rounds: int, slice_us: int) -> dict[str, Any]:
    """{group: what race.race() gives}."""
    found = {}
    bodies = dict(_bodies())
    for key, contestants in codec_contestants.groups():
        if key in bodies:
            part = key.rpartition("_")[2] if key.startswith("status_20") else "both"
            contestants = [*contestants, *_construct(bodies[key], part), *_protobuf(bodies[key], part)]
        found[key] = racing.race(contestants, rounds, slice_us)
    return found


def _bodies():
    twenty = codec_contestants.Body("water_heater", codec_contestants.MANY)
    for part in ("decode", "encode", "both"):
        yield f"status_20_{part}", twenty
    for name in codec_contestants.TYPES:
        yield f"status_{name}", codec_contestants.Body(name)


def _construct(body: Any, part: str) -> list[tuple[str, Any]]:
    """The same bytes, compiled, each value checked for its range on the way in and out."""
    import construct

    def checked(row: Any) -> Any:
        kind = getattr(construct, _CONSTRUCT[row[2][-1]])
        return row[1] / construct.ExprValidator(kind, lambda obj, _context: row[4] <= obj <= row[5])

    head = ["result", "field", "reason"]
    byte: Any = construct.Int8ub
    fields = [name / byte for name in head]
    shape = construct.Struct(
        *fields, "constant" / construct.Bytes(len(body.layout.constant)), *[checked(row) for row in body.rows]
    )
    plain = construct.Struct(
        *fields,
        "constant" / construct.Bytes(len(body.layout.constant)),
        *[row[1] / getattr(construct, _CONSTRUCT[row[2][-1]]) for row in body.rows],
    ).compile()
    found = []
    for name, codec in (("construct, checked", shape), ("construct, compiled", plain)):
        found.append((name, _runner(part, body.bytes, codec.parse, codec.build)))
    return found


def _runner(part: str, data: bytes, parse: Any, build: Any) -> Any:
    parsed = parse(data)

    def decode(n: int) -> None:
        for _ in range(n):
            parse(data)

    def encode(n: int) -> None:
        for _ in range(n):
            build(parsed)

    def both(n: int) -> None:
        for _ in range(n):
            build(parse(data))

    return {"decode": decode, "encode": encode, "both": both}[part]


def _protobuf(body: Any, part: str) -> list[tuple[str, Any]]:
    """The same values in protobuf's own bytes, its C library; no range is checked."""
    message = _message_class([row[1] for row in body.rows])
    names = tuple(body.names())

    def parse(data: bytes) -> tuple[int, ...]:
        got = message.FromString(data)
        return tuple([getattr(got, name) for name in names])

    def build(values: tuple[int, ...]) -> bytes:
        return message(**dict(zip(names, values, strict=True))).SerializeToString()

    return [("protobuf", _runner(part, build(tuple(body.values)), parse, build))]


def _message_class(names: list[str]) -> Any:
    from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

    file = descriptor_pb2.FileDescriptorProto(
        name=f"bench_{len(names)}.proto", package="bench", syntax="proto3"
    )
    message = file.message_type.add(name="Status")
    for number, name in enumerate(names, 1):
        message.field.add(
            name=name,
            number=number,
            type=descriptor_pb2.FieldDescriptorProto.TYPE_SINT32
            if number > 2
            else descriptor_pb2.FieldDescriptorProto.TYPE_UINT32,
            label=descriptor_pb2.FieldDescriptorProto.LABEL_OPTIONAL,
        )
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("bench.Status"))
