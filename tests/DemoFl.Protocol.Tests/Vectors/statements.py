"""A second implementation of the canonical statements, from their documentation alone: python3 statements.py > statements.vectors

A domain label first; integers big-endian and of fixed width; byte strings and lists with their length (32 bits) before them; texts as
UTF-8 byte strings; hashes, 32 bytes, without a length. The tests do not run this; they read the file that it wrote.
"""
import hashlib
import struct


def i32(value: int) -> bytes:
    return struct.pack(">i", value)


def u64(value: int) -> bytes:
    return struct.pack(">Q", value)


def u128(value: int) -> bytes:
    return value.to_bytes(16, "big")


def f64(value: float) -> bytes:
    return struct.pack(">d", value)


def blob(value: bytes) -> bytes:
    return i32(len(value)) + value


def text(value: str) -> bytes:
    return blob(value.encode())


def sha(value: bytes) -> bytes:
    return hashlib.sha256(value).digest()


def fill(byte: int) -> bytes:
    return bytes([byte]) * 32


run = 0x000102030405060708090A0B0C0D0E0F

seats = [(0, fill(0xA0), 0x10, 5), (1, fill(0xA1), 0x11, 6), (2, fill(0xA2), 0x12, 7)]
leaders = text("leader-set") + u128(run) + u64(7) + i32(3) + b"".join(
    i32(slot) + holder + u128(incarnation) + u64(since) for slot, holder, incarnation, since in seats)

participants = [fill(0x31), fill(0x32), fill(0x33)]
spec = (text("round-spec") + u128(run) + u64(42) + fill(0x77) + i32(1)
        + i32(32) + f64(0.5) + u64(1000) + i32(16) + f64(1 / 1024) + f64(1024.0)
        + text("mlp:128") + i32(101770) + i32(2) + i32(32) + f64(0.05) + f64(0.9) + f64(0.0001) + u64(0xDEADBEEFCAFEF00D)
        + f64(0.01) + i32(3) + f64(0.02) + f64(0.8) + f64(0.95) + f64(0.001) + i32(2)
        + i32(3) + u64(120 * 10_000_000) + u64(30 * 10_000_000) + i32(3) + b"".join(participants))

nonces = [fill(0xC1), fill(0xC2), fill(0xC3)]
b = text("party-set") + i32(3) + b"".join(party + sha(nonce) for party, nonce in zip(participants, nonces))
uploaded = text("uploaded-set") + u128(run) + u64(42) + i32(1) + sha(b)

digest = text("round-digest") + u128(run) + u64(7) + u64(42) + i32(1) + sha(spec) + sha(leaders) + sha(b)
sealed = text("sealed") + u128(run) + u64(7) + u64(42) + i32(1) + fill(0xA0) + fill(0xA1) + i32(1) + i32(4)
mask = text("mask") + u128(run) + u64(42) + i32(2) + nonces[0] + sha(leaders) + sha(spec)

offer = (text("key-offer") + text("P256-HKDF-SHA256-AES256GCM") + u128(run) + u64(7) + i32(2) + fill(0xA2) + u128(0x12) + u64(43)
         + blob(b"\x04" + fill(0x51) + fill(0x52)))
answer = text("key-answer") + sha(offer) + fill(0x31) + u128(0x99) + blob(b"\x04" + fill(0x61) + fill(0x62))
transcript = text("key-transcript") + blob(offer) + blob(answer)
replacement = text("replacement") + u128(run) + u64(42) + u64(7) + i32(2) + fill(0xA2) + u128(0x12) + sha(offer) + sha(leaders)
head = text("run-head") + u128(run) + u64(7) + u64(42)
join = text("join") + i32(1) + u128(run) + fill(0xE0) + fill(0xE1) + fill(0xA0) + u128(0x10)

print("# Written by statements.py.")
for name, value in [
        ("leaders", leaders), ("leaders_hash", sha(leaders)), ("spec", spec), ("spec_hash", sha(spec)), ("b_hash", sha(b)),
        ("uploaded", uploaded), ("digest", digest), ("sealed", sealed), ("mask", mask), ("offer", offer), ("answer", answer),
        ("transcript_hash", sha(transcript)), ("join", join), ("replacement", replacement), ("head", head)]:
    print(name, "=", value.hex())
