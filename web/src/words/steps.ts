import { words } from ".";
import type { StepPath } from "../draft/draft";

export const stepWords = words({
  ko: {
    names: { "/photo": "사진", "/style": "스타일", "/role": "옷", "/confirm": "확인" } as Record<StepPath, string>,
    now: (step: number, of: number, name: string) => `${of}단계 가운데 ${step}단계, ${name}`,
    styleTitle: "어떤 분위기로 만들까요?",
    styleLead: "하나를 고르면 바로 다음으로 넘어가요.",
    roleTitle: "무엇을 입을까요?",
    roleLead: "고른 옷을 입은 웨딩 사진 네 장을 만들어요.",
    roles: {
      bride: ["신부", "웨딩드레스를 입어요"],
      groom: ["신랑", "턱시도를 입어요"],
    } as Record<"bride" | "groom", [string, string]>,
    anyRole: "상관없어요. 모델에게 맡길게요",
  },
  en: {
    names: { "/photo": "Photo", "/style": "Style", "/role": "Clothes", "/confirm": "Review" },
    now: (step: number, of: number, name: string) => `Step ${step} of ${of}, ${name}`,
    styleTitle: "Which mood shall it be?",
    styleLead: "Pick one, and you move on.",
    roleTitle: "What will you wear?",
    roleLead: "Your four portraits show you in what you choose.",
    roles: {
      bride: ["Bride", "In a wedding dress"],
      groom: ["Groom", "In a tuxedo"],
    },
    anyRole: "Either is fine. Let the model decide",
  },
});
