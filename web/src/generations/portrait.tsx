import { useEffect, useState } from "preact/hooks";
import { generationWords } from "../words/generation";
import { addresses } from "./store";
import type { Image } from "./addresses";
import { lost } from "./use-generation";
import "./portrait.css";

interface PortraitProps {
  generation: string;
  image: Image;
  alt: string;
  lazy?: boolean;
}

/** One image; it comes softly once it is whole, and where it does not come at all, another address is asked for. */
export function Portrait({ generation, image, alt, lazy }: PortraitProps) {
  const [state, setState] = useState<"coming" | "arriving" | "gone">("coming");
  useEffect(() => setState((before) => (before === "gone" ? "coming" : before)), [image.url]);
  if (image.url === null) return null;
  return (
    <>
      <img
        src={image.url}
        alt={alt}
        class={state}
        width={image.width ?? 832}
        height={image.height ?? 1040}
        loading={lazy ? "lazy" : "eager"}
        decoding="async"
        draggable={false}
        onLoad={(event) => {
          addresses.arrived(generation, image.index);
          const shown = () => setState("arriving");
          void event.currentTarget.decode().then(shown, shown); // a picture that is still decoded would come with a jolt
        }}
        onError={() => {
          setState("gone");
          lost(generation, image.index);
        }}
      />
      {state === "gone" && <span class="portrait-gone small soft">{generationWords().gone}</span>}
    </>
  );
}
