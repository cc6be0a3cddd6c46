import { useEffect, useState } from "preact/hooks";
import { follow } from "../api/follow";
import { isTrouble, type Trouble } from "../api/problem";
import type { Generation } from "./addresses";
import { addresses, askFor, generationOf, learn, renewOf } from "./store";
import { watching } from "./watch";

export interface Watched {
  generation: Generation | undefined;
  /** Why there is nothing more to see. */
  trouble: Trouble | null;
  /** The last looks were not answered; looking goes on. */
  shaky: boolean;
  again: () => void;
}

const SHAKY_LOOKS = 2;

/** Watches a generation for as long as the screen is open: while it is made, and as often as its addresses end. */
export function useGeneration(id: string): Watched {
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [missed, setMissed] = useState(0);
  const [round, setRound] = useState(0);
  const [broken, setBroken] = useState<unknown>(null);
  useEffect(() => {
    const stop = new AbortController();
    const look = watching((etag) => askFor(id, etag));
    const counted = async () => {
      try {
        const seen = await look();
        setMissed(0);
        return seen;
      } catch (error) {
        if (!stop.signal.aborted) setMissed((count) => count + 1);
        throw error;
      }
    };
    setTrouble(null);
    setMissed(0);
    follow(counted, learn, stop.signal).catch((error: unknown) => {
      if (isTrouble(error)) setTrouble(error);
      else setBroken(error);
    });
    return () => stop.abort();
  }, [id, round]);
  if (broken !== null) throw broken;
  return { generation: generationOf(id), trouble, shaky: missed >= SHAKY_LOOKS, again: () => setRound(round + 1) };
}

/** A picture did not load: ask for another address, once. What fails of that is seen by the picture that is not there. */
export function lost(id: string, index: number): void {
  if (!addresses.lost(id, index)) return;
  renewOf(id).catch((error: unknown) => {
    if (!isTrouble(error)) throw error;
  });
}
