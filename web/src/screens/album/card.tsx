import { styles } from "../../api/catalogue";
import type { Generation, Image } from "../../generations/addresses";
import { Portrait } from "../../generations/portrait";
import { ended, face, storedOf } from "../../generations/progress";
import { useGeneration } from "../../generations/use-generation";
import { local } from "../../words";
import { albumWords } from "../../words/album";
import { weekday } from "../../words/dates";
import { generationWords } from "../../words/generation";
import { Icon } from "../../ui/icons";
import { useLoad } from "../../ui/load";

/** One generation in the album: its chosen image large, the others small. */
export function Card({ generation, onDelete }: { generation: Generation; onDelete: () => void }) {
  const words = albumWords();
  const found = useLoad(styles).value?.styles.find((one) => one.id === generation.style);
  const style = found ? local(found.name) : generationWords().title;
  const day = weekday(generation.created_at);
  const failed = generation.status === "failed";
  return (
    <article class="album-card">
      {!ended(generation) && <Following id={generation.id} />}
      <a href={`/generations/${generation.id}`} aria-label={failed ? `${words.open(style, day)}, ${words.failedText}` : words.open(style, day)}>
        {failed ? <Nothing /> : <Collage generation={generation} />}
      </a>
      <div class="album-caption">
        <div>
          <h3 class="album-style">{style}</h3>
          <p class="small soft">{day}</p>
        </div>
        <State generation={generation} />
        <button type="button" class="icon-button" aria-label={words.remove(style, day)} onClick={onDelete}><Icon name="trash" size={20} /></button>
      </div>
    </article>
  );
}

/** Keeps what is being made up to date. */
function Following({ id }: { id: string }) {
  useGeneration(id);
  return null;
}

function Collage({ generation }: { generation: Generation }) {
  const first = face(generation);
  const frames: (Image | undefined)[] = ended(generation)
    ? storedOf(generation).filter((image) => image !== first)
    : generation.images.filter((image) => image !== first).slice(0, 3);
  return (
    <div class={`collage of-${frames.length + 1}`}>
      {[first, ...frames].map((image, at) => (
        <div key={image?.index ?? `empty-${at}`} class={ended(generation) || image?.status === "refunded" ? "picture" : "picture shimmer"}>
          {image?.status === "stored" && <Portrait generation={generation.id} image={image} alt="" lazy />}
          {image?.index === generation.selected && image && <span class="portrait-heart filled"><Icon name="heart" size={18} /></span>}
        </div>
      ))}
    </div>
  );
}

function Nothing() {
  return (
    <div class="collage-none">
      <Icon name="coin" />
      <p class="small soft">{albumWords().failedText}</p>
    </div>
  );
}

function State({ generation }: { generation: Generation }) {
  const words = albumWords();
  if (generation.status === "failed") return <span class="chip">{words.failed}</span>;
  if (ended(generation)) return generation.selected === null ? null : <span class="visually-hidden">{words.chosen}</span>;
  return <span class="chip accent" role="status">{words.making} · {words.ready(storedOf(generation).length)}</span>;
}
