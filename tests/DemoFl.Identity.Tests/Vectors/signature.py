"""A second implementation of signed statements, from their documentation alone: python3 signature.py > signature.vectors

Needs the `cryptography` package. The tests do not run it; they read the file that it wrote. Signatures are randomised, so every run
writes others.
"""
import hashlib

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

key = ec.derive_private_key(0xC88F01F510D9AC3F70A292DAA2316DE544E9AAB8AFE84049C62A9C57862D1433, ec.SECP256R1())
public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
domain, statement = b"offer", b"the canonical bytes of an offer"
label = b"demofl/v1/" + domain
r, s = decode_dss_signature(key.sign(bytes([len(label)]) + label + statement, ec.ECDSA(hashes.SHA256())))

print("# Written by signature.py. The private key is the first of RFC 5903, section 8.1.")
for name, value in {
    "public_key": public,
    "id": hashlib.sha256(public).digest(),
    "domain": domain,
    "statement": statement,
    "signature": r.to_bytes(32, "big") + s.to_bytes(32, "big"),
}.items():
    print(f"{name} = {value.hex()}")
