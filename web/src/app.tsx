import { ErrorBoundary, lazy, LocationProvider, Route, Router } from "preact-iso";
import { Start } from "./screens/start/start";
import { Banners } from "./ui/banners";
import { countPage } from "./ui/page";
import { SignInSheet } from "./session/sign-in-sheet";
import { Missing } from "./screens/missing";

const SignedIn = lazy(() => import("./screens/signed-in"));

// What the router may take over: all but the documents that are pages of their own.
const OURS = /^\/(?!api\/|docs|pay)/;

export function App() {
  return (
    <LocationProvider scope={OURS}>
      <ErrorBoundary>
        <Router onRouteChange={countPage}>
          <Route path="/" component={Start} />
          <Route path="/signed-in" component={SignedIn} />
          <Route default component={Missing} />
        </Router>
      </ErrorBoundary>
      <SignInSheet />
      <Banners />
    </LocationProvider>
  );
}
