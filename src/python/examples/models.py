"""DemoFl's own models as PyTorch modules: the same tensors, by the same names, computing the same.

With these, a job whose ``model`` is ``softmax``, ``mlp:...`` or ``cnn`` is trained by PyTorch parties, by embedded ones, or by both together;
and a checkpoint of such a job is this module's state.
"""

from collections import OrderedDict

import torch
from torch import nn
from torch.nn import functional as F


def mlp(inputs, hidden, classes):
    """``softmax`` (no hidden layers) and ``mlp:UNITS,...``: fc1, fc2 and on, with ReLU between them."""
    sizes = [inputs, *hidden, classes]
    layers = OrderedDict(flatten=nn.Flatten())
    for i in range(1, len(sizes)):
        layers[f"fc{i}"] = nn.Linear(sizes[i - 1], sizes[i])
        if i < len(sizes) - 1:
            layers[f"relu{i}"] = nn.ReLU()
    return nn.Sequential(layers)


class Cnn(nn.Module):
    """``cnn``: that of McMahan et al. (2017), with 1,663,370 parameters on 28x28 images of one channel in 10 classes."""

    def __init__(self, channels=1, height=28, width=28, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 32, 5, padding=2)
        self.conv2 = nn.Conv2d(32, 64, 5, padding=2)
        self.fc1 = nn.Linear(64 * (height // 4) * (width // 4), 512)
        self.fc2 = nn.Linear(512, classes)

    def forward(self, images):
        images = F.max_pool2d(F.relu(self.conv1(images)), 2)
        images = F.max_pool2d(F.relu(self.conv2(images)), 2)
        return self.fc2(F.relu(self.fc1(torch.flatten(images, 1))))


def of(spec, channels=1, height=28, width=28, classes=10):
    """The module of a specification as jobs write it."""
    kind, _, units = spec.partition(":")
    if kind == "cnn":
        return Cnn(channels, height, width, classes)
    return mlp(channels * height * width, [int(u) for u in units.split(",") if u], classes)
