/** Where a photo is on its way to the API, and what to do when something on that way fails. No browser in here. */
import { NoAnswer, Problem, SignedOut, type Trouble } from "../api/problem";
import type { Schemas } from "../api/client";

export type Upload =
  /** No photo, or nobody who is signed in. */
  | { at: "idle" }
  /** The person has to agree first. */
  | { at: "consent" }
  /** A place is asked for, or the photo travels. */
  | { at: "sending"; percent: number }
  /** Nothing goes for now: no network, or not so fast. It goes on by itself. */
  | { at: "waiting"; percent: number }
  | { at: "checking" }
  | { at: "ready"; id: string }
  | { at: "rejected"; reason: Schemas["Reason"] }
  /** It goes on when the person says so. */
  | { at: "failed"; trouble: Trouble };

export type Event =
  | { is: "stopped" }
  | { is: "begun" }
  | { is: "progressed"; percent: number }
  | { is: "interrupted" }
  | { is: "arrived" }
  | { is: "seen"; upload: Pick<Schemas["Upload"], "upload_id" | "status" | "reason"> }
  | { is: "asked" }
  | { is: "failed"; trouble: Trouble };

/** Whether the photo is still to arrive: without a network it stands still. */
export const underWay = (now: Upload): boolean => now.at === "sending" || now.at === "waiting";

export const IDLE: Upload = { at: "idle" };

export function next(now: Upload, event: Event): Upload {
  switch (event.is) {
    case "stopped":
      return IDLE;
    case "begun":
      return { at: "sending", percent: 0 };
    case "progressed":
      // What is sent once more begins anew; what a person sees never goes back.
      return { at: "sending", percent: Math.max(percentOf(now), event.percent) };
    case "interrupted":
      return { at: "waiting", percent: percentOf(now) };
    case "arrived":
      return { at: "checking" };
    case "seen":
      return seen(event.upload);
    case "asked":
      return { at: "consent" };
    case "failed":
      return { at: "failed", trouble: event.trouble };
  }
}

const percentOf = (now: Upload) => (now.at === "sending" || now.at === "waiting" ? now.percent : 0);

function seen({ upload_id, status, reason }: Pick<Schemas["Upload"], "upload_id" | "status" | "reason">): Upload {
  if (status === "ready") return { at: "ready", id: upload_id };
  if (status === "rejected" && reason) return { at: "rejected", reason: reason.code };
  return { at: "checking" };
}

/** The bucket did not take the photo. `status` is 0 where no answer came. */
export class NotSent extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`the bucket answered ${status}`);
    this.status = status;
  }
}

export type Way =
  | { do: "wait"; seconds: number }
  | { do: "place" }
  | { do: "arrived" }
  | { do: "consent" }
  | { do: "stop" }
  | { do: "fail"; trouble: Trouble };

const TRIES = 5;
const LONGEST_SECONDS = 30;

/** What to do about the `tries`-th failure in a row. Null for what is no trouble, but a defect. */
export function wayOn(error: unknown, tries: number): Way | null {
  if (error instanceof SignedOut) return { do: "stop" };
  if (error instanceof NotSent) return wayToBucket(error.status, tries);
  if (error instanceof NoAnswer) return later(error, tries, 2 ** tries);
  if (!(error instanceof Problem)) return null;
  if (error.status === 401) return { do: "stop" };
  if (error.code === "consent_required") return { do: "consent" };
  if (error.code === "upload_not_found") return tries < TRIES ? { do: "place" } : { do: "fail", trouble: error };
  if (error.status === 429 || error.status >= 500) return later(error, tries, error.retryAfter ?? 2 ** tries);
  return { do: "fail", trouble: error };
}

// A longer wait is a person's to decide, with the countdown before their eyes.
const later = (trouble: Trouble, tries: number, seconds: number): Way =>
  tries < TRIES && seconds <= LONGEST_SECONDS ? { do: "wait", seconds } : { do: "fail", trouble };

function wayToBucket(status: number, tries: number): Way {
  if (status === 412) return { do: "arrived" }; // it is there: the answer of the try before was lost
  if (tries >= TRIES) return { do: "fail", trouble: new NoAnswer(`the bucket answered ${status}`) };
  return status >= 400 && status < 500 && status !== 409 && status !== 429 ? { do: "place" } : { do: "wait", seconds: 2 ** tries };
}
