import { ErrorBoundary, lazy, LocationProvider, Route, Router } from "preact-iso";
import { Start } from "./screens/start/start";
import { Banners } from "./ui/banners";
import { SignInSheet } from "./session/sign-in-sheet";
import { Missing } from "./screens/missing";

const Album = lazy(() => import("./screens/album/album"));
const Generation = lazy(() => import("./screens/generation/generation"));
const SignedIn = lazy(() => import("./screens/signed-in"));

// What the router may take over: all but the documents that are pages of their own.
const OURS = /^\/(?!api\/|docs|pay)/;

export function App() {
  return (
    <LocationProvider scope={OURS}>
      <ErrorBoundary>
        <Router>
          <Route path="/" component={Start} />
          <Route path="/album" component={Album} />
          <Route path="/generations/:id/:index?" component={Generation} />
          <Route path="/signed-in" component={SignedIn} />
          <Route default component={Missing} />
        </Router>
      </ErrorBoundary>
      <SignInSheet />
      <Banners />
    </LocationProvider>
  );
}
