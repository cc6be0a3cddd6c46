import { forgetOriginals } from "../generations/originals";
import { forgetDraft } from "./store";

/** Who signs out leaves nothing of a photo on this device. */
export const forgetChosen = (): Promise<unknown> => Promise.all([forgetDraft(), forgetOriginals()]);
