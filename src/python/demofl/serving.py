"""Serving a trainer to the node on this machine."""

from __future__ import annotations

import ipaddress
import os
import signal
import threading
from concurrent import futures
from urllib.parse import urlsplit

import grpc

from ._service import TrainerService
from .trainer import Trainer

_THREADS = 4
_MAX_CALLS = 16
_GRACE_SECONDS = 2


class AddressError(ValueError):
    """The address is not one that a trainer may listen on, or it is taken."""


class Server:
    """A trainer that is being served. Stop it with :meth:`stop`, or use it in a ``with`` block."""

    def __init__(self, server: grpc.Server, address: str) -> None:
        self._server = server
        self.address = address
        """What to give to ``demofl node --trainer``."""

    def stop(self) -> None:
        """Refuses new calls, gives those under way two seconds, and returns when all is closed."""
        self._server.stop(_GRACE_SECONDS).wait()

    def wait(self) -> None:
        """Returns when the server has been stopped."""
        self._server.wait_for_termination()

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_) -> None:
        self.stop()


def start(trainer: Trainer, address: str) -> Server:
    """Serves in threads of its own and returns at once.

    ``address`` is ``unix:PATH``, a socket that only this user may open, or ``http://127.0.0.1:PORT``, where port 0 takes a free one. Raises
    :class:`AddressError` for any other: who can call a trainer can see what its data teach.
    """
    target = _target(address)
    server = grpc.server(
        futures.ThreadPoolExecutor(max_workers=_THREADS, thread_name_prefix="demofl"), maximum_concurrent_rpcs=_MAX_CALLS,
        # Otherwise a second trainer on the same port would silently take half of the calls.
        options=[("grpc.so_reuseport", 0)])
    server.add_generic_rpc_handlers(TrainerService(trainer).handlers())
    # A socket gets its permissions from the mask at its making: a moment later would be too late.
    mask = os.umask(0o177) if target.startswith("unix:") else None
    try:
        port = server.add_insecure_port(target)
    except RuntimeError:
        port = 0
    finally:
        if mask is not None:
            os.umask(mask)
    if port == 0:
        raise AddressError(f"cannot listen on {address}: it is in use, or its folder does not let this user in")
    server.start()
    return Server(server, address if mask is not None else f"http://{target.rsplit(':', 1)[0]}:{port}")


def serve(trainer: Trainer, address: str) -> None:
    """Serves until SIGINT or SIGTERM; prints the address when ready. For the main thread; elsewhere use :func:`start`."""
    server = start(trainer, address)
    ended = threading.Event()
    earlier = {number: signal.signal(number, lambda *_: ended.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        print(f"trainer ready: demofl node --trainer {server.address}", flush=True)
        ended.wait()
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)
        server.stop()


def _target(address: str) -> str:
    if address.startswith("unix:") and len(address) > len("unix:"):
        return address
    parts = urlsplit(address)
    try:
        host = "127.0.0.1" if parts.hostname == "localhost" else parts.hostname or ""
        local, port = ipaddress.ip_address(host).is_loopback, parts.port
    except ValueError:
        local, port = False, None
    if parts.scheme != "http" or not local or port is None or parts.path not in ("", "/"):
        raise AddressError(f"'{address}' is not an address for a trainer; use unix:PATH or http://127.0.0.1:PORT")
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
