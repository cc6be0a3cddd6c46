import { useEffect, useState } from "preact/hooks";

/** An address of a picture that this page holds, for as long as it is shown; null without a picture. */
export function usePicture(blob: Blob | null | undefined): string | null {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    if (!blob) return setUrl(null);
    const made = URL.createObjectURL(blob);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [blob]);
  return url;
}
