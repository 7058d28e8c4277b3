"""A whole federation on this machine, for the examples: a server, and for every party a trainer and a node."""

import contextlib
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import threading

HERE = pathlib.Path(__file__).resolve().parent
DEMOFL = os.environ.get("DEMOFL", str(HERE.parents[2] / "scripts" / "demofl")).split()


def run(folder, settings, trainers, on_round):
    """Runs a job to its end, and returns the path of its last checkpoint.

    settings
        The job, by its keys.
    trainers
        For every party the command of its trainer, to which ``--listen unix:PATH`` is added.
    on_round
        Called with the facts of every committed round.
    """
    folder = pathlib.Path(folder).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE.parent), os.environ.get("PYTHONPATH", "")])}
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that nothing that is started here outlives it
    with contextlib.ExitStack() as stack:
        def start(command, grace_seconds=5, **options):
            process = subprocess.Popen(command, stdin=subprocess.PIPE, text=True, **options)
            stack.callback(stop, process, grace_seconds)
            return process

        # Addresses of sockets are short, whatever the folder's name.
        sockets = stack.enter_context(temporary_folder())
        started = [
            start([*command, "--listen", f"unix:{sockets}/{i}"], grace_seconds=0, env=environment, stdout=subprocess.PIPE)
            for i, command in enumerate(trainers)
        ]
        for trainer in started:
            if not trainer.stdout.readline().startswith("trainer ready"):
                raise SystemExit("A trainer did not start; it says why above.")
        sets = [word for key, value in settings.items() for word in ("--set", f"{key}={value}")]
        server = start(
            [*DEMOFL, "server", "--port", "0", "--folder", str(folder / "run"), "--json", "--exit-with-input", *sets], stdout=subprocess.PIPE)
        checkpoint, reason = None, "the server ended without a word"
        for line in server.stdout:
            event = json.loads(line)
            if event["event"] == "listening":
                for i in range(len(trainers)):
                    node = start(
                        [*DEMOFL, "node", "--server", event["address"], "--name", f"party-{i}", "--keys", str(folder / "keys"),
                         "--trainer", f"unix:{sockets}/{i}", "--exit-with-input"], stdout=subprocess.DEVNULL)
                    # A server waits for its parties. One that ends with an error will not come.
                    threading.Thread(target=lambda n: n.wait() == 0 or server.terminate(), args=[node], daemon=True).start()
            elif event["event"] == "round":
                on_round(event)
            elif event["event"] == "finished":
                checkpoint, reason = event.get("checkpoint"), event["reason"]
        if server.wait() != 0:
            raise SystemExit(f"The run failed: {reason}")
        return checkpoint


def stop(process, grace_seconds):
    """Ends a process that was started here, and waits for it. DemoFl's stop by themselves at the end of their input."""
    process.stdin.close()
    try:
        process.wait(grace_seconds)
    except subprocess.TimeoutExpired:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def temporary_folder():
    with tempfile.TemporaryDirectory(prefix="fl-") as name:
        yield name


def python(script, *arguments):
    """The command of a script in this folder."""
    return [sys.executable, str(HERE / script), *(str(a) for a in arguments)]
