import { useEffect, useState } from "preact/hooks";
import { choosePhoto } from "../../draft/store";
import { prepare } from "../../photo/prepare";
import { accepted, type Fault } from "../../photo/rules";
import { photoWords } from "../../words/photo";

export interface Choosing {
  preparing: boolean;
  fault: Fault | null;
  take: (file: Blob | null | undefined) => void;
}

/** Takes a file from wherever it comes, and makes it the draft's photo. The last one counts. */
export function useChoosing(): Choosing {
  const [preparing, setPreparing] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const [broken, setBroken] = useState<unknown>(null);
  if (broken !== null) throw broken;
  const take = async (file: Blob | null | undefined) => {
    if (!file || preparing) return;
    setPreparing(true);
    setFault(null);
    try {
      const made = await prepare(file);
      if ("fault" in made) setFault(made.fault);
      else choosePhoto(made.photo, made.preview);
    } catch (error) {
      setBroken(error);
    }
    setPreparing(false);
  };
  return { preparing, fault, take: (file) => void take(file) };
}

const IOS = /iP(hone|ad|od)/.test(navigator.userAgent) || (navigator.platform === "MacIntel" && navigator.maxTouchPoints > 1);

/** A button that opens the photos, or the camera. */
export function FileButton({ name, kind, camera, take }: { name: string; kind: "primary" | "line" | "plain"; camera?: boolean; take: Choosing["take"] }) {
  return (
    <label class={`button ${kind} file-button${camera ? " camera" : ""}`}>
      <input
        type="file"
        class="visually-hidden"
        accept={accepted(IOS)}
        {...(camera ? { capture: "user" as const } : {})}
        onChange={(event) => {
          const input = event.currentTarget;
          take(input.files?.[0]);
          input.value = ""; // the same file may be chosen again
        }}
      />
      {name}
    </label>
  );
}

/** Photos that are dropped on the page, or pasted. */
export function useDropped(take: Choosing["take"]): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const stop = new AbortController();
    const on = <K extends keyof DocumentEventMap>(name: K, heard: (event: DocumentEventMap[K]) => void) =>
      document.addEventListener(name, heard, { signal: stop.signal });
    on("dragover", (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      setOver(true);
    });
    on("dragleave", (event) => event.relatedTarget === null && setOver(false));
    on("drop", (event) => {
      event.preventDefault();
      setOver(false);
      take(event.dataTransfer?.files[0]);
    });
    on("paste", (event) => take(event.clipboardData?.files[0]));
    return () => stop.abort();
  });
  return over;
}

/** What is wrong with the file that was chosen last. */
export function FaultNote({ fault }: { fault: Fault | null }) {
  const [title, text] = fault ? photoWords().faults[fault] : [];
  return (
    <div role="alert">
      {title && (
        <div class="notice accent photo-fault">
          <div>
            <p class="heading">{title}</p>
            <p>{text}</p>
          </div>
        </div>
      )}
    </div>
  );
}
