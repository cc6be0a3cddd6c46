/** What the tabs of this browser tell each other. */
import { isNews, type Held, type Renewed } from "./renewal";

type Message = { kind: "renewed"; renewed: Renewed } | { kind: "asked"; family: string; turn: number } | { kind: "out" };

const CHANNEL = "veil.session";
const TURNS = "veil.turns"; // the newest turn of each family: counts, no tokens
const FAMILIES = 4; // as many sign-ins as one browser is likely to have at a time
const ANSWER_MS = 2_000;

export interface Tabs {
  tell: (renewed: Renewed) => void;
  /** The person has left: every tab forgets. */
  tellOut: () => void;
  ahead: (held: Held) => Promise<Renewed | null>;
}

interface Listener {
  held: () => Held | null;
  /** What this tab may tell one that is behind. */
  latest: () => Renewed | null;
  onRenewed: (renewed: Renewed) => void;
  onOut: () => void;
}

export function tabs({ held, latest, onRenewed, onOut }: Listener): Tabs {
  const channel = new BroadcastChannel(CHANNEL);
  const send = (message: Message) => channel.postMessage(message);
  channel.addEventListener("message", ({ data }: MessageEvent<Message>) => {
    if (data.kind === "out") return onOut();
    if (data.kind === "renewed") return isNews(held(), data.renewed) ? onRenewed(data.renewed) : undefined;
    const mine = latest();
    if (mine && mine.family === data.family && mine.turn > data.turn) send({ kind: "renewed", renewed: mine });
  });
  return {
    tell: (renewed) => {
      writeTurn(renewed);
      send({ kind: "renewed", renewed });
    },
    tellOut: () => send({ kind: "out" }),
    ahead: (behind) =>
      new Promise((done) => {
        const stop = new AbortController();
        const answer = (found: Renewed | null) => (stop.abort(), clearTimeout(timer), done(found));
        const timer = setTimeout(() => answer(null), ANSWER_MS);
        const listen = ({ data }: MessageEvent<Message>) =>
          data.kind === "renewed" && isNews(behind, data.renewed) && answer(data.renewed);
        channel.addEventListener("message", listen, { signal: stop.signal });
        send({ kind: "asked", family: behind.family, turn: behind.turn });
      }),
  };
}

export const newestTurn = (family: string): number => turns()[family] ?? 0;

function writeTurn({ family, turn }: Renewed): void {
  const { [family]: _, ...others } = turns();
  const kept = [...Object.entries(others).slice(1 - FAMILIES), [family, turn]];
  localStorage.setItem(TURNS, JSON.stringify(Object.fromEntries(kept)));
}

const turns = () => JSON.parse(localStorage.getItem(TURNS) ?? "{}") as Record<string, number>;
