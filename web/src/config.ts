import { NoAnswer } from "./api/problem";

/** What a stage tells its client; the publisher writes it beside the page. */
export interface Config {
  stage: string;
  version: string;
  issuer: string;
  client_id: string;
  identity_providers: ("kakao" | "naver" | "apple" | "google")[];
  toss_script: string;
}

let loading: Promise<Config> | undefined;

/** The configuration, asked for once. Throws `NoAnswer` while there is no network, and may be called again. */
export function config(): Promise<Config> {
  loading ??= load();
  loading.catch(() => (loading = undefined));
  return loading;
}

async function load(): Promise<Config> {
  try {
    return (await (await fetch("/config.json")).json()) as Config;
  } catch (error) {
    throw new NoAnswer("no configuration", { cause: error });
  }
}
