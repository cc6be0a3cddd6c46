/** What is the same for everybody: the styles and what is sold. Asked for once a visit. */
import { api, want, type Schemas } from "./client";

export type Style = Schemas["Style"] & { samples: string[] };
export interface Styles {
  credits: number;
  styles: Style[];
}

const once = <T>(load: () => Promise<T>) => {
  let loading: Promise<T> | undefined;
  return () => {
    loading ??= load();
    loading.catch(() => (loading = undefined));
    return loading;
  };
};

export const styles = once(() => want(api.GET("/styles")) as unknown as Promise<Styles>);
export const products = once(() => want(api.GET("/products")));
