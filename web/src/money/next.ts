/** Where to go on after buying: a path of this client, or null for whatever else stands in an address. */
export function nextOf(query: Record<string, string | undefined> | URLSearchParams): string | null {
  const next = query instanceof URLSearchParams ? query.get("next") : query["next"];
  return next && /^\/(?![/\\])[\w\-./?=&%]*$/.test(next) ? next : null;
}

/** `path` that remembers where to go on. */
export const withNext = (path: string, next: string | null): string => (next ? `${path}?next=${encodeURIComponent(next)}` : path);
