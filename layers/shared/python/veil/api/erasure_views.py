"""What is told of an account that was deleted, and its words."""

from collections.abc import Mapping
from datetime import datetime

from veil.api import bodies
from veil.domain.credits import SEOUL
from veil.domain.erasure import Kept, Receipt
from veil.domain.language import Language, Words

KEPT: Mapping[Kept, tuple[Words, Words]] = {  # what it is, and why it is kept
    Kept.PAYMENTS: (
        Words(ko="이름 없는 결제 기록", en="Records of payments, without a name"),
        Words(
            ko="전자상거래법에 따라 5년 동안 보관해야 해요.",
            en="The Korean E-commerce Act demands it, for five years.",
        ),
    ),
    Kept.FORMER: (
        Words(ko="암호화한 회원 번호", en="A code made of the account's number"),
        Words(
            ko="가입 축하 크레딧을 다시 드리지 않기 위해서예요. 누구인지는 알 수 없어요.",
            en="So that welcome credits are given once. It does not tell who it was.",
        ),
    ),
}


def erasure_body(receipt_id: str, receipt: Receipt) -> bodies.Erasure:
    return bodies.Erasure(receipt=receipt_id, status=_status(receipt))


def receipt_body(receipt: Receipt, language: Language) -> bodies.ErasureReceipt:
    gone_by = receipt.backups_gone_by
    return bodies.ErasureReceipt(
        status=_status(receipt),
        requested_at=receipt.requested_at,
        done_at=receipt.done_at,
        erased=bodies.Erased(objects=receipt.objects, items=receipt.items),
        kept=[_kept(what, until, language) for what, until in receipt.kept.items()],
        backups_gone_by=None if gone_by is None else _date(gone_by),
    )


def _status(receipt: Receipt) -> bodies.ErasureStatus:
    return "erasing" if receipt.done_at is None else "done"


def _kept(kept: Kept, until: float, language: Language) -> bodies.KeptRecord:
    what, why = KEPT[kept]
    return bodies.KeptRecord(what=what.text(language), until=_date(until), why=why.text(language))


def _date(at: float) -> str:
    return datetime.fromtimestamp(at, SEOUL).strftime("%Y-%m-%d")
