"""Signed URLs of images, verified as CloudFront does: by the URL alone, and the public key."""

from base64 import b64decode
from urllib.parse import parse_qs

import boto3
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from local.simulated.environment import DELIVERY_KEY_ID, DELIVERY_PUBLIC_KEY

OF_CLOUDFRONT = ("Expires=", "Signature=", "Key-Pair-Id=", "Hash-Algorithm=")
LETTERS = str.maketrans("-_~", "+=/")


def verified(url: str, key: ec.EllipticCurvePublicKey = DELIVERY_PUBLIC_KEY, key_id: str = DELIVERY_KEY_ID) -> str:
    """The resource that a URL is signed for; raises `InvalidSignature` where it is not signed by this key."""
    path, _, query = url.partition("?")
    own = [part for part in query.split("&") if not part.startswith(OF_CLOUDFRONT)]
    resource = path + ("?" + "&".join(own) if own else "")
    asked = {name: values[0] for name, values in parse_qs(query).items()}
    assert (asked["Key-Pair-Id"], asked["Hash-Algorithm"]) == (key_id, "SHA256")
    condition = f'{{"DateLessThan":{{"AWS:EpochTime":{asked["Expires"]}}}}}'
    policy = f'{{"Statement":[{{"Resource":"{resource}","Condition":{condition}}}]}}'
    signature = b64decode(asked["Signature"].translate(LETTERS), validate=True)
    key.verify(signature, policy.encode(), ec.ECDSA(hashes.SHA256()))
    return resource


def invalidated() -> list[str]:
    """Each path that the one distribution of moto's was told to forget."""
    edge = boto3.client("cloudfront")
    (distribution,) = edge.list_distributions()["DistributionList"]["Items"]
    found = edge.list_invalidations(DistributionId=distribution["Id"])["InvalidationList"].get("Items", [])
    batches = [edge.get_invalidation(DistributionId=distribution["Id"], Id=each["Id"]) for each in found]
    return [path for each in batches for path in each["Invalidation"]["InvalidationBatch"]["Paths"]["Items"]]
