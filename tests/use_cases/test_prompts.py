"""What the models are told: of the person, of the role's clothes, of one style."""

import re
from collections.abc import Callable
from itertools import product

import pytest

from veil.domain.styles import ANY_CLOTHES, KEEP, POSES, STYLES, Role, Style, edit_prompt, scene_prompt

ROLES = (Role.BRIDE, Role.GROOM, None)
WORN_BY = {
    Role.BRIDE: {"gown", "veil", "bouquet", "lace", "chiffon", "train"},
    Role.GROOM: {"suit", "tuxedo", "tie", "jacket", "lapel", "shirt"},
}
CASES = [pytest.param(style, role, id=f"{style.id}, {role}") for style, role in product(STYLES.values(), ROLES)]


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z]+", text.lower()))


def _own(style: Style) -> list[str]:
    """What no other style's prompts may say."""
    return [style.id, style.setting, style.light, *style.clothes.values()]


@pytest.mark.parametrize(("style", "role"), CASES)
@pytest.mark.parametrize("write", [edit_prompt, scene_prompt])
def test_a_prompt_is_of_its_style_and_role(
    write: Callable[[Style, Role | None, int], str], style: Style, role: Role | None
) -> None:
    prompts = [write(style, role, index) for index in range(4)]
    assert len(set(prompts)) == 4
    for prompt, pose in zip(prompts, POSES, strict=True):
        for part in (style.setting, style.light, style.clothes_of(role), pose):
            assert prompt.count(part) == 1
        for other, worn in WORN_BY.items():
            assert bool(_words(prompt) & worn) == (other is role), "the clothes of the role, and only of it"
        for other_style in STYLES.values():
            if other_style is not style:
                assert not [words for words in _own(other_style) if words in prompt.lower()]
        assert "one person" in prompt
        assert len(prompt) < 600


@pytest.mark.parametrize(("style", "role"), CASES)
def test_an_edit_says_once_what_stays_before_what_changes(style: Style, role: Role | None) -> None:
    prompt = edit_prompt(style, role, 0)
    assert prompt.count(KEEP) == 1
    assert prompt.index(KEEP) < prompt.index("Change the clothes") < prompt.index("Change the background")
    assert KEEP not in scene_prompt(style, role, 0)  # nothing is kept there, so nothing is promised


def test_what_is_kept() -> None:
    assert {"same", "person", "face", "age", "skin", "hairline", "beautify", "slim", "features"} <= _words(KEEP)
    assert not _words(ANY_CLOTHES) & (WORN_BY[Role.BRIDE] | WORN_BY[Role.GROOM])


def test_every_style_dresses_every_role_as_no_other_does() -> None:
    clothes = [style.clothes[role] for style, role in product(STYLES.values(), Role)]
    assert len(set(clothes)) == len(STYLES) * len(Role)


def test_a_fifth_image_begins_the_poses_again() -> None:
    style = STYLES["classic"]
    assert edit_prompt(style, None, 4) == edit_prompt(style, None, 0)
