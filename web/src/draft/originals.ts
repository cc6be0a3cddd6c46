/** Of each generation that was started in this browser: a small picture of its photo, and what makes more of it. */
import { createStore, del, entries, get, set } from "idb-keyval";
import { draft, change } from "./store";

export interface Original {
  preview: Blob | null;
  uploadId: string;
  /** When the photo was sent, in ms: the API takes it for a day. */
  sentAt: number;
}

const LIFE_MS = 24 * 3_600_000;
let opened: ReturnType<typeof createStore> | undefined;
const store = () => (opened ??= createStore("veil-originals", "originals"));

export async function keepOriginal(generation: string, original: Original): Promise<void> {
  await forgetOriginals((one) => Date.now() - one.sentAt > LIFE_MS);
  await set(generation, original, store()).catch(() => undefined);
}

/** Null in another browser, and after a day. */
export async function original(generation: string): Promise<Original | null> {
  const kept = await get<Original>(generation, store()).catch(() => undefined);
  return kept && Date.now() - kept.sentAt < LIFE_MS ? kept : null;
}

/** Another style with the same photo, which is not sent again: what follows begins at `/style`. */
export function again(from: Original): void {
  const upload = { id: from.uploadId, arrived: true, at: from.sentAt };
  change({ photo: null, preview: from.preview, upload, style: null, role: draft.peek()?.role, wanted: null });
}

/** At sign-out: all of them; else those that `which` names. */
export async function forgetOriginals(which: (original: Original) => boolean = () => true): Promise<void> {
  const all = await entries<string, Original>(store()).catch(() => []);
  await Promise.all(all.filter(([, one]) => which(one)).map(([key]) => del(key, store()).catch(() => undefined)));
}
