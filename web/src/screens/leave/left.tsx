import { useRoute } from "preact-iso";
import { useEffect, useState } from "preact/hooks";
import { api, wantWhole, type Schemas } from "../../api/client";
import { follow } from "../../api/follow";
import { isTrouble, type Trouble } from "../../api/problem";
import { Button } from "../../ui/button";
import { Failed } from "../../ui/failed";
import { Waiting } from "../../ui/load";
import { Page } from "../../ui/page";
import { Row } from "../../ui/row";
import { day, moment } from "../../words";
import { leftWords } from "../../words/leave";
import "./leave.css";

type Receipt = Schemas["ErasureReceipt"];

/** What became of an account; anybody who has the address may look, and learns nothing of whose it was. */
export default function LeftScreen() {
  const { receipt = "" } = useRoute().params;
  const { found, trouble, again } = useReceipt(receipt);
  const words = leftWords();
  const title = found ? words[found.status] : words.title;
  return (
    <Page title={title} back="/">
      {!found && <h1 class="visually-hidden">{words.title}</h1>}
      {trouble ? <Failed trouble={trouble} again={again} /> : found ? <Shown found={found} receipt={receipt} /> : <Waiting />}
    </Page>
  );
}

function useReceipt(receipt: string) {
  const [found, setFound] = useState<Receipt>();
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [broken, setBroken] = useState<unknown>(null);
  const [round, setRound] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    setTrouble(null);
    const look = async () => {
      const answered = await wantWhole(api.GET("/erasures/{receipt}", { params: { path: { receipt } } }));
      const value = answered.data as Receipt;
      return { value, next: value.status === "done" ? null : Number(answered.response.headers.get("retry-after")) || 2 };
    };
    follow(look, setFound, stop.signal).catch((error: unknown) => (isTrouble(error) ? setTrouble(error) : setBroken(error)));
    return () => stop.abort();
  }, [receipt, round]);
  if (broken !== null) throw broken;
  return { found, trouble, again: () => setRound(round + 1) };
}

function Shown({ found, receipt }: { found: Receipt; receipt: string }) {
  const words = leftWords();
  const done = found.status === "done";
  return (
    <div class="stack loose">
      <div class="left-head" role="status">
        {!done && <div class="progress shimmer" />}
        <h1 class="title">{words[found.status]}</h1>
        <p class="lead">{done ? words.doneText : words.erasingText}</p>
      </div>
      <div class="rows">
        <Row title={words.requested} end={moment(found.requested_at)} />
        {found.done_at && <Row title={words.finished} end={moment(found.done_at)} />}
        {done && <Row title={words.objects} end={words.objectsCount(found.erased.objects)} />}
        {done && <Row title={words.items} end={words.itemsCount(found.erased.items)} />}
        {found.backups_gone_by && <Row title={words.backups} end={day(found.backups_gone_by)} />}
        <Row title={words.number} end={<span class="left-number small">{receipt}</span>} />
      </div>
      {found.kept.length > 0 && (
        <section aria-labelledby="kept">
          <h2 class="heading" id="kept">{words.kept}</h2>
          <div class="rows">{found.kept.map((each) => <Row key={each.what} title={each.what} note={each.why} end={words.until(day(each.until))} />)}</div>
        </section>
      )}
      <Keep />
    </div>
  );
}

function Keep() {
  const words = leftWords();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(location.href);
    setCopied(true);
  };
  return (
    <div class="stack">
      <p class="small soft">{words.keep}</p>
      <Button kind="line" onPress={copy}>{copied ? words.copied : words.copy}</Button>
      <span role="status" class="visually-hidden">{copied ? words.copied : ""}</span>
    </div>
  );
}
