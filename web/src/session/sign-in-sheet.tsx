import { useEffect, useState } from "preact/hooks";
import { config, type Config } from "../config";
import { isTrouble, NoAnswer, type Trouble } from "../api/problem";
import { signInWords } from "../words/sign-in";
import { Button } from "../ui/button";
import { Failed } from "../ui/failed";
import { Sheet } from "../ui/sheet";
import { signIn, signInWanted } from "./session";

/** Offers the ways to sign in, wherever something asked for it. */
export function SignInSheet() {
  const path = signInWanted.value;
  return path === null ? null : <Offer path={path} />;
}

function Offer({ path }: { path: string }) {
  const words = signInWords();
  const [known, setKnown] = useState<Config>();
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const load = () => {
    setTrouble(null);
    config().then(setKnown, () => setTrouble(new NoAnswer()));
  };
  useEffect(load, []);
  const go = async (provider?: string) => {
    try {
      await signIn(path, provider);
    } catch (error) {
      if (!isTrouble(error)) throw error;
      setTrouble(error);
    }
  };
  const providers = known?.identity_providers ?? [];
  return (
    <Sheet title={words.title} onClose={() => (signInWanted.value = null)}>
      <h2 class="title">{words.title}</h2>
      <p class="soft">{words.text}</p>
      {trouble && <Failed trouble={trouble} again={load} />}
      {known && (
        <div class="stack sign-in-ways">
          {providers.map((provider) => (
            <button key={provider} type="button" class={`button way-${provider}`} onClick={() => go(provider)}>{words[provider]}</button>
          ))}
          <Button kind={providers.length ? "line" : "primary"} onPress={() => go()}>{providers.length ? words.email : words.account}</Button>
        </div>
      )}
      <p class="small soft">{words.welcome}</p>
    </Sheet>
  );
}
