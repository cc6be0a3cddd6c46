import { useEffect, useRef, useState } from "preact/hooks";
import type { Generation, Image } from "./addresses";
import { download, fileOf, share, ways, type Ways } from "./saving";

export interface Saving {
  ways: Ways;
  /** Save the images, by the way that this device has. Rejects with a `Trouble`. */
  save: () => Promise<void>;
  share: () => Promise<void>;
}

/** Saving of these images, and `sharing` where that is offered, too. Their files are fetched before anybody presses: the sheet opens right after a press, or not at all. */
export function useSaving(generation: Generation, images: readonly Image[], sharing = false): Saving {
  const [known] = useState(ways);
  const files = useRef<Promise<File[]> | undefined>(undefined);
  const what = images.map((image) => image.url).join(" ");
  const sheet = known.sheetSaves || (sharing && known.sheetShares);
  useEffect(() => {
    if (!sheet) return;
    const fetching = Promise.all(images.map((image) => fileOf(generation, image)));
    fetching.catch(() => undefined); // whoever presses hears of it
    files.current = fetching;
  }, [what, sheet]);
  const save = () => download(generation.id, images.map((image) => image.index));
  const shareOrSave = async () => {
    const ready = await files.current?.catch(() => undefined);
    if (!ready || !(await share(ready))) await save();
  };
  return { ways: known, save: known.sheetSaves ? shareOrSave : save, share: shareOrSave };
}
