"""Serves interop.proto on a free port, prints the port, and stops at the end of its input.

Arguments are channel options, name=integer, or for TLS the folder of the certificates: tls=folder, and mtls=folder for clients with a
certificate alone.
"""

import pathlib
import sys
import threading
from concurrent import futures

import grpc
import interop_pb2
import interop_pb2_grpc
from details import TRAILER, details_of

CODES = {code.value[0]: code for code in grpc.StatusCode}


def echo_metadata(context):
    sent = [(key, value) for key, value in context.invocation_metadata() if key in ("echo", "echo-bin")]
    if sent:
        context.send_initial_metadata([(key.replace("echo", "early"), value) for key, value in sent])
        context.set_trailing_metadata([(key.replace("echo", "late"), value) for key, value in sent])


def fail_if_asked(request, context):
    if request.count < 0:
        if request.text == "details":
            details = details_of(-request.count, request.text)
            context.set_trailing_metadata(((TRAILER, details.SerializeToString()),))
        context.abort(CODES[-request.count], request.text)


class Interop(interop_pb2_grpc.InteropServicer):
    def __init__(self):
        self._gate = threading.Lock()
        self._ends = {}

    def _end_of(self, request):
        with self._gate:
            return self._ends.setdefault(request.text, threading.Event())

    def Say(self, request, context):
        if request.text == "gzip":
            context.set_compression(grpc.Compression.Gzip)
        echo_metadata(context)
        fail_if_asked(request, context)
        if request.text == "who am I?":
            return interop_pb2.Letter(text=",".join(name.decode() for name in context.peer_identities()))
        return request

    def Sum(self, requests, context):
        total = interop_pb2.Letter()
        for request in requests:
            fail_if_asked(request, context)
            total.text += request.text
            total.count += request.count
        return total

    def Repeat(self, request, context):
        echo_metadata(context)
        if request.count < 0:
            yield request
        fail_if_asked(request, context)
        for index in range(request.count):
            yield interop_pb2.Letter(text=request.text, count=index, body=request.body)

    def Chat(self, requests, context):
        yield from requests

    def Wait(self, request, context):
        end = self._end_of(request)
        if not context.add_callback(end.set):
            end.set()
        yield request
        end.wait()

    def Ended(self, request, context):
        if not self._end_of(request).wait(context.time_remaining()):
            context.abort(grpc.StatusCode.DEADLINE_EXCEEDED, "The call did not end.")
        return request


def credentials_in(folder, mutual):
    key, chain, authority = (pathlib.Path(folder, name).read_bytes() for name in ("server.key", "server.pem", "ca.pem"))
    return grpc.ssl_server_credentials(((key, chain),), authority if mutual else None, require_client_auth=mutual)


def main():
    arguments = dict(argument.split("=", 1) for argument in sys.argv[1:])
    tls, mutual_tls = arguments.pop("tls", None), arguments.pop("mtls", None)
    options = [(name, int(value)) for name, value in arguments.items()]
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=16), options=options)
    interop_pb2_grpc.add_InteropServicer_to_server(Interop(), server)
    if tls or mutual_tls:
        port = server.add_secure_port("127.0.0.1:0", credentials_in(tls or mutual_tls, mutual=bool(mutual_tls)))
    else:
        port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    sys.stdin.read()
    server.stop(None).wait()


main()
