import { later, pause } from "./busy";
import { NoAnswer, Problem } from "./problem";

export interface Look<T> {
  value: T;
  /** Seconds until the next look makes sense; null when there is nothing more to wait for. */
  next: number | null;
}

const LONGEST_SECONDS = 30;

/**
 * Looks again and again until `look` says that nothing more comes, or `signal` ends it; `seen` gets every value.
 * Looks wait while the page is hidden or offline, and never come in step with those of others. A look that fails for the
 * moment is repeated, later each time; what was refused for good is thrown.
 */
export async function follow<T>(look: () => Promise<Look<T>>, seen: (value: T) => void, signal: AbortSignal): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    let wait: number | null;
    try {
      const { value, next } = await look();
      if (signal.aborted) return;
      failures = 0;
      seen(value);
      wait = next === null ? null : next + Math.random();
    } catch (error) {
      if (signal.aborted) return;
      if (!passes(error)) throw error;
      failures += 1;
      const hint = error instanceof Problem ? error.retryAfter : null;
      wait = hint === null ? later(failures + 1, LONGEST_SECONDS) : Math.min(LONGEST_SECONDS, hint) + Math.random();
    }
    if (wait === null) return;
    await pause(wait, signal);
    await shown(signal);
  }
}

const passes = (error: unknown) =>
  error instanceof NoAnswer || (error instanceof Problem && (error.status === 429 || error.status >= 500));

/** Resolves once the page is visible and online. */
async function shown(signal: AbortSignal): Promise<void> {
  if (typeof document === "undefined") return;
  while (!signal.aborted && (document.hidden || !navigator.onLine)) {
    await new Promise<void>((done) => {
      const stop = new AbortController();
      const go = () => (stop.abort(), done());
      document.addEventListener("visibilitychange", go, { signal: stop.signal });
      addEventListener("online", go, { signal: stop.signal });
      signal.addEventListener("abort", go, { signal: stop.signal });
    });
  }
}
