/** What can be said about a photo before it is sent. The API says the rest. */
import type { ContentType } from "../draft/draft";

export type Fault = "not_a_photo" | "too_large" | "too_small";

export const MOST_BYTES = 10 * 1024 * 1024;
const LEAST_SIDE = 256;
const MOST_SIDE = 2048; // the API keeps 1024; this leaves it something to choose from
const SMALL_BYTES = 2 * 1024 * 1024;

const HEIF_BRANDS = ["heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"];

/** A file's type by its first bytes; null for what the API does not take. Names and what a browser says may be wrong. */
export function typeOf(head: Uint8Array): ContentType | null {
  const ascii = (from: number, to: number) => String.fromCharCode(...head.subarray(from, to));
  if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return "image/jpeg";
  if (ascii(1, 4) === "PNG" && head[0] === 0x89) return "image/png";
  if (ascii(0, 4) === "RIFF" && ascii(8, 12) === "WEBP") return "image/webp";
  if (ascii(4, 8) === "ftyp" && HEIF_BRANDS.includes(ascii(8, 12))) return "image/heic";
  return null;
}

export interface Size {
  width: number;
  height: number;
}

/** `size` within a square of `side`, in whole pixels, never enlarged. */
export function within({ width, height }: Size, side: number): Size {
  const ratio = Math.min(1, side / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * ratio)), height: Math.max(1, Math.round(height * ratio)) };
}

/** How a decoded photo goes up: as it is, drawn anew within `Size`, or not at all. */
export function plan(type: ContentType | null, bytes: number, size: Size): "as_it_is" | Size | Fault {
  if (Math.min(size.width, size.height) < LEAST_SIDE) return "too_small";
  const target = within(size, MOST_SIDE);
  // a picture so long and thin that shrinking takes its shorter side below the least is sent as it is, if it may
  if (Math.min(target.width, target.height) < LEAST_SIDE) return type && bytes <= MOST_BYTES ? "as_it_is" : "too_small";
  const small = bytes <= SMALL_BYTES && Math.max(size.width, size.height) <= MOST_SIDE;
  return small && type !== null && type !== "image/heic" ? "as_it_is" : target;
}

/** How a photo goes up that this browser can't decode. */
export function planUnseen(type: ContentType | null, bytes: number): "as_it_is" | Fault {
  if (type === null) return "not_a_photo";
  return bytes <= MOST_BYTES ? "as_it_is" : "too_large";
}

/** iOS turns HEIC into JPEG only for a list that leaves HEIC out; others show HEIC only where it is named. */
export const accepted = (ios: boolean): string => (ios ? "image/jpeg,image/png,image/webp" : "image/*,.heic,.heif");
