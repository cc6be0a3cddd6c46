import { useEffect, useState } from "preact/hooks";
import { isTrouble, Problem, type Trouble } from "../api/problem";

interface Paged<T> {
  items: T[];
  next_cursor: string | null;
}

export interface Pages<T> {
  /** Undefined until the first page is there. */
  items: T[] | undefined;
  trouble: Trouble | null;
  /** Whether there is more. */
  more: boolean;
  /** Loads the next page, or what failed once more. */
  load: () => Promise<void>;
}

/** A list that the API answers page by page. A cursor that is good no more begins the list again. */
export function usePages<T>(ask: (cursor: string | null) => Promise<Paged<T>>): Pages<T> {
  const [loaded, setLoaded] = useState<Paged<T>>();
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [broken, setBroken] = useState<unknown>(null);
  const load = async () => {
    setTrouble(null);
    try {
      const page = await ask(loaded?.next_cursor ?? null);
      setLoaded({ ...page, items: [...(loaded?.items ?? []), ...page.items] });
    } catch (error) {
      if (!isTrouble(error)) return setBroken(error);
      if (error instanceof Problem && error.code === "invalid_cursor") setLoaded(undefined);
      setTrouble(error);
    }
  };
  useEffect(() => void load(), []);
  if (broken !== null) throw broken;
  return { items: loaded?.items, trouble, more: loaded?.next_cursor != null, load };
}
