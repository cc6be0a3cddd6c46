/** The draft of this browser: a reload, the way to the issuer and back, and a closed tab lose nothing of it. */
import { signal } from "@preact/signals";
import { del, get, set } from "idb-keyval";
import { originalOf } from "../generations/originals";
import { draftOf, EMPTY, fresh, type Draft, type Photo } from "./draft";

const KEY = "veil.draft";

/** `undefined` until it has been read. */
export const draft = signal<Draft | undefined>(undefined);

let reading: Promise<void> | undefined;
let writing: Promise<unknown> = Promise.resolve();

/** Read what was kept, once. Where a browser keeps nothing (a private window), the draft lives as long as its page. */
export function readDraft(): Promise<void> {
  reading ??= get<Draft>(KEY)
    .catch(() => undefined)
    .then((kept) => {
      draft.value ??= fresh(kept, Date.now());
    });
  return reading;
}

export function change(part: Partial<Draft>): void {
  const next = { ...(draft.peek() ?? EMPTY), ...part, changedAt: Date.now() };
  draft.value = next;
  writing = writing.then(() => set(KEY, next)).catch(() => undefined);
}

/** Another photo; style and role stay. */
export const choosePhoto = (photo: Photo, preview: Blob | null): void => change({ photo, preview, upload: null, wanted: null });

export const dropPhoto = (): void => change({ photo: null, preview: null, upload: null, wanted: null });

/** Begin with a photo that was sent before, unless the draft is of it already, or the API takes it no more. */
export async function takeSent(uploadId: string): Promise<void> {
  await readDraft();
  if (draft.peek()?.upload?.id === uploadId) return;
  const begun = draftOf(uploadId, await originalOf(uploadId), draft.peek()?.role, Date.now());
  if (begun) change(begun);
}

/** Resolves when what was changed last will outlive this page. */
export const kept = (): Promise<unknown> => writing;

/** At sign-out, and when the images are being made. */
export async function forgetDraft(): Promise<void> {
  draft.value = EMPTY;
  writing = writing.then(() => del(KEY)).catch(() => undefined);
  await writing;
}
