import { words } from ".";
import type { Hint } from "../photo/hints";
import type { Fault } from "../photo/rules";

type Pair = [title: string, text: string];
export type Example = "clear" | "small" | "two" | "covered";

export const photoWords = words({
  ko: {
    title: "어떤 사진으로 만들까요?",
    lead: "혼자 나온, 얼굴이 크고 또렷한 사진 한 장이면 돼요.",
    choose: "사진 고르기",
    camera: "지금 찍기",
    other: "다른 사진 고르기",
    next: "다음",
    drop: "사진을 이 화면에 끌어다 놓거나 붙여 넣어도 돼요.",
    letGo: "여기에 놓아 주세요",
    examples: "이런 사진이 좋아요",
    good: "좋은 예",
    bad: "피해 주세요",
    example: {
      clear: "얼굴이 또렷해요",
      small: "얼굴이 너무 작아요",
      two: "두 사람이 나왔어요",
      covered: "얼굴을 가렸거나 어두워요",
    } as Record<Example, string>,
    promise: "사진은 이 기기에서 줄인 다음 보내고, 이틀 안에 지워요.",
    preparing: "사진을 준비하고 있어요",
    chosen: "이 사진으로 할까요?",
    chosenLead: "얼굴이 잘 보이는지 한 번 더 확인해 주세요.",
    yourPhoto: "고른 사진",
    unseen: "미리보기 없이 올릴 수 있어요",
    unseenText: "이 브라우저에서는 열 수 없는 형식이지만, 그대로 올리면 저희가 읽을 수 있어요.",
    hints: {
      dark: ["사진이 조금 어두워 보여요", "밝은 곳에서 찍은 사진이면 더 잘 나와요. 이대로 써도 괜찮아요."],
      blurry: ["사진이 조금 흐릿해 보여요", "얼굴이 또렷한 사진이면 더 닮게 나와요. 이대로 써도 괜찮아요."],
    } as Record<Hint, Pair>,
    faults: {
      not_a_photo: ["사진 파일이 아니에요", "JPEG, PNG, WebP, HEIC 사진을 골라 주세요."],
      too_large: ["사진 파일이 너무 커요", "10MB보다 작은 사진을 골라 주세요."],
      too_small: ["사진이 너무 작아요", "가로와 세로가 모두 256픽셀보다 큰 사진을 골라 주세요."],
    } as Record<Fault, Pair>,
    gone: "사진을 다시 골라 주세요",
    goneText: "올린 사진은 하루가 지나면 쓸 수 없어요. 고른 스타일은 그대로 있어요.",
  },
  en: {
    title: "Which photo shall we use?",
    lead: "One photo of you alone, with your face large and clear.",
    choose: "Choose a photo",
    camera: "Take one now",
    other: "Choose another photo",
    next: "Next",
    drop: "You can also drop a photo anywhere here, or paste it.",
    letGo: "Drop it here",
    examples: "What works well",
    good: "Good",
    bad: "Better not",
    example: {
      clear: "A clear face",
      small: "The face is too small",
      two: "Two people",
      covered: "Covered, or too dark",
    },
    promise: "Your photo is made smaller on this device, then sent, and deleted within two days.",
    preparing: "Getting your photo ready",
    chosen: "Shall we use this one?",
    chosenLead: "Have one more look: is your face in plain sight?",
    yourPhoto: "Your photo",
    unseen: "It can be sent without a preview",
    unseenText: "This browser can't open its format, but we can read it as it is.",
    hints: {
      dark: ["The photo looks a little dark", "One that was taken in good light works better. This one is fine, too."],
      blurry: ["The photo looks a little blurry", "With a sharp face, the portraits look more like you. This one is fine, too."],
    },
    faults: {
      not_a_photo: ["This is not a photo", "Choose a JPEG, PNG, WebP or HEIC photo."],
      too_large: ["The photo's file is too large", "Choose one of less than 10 MB."],
      too_small: ["The photo is too small", "Choose one of at least 256 pixels on each side."],
    },
    gone: "Please choose the photo again",
    goneText: "A photo can be used for a day. The style you chose is still here.",
  },
});
