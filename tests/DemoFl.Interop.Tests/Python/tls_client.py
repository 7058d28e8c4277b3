"""Calls interop.proto over TLS: two addresses, the second for clients with a certificate alone, and the folder of the certificates.

Prints a line for each case: its name, and after a tab what went wrong if it did not hold.
"""

import pathlib
import sys
import traceback

import grpc
import interop_pb2
import interop_pb2_grpc

Letter = interop_pb2.Letter
PATIENCE = 30
OPEN, CLOSED, FOLDER = sys.argv[1:4]


def read(name):
    return pathlib.Path(FOLDER, name).read_bytes()


def connect(address, authority="ca", client=None):
    key, chain = (read(f"{client}.key"), read(f"{client}.pem")) if client else (None, None)
    return grpc.secure_channel(address, grpc.ssl_channel_credentials(read(f"{authority}.pem"), key, chain))


def same(actual, expected):
    assert actual == expected, f"{actual!r} is not {expected!r}"


def expect_unavailable(channel):
    with channel:
        try:
            interop_pb2_grpc.InteropStub(channel).Say(Letter(), timeout=PATIENCE)
        except grpc.RpcError as error:
            same(error.code(), grpc.StatusCode.UNAVAILABLE)
        else:
            raise AssertionError("no error")


def calls():
    with connect(OPEN) as channel:
        stub = interop_pb2_grpc.InteropStub(channel)
        letter = Letter(text="größer", body=bytes(3 << 20))
        same(stub.Say(letter, timeout=PATIENCE), letter)
        letters = stub.Chat((Letter(count=i) for i in range(20)), timeout=PATIENCE)
        same([letter.count for letter in letters], list(range(20)))


def another_authority():
    expect_unavailable(connect(OPEN, authority="other-ca"))


def identity():
    with connect(CLOSED, client="client") as channel:
        same(interop_pb2_grpc.InteropStub(channel).Say(Letter(text="who am I?"), timeout=PATIENCE).text, "alice.test")


def no_certificate():
    expect_unavailable(connect(CLOSED))


def stranger():
    expect_unavailable(connect(CLOSED, client="stranger"))


for case in (calls, another_authority, identity, no_certificate, stranger):
    try:
        case()
        print(case.__name__, flush=True)
    except Exception:
        print(case.__name__, repr(traceback.format_exc()), sep="\t", flush=True)
