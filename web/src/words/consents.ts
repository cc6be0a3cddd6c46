/** What each version of each consent says. A text that changes in what it means gets a version of its own. */
import { words } from ".";
import type { Schemas } from "../api/client";

export type Kind = Schemas["ConsentKind"];

export interface ConsentText {
  title: string;
  /** In one sentence, before the details. */
  short: string;
  /** Who, where, what, why, how long. */
  facts: [name: string, text: string][];
  /** What happens without it, and how it is taken back. */
  rights: string;
}

const TEXTS: () => Record<Kind, Record<string, ConsentText>> = words({
  ko: {
    third_party_ai: {
      "2026-11-26": {
        title: "웨딩 사진을 만들 회사로 사진 보내기",
        short: "웨딩 사진을 만들기 위해 올린 사진을 미국의 Replicate, Inc.에 인터넷으로 보내요.",
        facts: [
          ["받는 곳", "Replicate, Inc. (미국, 연락처: replicate.com)"],
          ["만드는 모델", "Replicate가 실행하는 Black Forest Labs, Google, ByteDance, Alibaba(Qwen)의 AI 모델"],
          ["보내는 것", "올린 사진 한 장"],
          ["쓰는 곳", "웨딩 사진을 만드는 데에만 쓰여요."],
          ["보관", "Replicate는 사진과 결과물을 한 시간 안에 지우고, 저희는 올린 사진을 이틀 안에 지워요."],
        ],
        rights: "동의하지 않을 수 있지만, 그러면 웨딩 사진을 만들 수 없어요. 동의는 설정에서 언제든 철회할 수 있어요. 결과물은 AI로 만든 사진이에요.",
      },
    },
    face_comparison: {
      "2026-11-26": {
        title: "나와 닮았는지 확인하기",
        short: "완성된 웨딩 사진이 나와 닮았는지 확인하고, 닮지 않은 사진은 보여 드리지 않고 크레딧을 돌려드려요.",
        facts: [
          ["비교하는 곳", "서울 리전의 Amazon Rekognition (Amazon Web Services)"],
          ["비교하는 것", "올린 사진과 웨딩 사진의 얼굴"],
          ["민감정보", "비교하는 동안 얼굴의 특징 정보가 잠깐 만들어지지만 저장하지 않아요."],
          ["보관", "닮은 정도를 나타내는 점수만 웨딩 사진과 함께 보관해요."],
        ],
        rights: "동의하지 않아도 가격과 서비스는 같아요. 다만 닮았는지 확인하지는 않아요. 언제든 철회할 수 있어요.",
      },
    },
  },
  en: {
    third_party_ai: {
      "2026-11-26": {
        title: "Sending your photo to those who make the portraits",
        short: "To make your wedding images, your photo is sent over the internet to Replicate, Inc. in the United States.",
        facts: [
          ["Who gets it", "Replicate, Inc. (United States, contact: replicate.com)"],
          ["Models", "AI models made by Black Forest Labs, Google, ByteDance and Alibaba (Qwen), run by Replicate"],
          ["What is sent", "The one photo that you upload"],
          ["What for", "To make your images, and nothing else."],
          ["How long", "Replicate deletes the photo and the images within an hour; we delete the photo within two days."],
        ],
        rights: "You may refuse, but then no images can be made. You can take your consent back at any time in the settings. The images are made by AI.",
      },
    },
    face_comparison: {
      "2026-11-26": {
        title: "Checking that the images look like you",
        short: "Finished images are compared with you. Those that are not you are not shown, and their credit comes back.",
        facts: [
          ["Who compares", "Amazon Rekognition in Seoul (Amazon Web Services)"],
          ["What", "The face in your photo and the face in each image"],
          ["Sensitive data", "For that moment, features of your face are made; they are not kept."],
          ["How long", "Only a score of how alike they are is kept, with the image."],
        ],
        rights: "If you refuse, the price and the service stay the same; images are just not checked. You can take it back at any time.",
      },
    },
  },
});

/** The text of a version; null for one that came after this client was released. */
export const consentText = (kind: Kind, version: string): ConsentText | null => TEXTS()[kind]?.[version] ?? null;

export const consentWords = words({
  ko: {
    title: "먼저 동의를 받을게요",
    lead: "사진을 어디로 보내고 언제 지우는지 알려 드려요.",
    required: "필수",
    optional: "선택",
    agree: (title: string) => `${title}에 동의해요`,
    go: "동의하고 계속하기",
    missing: "필수 항목에 동의해야 사진을 올릴 수 있어요.",
    refuse: "동의하지 않고 돌아가기",
    outdated: "새로운 안내가 있어요",
    outdatedText: "안내가 바뀌었어요. 화면을 새로 고치면 바뀐 안내를 읽을 수 있어요.",
    update: "새로 고치기",
    signIn: "로그인하면 안내를 읽고 동의할 수 있어요.",
  },
  en: {
    title: "First, your consent",
    lead: "Where your photo goes, and when it is deleted.",
    required: "Required",
    optional: "Optional",
    agree: (title: string) => `I agree: ${title}`,
    go: "Agree and go on",
    missing: "Your photo can be sent once you agree to what is required.",
    refuse: "Go back without agreeing",
    outdated: "There is a new text",
    outdatedText: "What we ask you has changed. Reload the page to read it.",
    update: "Reload",
    signIn: "Sign in to read it and agree.",
  },
});
