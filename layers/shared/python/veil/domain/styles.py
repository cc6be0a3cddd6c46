"""The styles that a person can choose from, and what each asks of the model."""

from dataclasses import dataclass

from veil.domain.language import Words


@dataclass(frozen=True, slots=True)
class Style:
    """``name`` and ``description`` are for people; ``prompt`` is for the model."""

    id: str
    name: Words
    description: Words
    prompt: str


STYLES: dict[str, Style] = {
    style.id: style
    for style in (
        Style(
            "classic",
            Words(ko="클래식", en="Classic"),
            Words(ko="부드러운 조명의 스튜디오 웨딩 사진이에요.", en="A studio wedding portrait in soft light."),
            "a classic studio wedding portrait, ivory backdrop, soft key light, elegant formal wedding attire",
        ),
        Style(
            "modern",
            Words(ko="모던", en="Modern"),
            Words(ko="군더더기 없이 깔끔한 현대적인 웨딩 사진이에요.", en="A clean, contemporary wedding editorial."),
            "a modern wedding editorial, minimal architecture, crisp daylight, tailored modern wedding attire",
        ),
        Style(
            "vintage",
            Words(ko="빈티지", en="Vintage"),
            Words(
                ko="필름 질감이 살아 있는 따뜻한 색감의 웨딩 사진이에요.", en="Warm tones and the grain of old film."
            ),
            "a vintage wedding portrait, warm faded film tones, fine grain, lace and antique details",
        ),
        Style(
            "romantic",
            Words(ko="로맨틱", en="Romantic"),
            Words(
                ko="꽃과 햇살이 가득한 야외 웨딩 사진이에요.", en="An outdoor wedding among flowers in golden light."
            ),
            "a romantic outdoor wedding portrait, blooming garden, golden hour backlight, flowing veil and flowers",
        ),
        Style(
            "cinematic",
            Words(ko="시네마틱", en="Cinematic"),
            Words(ko="영화의 한 장면 같은 웨딩 사진이에요.", en="A wedding like a scene from a film."),
            "a cinematic wedding portrait, dramatic side light, deep shadows, shallow focus, anamorphic mood",
        ),
    )
}

# The four images of a generation differ by pose, since not every model takes a seed.
POSES = (
    "looking into the camera with a gentle smile",
    "in three-quarter view, looking past the camera",
    "head slightly turned, laughing softly",
    "close-up, calm and serene",
)


def prompt_for(style: Style, index: int) -> str:
    """The prompt of one image of a generation."""
    return (
        f"Professional wedding photograph of the person in the photo, same face and identity, {style.prompt}, "
        f"{POSES[index % len(POSES)]}, photorealistic, natural skin, tasteful retouching"
    )
