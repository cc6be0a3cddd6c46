import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { viewerWords } from "../../words/viewer";

interface ZoomableProps {
  zoomed: boolean;
  onZoom: (zoomed: boolean) => void;
  /** Called when it is moved, with its own element. */
  onMove?: (moved: HTMLElement) => void;
  children: ComponentChildren;
}

const TAPS_MS = 320;
const NEAR_PIXELS = 32;

/** A picture that is larger at a double tap, around that place, and is then moved by scrolling, or dragging with a mouse. */
export function Zoomable({ zoomed, onZoom, onMove, children }: ZoomableProps) {
  const frame = useRef<HTMLDivElement>(null);
  const tap = useRef({ time: 0, x: 0, y: 0 });
  const point = useRef<{ x: number; y: number } | undefined>(undefined); // of the frame, 0 to 1
  useLayoutEffect(() => {
    const element = frame.current;
    if (!element || !zoomed) return;
    const { x, y } = point.current ?? { x: 0.5, y: 0.3 }; // a face is in the upper half
    element.scrollTo(x * element.scrollWidth - element.clientWidth / 2, y * element.scrollHeight - element.clientHeight / 2);
    point.current = undefined;
  }, [zoomed]);
  const tapped = (event: PointerEvent) => {
    const before = tap.current;
    tap.current = { time: event.timeStamp, x: event.clientX, y: event.clientY };
    if (event.timeStamp - before.time > TAPS_MS || Math.hypot(event.clientX - before.x, event.clientY - before.y) > NEAR_PIXELS) return;
    const box = event.currentTarget as HTMLElement;
    const { left, top } = box.getBoundingClientRect();
    point.current = { x: (event.clientX - left) / box.clientWidth, y: (event.clientY - top) / box.clientHeight };
    tap.current.time = 0;
    onZoom(!zoomed);
  };
  const dragged = (event: PointerEvent) => {
    if (event.pointerType !== "mouse" || event.buttons !== 1 || !zoomed) return;
    (event.currentTarget as HTMLElement).scrollBy(-event.movementX, -event.movementY);
  };
  return (
    <div
      ref={frame}
      class={zoomed ? "zoomable zoomed" : "zoomable"}
      {...(zoomed && { tabIndex: 0, role: "group", "aria-label": viewerWords().zoomed })}
      onPointerUp={tapped}
      onPointerMove={dragged}
      onScroll={(event) => onMove?.(event.currentTarget)}
    >
      {children}
    </div>
  );
}
