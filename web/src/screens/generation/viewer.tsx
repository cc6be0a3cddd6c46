import { useLocation } from "preact-iso";
import { useEffect, useRef, useState } from "preact/hooks";
import { styles } from "../../api/catalogue";
import type { Generation, Image } from "../../generations/addresses";
import { beside, storedOf } from "../../generations/progress";
import { common } from "../../words/common";
import { local } from "../../words";
import { viewerWords } from "../../words/viewer";
import { leave } from "../../ui/depth";
import { Icon } from "../../ui/icons";
import { useLoad } from "../../ui/load";
import { Compare } from "./compare";
import { Controls } from "./controls";
import { useOriginal } from "./original";
import { Slides } from "./slides";
import "./viewer.css";

interface ViewerProps {
  generation: Generation;
  image: Image;
  /** What stands beside it: the index of another image, or "original". */
  other: string | undefined;
}

const ARROWS: Record<string, [-1 | 0 | 1, -1 | 0 | 1]> = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
const KEY_PIXELS = 80;

/** One image over the whole screen, alone or beside another. What it shows stands in the address. */
export function Viewer({ generation, image, other }: ViewerProps) {
  const words = viewerWords();
  const { route } = useLocation();
  const dialog = useRef<HTMLDialogElement>(null);
  const [zoomed, setZoomed] = useState(false);
  const original = useOriginal(generation.id);
  const style = useLoad(styles).value?.styles.find((one) => one.id === generation.style);
  const stored = storedOf(generation);
  const here = `/generations/${generation.id}`;

  useEffect(() => {
    if (!dialog.current?.open) dialog.current?.showModal();
    // What was pressed may be gone now; the keys go on.
    if (!dialog.current?.contains(document.activeElement)) dialog.current?.focus();
  }, [other]);
  useEffect(() => () => document.getElementById(`image-${image.index}`)?.focus(), [image.index]); // where it was opened
  useEffect(() => setZoomed(false), [image.index, other]);
  useEffect(() => {
    if (other === "original" && original === null) route(`${here}/${image.index}`, true); // it is gone from this device
  }, [other, original]);

  const up = () => leave(other === undefined ? here : `${here}/${image.index}`, route);
  const go = (index: number) => index !== image.index && route(`${here}/${index}${other === undefined ? "" : `?with=${other}`}`, true);
  const step = (by: 1 | -1) => {
    const next = beside(generation, image.index, by);
    go(String(next) === other ? beside(generation, next, by) : next);
  };
  const keys = (event: KeyboardEvent) => {
    if (event.target instanceof HTMLInputElement || event.metaKey || event.ctrlKey || event.altKey) return;
    const [right, down] = ARROWS[event.key] ?? [0, 0];
    if (zoomed && (right || down)) dialog.current?.querySelector(".zoomed")?.scrollBy(right * KEY_PIXELS, down * KEY_PIXELS);
    else if (right) step(right);
    else if (event.key === "+" || event.key === "=") setZoomed(true);
    else if (event.key === "-") setZoomed(false);
    else return;
    event.preventDefault();
  };
  const cancelled = (event: Event) => {
    event.preventDefault();
    up();
  };
  const place = words.place(stored.indexOf(image) + 1, stored.length);
  return (
    <dialog ref={dialog} class="viewer" tabIndex={-1} aria-label={words.title(image.index, style ? local(style.name) : "")} onCancel={cancelled} onClose={up} onKeyDown={keys}>
      <header class="viewer-bar">
        <button type="button" class="icon-button" aria-label={common().close} onClick={up}><Icon name="close" /></button>
        <p class="viewer-place number" role="status">{other === undefined ? place : words.comparing}</p>
        <ZoomButton zoomed={zoomed} onZoom={() => setZoomed(!zoomed)} />
      </header>
      {other === undefined ? (
        <Slides generation={generation} image={image} zoomed={zoomed} onZoom={setZoomed} onGo={go} />
      ) : (
        <Compare generation={generation} image={image} other={other} original={original} zoomed={zoomed} onZoom={setZoomed} />
      )}
      {other === undefined ? (
        <Controls generation={generation} image={image} original={typeof original === "string"} />
      ) : (
        <footer class="viewer-foot"><p class="viewer-said"><span class="chip">{words.ai}</span></p></footer>
      )}
    </dialog>
  );
}

function ZoomButton({ zoomed, onZoom }: { zoomed: boolean; onZoom: () => void }) {
  const words = viewerWords();
  return (
    <button type="button" class="icon-button" aria-label={zoomed ? words.zoomOut : words.zoomIn} onClick={onZoom}>
      <Icon name={zoomed ? "zoomOut" : "zoomIn"} />
    </button>
  );
}
