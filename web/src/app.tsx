import { ErrorBoundary, lazy, LocationProvider, Route, Router, useLocation } from "preact-iso";
import { useLayoutEffect } from "preact/hooks";
import { Start } from "./screens/start/start";
import { Banners } from "./ui/banners";
import { countPage } from "./ui/page";
import { SignInSheet } from "./session/sign-in-sheet";
import { Missing } from "./screens/missing";

const Photo = lazy(() => import("./screens/photo/photo"));
const Check = lazy(() => import("./screens/photo/check"));
const Style = lazy(() => import("./screens/style/style"));
const Role = lazy(() => import("./screens/role/role"));
const Confirm = lazy(() => import("./screens/confirm/confirm"));
const Consent = lazy(() => import("./screens/consent/consent"));
const SignedIn = lazy(() => import("./screens/signed-in"));

// What the router may take over: all but the documents that are pages of their own.
const OURS = /^\/(?!api\/|docs|pay)/;

export function App() {
  return (
    <LocationProvider scope={OURS}>
      <ErrorBoundary>
        <Pages />
        <Router>
          <Route path="/" component={Start} />
          <Route path="/photo" component={Photo} />
          <Route path="/photo/check" component={Check} />
          <Route path="/style" component={Style} />
          <Route path="/role" component={Role} />
          <Route path="/confirm" component={Confirm} />
          <Route path="/consent" component={Consent} />
          <Route path="/signed-in" component={SignedIn} />
          <Route default component={Missing} />
        </Router>
      </ErrorBoundary>
      <SignInSheet />
      <Banners />
    </LocationProvider>
  );
}

function Pages() {
  const { url, wasPush } = useLocation() as ReturnType<typeof useLocation> & { wasPush: boolean };
  useLayoutEffect(() => countPage(wasPush), [url]);
  return null;
}
