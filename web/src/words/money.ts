import type { Schemas } from "../api/client";
import { words } from ".";

/** What is the same wherever money is spoken of. */
export const moneyWords = words({
  ko: {
    images: (count: number) => `웨딩 사진 ${count}장`,
    each: (price: string) => `한 장에 ${price}`,
    balance: (count: number) => (count === 0 ? "지금은 크레딧이 없어요." : `지금 크레딧 ${count}개가 있어요.`),
    eachIsOne: "크레딧 하나로 웨딩 사진 한 장을 만들어요.",
    notCharged: "결제된 금액은 없어요.",
    receipt: "영수증 보기",
    monthly: (price: string) => `매달 ${price}`,
    nothing: "지금은 충전할 수 없어요",
    nothingText: "충전을 잠시 쉬고 있어요. 가지고 있는 크레딧은 그대로 쓸 수 있어요.",
  },
  en: {
    images: (count: number) => (count === 1 ? "1 wedding image" : `${count} wedding images`),
    each: (price: string) => `${price} an image`,
    balance: (count: number) => (count === 0 ? "You have no credits right now." : `You have ${count} ${count === 1 ? "credit" : "credits"}.`),
    eachIsOne: "One credit makes one wedding image.",
    notCharged: "Nothing was charged.",
    receipt: "See the receipt",
    monthly: (price: string) => `${price} a month`,
    nothing: "Credits can't be bought right now",
    nothingText: "We are taking a break from selling. The credits you have stay good.",
  },
});

export const orderStatus: () => Record<Schemas["OrderStatus"], string> = words({
  ko: {
    created: "결제 전",
    confirming: "결제 확인 중",
    paid: "결제했어요",
    refunding: "환불 중",
    refunded: "환불했어요",
    failed: "결제되지 않음",
    expired: "시간이 지남",
    review: "확인하고 있어요",
  },
  en: {
    created: "Not paid yet",
    confirming: "Being confirmed",
    paid: "Paid",
    refunding: "Being refunded",
    refunded: "Refunded",
    failed: "Not charged",
    expired: "Time ran out",
    review: "Being looked at",
  },
});

export const declineTitle: () => Record<Schemas["Decline"], string> = words({
  ko: {
    limit_exceeded: "한도나 잔액이 부족해요",
    card_unusable: "쓸 수 없는 카드예요",
    card_unsupported: "지원하지 않는 카드예요",
    card_company_refused: "카드사가 결제를 거절했어요",
    unavailable: "지금은 이 방법으로 결제할 수 없어요",
  },
  en: {
    limit_exceeded: "The limit or balance is not enough",
    card_unusable: "This card can't be used",
    card_unsupported: "This card is not supported",
    card_company_refused: "The card company refused",
    unavailable: "This way to pay is not available",
  },
});

export const entryKind: () => Record<Schemas["EntryKind"], string> = words({
  ko: {
    grant: "선물로 받았어요",
    purchase: "충전했어요",
    reserve: "웨딩 사진을 만들었어요",
    refund: "만들지 못해 돌려받았어요",
    withdraw: "결제를 환불받았어요",
    restore: "환불이 되지 않아 다시 받았어요",
  },
  en: {
    grant: "A gift from us",
    purchase: "Credits bought",
    reserve: "Wedding images made",
    refund: "Came back: could not be made",
    withdraw: "Given back for money",
    restore: "Came back: the refund failed",
  },
});
