"""Calls interop.proto at the address given. Prints a line for each case: its name, and after a tab what went wrong if it did not hold."""

import queue
import sys
import traceback

import grpc
import interop_pb2
import interop_pb2_grpc
from details import TRAILER, details_of
from google.rpc import status_pb2

Letter = interop_pb2.Letter
CODES = {code.value[0]: code for code in grpc.StatusCode}
AWKWARD_TEXT = "100 % größer\n日本\t%41"
EVERY_BYTE = bytes(range(256))
PATIENCE = 30


def failure_of(action):
    try:
        action()
    except grpc.RpcError as error:
        return error
    raise AssertionError("no error")


def same(actual, expected):
    assert actual == expected, f"{actual!r} is not {expected!r}"


def values(metadata, key):
    return [value for name, value in metadata if name == key]


def unary(stub, channel):
    letter = Letter(text="größer 日本", count=2**31 - 1, body=EVERY_BYTE)
    same(stub.Say(letter, timeout=PATIENCE), letter)


def large_message(stub, channel):
    letter = Letter(body=EVERY_BYTE * (3 << 12))
    same(len(letter.body), 3 << 20)
    assert stub.Say(letter, timeout=PATIENCE) == letter


def too_large(stub, channel):
    error = failure_of(lambda: stub.Say(Letter(body=bytes(5 << 20)), timeout=PATIENCE))
    same(error.code(), grpc.StatusCode.RESOURCE_EXHAUSTED)


def client_streaming(stub, channel):
    total = stub.Sum((Letter(text=str(i), count=i) for i in range(10)), timeout=PATIENCE)
    same(total, Letter(text="0123456789", count=45))


def early_end(stub, channel):
    requests = queue.Queue()
    requests.put(Letter(text="enough", count=-11))
    error = failure_of(lambda: stub.Sum(iter(requests.get, None), timeout=PATIENCE))
    requests.put(None)
    same((error.code(), error.details()), (grpc.StatusCode.OUT_OF_RANGE, "enough"))


def server_streaming(stub, channel):
    letters = stub.Repeat(Letter(text="r", count=100, body=bytes(65536)), timeout=PATIENCE)
    same([letter.count for letter in letters], list(range(100)))


def duplex(stub, channel):
    questions = queue.Queue()
    answers = stub.Chat(iter(questions.get, None), timeout=PATIENCE)
    for i in range(20):
        questions.put(Letter(count=i))
        same(next(answers).count, i)
    questions.put(None)
    same(list(answers), [])
    same(answers.code(), grpc.StatusCode.OK)


def empty_streams(stub, channel):
    same(stub.Sum(iter(()), timeout=PATIENCE), Letter())
    same(list(stub.Repeat(Letter(), timeout=PATIENCE)), [])
    same(list(stub.Chat(iter(()), timeout=PATIENCE)), [])


def stream_64_mib(stub, channel):
    body = EVERY_BYTE * 256
    count = 0
    for letter in stub.Chat((Letter(count=i, body=body) for i in range(1024)), timeout=PATIENCE):
        same(letter.count, count)
        assert letter.body == body
        count += 1
    same(count, 1024)


def statuses(stub, channel):
    for number in range(1, 17):
        error = failure_of(lambda: stub.Say(Letter(text=AWKWARD_TEXT, count=-number), timeout=PATIENCE))
        same((error.code(), error.details()), (CODES[number], AWKWARD_TEXT))


def cancelled_by_server(stub, channel):
    letters = stub.Repeat(Letter(text=AWKWARD_TEXT, count=-1), timeout=PATIENCE)
    same(next(letters).count, -1)
    error = failure_of(lambda: next(letters))
    same((error.code(), error.details()), (grpc.StatusCode.CANCELLED, AWKWARD_TEXT))


def metadata(stub, channel):
    sent = (("echo", "hello"), ("echo", "a b=c;d"))
    _, call = stub.Say.with_call(Letter(), metadata=sent, timeout=PATIENCE)
    same(values(call.initial_metadata(), "early"), ["hello", "a b=c;d"])
    same(values(call.trailing_metadata(), "late"), ["hello", "a b=c;d"])


def binary_metadata(stub, channel):
    sent = (("echo-bin", EVERY_BYTE), ("echo-bin", b"\0"), ("echo-bin", b"\xff\xfe"))
    _, call = stub.Say.with_call(Letter(), metadata=sent, timeout=PATIENCE)
    same(values(call.initial_metadata(), "early-bin"), [EVERY_BYTE, b"\0", b"\xff\xfe"])
    same(values(call.trailing_metadata(), "late-bin"), [EVERY_BYTE, b"\0", b"\xff\xfe"])


def trailers(stub, channel):
    letters = stub.Repeat(Letter(text="no", count=-10), metadata=(("echo", "why"), ("echo-bin", EVERY_BYTE)), timeout=PATIENCE)
    error = failure_of(lambda: list(letters))
    same(error.code(), grpc.StatusCode.ABORTED)
    same(values(error.trailing_metadata(), "late"), ["why"])
    same(values(error.trailing_metadata(), "late-bin"), [EVERY_BYTE])


def error_details(stub, channel):
    for method in (stub.Say, stub.Repeat):
        error = failure_of(lambda: list(method(Letter(text="details", count=-9), timeout=PATIENCE)))
        same((error.code(), error.details()), (grpc.StatusCode.FAILED_PRECONDITION, "details"))
        (details,) = values(error.trailing_metadata(), TRAILER)
        same(status_pb2.Status.FromString(details), details_of(9, "details"))


def deadline(stub, channel):
    letter = Letter(text="deadline")
    error = failure_of(lambda: list(stub.Wait(letter, timeout=4)))
    same(error.code(), grpc.StatusCode.DEADLINE_EXCEEDED)
    same(stub.Ended(letter, timeout=PATIENCE), letter)


def cancellation(stub, channel):
    letter = Letter(text="cancellation")
    call = stub.Wait(letter, timeout=PATIENCE)
    same(next(call), letter)
    call.cancel()
    same(call.code(), grpc.StatusCode.CANCELLED)
    same(stub.Ended(letter, timeout=PATIENCE), letter)


def unimplemented(stub, channel):
    for path in ("/demofl.interop.Missing/Say", "/demofl.interop.Interop/Missing"):
        error = failure_of(lambda: channel.unary_unary(path)(b"", timeout=PATIENCE))
        same(error.code(), grpc.StatusCode.UNIMPLEMENTED)


def thousand_calls(stub, channel):
    calls = [stub.Say.future(Letter(count=i), timeout=PATIENCE) for i in range(1000)]
    same([call.result().count for call in calls], list(range(1000)))


def gzip(stub, channel):
    letter = Letter(text="gzip", body=bytes(100_000))
    same(stub.Say(letter, compression=grpc.Compression.Gzip, timeout=PATIENCE), letter)


CASES = (
    unary, large_message, too_large, client_streaming, early_end, server_streaming, duplex, empty_streams, stream_64_mib, statuses,
    cancelled_by_server, metadata, binary_metadata, trailers, error_details, deadline, cancellation, unimplemented, thousand_calls,
    gzip)


def main():
    with grpc.insecure_channel(sys.argv[1]) as channel:
        stub = interop_pb2_grpc.InteropStub(channel)
        for case in CASES:
            try:
                case(stub, channel)
                print(case.__name__, flush=True)
            except Exception:
                print(case.__name__, repr(traceback.format_exc()), sep="\t", flush=True)


main()
