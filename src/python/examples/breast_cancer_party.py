"""One hospital's scikit-learn model, served to its node."""

import argparse

from sklearn.linear_model import SGDClassifier

import breast_cancer_data
import demofl
from demofl.scikit import SklearnTrainer


def make_trainer(path, party, parties):
    features, labels = breast_cancer_data.part_of(path, party, parties)
    return SklearnTrainer(SGDClassifier(loss="log_loss"), features, labels, classes=[0, 1])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, help="breast_cancer.csv")
    parser.add_argument("--party", type=int, required=True, help="which of the hospitals this is, from 0")
    parser.add_argument("--of", type=int, default=5, help="the number of hospitals")
    parser.add_argument("--listen", required=True, help="unix:PATH or http://127.0.0.1:PORT")
    arguments = parser.parse_args()
    demofl.serve(make_trainer(arguments.data, arguments.party, arguments.of), arguments.listen)
