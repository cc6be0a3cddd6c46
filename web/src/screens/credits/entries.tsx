import { api, want, type Schemas } from "../../api/client";
import { Button } from "../../ui/button";
import { Failed } from "../../ui/failed";
import { Waiting } from "../../ui/load";
import { usePages } from "../../ui/pages";
import { Row } from "../../ui/row";
import { day } from "../../words";
import { creditsWords } from "../../words/credits";
import { entryKind } from "../../words/money";
import { byDay, daysAgo } from "./days";

type Entry = Schemas["CreditEntry"];

const PAGE = 30;
const WELCOME = "welcome"; // the reference of the credits that everybody gets once
const ULID = /^[0-9A-HJKMNP-TV-Z]{26}$/; // what a reference is where it leads somewhere

/** Every change of the credits, by day. */
export function Entries() {
  const words = creditsWords();
  const pages = usePages((cursor) => want(api.GET("/credits/entries", { params: { query: { limit: PAGE, ...(cursor ? { cursor } : {}) } } })));
  if (!pages.items) return pages.trouble ? <Failed trouble={pages.trouble} again={pages.load} /> : <Waiting />;
  if (pages.items.length === 0) return <p class="soft">{words.noEntries}</p>;
  return (
    <div class="stack loose">
      {byDay(pages.items).map(({ start, items }) => (
        <section key={start.getTime()}>
          <h2 class="entry-day small soft">{dayName(start)}</h2>
          <ul class="rows">{items.map((entry) => <li key={entry.id} class="entry"><Line entry={entry} /></li>)}</ul>
        </section>
      ))}
      {pages.trouble && <Failed trouble={pages.trouble} again={pages.load} />}
      {pages.more && !pages.trouble && <Button kind="quiet" onPress={pages.load}>{words.more}</Button>}
    </div>
  );
}

function dayName(start: Date): string {
  const words = creditsWords();
  return [words.today, words.yesterday][daysAgo(start, new Date())] ?? day(start.toISOString());
}

function Line({ entry }: { entry: Entry }) {
  const words = creditsWords();
  const amount = entry.amount < 0 ? words.minus(-entry.amount) : words.plus(entry.amount);
  const time = new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: "short" }).format(new Date(entry.created_at));
  return <Row title={titleOf(entry)} note={time} end={<span class={entry.amount < 0 ? "entry-amount number" : "entry-amount in number"}>{amount}</span>} href={wayTo(entry)} />;
}

/** What an entry was for, where there is a screen of it. */
const WAYS: Record<Entry["kind"], "orders" | "generations" | null> = {
  grant: null,
  purchase: "orders",
  reserve: "generations",
  refund: "generations",
  withdraw: "orders",
  restore: "orders",
};

function wayTo(entry: Entry): string | undefined {
  const place = WAYS[entry.kind];
  return place && ULID.test(entry.reference) ? `/${place}/${entry.reference}` : undefined;
}

function titleOf(entry: Entry): string {
  const words = creditsWords();
  if (entry.kind === "grant" && entry.reference === WELCOME) return words.welcome;
  if (entry.kind === "withdraw" && !ULID.test(entry.reference)) return words.madeGood;
  return entryKind()[entry.kind] ?? entry.kind;
}
