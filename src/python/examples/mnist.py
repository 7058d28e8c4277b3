"""Ten PyTorch parties on MNIST, each with a model and data that DemoFl knows nothing of, and a local FedAvg loop to compare with.

    python3 src/python/examples/mnist.py --data data/mnist

The federation is DemoFl's, masked, with a server, ten nodes and ten trainers; the loop is plain PyTorch in this process.
"""

import argparse
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))  # a checkout that is not installed

import torch
from torch.nn import functional as F

import federation
import mnist_data
from demofl import pytorch, safetensors
from mnist_party import make_model


def accuracy(model, dataset):
    model.eval()
    with torch.no_grad():
        hits = sum(int((model(x).argmax(dim=1) == y).sum()) for x, y in zip(*(t.split(500) for t in dataset.tensors)))
    return 100 * hits / len(dataset)


def fedavg(parts, rounds, epochs, batch, rate, on_round):
    """Federated averaging as McMahan et al. (2017) have it, all parties in every round. Uses nothing of DemoFl."""
    model = make_model()
    torch.manual_seed(2)
    for number in range(1, rounds + 1):
        start = {name: tensor.clone() for name, tensor in model.state_dict().items()}
        mean = {name: torch.zeros_like(tensor, dtype=torch.float64) for name, tensor in start.items()}
        for part in parts:
            model.load_state_dict(start)
            model.train()
            for _ in range(epochs):
                for indices in torch.randperm(len(part)).split(batch):
                    model.zero_grad()
                    F.cross_entropy(model(part.tensors[0][indices]), part.tensors[1][indices]).backward()
                    with torch.no_grad():
                        for parameter in model.parameters():
                            parameter -= rate * parameter.grad
            for name, tensor in model.state_dict().items():
                mean[name] += tensor.double() * (len(part) / sum(len(p) for p in parts))
        model.load_state_dict({name: tensor.float() for name, tensor in mean.items()})
        on_round(number, model)
    return model


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, help="folder of MNIST's files")
    parser.add_argument("--parties", type=int, default=10)
    parser.add_argument("--examples", type=int, default=1000, help="examples of a party; 0 for an equal share of all")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--batch", type=int, default=10)
    parser.add_argument("--lr", type=float, default=0.05)
    parser.add_argument("--no-comparison", action="store_true", help="leave the local loop out")
    parser.add_argument("--folder", help="where the run is kept; a temporary folder without")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as temporary:
        compare(arguments, arguments.folder or temporary)


def compare(arguments, folder):
    pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
    test = mnist_data.load(arguments.data, "t10k")
    start = str(pathlib.Path(folder, "start.safetensors").resolve())
    safetensors.save(start, pytorch.tensors_of(make_model()))
    settings = {
        "model": "external", "start": start, "evaluate": "false", "parties": arguments.parties, "rounds": arguments.rounds,
        "epochs": arguments.epochs, "batch": arguments.batch, "lr": arguments.lr, "max-samples": max(arguments.examples, 1000),
    }
    trainers = [
        federation.python(
            "mnist_party.py", "--data", arguments.data, "--party", i, "--of", arguments.parties, "--examples", arguments.examples)
        for i in range(arguments.parties)
    ]
    print(f"{arguments.parties} PyTorch parties, masked:", flush=True)
    checkpoint = federation.run(folder, settings, trainers, lambda r: print(
        f"  round {r['round']:3}  {r['intersection']} of {r['parties']} parties  {r['seconds']:.1f} s  "
        f"training loss {r['trainingLoss']:.4f}, accuracy {r['trainingAccuracy']:.2%}", flush=True))
    model = make_model()
    pytorch.load(model, safetensors.load(checkpoint))
    federated = accuracy(model, test)
    print(f"  test accuracy {federated:.2f} %")
    if arguments.no_comparison:
        return

    print("The same in a local PyTorch loop, without DemoFl:", flush=True)
    train = mnist_data.load(arguments.data, "train")
    parts = [mnist_data.part_of(train, i, arguments.parties, arguments.examples) for i in range(arguments.parties)]
    local = accuracy(fedavg(
        parts, arguments.rounds, arguments.epochs, arguments.batch, arguments.lr,
        lambda number, m: print(f"  round {number:3}  test accuracy {accuracy(m, test):.2f} %", flush=True)), test)
    print(f"difference after {arguments.rounds} rounds: {federated - local:+.2f} points")


if __name__ == "__main__":
    main()
