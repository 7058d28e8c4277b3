"""Calls interop.proto at the address given and prints the name of each case that held."""

import queue
import sys

import grpc
import interop_pb2
import interop_pb2_grpc

Letter = interop_pb2.Letter


def unary(stub):
    body = bytes(range(256)) * 4096
    assert stub.Say(Letter(text="größer", count=3, body=body), timeout=10) == Letter(text="größer", count=3, body=body)


def client_streaming(stub):
    total = stub.Sum((Letter(text=str(i), count=i) for i in range(10)), timeout=10)
    assert total == Letter(text="0123456789", count=45)


def server_streaming(stub):
    counts = [letter.count for letter in stub.Repeat(Letter(text="r", count=100, body=bytes(65536)), timeout=10)]
    assert counts == list(range(100))


def duplex(stub):
    questions = queue.Queue()
    answers = stub.Chat(iter(questions.get, None), timeout=10)
    for i in range(20):
        questions.put(Letter(count=i))
        assert next(answers).count == i
    questions.put(None)
    assert list(answers) == []
    assert answers.code() == grpc.StatusCode.OK


def status(stub):
    text = "100 % größer\n日本"
    try:
        stub.Say(Letter(text=text, count=-1), timeout=10)
    except grpc.RpcError as error:
        assert error.code() == grpc.StatusCode.FAILED_PRECONDITION
        assert error.details() == text
    else:
        raise AssertionError("no error")


def metadata(stub):
    _, call = stub.Say.with_call(Letter(), metadata=(("echo", "hello"), ("echo-bin", b"\x00\xff\x01")), timeout=10)
    assert dict(call.initial_metadata())["early"] == "hello"
    trailers = dict(call.trailing_metadata())
    assert trailers["late"] == "hello" and trailers["late-bin"] == b"\x00\xff\x01"


def deadline(stub):
    try:
        stub.Say(Letter(count=99), timeout=0.3)
    except grpc.RpcError as error:
        assert error.code() == grpc.StatusCode.DEADLINE_EXCEEDED
    else:
        raise AssertionError("no error")


def cancellation(stub):
    call = stub.Chat(iter(queue.Queue().get, None))
    call.cancel()
    assert call.code() == grpc.StatusCode.CANCELLED


def unimplemented(channel):
    try:
        channel.unary_unary("/demofl.interop.Missing/Say")(b"", timeout=10)
    except grpc.RpcError as error:
        assert error.code() == grpc.StatusCode.UNIMPLEMENTED
    else:
        raise AssertionError("no error")


def gzip(stub):
    try:
        stub.Say(Letter(text="x" * 1000), compression=grpc.Compression.Gzip, timeout=10)
    except grpc.RpcError as error:
        assert error.code() == grpc.StatusCode.UNIMPLEMENTED
    else:
        raise AssertionError("no error")


def main():
    with grpc.insecure_channel(sys.argv[1]) as channel:
        stub = interop_pb2_grpc.InteropStub(channel)
        for case in (unary, client_streaming, server_streaming, duplex, status, metadata, deadline, cancellation, gzip):
            case(stub)
            print(case.__name__, flush=True)
        unimplemented(channel)
        print(unimplemented.__name__, flush=True)


main()
