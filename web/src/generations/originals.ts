/** Small pictures of the photos that images were made of, on this device alone, to lay beside the images. */
import { clear, createStore, del, entries, get, set, type UseStore } from "idb-keyval";

interface Original {
  preview: Blob;
  at: number;
}

const KEPT_MS = 48 * 3_600_000; // what is said of the photo itself: gone within two days

let opened: UseStore | undefined;
const store = () => (opened ??= createStore("veil.originals", "by-generation"));

/** Keep a small picture of the photo that a generation was made of, or of an upload. Without a place for it, there is none. */
export async function keepOriginal(id: string, preview: Blob): Promise<void> {
  await attempt(() => set(id, { preview, at: Date.now() } satisfies Original, store()));
}

/** The picture of a generation's photo, or an upload's, if this device has one. Older ones are deleted. */
export async function originalOf(id: string): Promise<Blob | null> {
  await attempt(forgetOld);
  return (await attempt(() => get<Original>(id, store())))?.preview ?? null;
}

export async function forgetOriginal(id: string): Promise<void> {
  await attempt(() => del(id, store()));
}

/** Forget all: whoever signs out, or leaves, leaves nothing behind. */
export async function forgetOriginals(): Promise<void> {
  await attempt(() => clear(store()));
}

async function forgetOld(): Promise<void> {
  const now = Date.now();
  for (const [id, { at }] of await entries<string, Original>(store())) if (now - at > KEPT_MS) await del(id, store());
}

/** Private windows and full disks have no database: it is a comfort, and nothing fails for want of it. */
async function attempt<T>(action: () => Promise<T>): Promise<T | undefined> {
  try {
    return await action();
  } catch {
    return undefined;
  }
}
