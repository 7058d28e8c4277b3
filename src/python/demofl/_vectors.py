"""One flat vector on the wire, named arrays on this side."""

from __future__ import annotations

import math
from typing import Dict, Iterable, Iterator, Mapping

import numpy as np

from .trainer import Parameters, Shape

PIECE_BYTES = 64 * 1024
MAX_PARAMETERS = 1_000_000_000


class VectorError(ValueError):
    """The bytes or arrays are not those of the model; says where."""


def shapes_of(tensors: Iterable) -> Dict[str, Shape]:
    """Names and shapes from Tensor messages."""
    return {tensor.name: tuple(tensor.dimensions) for tensor in tensors}


def length_of(shapes: Mapping[str, Shape]) -> int:
    """The number of parameters in all tensors together."""
    return sum(math.prod(shape) for shape in shapes.values())


def unpack(pieces: Iterable[bytes], shapes: Mapping[str, Shape]) -> Parameters:
    """Writable float32 arrays over the pieces' bytes."""
    length = length_of(shapes)
    if length > MAX_PARAMETERS:
        raise VectorError(f"the model has {length} parameters, more than {MAX_PARAMETERS}")
    buffer, filled = bytearray(4 * length), 0
    for piece in pieces:
        if filled + len(piece) > len(buffer):
            raise VectorError(f"there are more than the {len(buffer)} bytes of the model")
        buffer[filled:filled + len(piece)] = piece
        filled += len(piece)
    if filled < len(buffer):
        raise VectorError(f"there are {filled} of the {len(buffer)} bytes of the model")
    vector = np.frombuffer(buffer, dtype="<f4")
    arrays, at = {}, 0
    for name, shape in shapes.items():
        count = math.prod(shape)
        arrays[name] = vector[at:at + count].reshape(shape)
        at += count
    return arrays


def pack(arrays: Mapping[str, np.ndarray], shapes: Mapping[str, Shape]) -> Iterator[bytes]:
    """Checks names and shapes at once, then gives the vector's bytes in pieces, tensors in the order of ``shapes``."""
    unknown, missing = sorted(set(arrays) - set(shapes)), sorted(set(shapes) - set(arrays))
    if unknown or missing:
        raise VectorError(f"the trained tensors are not the model's: unknown {unknown}, missing {missing}")
    for name, shape in shapes.items():
        if np.shape(arrays[name]) != shape:
            raise VectorError(f"tensor '{name}' has shape {np.shape(arrays[name])}; the model's is {shape}")
    return _pieces(arrays, shapes)


def _pieces(arrays: Mapping[str, np.ndarray], shapes: Mapping[str, Shape]) -> Iterator[bytes]:
    rest = b""
    for name in shapes:
        data = memoryview(np.ascontiguousarray(arrays[name], dtype="<f4").reshape(-1)).cast("B")
        at = 0
        # Small tensors share a piece: a message each would cost more than its content.
        while len(rest) + len(data) - at >= PIECE_BYTES:
            take = PIECE_BYTES - len(rest)
            yield rest + bytes(data[at:at + take])
            rest, at = b"", at + take
        rest += bytes(data[at:])
    if rest:
        yield rest
