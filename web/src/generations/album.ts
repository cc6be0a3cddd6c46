import type { Generation } from "./addresses";

/** The part of the album that was loaded, newest first. */
export interface Pages {
  ids: readonly string[];
  /** Of the next page; null after the last. */
  cursor: string | null;
}

interface Page {
  items: readonly { id: string }[];
  next_cursor: string | null;
}

/** With the next page behind it. What is there already stays where it is: a list that grew in between shifts its pages. */
export function withNext(pages: Pages, page: Page): Pages {
  const fresh = page.items.map((item) => item.id).filter((id) => !pages.ids.includes(id));
  return { ids: [...pages.ids, ...fresh], cursor: page.next_cursor };
}

/**
 * With the first page loaded anew. What lies behind it stays, if the two still touch; else, it starts again.
 * What the first page no longer has was deleted elsewhere.
 */
export function withFirst(pages: Pages | undefined, page: Page): Pages {
  const first = page.items.map((item) => item.id);
  const last = first.at(-1);
  const at = pages && last !== undefined ? pages.ids.indexOf(last) : -1;
  if (!pages || at < 0 || page.next_cursor === null) return { ids: first, cursor: page.next_cursor };
  return { ids: [...first, ...pages.ids.slice(at + 1)], cursor: pages.ids.length > at + 1 ? pages.cursor : page.next_cursor };
}

export const without = (pages: Pages, id: string): Pages => ({ ...pages, ids: pages.ids.filter((one) => one !== id) });

/** By the months of their beginning, where the person is; each month as its name says it. */
export function byMonth(generations: readonly Generation[], name: (time: string) => string): [string, Generation[]][] {
  const months = new Map<string, Generation[]>();
  for (const generation of generations) {
    const month = name(generation.created_at);
    months.set(month, [...(months.get(month) ?? []), generation]);
  }
  return [...months];
}
