"""The check function and the process that it reads in hold a 24-megapixel JPEG under 200 MB, together."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from local.photos.make import encode, huge_png, huge_webp, noise

ROOT = Path(__file__).parents[2]
LIMIT_MB = 220

# The function with its clients, as at its first photo; prints megabytes, both peaks, and what became of the photo.
CHECK = """
import resource, sys
from pathlib import Path
from functions.check.handler import bootstrap
from veil.adapters.providers.azure_face import face_client
from veil.domain.photos import Rejected
face_client("http://127.0.0.1:9", "key")
try:
    photo = bootstrap.check.reader.read(Path(sys.argv[1]).read_bytes(), sys.argv[2])
    outcome = f"{photo.width}x{photo.height}"
except Rejected as rejected:
    outcome = rejected.reason
bootstrap.check.reader.close()  # what is waited for is counted, and what that one waited for
peaks = (resource.getrusage(of).ru_maxrss for of in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
peak = sum(peaks) / (2**20 if sys.platform == "darwin" else 2**10)
print(round(peak), outcome)
"""
ENVIRONMENT = {
    "AWS_DEFAULT_REGION": "ap-northeast-2",
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",
    "TABLE_NAME": "veil",
    "BUCKET_NAME": "veil",
    "QUEUE_URL": "http://127.0.0.1:9/queue",
    "AZURE_FACE_URL": "http://127.0.0.1:9",
    "AZURE_FACE_KEY_SECRET": "azure-face-key",
    "USER_HASH_KEY_SECRET": "user-hash-key",
    "POWERTOOLS_SERVICE_NAME": "check",
    "POWERTOOLS_METRICS_NAMESPACE": "Veil",
    "PYTHONPATH": str(ROOT),
    "PATH": os.environ["PATH"],
}


def _check(photo: Path, content_type: str) -> tuple[int, str]:
    """The peak in MB, and the outcome. By way of a shell: Linux counts the parent's memory at the fork as the
    child's, and pytest's is large.
    """
    command = ["sh", "-c", '"$@"; exit $?', "sh", sys.executable, "-c", CHECK, str(photo), content_type]
    run = subprocess.run(command, env=ENVIRONMENT, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)
    assert run.returncode == 0, run.stderr
    peak, outcome = run.stdout.split()
    return int(peak), outcome


@pytest.fixture(scope="module")
def photo_24_megapixels() -> Image.Image:
    """As noisy as a camera's."""
    return noise(1500, 1000).resize((6000, 4000))


# A baseline one is decoded at a fraction (and its process counted too large: see below); a progressive one's
# coefficients are all held at once.
@pytest.mark.parametrize(("progressive", "limit"), [(False, 180), (True, LIMIT_MB)], ids=["baseline", "progressive"])
def test_24_megapixels(photo_24_megapixels: Image.Image, tmp_path: Path, progressive: bool, limit: int) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(encode(photo_24_megapixels, "JPEG", quality=85, progressive=progressive))
    peak, outcome = _check(photo, "image/jpeg")
    assert outcome == "1024x683"
    assert peak < limit


def test_gigantic_photos_are_not_decoded(tmp_path: Path) -> None:
    for name, data in (("png", huge_png()), ("webp", huge_webp())):
        photo = tmp_path / name
        photo.write_bytes(data)
        peak, outcome = _check(photo, f"image/{name}")
        assert outcome == "image_too_large"
        assert peak < 160  # 80 each: Linux counts no child as smaller than its parent was when it started
