"""What PyTorch makes of a model, a batch and a plan that the embedded trainer was given too.

Arguments: the model's specification, its parameters, the batch (tensors x and y), the file to write, and learning rate, momentum, weight decay
and FedProx's mu. Writes the trained parameters, and the gradient at the given ones as "gradient.NAME".
"""

import sys

import torch

import demofl
import models
from demofl import pytorch, safetensors

spec, start, batch, out = sys.argv[1:5]
rate, momentum, decay, mu = map(float, sys.argv[5:9])
torch.set_num_threads(1)
data = safetensors.load(batch)
x, y = torch.from_numpy(data["x"]), torch.from_numpy(data["y"]).long()
_, channels, height, width = x.shape
model = models.of(spec, channels, height, width, int(y.max()) + 1)

pytorch.load(model, safetensors.load(start))
torch.nn.functional.cross_entropy(model(x), y).backward()
result = {f"gradient.{name}": parameter.grad.numpy().copy() for name, parameter in model.named_parameters()}

trainer = pytorch.PyTorchTrainer(model, torch.utils.data.TensorDataset(x, y), torch.nn.functional.cross_entropy)
update = trainer.train(safetensors.load(start), demofl.Plan("ada", 1, 2, len(y), rate, momentum, decay, mu, 1))
result.update(update.parameters)
safetensors.save(out, result)
print(update.loss_sum, update.correct)
