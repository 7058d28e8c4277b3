"""MNIST's files, and how the examples deal them out."""

import gzip
import pathlib

import numpy as np
import torch
from torch.utils.data import TensorDataset


def load(folder, part):
    """``part`` is "train" or "t10k": images as n x 1 x 28 x 28 in 0 to 1, and labels."""
    def idx(kind, header):
        for name in (f"{part}-{kind}-ubyte.gz", f"{part}-{kind}-ubyte"):
            path = pathlib.Path(folder, name)
            if path.exists():
                data = gzip.decompress(path.read_bytes()) if name.endswith(".gz") else path.read_bytes()
                return np.frombuffer(data, np.uint8, offset=header)
        raise SystemExit(f"There is no {part}-{kind}-ubyte.gz in {folder}; fetch MNIST by: demofl data get mnist --out {folder}")

    images = torch.from_numpy(idx("images-idx3", 16).reshape(-1, 1, 28, 28).astype(np.float32) / 255)
    return TensorDataset(images, torch.from_numpy(idx("labels-idx1", 8).astype(np.int64)))


def part_of(dataset, party, parties, examples):
    """The examples of one party, drawn once and for all without overlap; ``examples`` each, or an equal share of all for 0."""
    order = torch.randperm(len(dataset), generator=torch.Generator().manual_seed(1))
    each = examples or len(dataset) // parties
    if each * parties > len(dataset):
        raise SystemExit(f"{parties} parties of {each} examples are more than the {len(dataset)} there are")
    chosen = order[party * each:(party + 1) * each]
    return TensorDataset(*(tensor[chosen] for tensor in dataset.tensors))
