import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { isTrouble, type Trouble } from "../api/problem";
import { common } from "../words/common";
import { Failed } from "./failed";

export interface Loaded<T> {
  value: T | undefined;
  trouble: Trouble | null;
  /** Load once more; what is shown stays until the new one is there. */
  again: () => void;
  /** Show this from now on, as when a change has answered the new state. */
  set: (value: T) => void;
}

/** Loads when the screen opens and whenever `of` changes. */
export function useLoad<T>(load: () => Promise<T>, of: unknown = null): Loaded<T> {
  const [value, set] = useState<T>();
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [round, setRound] = useState(0);
  const [broken, setBroken] = useState<unknown>(null);
  useEffect(() => {
    let current = true;
    setTrouble(null);
    load().then(
      (loaded) => current && set(loaded),
      (error: unknown) => current && (isTrouble(error) ? setTrouble(error) : setBroken(error)),
    );
    return () => {
      current = false;
    };
  }, [of, round]);
  if (broken !== null) throw broken;
  return { value, trouble, again: () => setRound(round + 1), set };
}

/** What was loaded, or a calm place for it, or why it is not there. */
export function Show<T>({ of, children, waiting }: { of: Loaded<T>; children: (value: T) => ComponentChildren; waiting?: ComponentChildren }) {
  if (of.trouble && of.value === undefined) return <Failed trouble={of.trouble} again={of.again} />;
  if (of.value === undefined) return <>{waiting ?? <Waiting />}</>;
  return (
    <>
      {children(of.value)}
      {of.trouble && <Failed trouble={of.trouble} again={of.again} />}
    </>
  );
}

export function Waiting({ lines = 3 }: { lines?: number }) {
  return (
    <div class="stack" role="status" aria-label={common().loading}>
      {Array.from({ length: lines }, (_, index) => <div key={index} class="card shimmer placeholder" />)}
    </div>
  );
}
