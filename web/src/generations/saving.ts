/** Images as files: shared by the device's own sheet where that is how one saves, else downloaded. */
import type { Generation, Image } from "./addresses";
import { storedOf } from "./progress";
import { fileName, isApple } from "./saving-names";
import { downloadsOf } from "./store";

const touch = () => matchMedia("(pointer: coarse)").matches;

const onApple = () => isApple(navigator.userAgent, navigator.maxTouchPoints);

/** How an image gets from here to the person's pictures. */
export interface Ways {
  /** The sheet of the device saves pictures; a download would end among documents. */
  sheetSaves: boolean;
  /** The sheet of the device is there, beside downloading. */
  sheetShares: boolean;
  /** Neither is sure to work, as in a window within another app: a long press does. */
  hold: boolean;
}

export function ways(): Ways {
  const shares = touch() && canShare([new File([], "veil.jpg", { type: "image/jpeg" })]);
  return { sheetSaves: shares && onApple(), sheetShares: shares && !onApple(), hold: !shares && onApple() };
}

const canShare = (files: File[]) => typeof navigator.canShare === "function" && navigator.canShare({ files });

/** The image as a file; the browser has it already, under the same address. Rejects when it can't be had. */
export async function fileOf(generation: Generation, image: Image): Promise<File> {
  const answer = await fetch(image.url ?? "");
  if (!answer.ok) throw new TypeError(`the picture answered ${answer.status}`);
  const blob = await answer.blob();
  return new File([blob], fileName(generation.style, image.index, blob.type), { type: blob.type });
}

/** Open the device's sheet. False where it can't be opened, true also when the person closed it. */
export async function share(files: File[]): Promise<boolean> {
  try {
    await navigator.share({ files });
    return true;
  } catch (error) {
    return error instanceof DOMException && error.name === "AbortError";
  }
}

const BETWEEN_MS = 400; // browsers drop downloads that begin at the same time

/** Download images by addresses that bring a file's name. */
export async function download(id: string, indexes: readonly number[]): Promise<void> {
  const generation = await downloadsOf(id);
  const images = storedOf(generation).filter((image) => indexes.includes(image.index));
  for (const [at, image] of images.entries()) {
    if (at) await new Promise((done) => setTimeout(done, BETWEEN_MS));
    const link = document.createElement("a");
    link.href = image.url ?? "";
    link.download = fileName(generation.style, image.index, "image/jpeg");
    link.click();
  }
}
