import { useEffect, useRef, useState } from "preact/hooks";
import { styles } from "../../api/catalogue";
import type { Generation } from "../../generations/addresses";
import { byMonth, type Pages } from "../../generations/album";
import { album, generationOf, loadAlbum, loadMore } from "../../generations/store";
import { albumWords } from "../../words/album";
import { common } from "../../words/common";
import { month } from "../../words/dates";
import { Button, ButtonLink, useAction } from "../../ui/button";
import { Failed } from "../../ui/failed";
import { Gate } from "../../ui/gate";
import { useLoad } from "../../ui/load";
import { Page } from "../../ui/page";
import { DeleteSheet } from "../generation/delete-sheet";
import { Card } from "./card";
import "./album.css";

/** All that a person has made, newest first. */
export default function AlbumRoute() {
  return <Gate title={albumWords().title} back="/"><Album /></Gate>;
}

function Album() {
  const words = albumWords();
  const { trouble, run } = useAction();
  const pages = album();
  const load = () => run(loadAlbum);
  useEffect(() => void load(), []);
  const empty = pages?.ids.length === 0;
  return (
    <Page title={words.title} back="/" wide dock={pages && <div class="album-dock"><ButtonLink href="/photo">{empty ? words.start : words.create}</ButtonLink></div>}>
      <h1 class="title album-title" tabIndex={-1}>{words.title}</h1>
      {pages && !empty && <p class="small soft album-note">{common().aiGenerated}</p>}
      {trouble && <Failed trouble={trouble} again={load} />}
      {empty ? <Empty /> : pages ? <Months pages={pages} /> : !trouble && <Coming />}
    </Page>
  );
}

function Months({ pages }: { pages: Pages }) {
  const words = albumWords();
  const [deleting, setDeleting] = useState<Generation | null>(null);
  const [said, setSaid] = useState("");
  const generations = pages.ids.flatMap((id) => generationOf(id) ?? []);
  const deleted = () => {
    setSaid(words.removed);
    document.querySelector<HTMLElement>(".album-title")?.focus(); // what had the focus is gone
  };
  return (
    <>
      <p role="status" class="visually-hidden">{said}</p>
      {byMonth(generations, month).map(([name, those]) => (
        <section key={name} class="album-month" aria-label={name}>
          <h2 class="heading">{name}</h2>
          <ul class="album-cards">
            {those.map((one) => <li key={one.id}><Card generation={one} onDelete={() => setDeleting(one)} /></li>)}
          </ul>
        </section>
      ))}
      {pages.cursor !== null && <More key={pages.cursor} />}
      {deleting && <DeleteSheet generation={deleting} onClose={() => setDeleting(null)} onDeleted={deleted} />}
    </>
  );
}

/** The next page: by itself when one comes near the end, and by the button. */
function More() {
  const { trouble, run } = useAction();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const near = new IntersectionObserver(([entry]) => {
      if (!entry?.isIntersecting) return;
      near.disconnect();
      void run(loadMore);
    }, { rootMargin: "600px" });
    if (place.current) near.observe(place.current);
    return () => near.disconnect();
  }, []);
  return (
    <div ref={place} class="album-more">
      {trouble ? <Failed trouble={trouble} again={() => run(loadMore)} /> : <Button kind="quiet" onPress={() => run(loadMore)}>{albumWords().more}</Button>}
    </div>
  );
}

function Empty() {
  const words = albumWords();
  const samples = (useLoad(styles).value?.styles ?? []).flatMap((style) => style.samples[0] ?? []).slice(0, 3);
  return (
    <div class="album-empty">
      <div class="album-fan" aria-hidden="true">
        {[0, 1, 2].map((index) => <div key={index} class="picture">{samples[index] && <img class="arriving" src={samples[index]} alt="" />}</div>)}
      </div>
      <h2 class="title">{words.empty}</h2>
      <p class="soft">{words.emptyText}</p>
    </div>
  );
}

function Coming() {
  return (
    <div class="album-cards" aria-hidden="true">
      {[0, 1, 2].map((index) => <div key={index} class="collage"><div class="picture shimmer" /><div class="picture shimmer" /><div class="picture shimmer" /><div class="picture shimmer" /></div>)}
    </div>
  );
}
