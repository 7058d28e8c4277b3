"""One party's own PyTorch model, served to its node. This is all that an owner writes."""

import argparse

import torch
from torch import nn

import demofl
import mnist_data
from demofl.pytorch import PyTorchTrainer


def make_model():
    """A model that DemoFl knows nothing of."""
    torch.manual_seed(1)
    return nn.Sequential(
        nn.Conv2d(1, 8, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(16 * 7 * 7, 64), nn.ReLU(), nn.Linear(64, 10))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, help="folder of MNIST's files")
    parser.add_argument("--party", type=int, required=True, help="which of the parties this is, from 0")
    parser.add_argument("--of", type=int, default=10, help="the number of parties")
    parser.add_argument("--examples", type=int, default=0, help="examples of a party; an equal share of all without")
    parser.add_argument("--listen", required=True, help="unix:PATH or http://127.0.0.1:PORT")
    arguments = parser.parse_args()

    torch.set_num_threads(1)  # the parties of this example share one machine
    data = mnist_data.part_of(mnist_data.load(arguments.data, "train"), arguments.party, arguments.of, arguments.examples)
    demofl.serve(PyTorchTrainer(make_model(), data, nn.functional.cross_entropy), arguments.listen)
