"""A second implementation of the pair channel, from its documentation alone: python3 channel.py > channel.vectors

Needs the `cryptography` package. The tests do not run it; they read the file that it wrote.
"""
import hashlib
import hmac

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def expand(key: bytes, info: bytes, length: int = 32) -> bytes:
    out, block = b"", b""
    for counter in range(1, 256):
        if len(out) >= length:
            break
        block = hmac.new(key, block + info + bytes([counter]), hashlib.sha256).digest()
        out += block
    return out[:length]


def u64(value: int) -> bytes:
    return value.to_bytes(8, "big")


def seal(chain: bytes, direction: int, sequence: int, context: bytes, plaintext: bytes) -> bytes:
    key = expand(chain, b"seal" + bytes([direction]))
    associated = len(context).to_bytes(4, "big") + context + u64(sequence)
    return AESGCM(key).encrypt(bytes(4) + u64(sequence), plaintext, associated)


def point(private: ec.EllipticCurvePrivateKey) -> bytes:
    return private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


# RFC 5903, section 8.1: both private keys and the shared secret.
HOLDER = "C88F01F510D9AC3F70A292DAA2316DE544E9AAB8AFE84049C62A9C57862D1433"
PARTY = "C6EF9C5D78AE012A011164ACB397CE2088685D8F06BF9BE0B283AB46476BEE53"
SHARED = "D6840F6B42F6EDAFD13116E0E12565202FEF8E9ECE7DCE03812464D04B9442DE"

holder = ec.derive_private_key(int(HOLDER, 16), ec.SECP256R1())
party = ec.derive_private_key(int(PARTY, 16), ec.SECP256R1())
secret = holder.exchange(ec.ECDH(), party.public_key())
assert secret.hex().upper() == SHARED

transcript = hashlib.sha256(b"offer and answer").digest()
first_round = 7
root = hmac.new(transcript, secret, hashlib.sha256).digest()
chain7 = expand(root, b"root" + u64(first_round))
chain8 = expand(chain7, b"step")
chain9 = expand(chain8, b"step")
context, plaintext, info = b"run/term/round/slot", b"nonce of the announcement", b"run/round/slot/nonce"

print("# Written by channel.py. The private keys and the secret are those of RFC 5903, section 8.1.")
for name, value in {
    "holder_private": bytes.fromhex(HOLDER),
    "holder_public": point(holder),
    "party_private": bytes.fromhex(PARTY),
    "party_public": point(party),
    "secret": secret,
    "transcript": transcript,
    "first_round": u64(first_round),
    "chain_7": chain7,
    "chain_8": chain8,
    "chain_9": chain9,
    "context": context,
    "plaintext": plaintext,
    "holder_sealed_round_7_sequence_1": seal(chain7, 1, 1, context, plaintext),
    "party_sealed_round_7_sequence_1": seal(chain7, 2, 1, context, plaintext),
    "party_sealed_round_9_sequence_2": seal(chain9, 2, 2, context, plaintext),
    "party_sealed_empty_round_9_sequence_3": seal(chain9, 2, 3, b"", b""),
    "info": info,
    "seed_round_7": expand(chain7, b"mask" + info, 32),
    "seed_round_9": expand(chain9, b"mask" + info, 48),
}.items():
    print(f"{name} = {value.hex()}")
