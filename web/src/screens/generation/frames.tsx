import type { Generation, Image } from "../../generations/addresses";
import { Portrait } from "../../generations/portrait";
import { chosenFirst, ended, secondsSince, stageAt } from "../../generations/progress";
import { generationWords } from "../../words/generation";
import { Icon } from "../../ui/icons";

const BETWEEN_FRAMES_SECONDS = 2; // not all four say the same at the same time

/** The four frames, each by itself; none moves until one is chosen, which then stands first. */
export function Frames({ generation, now }: { generation: Generation; now: number }) {
  const chosen = ended(generation) && generation.selected !== null;
  const images = chosen ? chosenFirst(generation).filter((image) => image.status === "stored") : generation.images;
  const alone = ended(generation) && images.filter((image) => image.status === "stored").length === 1 && chosen;
  return (
    <ul class={`frames${chosen ? " has-chosen" : ""}${alone ? " alone" : ""}`}>
      {images.map((image) => (
        <li key={image.index}>
          <Frame generation={generation} image={image} now={now} />
        </li>
      ))}
    </ul>
  );
}

function Frame({ generation, image, now }: { generation: Generation; image: Image; now: number }) {
  if (image.status === "stored") return <Stored generation={generation} image={image} />;
  if (image.status === "refunded") return <Refunded image={image} />;
  const words = generationWords();
  const seconds = secondsSince(generation.created_at, now) - image.index * BETWEEN_FRAMES_SECONDS;
  return (
    <div class="picture shimmer frame-words">
      <p class="small soft">{image.status === "queued" ? words.queued : words.stages[stageAt(seconds)]}</p>
    </div>
  );
}

function Stored({ generation, image }: { generation: Generation; image: Image }) {
  const words = generationWords();
  const chosen = generation.selected === image.index;
  const name = chosen ? words.openChosen(image.index) : words.open(image.index);
  return (
    <a class="picture shimmer" id={`image-${image.index}`} href={`/generations/${generation.id}/${image.index}`} aria-label={name}>
      <Portrait generation={generation.id} image={image} alt={words.image(image.index)} />
      {chosen && <span class="portrait-heart filled"><Icon name="heart" size={20} /></span>}
    </a>
  );
}

function Refunded({ image }: { image: Image }) {
  const words = generationWords();
  return (
    <div class="picture frame-words frame-refunded">
      <Icon name="coin" />
      <p class="frame-back">{words.refunded}</p>
      {image.error && <p class="small soft">{words.errors[image.error.code] ?? image.error.detail}</p>}
    </div>
  );
}
