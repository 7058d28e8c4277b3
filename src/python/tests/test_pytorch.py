"""Training a module is what PyTorch itself would do, and nothing else leaves or enters it."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs PyTorch: run scripts/test-deps --python")

import demofl
from demofl import pytorch
from demofl.pytorch import PyTorchTrainer

torch.set_num_threads(1)
F = torch.nn.functional


def plan(**values):
    defaults = dict(
        party="ada", round=1, epochs=1, batch_size=4, learning_rate=0.1, momentum=0.0, weight_decay=0.0, proximal=0.0, seed=2 ** 64 - 5)
    return demofl.Plan(**{**defaults, **values})


def data(count=12, features=3, classes=2):
    generator = torch.Generator().manual_seed(3)
    inputs = torch.randn(count, features, generator=generator)
    return torch.utils.data.TensorDataset(inputs, (inputs.sum(dim=1) > 0).long() % classes)


def linear():
    torch.manual_seed(1)
    return torch.nn.Linear(3, 2)


def reference(model, dataset, steps, rate, mu=0.0, decay=0.0, momentum=0.0):
    """Full-batch descent written out, without torch.optim."""
    start = [p.detach().clone() for p in model.parameters()]
    velocity = [torch.zeros_like(p) for p in model.parameters()]
    for _ in range(steps):
        loss = F.cross_entropy(model(dataset.tensors[0]), dataset.tensors[1])
        gradients = torch.autograd.grad(loss, list(model.parameters()))
        with torch.no_grad():
            for p, g, v, first in zip(model.parameters(), gradients, velocity, start):
                v.mul_(momentum).add_(g + mu * (p - first) + decay * p)
                p.sub_(rate * v)
    return {name: p.detach().numpy() for name, p in model.named_parameters()}


@pytest.mark.parametrize("extra", [
    {}, {"momentum": 0.9}, {"weight_decay": 0.1}, {"proximal": 0.5}, {"momentum": 0.5, "weight_decay": 0.01, "proximal": 0.1}])
def test_full_batches_descend_as_written_out(extra):
    dataset = data()
    trainer = PyTorchTrainer(linear(), dataset, F.cross_entropy)
    update = trainer.train(pytorch.tensors_of(linear()), plan(epochs=5, batch_size=12, **extra))
    expected = reference(
        linear(), dataset, 5, 0.1, mu=extra.get("proximal", 0), decay=extra.get("weight_decay", 0), momentum=extra.get("momentum", 0))
    for name in expected:
        np.testing.assert_allclose(update.parameters[name], expected[name], rtol=1e-5, atol=1e-7)
    assert update.sample_count == 12 and update.evaluated == 12


class Standardized(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.scaling, self.fc1 = pytorch.Scaling(3), torch.nn.Linear(3, 2)

    def forward(self, inputs):
        return self.fc1(self.scaling(inputs))


def test_a_standardized_module_measures_its_columns_and_leaves_them_while_training():
    features = data(20).tensors[0] * torch.tensor([1e-4, 1.0, 1e5]) + torch.tensor([1.0, -2.0, 0.0])
    dataset = torch.utils.data.TensorDataset(features, data(20).tensors[1])
    trainer = PyTorchTrainer(Standardized(), dataset, F.cross_entropy)
    assert trainer.standardizes and not PyTorchTrainer(linear(), dataset, F.cross_entropy).standardizes

    parameters = pytorch.tensors_of(trainer.model)
    assert list(parameters) == ["scaling.mean", "scaling.magnitude", "scaling.variance", "fc1.weight", "fc1.bias"]
    for stage in ("means", "variances"):
        update = trainer.train(parameters, plan(stage=stage))
        parameters = {name: np.asarray(array, np.float32) for name, array in update.parameters.items()}
    pytorch.load(trainer.model, parameters)
    scaled = trainer.model.scaling(features)
    # The first column's deviation is 1e-4 of its mean: float32 has three digits of it left.
    np.testing.assert_allclose(scaled.mean(dim=0), [0, 0, 0], atol=2e-3)
    np.testing.assert_allclose(scaled.std(dim=0, unbiased=False), [1, 1, 1], atol=2e-2)

    trained = trainer.train(parameters, plan(epochs=2)).parameters
    np.testing.assert_array_equal(trained["scaling.mean"], parameters["scaling.mean"])
    np.testing.assert_array_equal(trained["scaling.variance"], parameters["scaling.variance"])
    assert not np.array_equal(trained["fc1.weight"], parameters["fc1.weight"])


def test_a_strong_proximal_term_keeps_the_parameters_near():
    start = pytorch.tensors_of(linear())

    def moved(mu):
        update = PyTorchTrainer(linear(), data(), F.cross_entropy).train(dict(start), plan(epochs=50, proximal=mu))
        return np.linalg.norm(update.parameters["weight"] - start["weight"])

    assert moved(5.0) < 0.5 * moved(0.0)


def test_training_starts_from_what_it_is_given_every_round():
    trainer = PyTorchTrainer(linear(), data(), F.cross_entropy)
    first = trainer.train(pytorch.tensors_of(linear()), plan())
    second = trainer.train(pytorch.tensors_of(linear()), plan())
    other_seed = trainer.train(pytorch.tensors_of(linear()), plan(seed=9))
    np.testing.assert_array_equal(first.parameters["weight"], second.parameters["weight"])
    assert not np.array_equal(first.parameters["weight"], other_seed.parameters["weight"])


def test_datasets_of_other_kinds_train_too():
    class Pairs(torch.utils.data.Dataset):
        def __len__(self):
            return 12

        def __getitem__(self, index):
            return data()[index]

    update = PyTorchTrainer(linear(), Pairs(), F.cross_entropy).train(pytorch.tensors_of(linear()), plan(batch_size=12))
    expected = reference(linear(), data(), 1, 0.1)
    np.testing.assert_allclose(update.parameters["weight"], expected["weight"], rtol=1e-5)


def test_a_holdout_judges_the_model_as_received():
    inputs, targets = data(200).tensors
    received = {"weight": np.array([[-1, -1, -1], [1, 1, 1]], np.float32), "bias": np.zeros(2, np.float32)}
    holdout = torch.utils.data.TensorDataset(inputs, targets)
    update = PyTorchTrainer(linear(), data(), F.cross_entropy, holdout=holdout).train(received, plan(epochs=3, learning_rate=10.0))
    assert (update.sample_count, update.correct, update.evaluated) == (12, 200, 200)


def test_a_holdout_is_judged_without_dropout():
    model = torch.nn.Sequential(torch.nn.Dropout(0.9), linear())
    received = {"1.weight": np.array([[-1, -1, -1], [1, 1, 1]], np.float32), "1.bias": np.zeros(2, np.float32)}
    update = PyTorchTrainer(model, data(), F.cross_entropy, holdout=data(200)).train(received, plan())
    assert update.correct == 200


def test_statistics_of_a_batch_norm_travel_and_its_counter_does_not():
    model = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2))
    trainer = PyTorchTrainer(model, data(), F.cross_entropy)
    names = list(trainer.describe(demofl.Job("ada", "external", {})))
    assert "1.running_mean" in names and "1.num_batches_tracked" not in names
    update = trainer.train(pytorch.tensors_of(model), plan())
    assert set(update.parameters) == set(names) and np.any(update.parameters["1.running_mean"] != 0)


def test_double_modules_travel_as_float32():
    update = PyTorchTrainer(linear().double(), torch.utils.data.TensorDataset(data().tensors[0].double(), data().tensors[1]), F.cross_entropy).train(
        pytorch.tensors_of(linear()), plan())
    assert update.parameters["weight"].dtype == np.float32


def test_an_optimizer_of_ones_own_gets_the_plan():
    rates = []

    def adam(parameters, given):
        rates.append(given.learning_rate)
        return torch.optim.Adam(parameters, lr=given.learning_rate)

    PyTorchTrainer(linear(), data(), F.cross_entropy, optimizer=adam).train(pytorch.tensors_of(linear()), plan(learning_rate=0.125))
    assert rates == [0.125]


def test_regression_counts_nothing_right():
    inputs, _ = data().tensors
    dataset = torch.utils.data.TensorDataset(inputs, inputs.sum(dim=1, keepdim=True))
    model = torch.nn.Linear(3, 1)
    update = PyTorchTrainer(model, dataset, F.mse_loss).train(pytorch.tensors_of(model), plan())
    assert update.correct == 0 and update.loss_sum > 0


def test_parameters_of_another_model_are_refused():
    trainer = PyTorchTrainer(linear(), data(), F.cross_entropy)
    with pytest.raises(ValueError, match=r"'weight' has shape \(2, 3\) in the module, and not \(3, 2\)"):
        trainer.train({"weight": np.zeros((3, 2), np.float32), "bias": np.zeros(2, np.float32)}, plan())
    with pytest.raises(ValueError, match="the module's tensors are"):
        trainer.train({"weight": np.zeros((2, 3), np.float32)}, plan())


def test_a_cancelled_round_stops_at_the_next_batch():
    batches = []

    def loss(output, target):
        batches.append(len(target))
        return F.cross_entropy(output, target)

    given = plan(epochs=1000, cancelled=lambda: len(batches) >= 5)
    with pytest.raises(demofl.TrainingCancelled):
        PyTorchTrainer(linear(), data(), loss).train(pytorch.tensors_of(linear()), given)
    assert len(batches) == 5


def test_an_empty_dataset_is_refused():
    with pytest.raises(ValueError, match="empty"):
        PyTorchTrainer(linear(), torch.utils.data.TensorDataset(torch.zeros(0, 3), torch.zeros(0)), F.cross_entropy)


def test_a_start_file_loads_into_the_module_again(tmp_path):
    from demofl import safetensors

    path = str(tmp_path / "start.safetensors")
    model = linear()
    PyTorchTrainer(model, data(), F.cross_entropy).save_start(path)
    again = torch.nn.Linear(3, 2)
    pytorch.load(again, safetensors.load(path))
    assert torch.equal(again.weight, model.weight) and torch.equal(again.bias, model.bias)


def test_over_the_wire_it_is_the_same(serve):
    local = PyTorchTrainer(linear(), data(), F.cross_entropy).train(pytorch.tensors_of(linear()), plan(seed=5, epochs=3))
    trained, summary = serve(PyTorchTrainer(linear(), data(), F.cross_entropy)).train(
        pytorch.tensors_of(linear()), seed=5, epochs=3, batch_size=4, learning_rate=0.1)
    np.testing.assert_array_equal(trained["weight"], local.parameters["weight"])
    assert (summary.sample_count, summary.correct, summary.loss_sum) == (12, local.correct, local.loss_sum)
