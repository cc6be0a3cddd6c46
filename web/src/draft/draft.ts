/** What a person has chosen on the way from a photo to "make". No browser in here: `store.ts` keeps it. */
import type { Schemas } from "../api/client";
import { madeAt, stillUsable } from "../generations/ages";
import type { Hint } from "../photo/hints";

export type Role = Schemas["Role"];
export type ContentType = Schemas["ContentType"];

/** A photo as it will be sent. */
export interface Photo {
  /** Of this choice: the same file chosen again is another one. */
  id: string;
  file: Blob;
  type: ContentType;
  hints: Hint[];
}

export interface Sent {
  id: string;
  /** Whether the bucket has it; until then a reload sends it anew. */
  arrived: boolean;
  at: number;
}

/** One `POST /generations`; the same body keeps its key, so that a lost answer is asked for again and not made twice. */
export interface Wanted {
  key: string;
  body: Schemas["NewGeneration"];
}

export interface Draft {
  photo: Photo | null;
  /** A small JPEG of the photo; null where the browser can't draw it. */
  preview: Blob | null;
  upload: Sent | null;
  style: string | null;
  /** `undefined`: not asked yet; `null`: the model may choose. */
  role: Role | null | undefined;
  wanted: Wanted | null;
  changedAt: number;
}

export const EMPTY: Draft = { photo: null, preview: null, upload: null, style: null, role: undefined, wanted: null, changedAt: 0 };

const DAY_MS = 24 * 3_600_000; // as long as the API takes a checked photo
const MARGIN_MS = 10 * 60_000;

/** What is left of a draft that was kept: nothing after a day, and no upload that the API takes no more. */
export function fresh(kept: Draft | undefined, now: number): Draft {
  if (!kept || now - kept.changedAt > DAY_MS) return EMPTY;
  if (!kept.upload || now - kept.upload.at < DAY_MS - MARGIN_MS) return kept;
  return kept.photo ? { ...kept, upload: null } : { ...kept, upload: null, preview: null };
}

const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

/** A draft of a photo that the API has already; null when it takes it no more. The role stays, and the style is asked for. */
export function draftOf(uploadId: string, preview: Blob | null, role: Draft["role"], now: number): Draft | null {
  if (!ULID.test(uploadId) || !stillUsable(uploadId, now)) return null;
  return { ...EMPTY, preview, upload: { id: uploadId, arrived: true, at: madeAt(uploadId) }, role, changedAt: now };
}

export const hasPhoto = (draft: Draft): boolean => draft.photo !== null || draft.upload?.arrived === true;

export const STEPS = ["/photo", "/style", "/role", "/confirm"] as const;
export type StepPath = (typeof STEPS)[number];

/** Where to go on: the first thing that is missing. What was chosen before is not asked again. */
export function nextStep(draft: Draft): StepPath {
  if (!hasPhoto(draft)) return "/photo";
  if (draft.style === null) return "/style";
  return draft.role === undefined ? "/role" : "/confirm";
}

/** The request that makes the images, or null while something is missing. `key` is for a body that was not asked before. */
export function wantedOf(draft: Draft, key: () => string): Wanted | null {
  if (!draft.upload || draft.style === null || draft.role === undefined) return null;
  const body: Schemas["NewGeneration"] = { upload_id: draft.upload.id, style: draft.style };
  if (draft.role) body.role = draft.role;
  return draft.wanted && same(draft.wanted.body, body) ? draft.wanted : { key: key(), body };
}

const same = (one: Schemas["NewGeneration"], other: Schemas["NewGeneration"]) =>
  one.upload_id === other.upload_id && one.style === other.style && (one.role ?? null) === (other.role ?? null);
