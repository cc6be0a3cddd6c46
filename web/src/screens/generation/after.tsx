import { useLocation } from "preact-iso";
import { useState } from "preact/hooks";
import { stillUsable } from "../../generations/ages";
import type { Generation } from "../../generations/addresses";
import { refundedOf, storedOf } from "../../generations/progress";
import { useSaving } from "../../generations/use-saving";
import { common } from "../../words/common";
import { generationWords } from "../../words/generation";
import { useAction } from "../../ui/button";
import { Failed } from "../../ui/failed";
import { Icon, type IconName } from "../../ui/icons";
import { DeleteSheet } from "./delete-sheet";
import { againWith } from "./dock";

/** What can be done with a generation that has ended, below its pictures. */
export function After({ generation }: { generation: Generation }) {
  const words = generationWords();
  const { route } = useLocation();
  const [deleting, setDeleting] = useState(false);
  const failed = generation.status === "failed";
  const same = stillUsable(generation.upload_id, Date.now());
  return (
    <div class="after stack">
      {generation.selected !== null && <NotMade generation={generation} />}
      {!failed && <p class="small soft">{common().aiGenerated}</p>}
      <div class="rows">
        {storedOf(generation).length > 1 && <SaveAll generation={generation} />}
        <Way icon="sparkle" href={failed ? "/photo" : againWith(generation)}>
          {failed ? words.otherPhoto : same ? words.anotherStyle : words.anotherPhoto}
        </Way>
        <Way icon="album" href="/album">{words.album}</Way>
        <button type="button" onClick={() => setDeleting(true)}><Icon name="trash" />{failed ? words.removeFailed : words.remove}</button>
      </div>
      {deleting && <DeleteSheet generation={generation} onClose={() => setDeleting(false)} onDeleted={() => route("/album", true)} />}
    </div>
  );
}

function Way({ icon, href, children }: { icon: IconName; href: string; children: string }) {
  return <a href={href}><Icon name={icon} />{children}<span class="after-arrow"><Icon name="forward" size={20} /></span></a>;
}

function SaveAll({ generation }: { generation: Generation }) {
  const stored = storedOf(generation);
  const saving = useSaving(generation, stored);
  const { trouble, run } = useAction();
  return (
    <>
      <button type="button" onClick={() => run(saving.save)}><Icon name="download" />{generationWords().saveAll(stored.length)}</button>
      {trouble && <Failed trouble={trouble} again={() => run(saving.save)} />}
    </>
  );
}

/** What could not be made, and why. */
function NotMade({ generation }: { generation: Generation }) {
  const words = generationWords();
  const count = refundedOf(generation).length;
  if (!count) return null;
  return (
    <div class="notice">
      <Icon name="coin" />
      <div>
        <p class="heading">{words.notMade(count)}</p>
        <p class="small soft">{[...reasonsOf(generation), words.notMadeText(count)].join(" ")}</p>
      </div>
    </div>
  );
}

/** Why images could not be made; each reason once. */
export function reasonsOf(generation: Generation): string[] {
  const known = generationWords().errors;
  return [...new Set(refundedOf(generation).flatMap(({ error }) => (error ? [known[error.code] ?? error.detail] : [])))];
}
