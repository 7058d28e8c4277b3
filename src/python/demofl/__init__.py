"""Train your own model in a DemoFl federation.

A party's node calls a *trainer* that runs in the owner's own process, on the same machine: it sends the parameters of a round, and gets the
trained ones back with a few counts. Masking, the protocol and the network beyond this machine stay in the node.

    import torch
    import demofl
    from demofl.pytorch import PyTorchTrainer

    trainer = PyTorchTrainer(model, dataset, torch.nn.functional.cross_entropy)
    demofl.serve(trainer, "unix:/run/user/1000/alice.sock")

then ``demofl node --trainer unix:/run/user/1000/alice.sock ...``. Adapters: :mod:`demofl.pytorch`, :mod:`demofl.scikit`, :mod:`demofl.arrays`.
Federations that standardize their columns: :mod:`demofl.scaling`.
"""

from . import scaling
from .serving import AddressError, Server, serve, start
from .trainer import Job, JobRefused, Plan, Trainer, TrainingCancelled, Update

__all__ = [
    "AddressError", "Job", "JobRefused", "Plan", "Server", "Trainer", "TrainingCancelled", "Update", "scaling", "serve", "start",
]
