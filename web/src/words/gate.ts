import { words } from ".";

export const gateWords = words({
  ko: {
    title: "로그인하면 볼 수 있어요",
    text: "로그인하면 이 화면으로 바로 돌아와요.",
    signIn: "로그인하기",
    gone: "탈퇴한 계정이에요",
    goneText: "이 계정의 사진과 기록은 지워졌거나 지우고 있어요. 다시 시작하려면 새로 로그인해 주세요.",
    anew: "새로 시작하기",
  },
  en: {
    title: "Sign in to see this",
    text: "You come right back to this page.",
    signIn: "Sign in",
    gone: "This account was deleted",
    goneText: "Its photos and records are gone, or are being deleted. Sign in again to start anew.",
    anew: "Start anew",
  },
});
