"""Five hospitals with scikit-learn and a share each of the breast-cancer CSV; compares with what each of them learns alone.

    python3 src/python/examples/breast_cancer.py --data breast_cancer.csv
"""

import argparse
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))  # a checkout that is not installed

import breast_cancer_data
import federation
from breast_cancer_party import make_trainer
from demofl import Plan, safetensors


def accuracy(tensors, features, labels):
    return 100 * float(((features @ tensors["coef"][0] + tensors["intercept"][0] > 0) == labels).mean())


def alone(path, party, arguments, start):
    """As many passes over its own data as the federation makes, and no one else's."""
    plan = Plan("alone", 1, arguments.rounds * arguments.epochs, 1, arguments.lr, 0, 0.0001, 0, 1)
    return make_trainer(path, party, arguments.parties).train(safetensors.load(start), plan).parameters


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, help="breast_cancer.csv")
    parser.add_argument("--parties", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--lr", type=float, default=0.1)
    parser.add_argument("--folder", help="where the run is kept; a temporary folder without")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(arguments.folder or temporary)
        folder.mkdir(parents=True, exist_ok=True)
        start = str((folder / "start.safetensors").resolve())
        make_trainer(arguments.data, 0, arguments.parties).save_start(start)
        settings = {
            "model": "external", "start": start, "evaluate": "false", "parties": arguments.parties, "rounds": arguments.rounds,
            "epochs": arguments.epochs, "batch": 1, "lr": arguments.lr, "weight-decay": 0.0001,
        }
        trainers = [
            federation.python("breast_cancer_party.py", "--data", arguments.data, "--party", i, "--of", arguments.parties)
            for i in range(arguments.parties)
        ]
        checkpoint = federation.run(folder, settings, trainers, lambda r: print(
            f"round {r['round']:3}  {r['intersection']} of {r['parties']} hospitals  "
            f"accuracy on their own rows {r['trainingAccuracy']:.2%}", flush=True))
        features, labels = breast_cancer_data.test(arguments.data)
        for i in range(arguments.parties):
            print(f"hospital {i} alone: {accuracy(alone(arguments.data, i, arguments, start), features, labels):.2f} % on rows that none of them has")
        print(f"together:         {accuracy(safetensors.load(checkpoint), features, labels):.2f} %")


if __name__ == "__main__":
    main()
