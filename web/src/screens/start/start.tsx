import { products, styles, type Style, type Styles } from "../../api/catalogue";
import { Button, ButtonLink } from "../../ui/button";
import { Icon } from "../../ui/icons";
import { useLoad } from "../../ui/load";
import { Page } from "../../ui/page";
import { choose, language, local, won } from "../../words";
import { startWords } from "../../words/start";
import "./start.css";

/** The shop window. It opens signed out, and without the API: what could not be loaded is simply not there. */
export function Start() {
  const words = startWords();
  const found = useLoad(styles).value;
  return (
    <Page title={words.title} wide dock={<div class="start-dock"><ButtonLink href="/photo">{words.choose}</ButtonLink></div>}>
      <section class="hero">
        <div class="hero-words">
          <h1 class="display">{words.headline}</h1>
          <p class="lead">{words.lead}</p>
          <Price credits={found?.credits} />
          <div class="hero-action"><ButtonLink href="/photo">{words.choose}</ButtonLink></div>
        </div>
        <Hero styles={found?.styles} />
      </section>
      <Strip found={found} />
      <How />
      <Promises />
      <Foot />
    </Page>
  );
}

function Price({ credits }: { credits: number | undefined }) {
  const words = startWords();
  const packs = useLoad(products).value?.packs ?? [];
  const least = Math.min(...packs.map((pack) => Math.ceil(pack.amount / pack.credits)));
  return (
    <p class="hero-price">
      <span class="chip accent">{words.free}</span>
      {credits !== undefined && <span class="small soft">{packs.length ? words.price(credits, won(least)) : words.priceUnknown(credits)}</span>}
    </p>
  );
}

/** Four pictures, as a generation answers four. */
function Hero({ styles }: { styles: Style[] | undefined }) {
  const shown = (styles ?? []).filter((style) => style.samples.length).slice(0, 4);
  return (
    <div class="hero-pictures" aria-hidden="true">
      {Array.from({ length: 4 }, (_, index) => {
        const url = shown[index]?.samples[0];
        return <div key={index} class="picture">{url && <img class="arriving" src={url} alt="" width="800" height="1000" />}</div>;
      })}
    </div>
  );
}

function Strip({ found }: { found: Styles | undefined }) {
  const words = startWords();
  const shown = found?.styles ?? [];
  return (
    <section class="start-section" aria-labelledby="styles">
      <h2 class="title" id="styles">{words.styles}</h2>
      <ul class="strip" tabIndex={0} aria-labelledby="styles">
        {shown.map((style) => (
          <li key={style.id}>
            <div class="picture">
              {style.samples[1] && <img src={style.samples[1]} alt={words.sampleOf(local(style.name))} loading="lazy" width="800" height="1000" />}
            </div>
            <p class="strip-name">{local(style.name)}</p>
            <p class="small soft">{local(style.description)}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function How() {
  const words = startWords();
  return (
    <section class="start-section" aria-labelledby="how">
      <h2 class="title" id="how">{words.how}</h2>
      <ol class="how">
        {words.steps.map(([title, text], index) => (
          <li key={title}>
            <span class="how-number" aria-hidden="true">{index + 1}</span>
            <div>
              <h3 class="heading">{title}</h3>
              <p class="soft">{text}</p>
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Promises() {
  const words = startWords();
  return (
    <section class="start-section" aria-labelledby="promises">
      <h2 class="title" id="promises">{words.promises}</h2>
      <ul class="promises">
        {words.promise.map(([icon, title, text]) => (
          <li key={title}>
            <Icon name={icon} />
            <h3 class="heading">{title}</h3>
            <p class="soft small">{text}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Foot() {
  const words = startWords();
  const other = language.value === "ko" ? "en" : "ko";
  return (
    <footer class="foot">
      <p class="small soft">{words.note}</p>
      <div class="row">
        <Button kind="plain" fit onPress={() => choose(other)}><span lang={other}>{words.language}</span></Button>
        <a class="button plain fit" href="/docs">{words.docs}</a>
      </div>
    </footer>
  );
}
