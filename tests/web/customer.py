"""Somebody who uses Veil on a phone, in the words of the product. What is looked for has a role and a name."""

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from local.demo import PHOTO

PATIENCE_MS = 60_000  # for what the deployed stack has to do on a busy machine
MOST_STOPS = 40
NAME_OF_FOCUSED = """() => {
  const at = document.activeElement;
  return (at.getAttribute("aria-label") ?? (at.labels?.[0] ?? at).textContent).trim();
}"""
HAS_OUTLINE = """() => {
  const at = document.activeElement;
  return [at, at.labels?.[0]].some((one) => {
    if (!one) return false;
    const style = getComputedStyle(one);
    return style.outlineStyle !== "none" || style.boxShadow !== "none";
  });
}"""
REQUIRED = "웨딩 사진을 만들 회사로 사진 보내기"


class Customer:
    """One tab, at the edge's ``url``; ``name`` is whom the issuer signs in."""

    def __init__(self, page: Page, url: str, name: str) -> None:
        self.page, self.url, self.name = page, url, name
        page.set_default_timeout(PATIENCE_MS)

    def find(self, role: Any, name: str, *, exact: bool = False) -> Locator:
        return self.page.get_by_role(role, name=name, exact=exact).first

    def press(self, name: str, role: Any = "button") -> None:
        self.find(role, name).click()

    def follow(self, name: str) -> None:
        self.press(name, "link")

    def sees(self, name: str, role: Any = "heading") -> None:
        expect(self.find(role, name)).to_be_visible(timeout=PATIENCE_MS)

    def sees_text(self, text: str) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible(timeout=PATIENCE_MS)

    def is_at(self, path: str) -> None:
        """Wait until the address has this path; a regular expression."""
        self.page.wait_for_url(re.compile(f"^{re.escape(self.url)}{path}"))

    def open(self, path: str = "/") -> None:
        self.page.goto(self.url + path)

    def reload(self, then: str) -> None:
        """Reload in the middle of it: the same heading is there again."""
        self.page.reload()
        self.sees(then)

    def begin(self) -> None:
        """Sign in before anything else."""
        self.open("/album")
        self.sign_in()
        self.sees("앨범")

    def sign_in(self) -> None:
        """In the sheet that is open, then at the issuer."""
        self.page.get_by_role("dialog").get_by_role("button", name="로그인하기").click()
        self.sign_in_at_the_issuer()

    def sign_in_at_the_issuer(self) -> None:
        self.page.wait_for_url(re.compile("/oidc/"))
        self.page.get_by_role("textbox").fill(self.name)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(re.compile(f"^{re.escape(self.url)}/(?!signed-in)"))

    def choose_photo(self, photo: Path = PHOTO) -> None:
        """Out of the library."""
        self.sees("어떤 사진으로 만들까요?")
        self.page.locator("input[type=file]").first.set_input_files(photo)
        self.sees("이 사진으로 할까요?")

    def choose_style(self, style: str = "클래식") -> None:
        self.press(style)
        self.sees("무엇을 입을까요?")

    def choose_role(self, role: str = "신부") -> None:
        self.press(role)
        self.sees("이대로 만들까요?")

    def make(self) -> None:
        self.press("만들기")

    def agree(self, *also: str) -> None:
        """To what is required, and to ``also``."""
        self.sees("먼저 동의를 받을게요")
        for title in (REQUIRED, *also):
            self.page.get_by_role("checkbox", name=re.compile(re.escape(title))).check()
        self.press("동의하고 계속하기")

    @property
    def images(self) -> Locator:
        """Those of the four frames whose image is there."""
        return self.page.get_by_role("link", name=re.compile("크게 보기$"))

    def reach(self, name: str) -> None:
        """By the Tab key, from where the focus is; what has it is seen to have it."""
        for _ in range(MOST_STOPS):
            self.page.keyboard.press("Tab")
            focused: str = self.page.evaluate(NAME_OF_FOCUSED)
            if focused.startswith(name):
                assert self.page.evaluate(HAS_OUTLINE), f"{name} has the focus, and nobody sees it"
                return
        raise AssertionError(f"{name} is not reached by Tab")
