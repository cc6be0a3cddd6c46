import type { KnownProblemCode } from "../api/problem";
import { words } from ".";

/** What a person can do about a problem: the screen offers it as a button. */
export type Remedy = "again" | "wait" | "photo" | "buy" | "consent" | "signIn" | "home" | "album" | "credits" | "none";

/** Every code of the API: a new one fails the type check until it is here. The API's `detail` says the rest. */
export const REMEDIES: Record<KnownProblemCode, Remedy> = {
  invalid_request: "none",
  invalid_cursor: "again",
  idempotency_key_reused: "again",
  upload_rejected: "photo",
  file_too_large: "photo",
  unsupported_type: "photo",
  consent_required: "consent",
  rate_limited: "wait",
  insufficient_credits: "buy",
  upload_not_found: "photo",
  upload_not_ready: "wait",
  provider_unavailable: "again",
  generation_not_found: "album",
  image_not_stored: "again",
  still_processing: "wait",
  order_not_found: "credits",
  credits_owed: "credits",
  order_conflict: "credits",
  order_expired: "buy",
  payment_declined: "buy",
  nothing_refundable: "credits",
  subscription_not_found: "credits",
  subscription_conflict: "again",
  payments_unavailable: "again",
  unauthenticated: "signIn",
  sign_in_again: "signIn",
  account_erased: "home",
  receipt_not_found: "home",
  invalid_signature: "none",
  token_not_found: "none",
  not_found: "home",
  method_not_allowed: "none",
  temporarily_unavailable: "again",
  internal_error: "again",
};

const TITLES: () => Record<KnownProblemCode, string> = words({
  ko: {
    invalid_request: "입력한 내용을 확인해 주세요",
    invalid_cursor: "목록을 다시 불러와 주세요",
    idempotency_key_reused: "다시 시도해 주세요",
    upload_rejected: "다른 사진이 필요해요",
    file_too_large: "사진 파일이 너무 커요",
    unsupported_type: "사진 파일이 아니에요",
    consent_required: "동의가 필요해요",
    rate_limited: "잠깐 쉬었다 할게요",
    insufficient_credits: "크레딧이 부족해요",
    upload_not_found: "사진을 다시 올려 주세요",
    upload_not_ready: "사진을 확인하고 있어요",
    provider_unavailable: "지금은 만들 수 없어요",
    generation_not_found: "사진을 찾을 수 없어요",
    image_not_stored: "완성되지 않은 사진이에요",
    still_processing: "아직 만들고 있어요",
    order_not_found: "주문을 찾을 수 없어요",
    credits_owed: "먼저 채워야 할 크레딧이 있어요",
    order_conflict: "주문 내용이 달라요",
    order_expired: "결제 시간이 지났어요",
    payment_declined: "결제되지 않았어요",
    nothing_refundable: "환불할 크레딧이 없어요",
    subscription_not_found: "구독이 없어요",
    subscription_conflict: "구독 상태가 달라졌어요",
    payments_unavailable: "지금은 결제할 수 없어요",
    unauthenticated: "로그인이 필요해요",
    sign_in_again: "다시 로그인해 주세요",
    account_erased: "탈퇴한 계정이에요",
    receipt_not_found: "탈퇴 확인서를 찾을 수 없어요",
    invalid_signature: "요청을 처리할 수 없어요",
    token_not_found: "요청을 처리할 수 없어요",
    not_found: "찾을 수 없어요",
    method_not_allowed: "요청을 처리할 수 없어요",
    temporarily_unavailable: "잠깐 연결이 원활하지 않아요",
    internal_error: "저희 쪽에 문제가 생겼어요",
  },
  en: {
    invalid_request: "Please check what you entered",
    invalid_cursor: "Please load the list again",
    idempotency_key_reused: "Please try again",
    upload_rejected: "We need another photo",
    file_too_large: "The photo's file is too large",
    unsupported_type: "This is not a photo",
    consent_required: "We need your consent",
    rate_limited: "Let us take a short break",
    insufficient_credits: "Not enough credits",
    upload_not_found: "Please upload the photo again",
    upload_not_ready: "The photo is being checked",
    provider_unavailable: "Images can't be made right now",
    generation_not_found: "The images were not found",
    image_not_stored: "This image is not finished",
    still_processing: "Still being made",
    order_not_found: "The order was not found",
    credits_owed: "Some credits are owed first",
    order_conflict: "The order differs",
    order_expired: "The time to pay is over",
    payment_declined: "You were not charged",
    nothing_refundable: "Nothing can be refunded",
    subscription_not_found: "There is no plan",
    subscription_conflict: "The plan has changed meanwhile",
    payments_unavailable: "Payments are not available right now",
    unauthenticated: "Please sign in",
    sign_in_again: "Please sign in once more",
    account_erased: "This account is gone",
    receipt_not_found: "The receipt was not found",
    invalid_signature: "This can't be done",
    token_not_found: "This can't be done",
    not_found: "Not found",
    method_not_allowed: "This can't be done",
    temporarily_unavailable: "The connection is shaky just now",
    internal_error: "Something went wrong on our side",
  },
});

/** Of what has no code of the API. */
export const others = words({
  ko: {
    noAnswer: "인터넷 연결을 확인해 주세요",
    noAnswerText: "답을 받지 못했어요. 다시 시도해도 두 번 처리되지 않아요.",
    signedOut: "다시 로그인해 주세요",
    signedOutText: "오래 쓰지 않아서 로그아웃되었어요. 하던 일은 그대로 남아 있어요.",
    busy: "잠깐 쉬었다 할게요",
    busyText: "지금 요청이 많아요. 잠시 뒤에 다시 시도해 주세요.",
    unknown: "저희 쪽에 문제가 생겼어요",
    unknownText: "잠시 뒤에 다시 시도해 주세요.",
  },
  en: {
    noAnswer: "Please check your connection",
    noAnswerText: "No answer came. Trying again does nothing twice.",
    signedOut: "Please sign in again",
    signedOutText: "You were signed out after a while. What you did is still here.",
    busy: "Let us take a short break",
    busyText: "There are many requests right now. Please try again later.",
    unknown: "Something went wrong on our side",
    unknownText: "Please try again later.",
  },
});

const isKnown = (code: string): code is KnownProblemCode => code in REMEDIES;

/** A problem's heading, by its code, else by its status. */
export function titleOf(code: string, status: number): string {
  if (isKnown(code)) return TITLES()[code];
  return status === 401 ? others().signedOut : status === 429 ? others().busy : others().unknown;
}

/** What can be done about it; a code that this client does not know goes by its status. */
export function remedyOf(code: string, status: number): Remedy {
  if (isKnown(code)) return REMEDIES[code];
  return status === 401 ? "signIn" : status === 429 ? "wait" : status >= 500 ? "again" : "none";
}
