import { part } from "../parts";
import { signal } from "@preact/signals";
import { config } from "../config";
import { NoAnswer, SignedOut } from "../api/problem";
import type { Tokens } from "./oidc";
import { renewed, type Held, type Renewed } from "./renewal";
import { newestTurn, tabs } from "./tabs";

const REFRESH = "veil.refresh"; // this tab's alone, and gone with it; a page of another origin can't read it
const FAMILY = "veil.family"; // the session's name and its turn: a tab that is duplicated has the same
const MARGIN_MS = 30_000; // a token that ends while its request travels is no token

/** Whether somebody is signed in, in this tab. */
export const session = signal<"in" | "out">(stored() ? "in" : "out");

/** Set where something needs a person who is signed in: the sheet that offers it shows, and returns to this path. */
export const signInWanted = signal<string | null>(null);

/** Whether the account of this tab turned out to be deleted; until somebody signs in again. */
export const accountGone = signal(false);

let access: { token: string; until: number } | undefined;
let latest: Renewed | null = null;
let renewing: Promise<void> | undefined;

const others = tabs({ held, latest: () => latest, onRenewed: take, onOut: forget });

function stored(): string | null {
  return sessionStorage.getItem(REFRESH);
}

function held(): Held | null {
  const refresh = stored();
  if (!refresh) return null;
  const [family = "", turn = "0"] = (sessionStorage.getItem(FAMILY) ?? "").split(" ");
  return { refresh, family, turn: Number(turn) };
}

/** Keep what the issuer gave to somebody who signed in. */
export function remember(tokens: Tokens): void {
  accountGone.value = false;
  take({ family: crypto.randomUUID(), turn: 0, tokens });
}

function take(renewed: Renewed): void {
  const { family, turn, tokens } = renewed;
  latest = renewed;
  access = { token: tokens.access_token, until: Date.now() + tokens.expires_in * 1000 };
  if (tokens.refresh_token) sessionStorage.setItem(REFRESH, tokens.refresh_token);
  sessionStorage.setItem(FAMILY, `${family} ${turn}`);
  session.value = "in";
}

/** A token that is good for now. Throws `SignedOut` when the issuer gives none any more. */
export async function accessToken(): Promise<string> {
  if (!access || access.until - Date.now() < MARGIN_MS) await renew();
  if (!access) throw new SignedOut();
  return access.token;
}

/** Get a new token, once for all who ask at the same time. Throws `SignedOut`, or `NoAnswer` where nothing is known. */
export function renew(): Promise<void> {
  renewing ??= oneTabAtATime(access?.token).finally(() => (renewing = undefined));
  return renewing;
}

async function oneTabAtATime(spent: string | undefined): Promise<void> {
  await navigator.locks.request("veil.renew", () => renewOnce(spent));
}

async function renewOnce(spent: string | undefined): Promise<void> {
  if (access && access.token !== spent) return; // another tab told, while this one waited
  const oidc = await part(() => import("./oidc"));
  const tokens = await renewed({
    held,
    newest: newestTurn,
    refreshed: async (refresh) => oidc.refreshed(await config(), refresh),
    got: (renewed) => (take(renewed), others.tell(renewed)),
    ahead: async (behind) => {
      const found = await others.ahead(behind);
      if (found) take(found);
      return found;
    },
  });
  if (tokens) return;
  forget();
  throw new SignedOut();
}

function clear(): void {
  access = undefined;
  latest = null;
  sessionStorage.removeItem(REFRESH);
  sessionStorage.removeItem(FAMILY);
}

/** Forget all that this tab knows of the person. */
export function forget(): void {
  clear();
  session.value = "out";
}

/** The account is deleted: every tab forgets. */
export function forgetAccount(): void {
  if (session.value === "out") return;
  accountGone.value = true;
  others.tellOut();
  forget();
  void forgetChosen();
}

/** What was on its way to be made, and the photos that are kept beside the images. */
const forgetChosen = () => import("../draft/forget").then((draft) => draft.forgetChosen());

/** Go to the issuer, and come back to `path`. */
export async function signIn(path: string, provider?: string, fresh = false): Promise<void> {
  const oidc = await part(() => import("./oidc"));
  location.assign(await oidc.authorization(await config(), path, provider, fresh));
}

/** End the session in every tab and at the issuer. The page is left; until then it stays as it is. */
export async function signOut(): Promise<void> {
  const refresh = stored();
  clear();
  others.tellOut();
  await forgetChosen();
  location.assign(await endedAt(refresh));
}

async function endedAt(refresh: string | null): Promise<string> {
  const oidc = await part(() => import("./oidc"));
  try {
    return await oidc.ended(await config(), refresh);
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    return "/"; // offline: signed out of this browser, which is what can be done
  }
}
