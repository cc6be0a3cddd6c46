"""A CloudFront distribution as it is deployed: its behaviours, whose signatures they trust, what was invalidated."""

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Any

READING = frozenset({"GET", "HEAD"})  # what is allowed where nothing is said


@dataclass(frozen=True)
class CacheTimes:
    """Of a cache policy, in seconds; ``overridden``: whether a headers policy hides the origin's ``cache-control``."""

    least: float
    default: float
    most: float
    overridden: bool = False

    def of(self, cache_control: str) -> float:
        """For how long an answer with this header is kept."""
        told = {} if self.overridden else dict(_directives(cache_control))
        if told.keys() & {"no-cache", "no-store", "private"}:
            return self.least
        for name in ("s-maxage", "max-age"):
            if told.get(name, "").isdecimal():
                return min(max(float(told[name]), self.least), self.most)
        return min(max(self.default, self.least), self.most)


@dataclass(frozen=True)
class Behaviour:
    """For the paths of ``pattern`` and these ``methods``; ``keys``: the public keys, PEM by id, one of which must have
    signed a URL; None: anybody may ask.
    """

    pattern: str
    times: CacheTimes
    keys: Mapping[str, str] | None = None
    methods: frozenset[str] = READING

    def is_for(self, path: str) -> bool:
        """Whether it is for a decoded path."""
        parts = {"*": ".*", "?": "."}
        pattern = "".join(parts.get(each) or re.escape(each) for each in "/" + self.pattern.removeprefix("/"))
        return bool(re.fullmatch(pattern, path, re.DOTALL))


@dataclass(frozen=True)
class Distribution:
    """What CloudFront's API says of one distribution; ``client`` is boto3's, so that its methods block."""

    client: Any
    id: str

    def behaviours(self) -> list[Behaviour]:
        """In CloudFront's order: the first whose pattern fits is the one."""
        config = self.client.get_distribution_config(Id=self.id)["DistributionConfig"]
        found = config.get("CacheBehaviors", {}).get("Items", [])
        return [self._behaviour(one) for one in [*found, {**config["DefaultCacheBehavior"], "PathPattern": "*"}]]

    def invalidated(self, known: Set[str]) -> list[tuple[str, list[str]]]:
        """Invalidations that are not ``known``: id, and the paths."""
        listed = self.client.list_invalidations(DistributionId=self.id)["InvalidationList"].get("Items", [])
        return [(one["Id"], self._paths(one["Id"])) for one in listed if one["Id"] not in known]

    def _paths(self, invalidation: str) -> list[str]:
        found = self.client.get_invalidation(DistributionId=self.id, Id=invalidation)["Invalidation"]
        return list(found["InvalidationBatch"]["Paths"].get("Items", []))

    def _behaviour(self, told: Mapping[str, Any]) -> Behaviour:
        groups = told.get("TrustedKeyGroups", {})
        keys = self._keys(groups["Items"]) if groups.get("Enabled") else None
        methods = frozenset(told.get("AllowedMethods", {}).get("Items", READING))
        return Behaviour(told["PathPattern"], self._times(told), keys, methods)

    def _keys(self, groups: list[str]) -> dict[str, str]:
        found = [self.client.get_key_group(Id=group)["KeyGroup"]["KeyGroupConfig"] for group in groups]
        ids = [key for group in found for key in group["Items"]]
        keys = [self.client.get_public_key(Id=key)["PublicKey"] for key in ids]
        return {key["Id"]: key["PublicKeyConfig"]["EncodedKey"] for key in keys}

    def _times(self, told: Mapping[str, Any]) -> CacheTimes:
        policy = self.client.get_cache_policy(Id=told["CachePolicyId"])["CachePolicy"]["CachePolicyConfig"]
        least, default, most = (float(policy[name]) for name in ("MinTTL", "DefaultTTL", "MaxTTL"))
        return CacheTimes(least, default, most, self._overrides(told.get("ResponseHeadersPolicyId")))

    def _overrides(self, policy: str | None) -> bool:
        if not policy:
            return False
        found = self.client.get_response_headers_policy(Id=policy)["ResponseHeadersPolicy"]
        custom = found["ResponseHeadersPolicyConfig"].get("CustomHeadersConfig", {}).get("Items", [])
        return any(one["Header"].lower() == "cache-control" and one["Override"] for one in custom)


def _directives(cache_control: str) -> Iterator[tuple[str, str]]:
    for part in cache_control.split(","):
        name, _, value = part.strip().partition("=")
        yield name.lower(), value.strip('"')
