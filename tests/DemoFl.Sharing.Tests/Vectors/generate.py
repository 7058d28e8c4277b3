"""Writes the known-answer vectors beside this file; an implementation of its own, in exact arithmetic where it can be.

Needs Python 3.9 or later and the openssl command. Running it again must not change a byte.
"""
import hashlib
import json
import math
import pathlib
import random
import struct
import subprocess
from fractions import Fraction

HERE = pathlib.Path(__file__).parent


def keystream(key: bytes, size: int) -> bytes:
    command = ["openssl", "enc", "-aes-128-ctr", "-K", key.hex(), "-iv", "00" * 16]
    return subprocess.run(command, input=bytes(size), stdout=subprocess.PIPE, check=True).stdout


def float_bits(value: float) -> str:
    return struct.pack(">f", value).hex()


def as_float(value: float) -> float:
    return struct.unpack(">f", struct.pack(">f", value))[0]


def max_units(k: int, parties: int) -> int:
    return 2 ** (k - (parties - 1).bit_length() - 1) - 1


def encode(k, parties, clip, c_max, samples, deltas, rounding):
    limit = max_units(k, parties)
    units = float(limit) / clip
    weight = min(samples, c_max) / c_max
    words, clipped = [], 0
    for index, delta in enumerate(deltas):
        value = weight * delta
        if abs(value) > clip:
            clipped += 1
            value = math.copysign(clip, value)
        exact = Fraction(value * units)
        bits = int.from_bytes(rounding[4 * index:4 * index + 4], "little")
        up = Fraction(2 * bits + 1, 2 ** 33) < exact - math.floor(exact)
        words.append(max(-limit, min(limit, math.floor(exact) + up)))
    return words, clipped


def step_of(k, parties, clip, c_max, total):
    return clip / float(max_units(k, parties)) * (float(c_max) / float(total))


def apply(step, words, model):
    return [as_float(w + float(q) * step) for w, q in zip(model, words)]


def revealing(step, limit, source):
    """A word and a model value that cancel, so that the float result shows the last bit of the double on the way."""
    while True:
        word = source.randint(-limit, limit)
        value = -as_float(float(word) * step)
        rest = value + float(word) * step
        if rest != 0.0 and as_float(rest) == rest:
            return word, value


def mask_vectors():
    seed = bytes(range(32))
    cases = []
    for k in (16, 32, 64):
        for length in (0, 1, 7, 1025, 4099):
            stream = keystream(seed[:16], length * k // 8)
            cases.append({"ring": k, "length": length, "head": stream[:32].hex(), "sha256": hashlib.sha256(stream).hexdigest()})
    return {"seed": seed.hex(), "lanes": keystream(seed[16:], 40).hex(), "cases": cases}


ENCODINGS = [(16, 3, 0.5, 1000), (16, 256, 1024.0, 1), (32, 10, 0.5, 1000), (32, 40, 2.0 ** -10, 2 ** 31 - 1),
             (32, 65536, 0.3, 77), (64, 1, 1.0, 3), (64, 5, 0.7, 1000), (64, 65536, 1024.0, 1000)]


def encode_vectors(source):
    cases = []
    for k, parties, clip, c_max in ENCODINGS:
        edges = [0.0, -0.0, clip, -clip, 2 * clip, -1e30, 1e-45, -1e-45, 3.4028234e38, clip / 3, -clip / 7]
        deltas = [as_float(v) for v in edges + [source.uniform(-1.2 * clip, 1.2 * clip) for _ in range(9)]]
        for samples in (c_max // 2 + 1, 10 * c_max):
            rounding = source.randbytes(4 * len(deltas))
            words, clipped = encode(k, parties, clip, c_max, samples, deltas, rounding)
            cases.append({"ring": k, "maxParties": parties, "clip": clip, "maxSampleCount": c_max, "sampleCount": samples,
                          "delta": [float_bits(v) for v in deltas], "rounding": rounding.hex(),
                          "words": [str(q) for q in words], "clipped": clipped})
    return {"cases": cases}


def apply_vectors(source):
    cases = []
    for k, parties, clip, c_max in ENCODINGS:
        limit = parties * max_units(k, parties)
        for total in (1, parties * c_max, parties * c_max // 3 + 1):
            step = step_of(k, parties, clip, c_max, total)
            words = [0, 1, -1, limit, -limit] + [source.randint(-limit, limit) for _ in range(4)]
            model = [as_float(v) for v in [0.0, 1.0, -1.0, 1e-3, -1e6] + [source.gauss(0, 1) for _ in range(4)]]
            if math.frexp(step)[0] != 0.5:  # Times a power of two nothing is rounded, so nothing could show.
                for _ in range(6):
                    word, value = revealing(step, limit, source)
                    words.append(word)
                    model.append(value)
            cases.append({"ring": k, "maxParties": parties, "clip": clip, "maxSampleCount": c_max, "totalSampleCount": total,
                          "words": [str(q) for q in words], "model": [float_bits(v) for v in model],
                          "result": [float_bits(v) for v in apply(step, words, model)]})
    return {"cases": cases}


def write(name, vectors):
    (HERE / name).write_bytes((json.dumps(vectors, indent=1) + "\n").encode("ascii"))


if __name__ == "__main__":
    write("mask.json", mask_vectors())
    write("encode.json", encode_vectors(random.Random(1)))
    write("apply.json", apply_vectors(random.Random(2)))
