"""The icons for phones are the drawing's."""

import json

import pytest
from PIL import Image

from local.icons import ICONS, PUBLIC, icon


@pytest.mark.parametrize("name", ICONS)
def test_each_is_the_drawing_as_it_is_now(name: str) -> None:
    side, corners = ICONS[name]
    drawn = icon(side, corners=corners)

    with Image.open(PUBLIC / name) as kept:
        assert (kept.mode, kept.size) == (drawn.mode, drawn.size)
        assert kept.tobytes() == drawn.tobytes()


def test_launchers_get_a_full_square_and_others_the_corners() -> None:
    full, cut = icon(64, corners=False).convert("RGBA"), icon(64, corners=True)

    assert full.getpixel((0, 0)) == (0x8B, 0x43, 0x50, 255)
    assert cut.getpixel((0, 0)) == (0, 0, 0, 0)


def test_the_manifest_names_them_with_their_sizes() -> None:
    manifest = json.loads((PUBLIC / "app.webmanifest").read_text())
    named = {entry["src"][1:]: entry for entry in manifest["icons"] if entry["type"] == "image/png"}

    assert set(named) == set(ICONS) - {"icon-180.png"}  # iOS looks for its own in the page
    for name, entry in named.items():
        assert entry["sizes"] == f"{ICONS[name][0]}x{ICONS[name][0]}"
        assert (entry.get("purpose") == "maskable") is not ICONS[name][1]
    assert "/icon-180.png" in (PUBLIC.parent / "index.html").read_text()
