import type { components } from "../api/schema";
import type { Pace, Stage } from "../generations/progress";
import { words } from ".";

type ImageError = components["schemas"]["ImageError"];

const COUNTS = ["없음", "한 장", "두 장", "세 장", "네 장"];
const NUMBERS = ["none", "one", "two", "three", "four"];
const inKorean = (count: number) => COUNTS[count] ?? `${count}장`;
const inEnglish = (count: number) => NUMBERS[count] ?? String(count);
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

export const generationWords = words({
  ko: {
    title: "웨딩 사진",
    making: "웨딩 사진을\n만들고 있어요",
    pace: {
      usual: "보통 12초에서 40초쯤 걸려요. 완성되는 대로 한 장씩 보여 드릴게요.",
      slow: "평소보다 조금 더 걸리고 있어요. 완성되는 대로 한 장씩 보여 드릴게요.",
      long: "오래 걸리고 있어요. 늦어도 한 시간 안에는 완성하거나 크레딧을 돌려드려요.",
    } satisfies Record<Pace, string>,
    safe: "화면을 닫아도 계속 만들어요.",
    later: "나중에 앨범에서 보기",
    queued: "곧 시작해요",
    stages: {
      looking: "사진을 살펴보고 있어요",
      dressing: "옷을 고르고 있어요",
      lighting: "빛을 맞추고 있어요",
      finishing: "마지막으로 다듬고 있어요",
    } satisfies Record<Stage, string>,
    progress: (stored: number, refunded: number, all: number) =>
      (stored === all ? `${inKorean(all)}을 모두 완성했어요.` : stored ? `${inKorean(all)} 가운데 ${inKorean(stored)}을 완성했어요.` : `${inKorean(all)}을 만들고 있어요.`) +
      (refunded ? ` ${inKorean(refunded)}은 만들지 못해서 크레딧을 돌려드렸어요.` : ""),
    shaky: "연결이 원활하지 않아요. 계속 확인하고 있어요.",
    refunded: "1크레딧을 돌려드렸어요",
    errors: {
      content_flagged: "안전 기준에 맞지 않아서 만들지 못했어요.",
      provider_failed: "만드는 중에 문제가 생겼어요.",
      timed_out: "제시간에 완성하지 못했어요.",
      bad_output: "완성된 사진에 문제가 있었어요.",
      start_failed: "만들기를 시작하지 못했어요.",
      unlike: "나와 닮지 않아서 보여 드리지 않아요.",
    } satisfies Record<ImageError, string>,
    choose: "마음에 드는 한 장을\n골라 주세요",
    chooseOne: "한 장이\n완성됐어요",
    chooseText: "사진을 누르면 크게 보고 고를 수 있어요.",
    chosen: "이 사진을 골랐어요",
    chosenText: "앨범에 그대로 있으니 언제든 다시 보거나 바꿀 수 있어요.",
    notMade: (count: number) => `${inKorean(count)}은 만들지 못했어요`,
    notMadeText: (count: number) => `${count}크레딧을 돌려드렸어요.`,
    image: (index: number) => `웨딩 사진 ${index + 1}`,
    open: (index: number) => `웨딩 사진 ${index + 1} 크게 보기`,
    openChosen: (index: number) => `고른 웨딩 사진 ${index + 1} 크게 보기`,
    gone: "이 사진은 지금 보여 드릴 수 없어요",
    ready: "다 만들었어요.",
    saveAll: (count: number) => `${inKorean(count)} 모두 저장하기`,
    saveOne: "이 사진 저장하기",
    anotherStyle: "같은 사진으로 다른 스타일 만들기",
    anotherPhoto: "새 사진으로 만들기",
    album: "앨범으로 가기",
    remove: "이 웨딩 사진 지우기",
    removeFailed: "앨범에서 지우기",
    failed: "이번에는\n만들지 못했어요",
    failedText: (credits: number) => `크레딧 ${credits}개를 모두 돌려드렸어요. 쓴 크레딧은 없어요.`,
    again: "다시 만들기",
    otherPhoto: "다른 사진 고르기",
  },
  en: {
    title: "Wedding portraits",
    making: "Making your\nwedding portraits",
    pace: {
      usual: "It usually takes 12 to 40 seconds. You see each one as soon as it is there.",
      slow: "It takes a little longer than usual. You see each one as soon as it is there.",
      long: "This takes long. Within the hour each one is finished, or its credit is yours again.",
    },
    safe: "You can close this: we go on.",
    later: "See them in the album later",
    queued: "About to begin",
    stages: {
      looking: "Looking at your photo",
      dressing: "Choosing what you wear",
      lighting: "Setting the light",
      finishing: "Adding the last touches",
    },
    progress: (stored, refunded, all) =>
      (stored === all ? `All ${inEnglish(all)} are finished.` : stored ? `${capital(inEnglish(stored))} of ${inEnglish(all)} finished.` : `Making ${inEnglish(all)} images.`) +
      (refunded ? ` ${capital(inEnglish(refunded))} could not be made, and the credit is back.` : ""),
    shaky: "The connection is shaky. We keep looking.",
    refunded: "1 credit is yours again",
    errors: {
      content_flagged: "It did not pass the safety filter.",
      provider_failed: "Something went wrong while it was made.",
      timed_out: "It was not finished in time.",
      bad_output: "There was something wrong with it.",
      start_failed: "It could not be started.",
      unlike: "It did not look like you, so it is not shown.",
    },
    choose: "Choose the one\nyou love",
    chooseOne: "One portrait\nis finished",
    chooseText: "Tap one to see it large, and choose it there.",
    chosen: "This is the one",
    chosenText: "It stays in your album, where you can look at it or choose again.",
    notMade: (count) => `${capital(inEnglish(count))} could not be made`,
    notMadeText: (count) => (count === 1 ? "1 credit is yours again." : `${count} credits are yours again.`),
    image: (index) => `Portrait ${index + 1}`,
    open: (index) => `See portrait ${index + 1} large`,
    openChosen: (index) => `See your chosen portrait ${index + 1} large`,
    gone: "This image can't be shown right now",
    ready: "All done.",
    saveAll: (count) => (count === 2 ? "Save both" : `Save all ${inEnglish(count)}`),
    saveOne: "Save this one",
    anotherStyle: "Another style, same photo",
    anotherPhoto: "Begin with a new photo",
    album: "Go to the album",
    remove: "Delete these portraits",
    removeFailed: "Delete from the album",
    failed: "It did not\nwork this time",
    failedText: (credits) => `All ${credits} credits are yours again. Nothing was spent.`,
    again: "Make them again",
    otherPhoto: "Choose another photo",
  },
});
