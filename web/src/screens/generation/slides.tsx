import { useLayoutEffect, useRef } from "preact/hooks";
import type { Generation, Image } from "../../generations/addresses";
import { Portrait } from "../../generations/portrait";
import { beside, storedOf } from "../../generations/progress";
import { generationWords } from "../../words/generation";
import { viewerWords } from "../../words/viewer";
import { Icon } from "../../ui/icons";
import { Zoomable } from "./zoomable";

interface SlidesProps {
  generation: Generation;
  image: Image;
  zoomed: boolean;
  onZoom: (zoomed: boolean) => void;
  onGo: (index: number) => void;
}

const SETTLED_MS = 120; // without a scroll event: the swipe is over

/** The stored images side by side: one is in sight, a swipe or the buttons bring the next. */
export function Slides({ generation, image, zoomed, onZoom, onGo }: SlidesProps) {
  const words = viewerWords();
  const track = useRef<HTMLDivElement>(null);
  const settling = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const stored = storedOf(generation);
  const at = stored.indexOf(image);

  const place = useRef(at);
  place.current = at;

  useLayoutEffect(() => {
    const element = track.current;
    if (!element) return;
    // Whenever it gets its width: when it is first shown, and when the phone is turned.
    const sized = new ResizeObserver(() => element.scrollTo({ left: place.current * element.clientWidth, behavior: "instant" }));
    sized.observe(element);
    return () => {
      sized.disconnect();
      clearTimeout(settling.current);
    };
  }, []);
  useLayoutEffect(() => {
    const element = track.current;
    if (!element?.clientWidth) return;
    const near = Math.abs(element.scrollLeft / element.clientWidth - at) <= 1.01;
    const still = !near || matchMedia("(prefers-reduced-motion: reduce)").matches;
    element.scrollTo({ left: at * element.clientWidth, behavior: still ? "instant" : "smooth" });
  }, [at]);
  const scrolled = () => {
    clearTimeout(settling.current);
    settling.current = setTimeout(() => {
      const element = track.current;
      const seen = element && stored[Math.round(element.scrollLeft / element.clientWidth)];
      if (seen) onGo(seen.index);
    }, SETTLED_MS);
  };
  return (
    <div class="viewer-stage">
      <div ref={track} class={zoomed ? "slides held" : "slides"} onScroll={scrolled} tabIndex={0} role="group" aria-label={words.images}>
        {stored.map((one) => (
          <figure key={one.index} class="slide" inert={one !== image}>
            <Zoomable zoomed={zoomed && one === image} onZoom={onZoom}>
              <Portrait generation={generation.id} image={one} alt={generationWords().image(one.index)} />
            </Zoomable>
          </figure>
        ))}
      </div>
      {stored.length > 1 && (
        <>
          <button type="button" class="icon-button viewer-step previous" aria-label={words.previous} onClick={() => onGo(beside(generation, image.index, -1))}>
            <Icon name="back" />
          </button>
          <button type="button" class="icon-button viewer-step next" aria-label={words.next} onClick={() => onGo(beside(generation, image.index, 1))}>
            <Icon name="forward" />
          </button>
        </>
      )}
    </div>
  );
}
