"""Reads and writes safetensors files of float32 tensors: DemoFl's checkpoints, and the models that its jobs start from."""

from __future__ import annotations

import json
import os
import struct
from typing import Mapping

import numpy as np

from .trainer import Parameters

_MAX_HEADER_BYTES = 16 * 1024 * 1024


def load(path: str) -> Parameters:
    """The file's tensors, in the order of their bytes. Raises ValueError where it is not a whole float32 safetensors file."""
    with open(path, "rb") as file:
        start = file.read(8)
        length = struct.unpack("<Q", start)[0] if len(start) == 8 else 0
        if not 2 <= length <= _MAX_HEADER_BYTES:
            raise ValueError(f"{path} is not a safetensors file")
        header = json.loads(file.read(length))
        body = bytearray(file.read())
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
        begin, end = entry["data_offsets"]
        if entry["dtype"] != "F32" or not 0 <= begin <= end <= len(body):
            raise ValueError(f"{path}: tensor '{name}' is not whole, or not float32")
        tensors[name] = np.frombuffer(body, "<f4", (end - begin) // 4, begin).reshape(entry["shape"])
    return tensors


def save(path: str, tensors: Mapping[str, np.ndarray]) -> None:
    """Writes the tensors as float32, in their order, by way of a temporary file beside it."""
    header, arrays, at = {}, [], 0
    for name, tensor in tensors.items():
        array = np.ascontiguousarray(tensor, dtype="<f4").reshape(np.shape(tensor))
        header[name] = {"dtype": "F32", "shape": list(array.shape), "data_offsets": [at, at + array.nbytes]}
        arrays.append(array)
        at += array.nbytes
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    temporary = f"{path}.{os.getpid()}.tmp"
    with open(temporary, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for array in arrays:
            file.write(array.tobytes())
    os.replace(temporary, path)
