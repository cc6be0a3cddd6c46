/** Photos, good and bad, in a few lines each; decoration: the words beside them say the same. */
import type { ComponentChildren } from "preact";
import type { Schemas } from "../../api/client";
import "./drawings.css";

const Frame = () => <rect class="drawing-frame" x="8" y="6" width="80" height="100" rx="9" />;
const Paper = () => <path class="drawing-frame" d="M22 8h36l20 20v68a9 9 0 0 1-9 9H31a9 9 0 0 1-9-9zM58 8v14a6 6 0 0 0 6 6h14" />;

/** Shoulders, a head, hair; `at` is where the frame's middle comes to lie. */
function Person({ x = 0, y = 0, size = 1, face = true }: { x?: number; y?: number; size?: number; face?: boolean }) {
  return (
    <g transform={`translate(${48 + x} ${56 + y}) scale(${size}) translate(-48 -56)`}>
      <path class="drawing-dress" d="M17 105c1-19 12-27 24-29v-9h14v9c12 2 23 10 24 29" />
      <path class="drawing-face" d="M33 46c0-14 6-20 15-20s15 6 15 20c0 13-7 24-15 24s-15-11-15-24z" />
      <path class="drawing-hair" d="M32 49c-4-19 5-29 16-29s20 10 16 29c-2-5-4-10-5-14-8 3-16 3-21 1-2 4-4 8-6 13z" />
      {face && <path d="M42 48v1.5M54 48v1.5M43.5 58.5q4.5 3.5 9 0" />}
    </g>
  );
}

const DRAWINGS = {
  clear: () => <><Frame /><Person /></>,
  small: () => <><Frame /><Person y={26} size={0.36} /><path class="drawing-faint" d="M8 88h80" /></>,
  two: () => <><Frame /><Person x={-19} y={14} size={0.62} /><Person x={19} y={14} size={0.62} /></>,
  covered: () => (
    <>
      <Frame /><Person face={false} />
      <path class="drawing-solid" d="M36 44h10v4a5 5 0 0 1-10 0zM50 44h10v4a5 5 0 0 1-10 0zM46 45h4" />
      <path class="drawing-shade" d="M48 6h31a9 9 0 0 1 9 9v82a9 9 0 0 1-9 9H48z" />
    </>
  ),
  not_an_image: () => <><Paper /><path d="M34 46h32M34 58h32M34 70h32M34 82h18" /></>,
  type_mismatch: () => <><Paper /><path class="drawing-accent" d="M38 58h24M38 70h24M57 48L43 80" /></>,
  image_too_large: () => (
    <>
      <rect class="drawing-frame" x="30" y="34" width="36" height="44" rx="6" />
      <path class="drawing-accent" d="M24 30L10 16m0 10V16h10M72 30l14-14m0 10V16H76M24 82L10 96m0-10v10h10M72 82l14 14m0-10v10H76" />
    </>
  ),
  image_too_small: () => (
    <>
      <rect class="drawing-faint" x="8" y="6" width="80" height="100" rx="9" stroke-dasharray="5 6" />
      <rect class="drawing-frame" x="34" y="40" width="28" height="34" rx="4" />
      <path class="drawing-solid" d="M44 48h8v8h-8zM40 60h16v8H40z" />
    </>
  ),
  unreadable_image: () => (
    <>
      <path class="drawing-frame" d="M17 6h62a9 9 0 0 1 9 9v34l-16 9-16-11-15 13-16-12-17 9V15a9 9 0 0 1 9-9z" />
      <path class="drawing-frame" d="M8 70l17-9 16 12 15-13 16 11 16-9v35a9 9 0 0 1-9 9H17a9 9 0 0 1-9-9z" />
    </>
  ),
  no_face: () => (
    <>
      <Frame /><Person face={false} />
      <path class="drawing-accent" d="M43.5 45c0-6 9-6 9 0 0 4-4.5 4-4.5 8M48 58v.5" />
    </>
  ),
  multiple_faces: () => (
    <>
      <Frame /><Person x={-21} y={6} size={0.5} /><Person x={21} y={6} size={0.5} /><Person y={20} size={0.56} />
    </>
  ),
  face_too_small: () => (
    <>
      <Frame /><path class="drawing-faint" d="M8 86h80M20 86V62l12-10 12 10v24" /><Person x={16} y={22} size={0.3} />
      <circle class="drawing-accent" cx="64" cy="72" r="15" /><path class="drawing-accent" d="M75 83l9 9" />
    </>
  ),
} satisfies Record<"clear" | "small" | "two" | "covered" | Schemas["Reason"], () => ComponentChildren>;

export type Drawn = keyof typeof DRAWINGS;

export function Drawing({ of }: { of: Drawn }) {
  return (
    <svg class="drawing" viewBox="0 0 96 112" fill="none" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
      {DRAWINGS[of]()}
    </svg>
  );
}
