"""Two changes to a network's file, without the package that writes such files: of any size, and with constant weights.

A file of ONNX is a protobuf message, a model, whose field 7 is the graph; that one's field 11, which comes many times,
is an input of it, named by its own field 1.
Source: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
"""

from collections.abc import Iterator

_GRAPH, _INPUT = 7, 11
_ANY = b"\x0a\x02\x12\x00"  # a dimension without a value; one of N is 0a 02 08 N, where N is below 128
_BYTES = 2  # the wire type of what has a length; the others here are numbers


def of_any_size(model: bytes, shapes: tuple[tuple[int, int, int], ...]) -> bytes:
    """What it declares for ten pictures of one of ``shapes``, (channels, height, width), is then for any."""
    for shape in shapes:
        ten, channels, *sides = (b"\x0a\x02\x08" + bytes([number]) for number in (10, *shape))
        model = model.replace(ten + channels + b"".join(sides), _ANY + channels + 2 * _ANY)
    return model


def with_constant_weights(model: bytes, picture: str) -> bytes:
    """Its one input is ``picture``: of weights that are inputs as well nothing can be computed ahead."""
    named = _field(1, picture.encode())
    return b"".join(
        _field(_GRAPH, b"".join(each for inner, each, value in _fields(content) if _kept(inner, value, named)))
        if number == _GRAPH
        else whole
        for number, whole, content in _fields(model)
    )


def _kept(number: int, content: bytes, named: bytes) -> bool:
    return number != _INPUT or content.startswith(named)


def _fields(message: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Each field's number, all its bytes, and its content, which is empty for a number."""
    at = 0
    while at < len(message):
        key, begin = _varint(message, at)
        size, begin = _varint(message, begin)
        content = message[begin : begin + size] if key & 7 == _BYTES else b""
        end = begin + len(content)
        yield key >> 3, message[at:end], content
        at = end


def _field(number: int, content: bytes) -> bytes:
    return _written(number << 3 | _BYTES) + _written(len(content)) + content


def _varint(message: bytes, at: int) -> tuple[int, int]:
    """The number that is written from ``at`` on, seven bits a byte, and where it ends."""
    value = shift = 0
    while True:
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def _written(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])
