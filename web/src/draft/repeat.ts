import { NoAnswer, Problem } from "../api/problem";

const TRIES = 4;

/** Seconds until the request is sent once more by itself; null: the person decides. */
export function secondsBefore(error: unknown, tries: number): number | null {
  if (tries >= TRIES) return null;
  if (error instanceof NoAnswer) return 2 ** tries;
  if (!(error instanceof Problem)) return null;
  if (error.code === "upload_not_ready") return error.retryAfter ?? 1;
  if (error.code === "temporarily_unavailable" || error.code === "internal_error") return error.retryAfter ?? 2 ** tries;
  return null;
}
