import { language } from ".";

const format = (options: Intl.DateTimeFormatOptions) => (time: string): string =>
  new Intl.DateTimeFormat(language.value === "ko" ? "ko-KR" : "en-US", options).format(new Date(time));

/** As in "2026년 11월". */
export const month = format({ year: "numeric", month: "long" });

/** As in "11월 27일 금요일". */
export const weekday = format({ month: "long", day: "numeric", weekday: "long" });
