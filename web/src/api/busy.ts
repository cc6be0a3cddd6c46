const TRIES = 4;

/**
 * What `send` answers, sent again a little later each time while API Gateway's throttle refuses it: no function ran
 * then, so that any request may be repeated, and the throttle does not say when. Chance spreads those it turned away.
 */
export async function patiently(send: () => Promise<Response>, signal: AbortSignal): Promise<Response> {
  for (let tries = 1; ; tries += 1) {
    const answer = await send();
    if (tries === TRIES || !throttled(answer)) return answer;
    await pause(later(tries), signal);
    signal.throwIfAborted();
  }
}

/** Our own limits answer 429, too, but those know when to come again, and are a person's to hear of. */
const throttled = (answer: Response) => answer.status === 429 && !answer.headers.has("x-request-id");

/** Seconds until the next try after the `failures`-th failure in a row: twice as long each time, and not all at once. */
export const later = (failures: number, longest = Infinity): number => Math.min(longest, 2 ** (failures - 1)) * (1 + Math.random() / 2);

export const pause = (seconds: number, signal: AbortSignal) =>
  new Promise<void>((done) => {
    const timer = setTimeout(done, seconds * 1000);
    signal.addEventListener("abort", () => (clearTimeout(timer), done()), { once: true });
  });
