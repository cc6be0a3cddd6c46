"""How the states are looked at: devices, light and dark, and languages."""

from dataclasses import dataclass
from typing import Any

from veil.domain.language import Language

LOCALES = {Language.KO: "ko-KR", Language.EN: "en-US"}


@dataclass(frozen=True)
class Look:
    """One way to look at a state."""

    device: str
    width: int
    height: int
    theme: str = "light"
    language: Language = Language.KO

    @property
    def name(self) -> str:
        return f"{self.device}-{self.theme}-{self.language}"

    @property
    def options(self) -> dict[str, Any]:
        """Of the browser's profile: still, and sharp where the screen is small."""
        phone = self.device == "phone"
        return {
            "viewport": {"width": self.width, "height": self.height},
            "device_scale_factor": 2 if phone else 1,
            "is_mobile": phone,
            "has_touch": self.device != "desktop",
            "locale": LOCALES[self.language],
            "timezone_id": "Asia/Seoul",
            "color_scheme": self.theme,
            "reduced_motion": "reduce",
        }


PHONE, TABLET, DESKTOP = ("phone", 390, 844), ("tablet", 820, 1180), ("desktop", 1280, 800)
LOOKS = (
    Look(*PHONE),
    Look(*PHONE, theme="dark"),
    Look(*PHONE, language=Language.EN),
    Look(*TABLET),
    Look(*DESKTOP),
    Look(*DESKTOP, theme="dark"),
)
