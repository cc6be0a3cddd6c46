/** An iPhone or iPad; a recent iPad says that it is a Mac. */
export const isApple = (agent: string, touchPoints: number): boolean =>
  /iPhone|iPad|iPod/.test(agent) || (/Macintosh/.test(agent) && touchPoints > 1);

const EXTENSIONS: Record<string, string> = { "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp" };

/** What a saved image is called; `index` counts from 0, people from 1. */
export const fileName = (style: string, index: number, type: string): string => `veil-${style}-${index + 1}.${EXTENSIONS[type] ?? "jpg"}`;
