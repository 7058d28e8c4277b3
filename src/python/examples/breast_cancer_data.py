"""The Wisconsin diagnostic breast cancer data: 569 x 30, label last (0 malignant, 1 benign); the first line is a header of counts and names."""

import numpy as np

# Parties agree on this before they train: about the largest value of each column, as the literature has them. Nobody looks at anybody's data.
SCALES = np.array([
    30, 40, 200, 2500, 0.2, 0.4, 0.5, 0.25, 0.3, 0.1, 3, 5, 22, 550, 0.03, 0.15, 0.4, 0.05, 0.08, 0.03,
    40, 50, 250, 4300, 0.25, 1, 1.3, 0.3, 0.7, 0.2])
TEST_ROWS = 113


def load(path):
    """Features in about 0 to 1 and labels, in an order of their own."""
    table = np.loadtxt(path, delimiter=",", skiprows=1)
    table = table[np.random.default_rng(1).permutation(len(table))]
    return table[:, :-1] / SCALES, table[:, -1].astype(int)


def part_of(path, party, parties):
    """One party's share of the training rows."""
    features, labels = load(path)
    return features[TEST_ROWS + party::parties], labels[TEST_ROWS + party::parties]


def test(path):
    """What no party has."""
    features, labels = load(path)
    return features[:TEST_ROWS], labels[:TEST_ROWS]
