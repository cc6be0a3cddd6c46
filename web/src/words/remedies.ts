import { words } from ".";
import type { Remedy } from "./problems";

export const remedies: () => Record<Exclude<Remedy, "none" | "signIn">, string> = words({
  ko: {
    again: "다시 시도하기",
    wait: "다시 시도하기",
    photo: "다른 사진 고르기",
    buy: "크레딧 충전하기",
    consent: "안내 읽기",
    home: "처음으로 가기",
    album: "앨범으로 가기",
    credits: "크레딧 보기",
  },
  en: {
    again: "Try again",
    wait: "Try again",
    photo: "Choose another photo",
    buy: "Add credits",
    consent: "Read about it",
    home: "Go to the start",
    album: "Go to the album",
    credits: "See credits",
  },
});
