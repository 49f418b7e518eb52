"""Writes ticket-codes.json with an implementation that shares no code with the one it checks (pyca/cryptography)."""

import base64
import hashlib
import json
import pathlib
import uuid

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def identifier(label):
    return uuid.UUID(bytes=hashlib.sha256(label.encode()).digest()[:16])


def vector(index):
    secret = hashlib.sha512(f"secret {index}".encode()).digest()[: 32 + index]
    occurrence = identifier(f"occurrence {index}")
    ticket = identifier(f"ticket {index}")
    revision = [0, 1, 255, 256, 4095, 65535][index % 6]
    seed = HKDF(hashes.SHA256(), 32, b"voelgoed ticket signing key v1", occurrence.bytes).derive(secret)
    key = Ed25519PrivateKey.from_private_bytes(seed)
    message = b"voelgoed ticket code v1" + occurrence.bytes + ticket.bytes + revision.to_bytes(2, "big")
    body = bytes([1]) + occurrence.bytes[8:] + ticket.bytes + revision.to_bytes(2, "big") + key.sign(message)
    return {
        "secret": secret.hex(),
        "occurrence_id": str(occurrence),
        "ticket_id": str(ticket),
        "revision": revision,
        "public_key": key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex(),
        "text": "VG1" + base64.b32encode(body).decode().rstrip("="),
    }


vectors = [vector(index) for index in range(12)]
path = pathlib.Path(__file__).with_name("ticket-codes.json")
path.write_text(json.dumps(vectors, indent=2) + "\n")
