/** What might be better about a photo. A hint never refuses one. */
export type Hint = "dark" | "blurry";

export const HINT_SIDE = 256; // of the picture that is looked at, in pixels

const DARK = 55; // mean of luma, 0–255
const BLURRY = 8; // variance of the Laplacian

/** `pixels` is RGBA, row by row. */
export function hintsOf(pixels: Uint8ClampedArray, width: number, height: number): Hint[] {
  const luma = new Float32Array(width * height);
  let sum = 0;
  for (let at = 0; at < luma.length; at++) {
    const value = 0.299 * pixels[4 * at]! + 0.587 * pixels[4 * at + 1]! + 0.114 * pixels[4 * at + 2]!;
    luma[at] = value;
    sum += value;
  }
  const hints: Hint[] = [];
  const dark = sum / luma.length < DARK;
  if (dark) hints.push("dark");
  if (!dark && sharpness(luma, width, height) < BLURRY) hints.push("blurry"); // what is dark is flat, too
  return hints;
}

function sharpness(luma: Float32Array, width: number, height: number): number {
  let sum = 0;
  let squares = 0;
  let count = 0;
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x;
      const edge = luma[at - 1]! + luma[at + 1]! + luma[at - width]! + luma[at + width]! - 4 * luma[at]!;
      sum += edge;
      squares += edge * edge;
      count += 1;
    }
  }
  return count ? squares / count - (sum / count) ** 2 : 0;
}
