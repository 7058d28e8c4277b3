"""Serves interop.proto on a free port, prints the port, and stops at the end of its input."""

import sys
import threading
from concurrent import futures

import grpc
import interop_pb2
import interop_pb2_grpc


class Interop(interop_pb2_grpc.InteropServicer):
    def Say(self, request, context):
        if request.count < 0:
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, request.text)
        if request.count == 99:
            ended = threading.Event()
            if context.add_callback(ended.set):
                ended.wait(10)
            return request
        sent = dict(context.invocation_metadata())
        if "echo" in sent:
            context.send_initial_metadata((("early", sent["echo"]),))
            context.set_trailing_metadata((("late", sent["echo"]), ("late-bin", sent["echo-bin"])))
        return request

    def Sum(self, requests, context):
        total = interop_pb2.Letter()
        for request in requests:
            total.text += request.text
            total.count += request.count
        return total

    def Repeat(self, request, context):
        for index in range(request.count):
            yield interop_pb2.Letter(text=request.text, count=index, body=request.body)

    def Chat(self, requests, context):
        yield from requests


def main():
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=8))
    interop_pb2_grpc.add_InteropServicer_to_server(Interop(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    sys.stdin.read()
    server.stop(None).wait()


main()
