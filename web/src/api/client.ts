import createClient from "openapi-fetch";
import { accessToken, forget, forgetAccount, renew, session } from "../session/session";
import { language } from "../words";
import { patiently } from "./busy";
import { NoAnswer, Problem } from "./problem";
import type { components, paths } from "./schema";

export type Schemas = components["schemas"];

const PATIENCE_MS = 35_000; // past the gateway's 30 s: an answer that is late must not be taken for a lost one

/** The API, on the page's own origin. Ask with `want`, which throws a `Trouble` in place of what was refused. */
export const api = createClient<paths>({ baseUrl: "/api", fetch: ask });

interface Answered<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body of an answer. Throws `Problem`, `NoAnswer` or `SignedOut`. */
export async function want<T>(asked: Promise<Answered<T>>): Promise<T> {
  return (await wantWhole(asked)).data as T;
}

/** The same, with the answer's headers. */
export async function wantWhole<T>(asked: Promise<Answered<T>>): Promise<Answered<T>> {
  const answered = await asked;
  if (answered.response.ok || answered.response.status === 304) return answered;
  throw new Problem(answered.response, (answered.error ?? {}) as Partial<Schemas["Problem"]>);
}

async function ask(request: Request): Promise<Response> {
  const send = () => patiently(() => sendOnce(request.clone()), request.signal);
  const answer = await send();
  if (session.value !== "in") return answer;
  if (answer.status === 410 && (await codeOf(answer)) === "account_erased") forgetAccount();
  if (answer.status !== 401) return answer;
  if ((await codeOf(answer)) === "sign_in_again") return answer; // this token is fine, but too old for what was asked
  await renew();
  const second = await send();
  if (second.status === 401) forget();
  return second;
}

async function codeOf(answer: Response): Promise<unknown> {
  return (await answer.clone().json().catch(() => ({}))).code;
}

async function sendOnce(request: Request): Promise<Response> {
  const headers = new Headers(request.headers);
  headers.set("accept-language", language.value);
  if (session.value === "in") headers.set("authorization", `Bearer ${await accessToken()}`);
  try {
    return await fetch(new Request(request, { headers, signal: AbortSignal.any([request.signal, AbortSignal.timeout(PATIENCE_MS)]) }));
  } catch (error) {
    if (request.signal.aborted) throw error;
    throw new NoAnswer("no answer", { cause: error });
  }
}
