import { useLocation } from "preact-iso";
import { useRef } from "preact/hooks";
import type { Generation, Image } from "../../generations/addresses";
import { Portrait } from "../../generations/portrait";
import { storedOf } from "../../generations/progress";
import { generationWords } from "../../words/generation";
import { viewerWords } from "../../words/viewer";
import { Failed } from "../../ui/failed";
import { Icon } from "../../ui/icons";
import { useChoice } from "./use-choice";
import { Zoomable } from "./zoomable";

interface CompareProps {
  generation: Generation;
  image: Image;
  other: string;
  original: string | null | undefined;
  zoomed: boolean;
  onZoom: (zoomed: boolean) => void;
}

/** Two pictures side by side, moved and made larger together; what the second one is can be changed below. */
export function Compare({ generation, image, other, original, zoomed, onZoom }: CompareProps) {
  const words = viewerWords();
  const both = useRef<HTMLDivElement>(null);
  const second = storedOf(generation).find((one) => String(one.index) === other);
  const follow = (moved: HTMLElement) => {
    for (const pane of both.current?.querySelectorAll<HTMLElement>(".zoomable") ?? []) {
      if (pane !== moved) pane.scrollTo(moved.scrollLeft, moved.scrollTop);
    }
  };
  const pane = { zoomed, onZoom, onMove: follow };
  return (
    <div class="viewer-stage comparing">
      <div class="compare" ref={both}>
        <figure class="compare-pane">
          <Zoomable {...pane}><Portrait generation={generation.id} image={image} alt={generationWords().image(image.index)} /></Zoomable>
          <Caption generation={generation} image={image} />
        </figure>
        <figure class="compare-pane">
          <Zoomable {...pane}>
            {second && <Portrait key={second.index} generation={generation.id} image={second} alt={generationWords().image(second.index)} />}
            {other === "original" && original && <img src={original} alt={words.original} />}
          </Zoomable>
          {second ? <Caption key={second.index} generation={generation} image={second} /> : <figcaption class="compare-said"><span class="chip">{words.original}</span></figcaption>}
        </figure>
      </div>
      <Others generation={generation} image={image} other={other} original={original} />
    </div>
  );
}

function Caption({ generation, image }: { generation: Generation; image: Image }) {
  const words = viewerWords();
  const { chosen, said, trouble, press } = useChoice(generation, image);
  return (
    <figcaption class="compare-said">
      <span class="chip">{words.image(image.index)}</span>
      <button type="button" class={chosen ? "icon-button compare-heart filled" : "icon-button compare-heart"} aria-pressed={chosen} aria-label={words.chooseNumber(image.index)} onClick={press}>
        <Icon name="heart" />
      </button>
      <span role="status" class="visually-hidden">{said}</span>
      {trouble && <div class="compare-trouble"><Failed trouble={trouble} again={press} /></div>}
    </figcaption>
  );
}

/** What can stand beside it. */
function Others({ generation, image, other, original }: Omit<CompareProps, "zoomed" | "onZoom">) {
  const words = viewerWords();
  const { route } = useLocation();
  const set = (value: string) => route(`/generations/${generation.id}/${image.index}?with=${value}`, true);
  const others = storedOf(generation).filter((one) => one !== image);
  return (
    <fieldset class="others">
      <legend class="visually-hidden">{words.compareWith}</legend>
      {original && (
        <label class="other">
          <input type="radio" name="other" checked={other === "original"} aria-label={words.original} onChange={() => set("original")} />
          <img src={original} alt="" />
        </label>
      )}
      {others.map((one) => (
        <label key={one.index} class="other">
          <input type="radio" name="other" checked={other === String(one.index)} aria-label={words.image(one.index)} onChange={() => set(String(one.index))} />
          <Portrait generation={generation.id} image={one} alt="" />
        </label>
      ))}
    </fieldset>
  );
}
