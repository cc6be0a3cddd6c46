"""A small client of Veil's API, as an app would be one; the demo and the tests use it."""

import base64
import hashlib
from types import TracebackType
from typing import Any, Self

import httpx

from local.processes import LocalError, poll

type Json = dict[str, Any]

REQUEST_SECONDS = 35  # past the 30 s of API Gateway
UPLOAD_SECONDS = 60
GENERATION_SECONDS = 120
POLL_SECONDS = 0.2  # a phone would wait for Retry-After; this is the same machine


class VeilClient:
    """One signed-in user. Methods answer the response's JSON and raise `LocalError` on an error's answer."""

    def __init__(self, api_url: str, token_url: str, sub: str) -> None:
        self.sub = sub
        self.http = httpx.Client(trust_env=False, timeout=REQUEST_SECONDS)
        token = self._checked(self.http.post(token_url, json={"sub": sub}))["access_token"]
        self.api = httpx.Client(
            base_url=api_url, headers={"authorization": f"Bearer {token}"}, trust_env=False, timeout=REQUEST_SECONDS
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close its connections."""
        self.api.close()
        self.http.close()

    def ask_upload(self, photo: bytes, content_type: str) -> Json:
        """``POST /uploads`` for just these bytes."""
        digest = base64.b64encode(hashlib.sha256(photo).digest()).decode()
        return self.post("/uploads", {"content_type": content_type, "size": len(photo), "sha256": digest})

    def put_photo(self, upload: Json, photo: bytes) -> None:
        """Send the photo where ``upload`` says."""
        self._checked(self.http.request(upload["method"], upload["url"], headers=upload["headers"], content=photo))

    def wait_for_upload(self, upload_id: str) -> Json:
        """The upload once it was checked, ready or rejected."""
        return self._wait(f"/uploads/{upload_id}", {"ready", "rejected"}, UPLOAD_SECONDS)

    def generate(self, upload_id: str, style: str, key: str | None = None) -> Json:
        """``POST /generations``, with ``key`` as its idempotency key."""
        headers = {} if key is None else {"idempotency-key": key}
        return self.post("/generations", {"upload_id": upload_id, "style": style}, headers)

    def wait_for_generation(self, generation_id: str) -> Json:
        """The generation once every image is settled."""
        return self._wait(f"/generations/{generation_id}", {"completed", "partial", "failed"}, GENERATION_SECONDS)

    def download(self, url: str) -> tuple[bytes, str]:
        """What a signed URL leads to, and its content type."""
        answer = self.http.get(url)
        self._checked(answer)
        return answer.content, answer.headers["content-type"]

    def get(self, path: str) -> Json:
        return self._checked(self.api.get(path))

    def post(self, path: str, body: Json, headers: dict[str, str] | None = None) -> Json:
        return self._checked(self.api.post(path, json=body, headers=headers))

    def _wait(self, path: str, until: set[str], seconds: float) -> Json:
        latest: Json = {}

        def reached() -> bool:
            latest.update(self.get(path))
            return latest["status"] in until

        if not poll(reached, seconds, POLL_SECONDS):
            raise LocalError(f"{path} was still {latest['status']} after {seconds:.0f} s")
        return latest

    @staticmethod
    def _checked(answer: httpx.Response) -> Json:
        if not answer.is_success:
            request = answer.request
            where = f"{request.method} {request.url.copy_with(query=None)}"  # a query may carry a signature
            raise LocalError(f"{where} answered {answer.status_code}: {answer.text[:500]}")
        is_json = answer.headers.get("content-type", "").startswith("application/json")
        return dict(answer.json()) if is_json else {}
