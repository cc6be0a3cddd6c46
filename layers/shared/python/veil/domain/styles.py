"""The styles that a person can choose from, and what each asks of a model."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from veil.domain.language import Words


class Role(StrEnum):
    """Who the person on the photo is at the wedding: it decides the clothes."""

    BRIDE = "bride"
    GROOM = "groom"


@dataclass(frozen=True, slots=True)
class Style:
    """``name`` and ``description`` are for people; the rest is for the models: ``clothes`` by role, where it all is
    (``setting``), and the ``light``.
    """

    id: str
    name: Words
    description: Words
    clothes: Mapping[Role, str]
    setting: str
    light: str

    def clothes_of(self, role: Role | None) -> str:
        """Without a role it is left to the model, which sees the person."""
        return ANY_CLOTHES if role is None else self.clothes[role]


STYLES: dict[str, Style] = {
    style.id: style
    for style in (
        Style(
            "classic",
            Words(ko="클래식", en="Classic"),
            Words(ko="부드러운 조명의 스튜디오 웨딩 사진이에요.", en="A studio wedding portrait in soft light."),
            clothes={
                Role.BRIDE: "an ivory satin wedding gown with long sleeves and a plain tulle veil",
                Role.GROOM: "a black tuxedo with a white shirt and a black bow tie",
            },
            setting="a classic portrait studio with a plain ivory backdrop",
            light="one large soft lamp from the front, gentle shadows",
        ),
        Style(
            "modern",
            Words(ko="모던", en="Modern"),
            Words(ko="군더더기 없이 깔끔한 현대적인 웨딩 사진이에요.", en="A clean, contemporary wedding editorial."),
            clothes={
                Role.BRIDE: "a sleeveless white crepe wedding gown with clean lines",
                Role.GROOM: "a slim charcoal suit with a white shirt and a narrow grey tie",
            },
            setting="a modern, minimal hall of white walls and smooth concrete",
            light="crisp daylight from a tall window",
        ),
        Style(
            "vintage",
            Words(ko="빈티지", en="Vintage"),
            Words(
                ko="필름 질감이 살아 있는 따뜻한 색감의 웨딩 사진이에요.", en="Warm tones and the grain of old film."
            ),
            clothes={
                Role.BRIDE: "a high-necked lace wedding gown with pearl buttons",
                Role.GROOM: "a brown three-piece tweed suit with a pocket watch",
            },
            setting="a vintage parlour with worn wood and antique furniture",
            light="warm lamplight, the faded tones and fine grain of old film",
        ),
        Style(
            "romantic",
            Words(ko="로맨틱", en="Romantic"),
            Words(
                ko="꽃과 햇살이 가득한 야외 웨딩 사진이에요.", en="An outdoor wedding among flowers in golden light."
            ),
            clothes={
                Role.BRIDE: "a flowing chiffon wedding gown, with a small bouquet of roses in hand",
                Role.GROOM: "a beige linen suit with a fresh flower on the lapel",
            },
            setting="a romantic garden in full bloom",
            light="low golden sun from behind",
        ),
        Style(
            "cinematic",
            Words(ko="시네마틱", en="Cinematic"),
            Words(ko="영화의 한 장면 같은 웨딩 사진이에요.", en="A wedding like a scene from a film."),
            clothes={
                Role.BRIDE: "a bare-shouldered silk wedding gown with a long train",
                Role.GROOM: "a midnight-blue velvet dinner jacket with a black bow tie",
            },
            setting="a grand stairway at night, a cinematic wide-screen still",
            light="hard light from one side, deep shadows, shallow focus",
        ),
    )
}
SAMPLES = range(1, 4)  # of each style: the pictures /samples/<style>-<n>.jpg of the edge
ANY_CLOTHES = "formal wedding attire that fits the person in the photo"

# The four images of a generation differ by framing and pose, since not every model takes a seed. None hides a part of
# the face, or turns it far: what can't be seen in the photo would be made up.
POSES = (
    "head and shoulders, facing the camera, a gentle smile",
    "waist up, the body turned a little to one side, eyes on the camera",
    "three-quarter length, standing at ease, a calm look into the camera",
    "close-up, the head tilted slightly, a soft smile",
)

# Without these words an editor drifts to a smoother, more regular face.
KEEP = (
    "Keep the same person: same face, age, skin texture and hairline. Do not beautify, slim or change their features."
)


def edit_prompt(style: Style, role: Role | None, index: int) -> str:
    """The prompt of one image for a model that edits the photo: what stays, then what changes."""
    return (
        f"Edit this photo to make it a wedding portrait. {KEEP} Show one person only. "
        f"Change the clothes to {style.clothes_of(role)}. Change the background to {style.setting}. "
        f"Light: {style.light}. Framing: {_pose(index)}. A real photograph with natural skin."
    )


def scene_prompt(style: Style, role: Role | None, index: int) -> str:
    """The prompt of one image for a model that paints a scene anew, and only takes hints from the photo."""
    return (
        f"Wedding portrait photograph of one person in {style.clothes_of(role)}, in {style.setting}, {style.light}, "
        f"{_pose(index)}, photorealistic, natural skin"
    )


def _pose(index: int) -> str:
    return POSES[index % len(POSES)]
