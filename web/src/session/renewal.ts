/** Renewing where several tabs may hold one session: a duplicated tab has the same refresh token, which is good once. */
import type { Tokens } from "./oidc";

/** What a tab holds of a session. `family` names the session, `turn` counts its refresh tokens. */
export interface Held {
  refresh: string;
  family: string;
  turn: number;
}

/** What a tab tells the others when it got new tokens. */
export interface Renewed {
  family: string;
  turn: number;
  tokens: Tokens;
}

/** What renewing needs of the browser and of the issuer. */
export interface Surroundings {
  held: () => Held | null;
  /** The newest turn that any tab got. */
  newest: (family: string) => number;
  /** New tokens; null when the issuer takes the refresh token no more. */
  refreshed: (refresh: string) => Promise<Tokens | null>;
  /** Keep them, here and for those who ask, and tell the other tabs. */
  got: (renewed: Renewed) => void;
  /** What a tab that is ahead of this one got; null when none answers. */
  ahead: (held: Held) => Promise<Renewed | null>;
}

/** The tokens that are good from now on; null when there are none. One tab at a time may be in here. */
export async function renewed(around: Surroundings): Promise<Tokens | null> {
  const held = around.held();
  if (!held) return null;
  if (around.newest(held.family) > held.turn) {
    // Used once more, this token would end the session of the tab that has its successor.
    return (await around.ahead(held))?.tokens ?? null;
  }
  const tokens = await around.refreshed(held.refresh);
  if (tokens) around.got({ family: held.family, turn: tokens.refresh_token ? held.turn + 1 : held.turn, tokens });
  return tokens;
}

/** Whether this tab does well to take what another one got. */
export const isNews = (held: Held | null, told: Renewed): boolean => held?.family === told.family && told.turn > held.turn;
