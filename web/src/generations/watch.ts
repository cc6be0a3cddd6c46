import type { Look } from "../api/follow";
import { untilRenewal, type Generation } from "./addresses";

/** What one question was answered. `generation` is missing where nothing has changed (304). */
export interface Seen {
  generation?: Generation | undefined;
  etag: string | null;
  /** Seconds. */
  retryAfter: number | null;
}

const USUAL_SECONDS = 2;

/**
 * Looks at one generation, for `follow`: as often as the API says while it is being made, afterwards whenever the
 * addresses of its images are about to end, and no more once it has none.
 */
export function watching(ask: (etag: string | null) => Promise<Seen>, clock: () => number = Date.now): () => Promise<Look<Generation>> {
  let etag: string | null = null;
  let last: Generation | undefined;
  return async () => {
    const seen = await ask(last ? etag : null);
    const value = seen.generation ?? last;
    if (!value) throw new TypeError("nothing has changed, of nothing");
    last = value;
    etag = seen.etag ?? etag;
    if (value.status === "processing") return { value, next: seen.retryAfter ?? USUAL_SECONDS };
    const wait = untilRenewal(value, clock());
    return { value, next: wait === null ? null : Math.ceil(wait / 1000) };
  };
}
