import type { TossPayments } from "./toss";

const PATIENCE_MS = 20_000;

/** Toss's script, from where the stage says. Rejects when it does not come. */
export function loaded(src: string): Promise<TossPayments> {
  return new Promise((done, fail) => {
    const there = (globalThis as { TossPayments?: TossPayments }).TossPayments;
    if (there) return done(there);
    const script = document.createElement("script");
    const timer = setTimeout(() => fail(new Error("Toss's script did not come in time")), PATIENCE_MS);
    const end = () => {
      clearTimeout(timer);
      const { TossPayments } = globalThis as { TossPayments?: TossPayments };
      if (TossPayments) done(TossPayments);
      else fail(new Error("Toss's script did not come"));
    };
    script.addEventListener("load", end);
    script.addEventListener("error", end);
    script.src = src;
    document.head.append(script);
  });
}
