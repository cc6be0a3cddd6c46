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

/** The configuration, asked for once. Rejects with a `TypeError` while there is no network, and may be called again. */
export function config(): Promise<Config> {
  loading ??= fetch("/config.json").then((answer) => answer.json() as Promise<Config>);
  loading.catch(() => (loading = undefined));
  return loading;
}
