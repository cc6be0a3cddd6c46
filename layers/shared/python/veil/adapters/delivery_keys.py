"""Key pairs that CloudFront takes, and signatures by them: ECDSA on P-256, SHA-256."""

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from veil.domain.delivery import KeyPair

CURVE = ec.SECP256R1()
# By RFC 6979, so that every process signs a text with the same bytes.
ALGORITHM = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)


def new_pair() -> KeyPair:
    """A new one, both halves in PEM: PKCS 8 and SubjectPublicKeyInfo."""
    private = ec.generate_private_key(CURVE)
    return KeyPair(
        private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode(),
        private.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode(),
    )


class Signer:
    """Signs with a private key in PEM; raises `ValueError` for what is none, `TypeError` for another kind."""

    def __init__(self, pem: str) -> None:
        key = serialization.load_pem_private_key(pem.encode(), password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise TypeError(type(key).__name__)
        self._key = key

    def __call__(self, text: bytes) -> bytes:
        """The signature, in DER."""
        return self._key.sign(text, ALGORITHM)
