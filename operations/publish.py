"""Publish the built web client to a deployment's edge (docs/decisions/publish.md).

What pages need comes before the pages; what is there already is not sent again; an asset that no page names any more
stays for those who still have an old page open.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from operations.account import Account
from operations.errors import OperationError
from operations.progress import Progress
from operations.site import Site
from operations.web import DIST

RETIRED_DAYS = 30
STATE = "published.json"  # what was published last, and since when an old asset is out of use: written last of all
ASSETS = "assets/"
PAGES = {"index.html": "/", "docs.html": "/docs", "pay.html": "/pay"}  # by the path that leads to it
FOREVER, HOUR, ASKED = "public, max-age=31536000, immutable", "public, max-age=3600", "no-cache"
SENDERS = 8
CONFIG = "config.json"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
RULES = hashlib.sha256(repr((TYPES, FOREVER, HOUR, ASKED)).encode()).hexdigest()  # by which what is there was sent


@dataclass(frozen=True)
class File:
    """One file of the site, by its key in the bucket."""

    key: str
    data: bytes

    @property
    def type(self) -> str:
        """Its content type; raises `OperationError`: under ``nosniff`` a wrong one is refused by every browser."""
        suffix = Path(self.key).suffix
        if suffix not in TYPES:
            raise OperationError(f"{self.key}: of which type is that? operations/publish.py knows {', '.join(TYPES)}")
        return TYPES[suffix]

    @property
    def cache_control(self) -> str:
        if self.key.startswith(ASSETS):
            return FOREVER
        return HOUR if self.type.startswith("image/") else ASKED

    @cached_property
    def checksum(self) -> str:
        """What S3 has as the ETag of an object that was put in one piece."""
        return hashlib.md5(self.data, usedforsecurity=False).hexdigest()


@dataclass(frozen=True)
class Publish:
    """``client`` makes a client of an AWS service."""

    client: Callable[[str], Any]
    site: Site
    progress: Progress
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def __call__(self, folder: Path) -> None:
        """Publish what is in ``folder``; a second run goes on where one was stopped. Raises `OperationError`."""
        files = self._files(folder)
        version = json.loads(files[CONFIG].data)["version"]
        there, last = self._there(), self._last()
        known = there if last.get("rules", RULES) == RULES else {}
        missing = [file for file in files.values() if known.get(file.key) != file.checksum]
        state = {"version": version, "rules": RULES, "retired": self._retired(last, files, there)}
        if not missing and state == last:
            self.progress.say("this web client is published already")
            return
        for name, part in _in_order(missing):
            if part:
                with self.progress.step(f"publish {len(part)} {name}"):
                    self._send(part)
        self._delete(there.keys() - files.keys() - state["retired"].keys() - {STATE})
        if last.get("version") != version:
            with self.progress.step("invalidate what the edge still has"):
                self._invalidate(files, version)
        self._put(File(STATE, _json(state)))

    def _files(self, folder: Path) -> dict[str, File]:
        if not (folder / "index.html").is_file():
            raise OperationError(f"there is no web client in {folder}: type 'make web'")
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        files = [File(path.relative_to(folder).as_posix(), path.read_bytes()) for path in paths]
        digest = hashlib.sha256(_json(self.site.config))
        for file in files:
            digest.update(f"\0{file.key}\0{file.type}\0{file.cache_control}\0{file.checksum}".encode())
        config = {**self.site.config, "version": digest.hexdigest()[:12]}
        return {file.key: file for file in [*files, File(CONFIG, _json(config))]}

    @cached_property
    def _s3(self) -> Any:
        return self.client("s3")

    def _there(self) -> dict[str, str]:
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self.site.bucket)
        return {one["Key"]: one["ETag"].strip('"') for page in pages for one in page.get("Contents", [])}

    def _last(self) -> Mapping[str, Any]:
        try:
            found = self._s3.get_object(Bucket=self.site.bucket, Key=STATE)["Body"].read()
        except self._s3.exceptions.NoSuchKey:
            return {}
        return dict(json.loads(found))

    def _retired(self, last: Mapping[str, Any], files: Iterable[str], there: Iterable[str]) -> dict[str, str]:
        """Since when each asset that is kept is out of use."""
        now = self.now()
        since: Mapping[str, str] = last.get("retired", {})
        old = sorted(key for key in set(there) - set(files) if key.startswith(ASSETS))
        dated = {key: since.get(key, now.isoformat()) for key in old}
        oldest = now - timedelta(days=RETIRED_DAYS)
        return {key: at for key, at in dated.items() if datetime.fromisoformat(at) > oldest}

    def _send(self, files: Iterable[File]) -> None:
        with ThreadPoolExecutor(SENDERS) as pool:
            list(pool.map(self._put, files))

    def _put(self, file: File) -> None:
        self._s3.put_object(
            Bucket=self.site.bucket,
            Key=file.key,
            Body=file.data,
            ContentType=file.type,
            CacheControl=file.cache_control,
        )

    def _delete(self, keys: Iterable[str]) -> None:
        for key in sorted(keys):
            self._s3.delete_object(Bucket=self.site.bucket, Key=key)

    def _invalidate(self, files: Iterable[str], version: str) -> None:
        """All whose name does not change with what is in them: a run that was stopped has told the edge nothing."""
        named = [key for key in files if not key.startswith(ASSETS)]
        folders = {f"/{key.partition('/')[0]}/*" for key in named if "/" in key}
        paths = [*(f"/{key}" for key in named if "/" not in key), *(PAGES[key] for key in named if key in PAGES)]
        items = sorted({*folders, *paths})
        self.client("cloudfront").create_invalidation(
            DistributionId=self.site.distribution,
            InvalidationBatch={
                "Paths": {"Quantity": len(items), "Items": items},
                "CallerReference": f"{version} {self.now().isoformat()}",
            },
        )


def publish(stage: str, account: Account) -> None:
    """Publish ``web/dist`` to a stage of your AWS account; raises `OperationError`."""
    outputs = account.outputs(stage)
    Publish(account.client, Site.of(stage, outputs), Progress())(DIST)
    print(f"\nthe web client: {outputs['WebUrl']}")


def _in_order(files: Iterable[File]) -> list[tuple[str, list[File]]]:
    """Names and files of each part, so that nothing that is there names what is not."""
    parts: dict[str, list[File]] = {"assets": [], "other files": [], "pages": []}
    for file in files:
        asset = file.key.startswith(ASSETS)
        parts["pages" if file.key in PAGES else "assets" if asset else "other files"].append(file)
    return list(parts.items())


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False).encode()
