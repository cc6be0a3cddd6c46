import { effect, signal } from "@preact/signals";

export type Language = "ko" | "en";

const CHOSEN = "veil.language";

/** The language of the page, and of what the API says. */
export const language = signal<Language>(chosen());

effect(() => {
  if (typeof document !== "undefined") document.documentElement.lang = language.value;
});

export function choose(next: Language): void {
  localStorage.setItem(CHOSEN, next);
  language.value = next;
}

/** Words in every language; what one has and another lacks is a type error. Call it while rendering. */
export function words<T>(each: { ko: T; en: NoInfer<T> }): () => T {
  return () => each[language.value];
}

/** One of a text that came in every language. */
export const local = (text: { ko: string; en: string }): string => text[language.value];

export const won = (amount: number): string =>
  language.value === "ko" ? `${amount.toLocaleString("ko-KR")}원` : `₩${amount.toLocaleString("en-US")}`;

export const day = (time: string): string =>
  new Intl.DateTimeFormat(language.value === "ko" ? "ko-KR" : "en-US", { dateStyle: "long" }).format(new Date(time));

export const moment = (time: string): string =>
  new Intl.DateTimeFormat(language.value === "ko" ? "ko-KR" : "en-US", { dateStyle: "medium", timeStyle: "short" }).format(new Date(time));

function chosen(): Language {
  if (typeof localStorage === "undefined") return "ko";
  const kept = localStorage.getItem(CHOSEN);
  if (kept === "ko" || kept === "en") return kept;
  const first = navigator.languages.map((one) => one.slice(0, 2)).find((one) => one === "ko" || one === "en");
  return (first as Language | undefined) ?? "en";
}
