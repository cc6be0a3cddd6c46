const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; // Crockford's

/** When a ULID was made, in milliseconds: its first ten letters. */
export const madeAt = (ulid: string): number =>
  [...ulid.slice(0, 10).toUpperCase()].reduce((sum, letter) => sum * 32 + LETTERS.indexOf(letter), 0);

const UPLOAD_MS = 24 * 3_600_000;
const MARGIN_MS = 10 * 60_000; // to choose a style in

/** Whether more images can be made of a photo that was sent: the API takes it for a day. */
export const stillUsable = (uploadId: string, now: number): boolean => now - madeAt(uploadId) < UPLOAD_MS - MARGIN_MS;
