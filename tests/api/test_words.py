"""What people read: every text in every language, in one voice; and a request's language."""

import re
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veil.api.language import preferred_language
from veil.api.problems import PROBLEMS
from veil.api.words import FIELD_ERRORS, IMAGE_ERRORS, REASONS, field_message
from veil.domain.errors import InvalidField
from veil.domain.generation import ImageError
from veil.domain.language import EN, KO, Language, Words
from veil.domain.styles import STYLES
from veil.domain.uploads import Reason

SENTENCES: dict[str, Words] = {
    **{f"problem {code}": problem.detail for code, problem in PROBLEMS.items()},
    **{f"reason {reason}": words for reason, words in REASONS.items()},
    **{f"image error {error}": words for error, words in IMAGE_ERRORS.items()},
    **{f"style {style.id}": style.description for style in STYLES.values()},
}
TEXTS: dict[str, Words] = {
    **SENTENCES,
    **{f"field {kind}": words for kind, words in FIELD_ERRORS.items()},
    **{f"name of {style.id}": style.name for style in STYLES.values()},
}
SCRIPTS = {KO: r"[가-힣]", EN: r"^[\x20-\x7e]+$"}


def test_every_language_has_its_field_and_its_script() -> None:
    assert [field.name for field in fields(Words)] == list(Language)
    assert set(SCRIPTS) == set(Language)


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_in_its_languages(text: str) -> None:
    for language, script in SCRIPTS.items():
        assert re.search(script, TEXTS[text].text(language)), language


@pytest.mark.parametrize("text", SENTENCES)
def test_korean_is_polite_and_informal(text: str) -> None:
    sentences = re.findall(r"[^.]+\.", SENTENCES[text].ko)
    assert "".join(sentences) == SENTENCES[text].ko
    assert all(sentence.endswith("요.") for sentence in sentences)


def test_every_reason_and_every_image_error_has_its_words() -> None:
    assert set(REASONS) == set(Reason)
    assert set(IMAGE_ERRORS) == set(ImageError)


@pytest.mark.parametrize(
    ("reason", "limits"),
    [
        (Reason.IMAGE_TOO_LARGE, ("8192", "6144", "150")),
        (Reason.IMAGE_TOO_SMALL, ("256",)),
        (Reason.FACE_TOO_SMALL, ("64", "1024")),
    ],
)
def test_a_rejection_names_its_limits(reason: Reason, limits: tuple[str, ...]) -> None:
    for language in Language:
        assert set(limits) <= set(re.findall(r"\d+", REASONS[reason].text(language)))


def test_a_lack_of_credits_is_told_in_numbers() -> None:
    problem = PROBLEMS["insufficient_credits"]
    for language in Language:
        words = problem.words(language, {"required": 4, "available": 3})
        assert re.findall(r"\d+", words) == ["4", "3"]


def test_a_field_error_without_words_of_its_own_is_still_told() -> None:
    unknown = InvalidField("x", "some_new_type", {"limit": 1})
    for language, script in SCRIPTS.items():
        assert re.search(script, field_message(unknown, language))


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        ("", KO),
        ("ko", KO),
        ("en", EN),
        ("en-US,en;q=0.9", EN),
        ("ko-KR,ko;q=0.9,en;q=0.8", KO),
        ("en;q=0.5, ko;q=0.9", KO),
        ("en ; q=0.9 , ko ; q=0.5", EN),
        ("en\t;\tq=0.5", EN),
        ("en; q=0.5", EN),
        ("en ;q=0.5,ko;q=0.4", EN),
        ("en;Q=0.5", EN),
        ("EN-gb", EN),
        ("fr,en;q=0.3", EN),
        ("fr", KO),
        ("kok, eng", KO),
        ("en, ko", KO),
        ("en;q=0", KO),
        ("en;q=0.000", KO),
        ("ko;q=0", EN),
        ("ko;q=0, en;q=0", KO),
        ("ko;q=0, *", EN),
        ("en;q=0, *", KO),
        ("*", KO),
        ("*;q=0.5, ko;q=0.1", EN),
        ("*;q=0, en", EN),
        ("*;q=0", KO),
        ("en-US;q=0, en;q=0.1", EN),
        ("en;q=0.001", EN),
        ("en;q=1.000", EN),
        ("en;q=1.001", KO),
        ("en;q=2", KO),
        ("en;q=-1", KO),
        ("en;q=nan", KO),
        ("en;q=nonsense", KO),
        ("en;q", KO),
        ("en;level=1", KO),
        ("en;q=0.5;q=0.9", KO),
        ("e n", KO),
        ("," * 500, KO),
        (" , en", EN),
        ("\0한글", KO),
        ("en;q=٠.٥", KO),
    ],
)
def test_the_language_of_a_request(accept: str, language: Language) -> None:
    assert preferred_language(accept) is language


@given(st.lists(st.sampled_from(["en", "ko", "*", "fr", "-US", ";", "q=", "0", "1", ".", "5", ",", " ", "\t", "é"])))
def test_no_header_is_an_error(parts: list[str]) -> None:
    assert preferred_language("".join(parts)) in Language
