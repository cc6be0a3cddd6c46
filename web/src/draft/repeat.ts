import { NoAnswer, Problem } from "../api/problem";

const TRIES = 4;
const PASSING: ReadonlySet<string> = new Set(["temporarily_unavailable", "internal_error"]);

/** Seconds until the request is sent once more by itself; null: the person decides. */
export function secondsBefore(error: unknown, tries: number): number | null {
  if (tries >= TRIES) return null;
  if (error instanceof NoAnswer) return 2 ** tries;
  if (!(error instanceof Problem)) return null;
  if (error.code === "upload_not_ready") return error.retryAfter ?? 1;
  if (PASSING.has(error.code) || ofGateway(error)) return error.retryAfter ?? 2 ** tries;
  return null;
}

/** Whether the gateway answered in our place, that it is busy or could not reach us: one key makes one generation, so it may be sent again. */
const ofGateway = (error: Problem) => error.code === "" && (error.status === 429 || error.status >= 500);
