/** What is the same for everybody: the styles and what is sold. Asked for once a visit. */
import { api, want, type Schemas } from "./client";

export type Style = Schemas["Style"];
export type Styles = Schemas["StyleList"];

const once = <T>(load: () => Promise<T>) => {
  let loading: Promise<T> | undefined;
  return () => {
    loading ??= load();
    loading.catch(() => (loading = undefined));
    return loading;
  };
};

export const styles = once(() => want(api.GET("/styles")));
export const products = once(() => want(api.GET("/products")));
