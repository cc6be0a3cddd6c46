"""Who can sign in: anybody by a name, and one test person of each provider."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """``sub`` is the user whom Veil sees; Kakao may know no e-mail address."""

    sub: str
    name: str
    email: str | None = None


# By the name that goes into ``identity_provider``: Cognito's own for Apple and Google, the stack's for the others.
PROVIDERS = {
    "Kakao": Person("kakao-test-person", "카카오 사용자"),
    "Naver": Person("naver-test-person", "네이버 사용자", "naver@example.com"),
    "SignInWithApple": Person("apple-test-person", "Apple 사용자", "apple@example.com"),
    "Google": Person("google-test-person", "Google 사용자", "google@example.com"),
}
LONGEST_NAME = 64


def person_named(name: str) -> Person | None:
    """Whoever says so; None where the name is none."""
    name = name.strip()
    return Person(name, name, None) if name and name.isprintable() and len(name) <= LONGEST_NAME else None
