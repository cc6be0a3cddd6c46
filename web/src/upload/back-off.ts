/** Waits so long, and until there is a network; what comes back online is tried at once. */
export async function backOff(seconds: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((done) => {
    const stop = new AbortController();
    const go = () => (clearTimeout(timer), stop.abort(), done());
    const timer = setTimeout(() => navigator.onLine && go(), seconds * 1000);
    addEventListener("online", go, { signal: stop.signal });
    signal.addEventListener("abort", go, { signal: stop.signal });
  });
}
