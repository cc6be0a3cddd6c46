/** OpenID Connect in a browser: authorization code with PKCE, rotated refresh tokens. */
import * as oauth from "oauth4webapi";
import { NoAnswer } from "../api/problem";
import type { Config } from "../config";

export interface Tokens {
  access_token: string;
  refresh_token?: string | undefined;
  /** Seconds. */
  expires_in: number;
}

interface Pending {
  state: string;
  nonce: string;
  verifier: string;
  path: string;
}

const PENDING = "veil.sign-in";
const SCOPE = "openid email profile";
const NAMES = { kakao: "Kakao", naver: "Naver", apple: "SignInWithApple", google: "Google" } as const; // Cognito's

const CALLBACK = "/signed-in";
const redirectUri = () => location.origin + CALLBACK;

const PATIENCE_MS = 20_000;

const options = (config: Config) => ({
  [oauth.allowInsecureRequests]: config.issuer.startsWith("http:"), // for an issuer on this machine alone
  signal: () => AbortSignal.timeout(PATIENCE_MS),
});
const client = (config: Config): oauth.Client => ({ client_id: config.client_id });

let known: Promise<oauth.AuthorizationServer> | undefined;

function server(config: Config): Promise<oauth.AuthorizationServer> {
  const issuer = new URL(config.issuer);
  known ??= answered(oauth.discoveryRequest(issuer, { algorithm: "oidc", ...options(config) })).then((answer) =>
    oauth.processDiscoveryResponse(issuer, answer),
  );
  known.catch(() => (known = undefined));
  return known;
}

/** Where to sign in; `fresh`: though the issuer still knows the person, it asks again. */
export async function authorization(config: Config, path: string, provider?: string, fresh = false): Promise<string> {
  const pending: Pending = {
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
    verifier: oauth.generateRandomCodeVerifier(),
    path,
  };
  const url = new URL((await server(config)).authorization_endpoint!);
  const query: Record<string, string> = {
    client_id: config.client_id,
    redirect_uri: redirectUri(),
    response_type: "code",
    scope: SCOPE,
    state: pending.state,
    nonce: pending.nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(pending.verifier),
    code_challenge_method: "S256",
    lang: document.documentElement.lang,
  };
  if (provider) query["identity_provider"] = NAMES[provider as keyof typeof NAMES] ?? provider;
  if (fresh) query["prompt"] = "login";
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  sessionStorage.setItem(PENDING, JSON.stringify(pending));
  return url.href;
}

/** What the issuer sent the browser back with: the tokens and where the person was; null when nobody had asked. */
export async function completed(config: Config, here: URL): Promise<{ tokens: Tokens; path: string } | null> {
  const pending = JSON.parse(sessionStorage.getItem(PENDING) ?? "null") as Pending | null;
  if (!pending) return null;
  sessionStorage.removeItem(PENDING); // a code is good for once
  const as = await server(config);
  const said = oauth.validateAuthResponse(as, client(config), here, pending.state);
  const answer = await answered(
    oauth.authorizationCodeGrantRequest(as, client(config), oauth.None(), said, redirectUri(), pending.verifier, options(config)),
  );
  const tokens = await oauth.processAuthorizationCodeResponse(as, client(config), answer, {
    expectedNonce: pending.nonce,
    requireIdToken: true,
  });
  return { tokens: kept(tokens), path: pending.path };
}

/** New tokens for a refresh token; null when the issuer takes it no more. Throws `NoAnswer`. */
export async function refreshed(config: Config, refresh: string): Promise<Tokens | null> {
  const as = await server(config);
  const answer = await answered(oauth.refreshTokenGrantRequest(as, client(config), oauth.None(), refresh, options(config)));
  if (answer.status >= 500 || answer.status === 429) throw new NoAnswer(`the issuer answered ${answer.status}`);
  try {
    return kept(await oauth.processRefreshTokenResponse(as, client(config), answer));
  } catch (error) {
    if (error instanceof oauth.ResponseBodyError) return null;
    throw error;
  }
}

/** Revoke `refresh`; answer where the session at the issuer ends. */
export async function ended(config: Config, refresh: string | null): Promise<string> {
  const as = await server(config);
  if (refresh && as.revocation_endpoint) {
    // Whether it worked makes no difference here: the person is signed out of this page, and the token dies of itself.
    await oauth.revocationRequest(as, client(config), oauth.None(), refresh, options(config)).catch(() => undefined);
  }
  const home = `${location.origin}/`;
  if (!as.end_session_endpoint) return home;
  const url = new URL(as.end_session_endpoint);
  // OpenID Connect's name of it, and Cognito's.
  for (const name of ["post_logout_redirect_uri", "logout_uri"]) url.searchParams.set(name, home);
  url.searchParams.set("client_id", config.client_id);
  return url.href;
}

const kept = (tokens: oauth.TokenEndpointResponse): Tokens => ({
  access_token: tokens.access_token,
  refresh_token: tokens.refresh_token,
  expires_in: tokens.expires_in ?? 300,
});

async function answered(asked: Promise<Response>): Promise<Response> {
  try {
    return await asked;
  } catch (error) {
    throw new NoAnswer("the issuer did not answer", { cause: error });
  }
}
