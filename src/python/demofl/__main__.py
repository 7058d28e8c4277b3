"""``python3 -m demofl my_model.py:trainer --listen unix:alice.sock``: serves the trainer that a file or module defines."""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import logging
import sys

from .serving import AddressError, serve


def _load(spec: str):
    place, _, name = spec.rpartition(":")
    if not place:
        place, name = spec, "trainer"
    if place.endswith(".py"):
        found = importlib.util.spec_from_file_location("demofl_user_model", place)
        module = importlib.util.module_from_spec(found)
        sys.modules[found.name] = module
        found.loader.exec_module(module)
    else:
        module = importlib.import_module(place)
    return getattr(module, name)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python3 -m demofl", description="Serve a trainer to a DemoFl node on this machine.")
    parser.add_argument("trainer", help="FILE.py:NAME or MODULE:NAME of a trainer, or of a function that makes one; NAME is 'trainer' without")
    parser.add_argument("--listen", required=True, metavar="ADDRESS", help="unix:PATH or http://127.0.0.1:PORT")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        trainer = _load(arguments.trainer)
    except (OSError, ImportError, AttributeError) as error:
        parser.error(f"{arguments.trainer}: {error}")
    try:
        serve(trainer if hasattr(trainer, "train") else trainer(), arguments.listen)
    except AddressError as error:
        parser.error(str(error))
    return 0


if __name__ == "__main__":
    sys.exit(main())
