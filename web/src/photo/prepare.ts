import type { ContentType, Photo } from "../draft/draft";
import { HINT_SIDE, hintsOf, type Hint } from "./hints";
import { MOST_BYTES, plan, planUnseen, typeOf, within, type Fault, type Size } from "./rules";

const PREVIEW_SIDE = 720;
const QUALITY = 0.9;
const HEAD_BYTES = 16;

export type Prepared = { photo: Photo; preview: Blob | null } | { fault: Fault };

/** Shrinks a photo on the device: pixels alone travel, without the place and the device that its file may name. */
export async function prepare(file: Blob): Promise<Prepared> {
  const type = typeOf(new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer()));
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => null);
  if (!bitmap) return unseen(file, type);
  try {
    const how = plan(type, file.size, bitmap);
    if (typeof how === "string" && how !== "as_it_is") return { fault: how };
    const sent = how === "as_it_is" ? file : await jpeg(bitmap, how);
    if (sent.size > MOST_BYTES) return { fault: "too_large" };
    const preview = await jpeg(bitmap, within(bitmap, PREVIEW_SIDE));
    return { photo: photo(sent, how === "as_it_is" ? type! : "image/jpeg", hints(bitmap)), preview };
  } finally {
    bitmap.close();
  }
}

function unseen(file: Blob, type: ContentType | null): Prepared {
  const how = planUnseen(type, file.size);
  return how === "as_it_is" ? { photo: photo(file, type!, []), preview: null } : { fault: how };
}

// A copy without the file's name, which is nobody's business.
const photo = (file: Blob, type: ContentType, hints: Hint[]): Photo => ({
  id: crypto.randomUUID(),
  file: file.slice(0, file.size, type),
  type,
  hints,
});

function hints(bitmap: ImageBitmap): Hint[] {
  const { width, height } = within(bitmap, HINT_SIDE);
  const { context } = drawn(bitmap, { width, height });
  return hintsOf(context.getImageData(0, 0, width, height).data, width, height);
}

async function jpeg(bitmap: ImageBitmap, size: Size): Promise<Blob> {
  const { canvas } = drawn(bitmap, size);
  const made = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  if (!made) throw new Error("the browser could not encode a JPEG");
  return made;
}

function drawn(bitmap: ImageBitmap, { width, height }: Size) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d")!;
  context.fillStyle = "#fff"; // under what is transparent
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, width, height);
  return { canvas, context };
}
