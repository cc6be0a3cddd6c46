"""What can be bought: packs of credits, and a monthly plan. An order copies what it is of: prices may change."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

from veil.domain.language import Language, Words

LEAST_AMOUNT = 100  # KRW; Toss charges no card less
MOST_AMOUNT = 1_000_000
MOST_CREDITS = 1_000


@dataclass(frozen=True, slots=True)
class Product:
    """``credits`` for ``amount`` KRW, tax included."""

    id: str
    credits: int
    amount: int
    names: Words  # with a place for the number of credits

    @property
    def name(self) -> Words:
        return Words(**{language: self.order_name(language) for language in Language})

    def order_name(self, language: Language) -> str:
        """What the payment window and the receipt call it."""
        return self.names.text(language).format(credits=self.credits)


@dataclass(frozen=True, slots=True)
class Price:
    """What a stage may choose of a product: its credits, and its amount in KRW."""

    credits: int
    amount: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """``12:9900``; raises `ValueError` for what no product can cost."""
        credits_, colon, amount = text.partition(":")
        if not colon:
            raise ValueError("a price is CREDITS:AMOUNT, as 12:9900")
        price = cls(int(credits_), int(amount))
        if not 1 <= price.credits <= MOST_CREDITS:
            raise ValueError(f"has to be of 1 to {MOST_CREDITS} credits")
        if not max(LEAST_AMOUNT, price.credits) <= price.amount <= MOST_AMOUNT:
            raise ValueError(f"has to cost {LEAST_AMOUNT} to {MOST_AMOUNT} KRW, and 1 KRW a credit at the least")
        return price


_PACK = Words(ko="크레딧 {credits}개", en="{credits} credits")
_PLAN = Words(ko="베일 월 구독 (매달 크레딧 {credits}개)", en="Veil monthly ({credits} credits a month)")
PLAN = "plan_monthly"
PRODUCTS: Mapping[str, Product] = {
    product.id: product
    for product in (
        Product("pack_small", 4, 3_900, _PACK),
        Product("pack_medium", 12, 9_900, _PACK),
        Product("pack_large", 40, 29_000, _PACK),
        Product(PLAN, 16, 9_900, _PLAN),
    )
}


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The products at a stage's prices."""

    packs: tuple[Product, ...]
    plan: Product

    @classmethod
    def priced(cls, text: str) -> Self:
        """At the prices of ``pack_small=4:3900, pack_large=40:29000``: of the products that it names, instead of ours.

        Raises `ValueError`.
        """
        prices = dict(_price(part) for part in text.split(",") if part.strip())
        products = [
            replace(one, credits=prices[one.id].credits, amount=prices[one.id].amount) if one.id in prices else one
            for one in PRODUCTS.values()
        ]
        packs = tuple(one for one in products if one.id != PLAN)
        return cls(packs, next(one for one in products if one.id == PLAN))

    def pack(self, product_id: str) -> Product | None:
        return next((one for one in self.packs if one.id == product_id), None)


def _price(text: str) -> tuple[str, Price]:
    product, equals, price = (part.strip() for part in text.partition("="))
    if not equals or product not in PRODUCTS:
        raise ValueError(f"{product!r} is not one of {', '.join(PRODUCTS)}, as pack_small=4:3900")
    return product, Price.parse(price)
