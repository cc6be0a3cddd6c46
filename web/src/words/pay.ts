import { words } from ".";

export const payWords = words({
  ko: {
    veil: "베일",
    payment: { title: "결제창을 열고 있어요", text: "토스페이먼츠 창으로 넘어가요. 아직 결제되지 않았어요." },
    card: { title: "카드 등록 창을 열고 있어요", text: "토스페이먼츠 창에서 카드를 등록해요. 아직 결제되지 않았어요." },
    paused: "아직 결제하지 않았어요",
    pausedText: "이어서 하려면 창을 다시 열어 주세요.",
    failed: "창을 열지 못했어요",
    failedText: "결제된 금액은 없어요. 인터넷 연결을 확인하고 다시 열어 주세요.",
    open: "창 다시 열기",
    back: "그만두고 돌아가기",
    nothing: "열 수 있는 결제가 없어요",
    nothingText: "결제된 금액은 없어요. 처음부터 다시 골라 주세요.",
    toShop: "크레딧 고르기",
  },
  en: {
    veil: "Veil",
    payment: { title: "Opening the payment window", text: "You go on to Toss Payments. Nothing is charged yet." },
    card: { title: "Opening the card window", text: "You register a card at Toss Payments. Nothing is charged yet." },
    paused: "Nothing is paid yet",
    pausedText: "To go on, open the window again.",
    failed: "The window did not open",
    failedText: "Nothing was charged. Check your connection and open it again.",
    open: "Open the window again",
    back: "Stop and go back",
    nothing: "There is nothing to pay here",
    nothingText: "Nothing was charged. Please choose again.",
    toShop: "Choose credits",
  },
});
