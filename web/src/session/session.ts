import { signal } from "@preact/signals";
import { config } from "../config";
import { SignedOut } from "../api/problem";
import type { Tokens } from "./oidc";

/** Whether somebody is signed in, in this tab. */
export const session = signal<"in" | "out">(stored() ? "in" : "out");

/** Set where something needs a person who is signed in: the sheet that offers it shows, and returns to this path. */
export const signInWanted = signal<string | null>(null);

const REFRESH = "veil.refresh"; // this tab's alone, and gone with it; a page of another origin can't read it
const MARGIN_MS = 30_000; // a token that ends while its request travels is no token

let access: { token: string; until: number } | undefined;
let renewing: Promise<void> | undefined;

function stored(): string | null {
  return sessionStorage.getItem(REFRESH);
}

/** Keep what the issuer gave. */
export function remember(tokens: Tokens): void {
  access = { token: tokens.access_token, until: Date.now() + tokens.expires_in * 1000 };
  if (tokens.refresh_token) sessionStorage.setItem(REFRESH, tokens.refresh_token);
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
  renewing ??= renewOnce().finally(() => (renewing = undefined));
  return renewing;
}

async function renewOnce(): Promise<void> {
  const refresh = stored();
  const oidc = await import("./oidc");
  const tokens = refresh ? await oidc.refreshed(await config(), refresh) : null;
  if (!tokens) {
    forget();
    throw new SignedOut();
  }
  remember(tokens);
}

/** Forget all that this tab knows of the person. */
export function forget(): void {
  access = undefined;
  sessionStorage.removeItem(REFRESH);
  session.value = "out";
}

/** Go to the issuer, and come back to `path`. */
export async function signIn(path: string, provider?: string, fresh = false): Promise<void> {
  const oidc = await import("./oidc");
  location.assign(await oidc.authorization(await config(), path, provider, fresh));
}

/** End the session here and at the issuer. */
export async function signOut(): Promise<void> {
  const refresh = stored();
  forget();
  const oidc = await import("./oidc");
  location.assign(await oidc.ended(await config(), refresh));
}
