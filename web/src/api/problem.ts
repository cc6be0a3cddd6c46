import type { components, KnownProblemCode } from "./schema";

type Body = components["schemas"]["Problem"];
export type { KnownProblemCode };

/** What the API refused, or could not do. `detail` is for the person, in their language, and says what to do next. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly requestId: string | null;
  /** Seconds after which asking again makes sense. */
  readonly retryAfter: number | null;
  readonly body: Partial<Body>;

  constructor(answer: Response, body: Partial<Body>) {
    super(`${answer.status} ${body.code ?? ""}`);
    this.status = answer.status;
    this.code = body.code ?? "";
    this.detail = body.detail ?? "";
    this.requestId = answer.headers.get("x-request-id") ?? answer.headers.get("apigw-requestid");
    const seconds = Number(answer.headers.get("retry-after"));
    this.retryAfter = seconds > 0 ? seconds : null;
    this.body = body;
  }
}

/** No answer came: nobody knows whether the request worked. Every request of this client may be sent again. */
export class NoAnswer extends Error {}

/** Nobody is signed in any more. */
export class SignedOut extends Error {}

export type Trouble = Problem | NoAnswer | SignedOut;

export const isTrouble = (error: unknown): error is Trouble =>
  error instanceof Problem || error instanceof NoAnswer || error instanceof SignedOut;
