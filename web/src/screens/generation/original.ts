import { useEffect, useState } from "preact/hooks";
import { originalOf } from "../../generations/originals";

/** An address of the photo that a generation was made of; null where this device does not have it, undefined until that is known. */
export function useOriginal(generationId: string): string | null | undefined {
  const [url, setUrl] = useState<string | null>();
  useEffect(() => {
    let made: string | null = null;
    let current = true;
    void originalOf(generationId).then((preview) => {
      if (!current) return;
      made = preview && URL.createObjectURL(preview);
      setUrl(made);
    });
    return () => {
      current = false;
      if (made) URL.revokeObjectURL(made);
    };
  }, [generationId]);
  return url;
}
