/** The photo's way into the bucket. Loaded when a photo is sent, since Uppy weighs as much as the first screen. */
import AwsS3 from "@uppy/aws-s3";
import Uppy from "@uppy/core";
import type { Schemas } from "../api/client";
import { NotSent } from "./machine";

const SILENT = { debug: () => undefined, warn: () => undefined, error: () => undefined }; // it would log signed addresses

/** Send `file` to its place. Throws `NotSent`, or an `AbortError` when `signal` ends it. */
export async function send(place: Schemas["PresignedUpload"], file: Blob, progressed: (percent: number) => void, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const uppy = new Uppy({ allowMultipleUploadBatches: false, logger: SILENT });
  const stop = () => uppy.cancelAll();
  signal.addEventListener("abort", stop, { once: true });
  let refused: unknown;
  try {
    uppy.use(AwsS3, { shouldUseMultipart: false, signRequest: () => ({ url: place.url, headers: sendable(place.headers) }) });
    uppy.on("upload-progress", (_, { bytesUploaded, bytesTotal }) => bytesTotal && progressed(Math.round((100 * bytesUploaded) / bytesTotal)));
    uppy.on("upload-error", (_, error) => (refused = error));
    uppy.addFile({ name: "photo", type: file.type, data: file });
    const result = await uppy.upload();
    signal.throwIfAborted();
    if (refused || !result?.successful?.length) throw new NotSent(statusOf(refused));
  } finally {
    signal.removeEventListener("abort", stop);
    uppy.destroy();
  }
}

// Browsers send it by themselves, and refuse to be told.
const sendable = (headers: Record<string, string>) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== "content-length"));

/** Uppy's errors have the answer's status; none came where they have not. */
const statusOf = (error: unknown): number => (error as { status?: number } | undefined)?.status ?? 0;
