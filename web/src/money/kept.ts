/** What this tab keeps of a purchase, so that a reload or a lost answer does nothing twice. Gone with the tab. */
export type Keep = Pick<Storage, "getItem" | "setItem" | "removeItem">;

export function read<T>(keep: Keep, key: string): T | null {
  return JSON.parse(keep.getItem(key) ?? "null") as T | null;
}

export function write<T>(keep: Keep, key: string, value: T): T {
  keep.setItem(key, JSON.stringify(value));
  return value;
}
