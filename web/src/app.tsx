import { ErrorBoundary, lazy, LocationProvider, Route, Router } from "preact-iso";
import { Start } from "./screens/start/start";
import { Banners } from "./ui/banners";
import { screen } from "./parts";
import { SignInSheet } from "./session/sign-in-sheet";
import { Missing } from "./screens/missing";

const Photo = lazy(() => screen(() => import("./screens/photo/photo")));
const Check = lazy(() => screen(() => import("./screens/photo/check")));
const Style = lazy(() => screen(() => import("./screens/style/style")));
const Role = lazy(() => screen(() => import("./screens/role/role")));
const Confirm = lazy(() => screen(() => import("./screens/confirm/confirm")));
const Consent = lazy(() => screen(() => import("./screens/consent/consent")));
const Album = lazy(() => screen(() => import("./screens/album/album")));
const Generation = lazy(() => screen(() => import("./screens/generation/generation")));
const SignedIn = lazy(() => screen(() => import("./screens/signed-in")));
const Buy = lazy(() => screen(() => import("./screens/buy/buy")));
const Order = lazy(() => screen(() => import("./screens/order/order")));
const Plan = lazy(() => screen(() => import("./screens/plan/plan")));
const Credits = lazy(() => screen(() => import("./screens/credits/credits")));
const Me = lazy(() => screen(() => import("./screens/me/me")));
const Consents = lazy(() => screen(() => import("./screens/me/consents")));
const Leave = lazy(() => screen(() => import("./screens/leave/leave")));
const Left = lazy(() => screen(() => import("./screens/leave/left")));

// What the router may take over: all but the documents that are pages of their own.
const OURS = /^\/(?!api\/|docs|pay)/;

export function App() {
  return (
    <LocationProvider scope={OURS}>
      <ErrorBoundary>
        <Router>
          <Route path="/" component={Start} />
          <Route path="/photo" component={Photo} />
          <Route path="/photo/check" component={Check} />
          <Route path="/style" component={Style} />
          <Route path="/role" component={Role} />
          <Route path="/confirm" component={Confirm} />
          <Route path="/consent" component={Consent} />
          <Route path="/album" component={Album} />
          <Route path="/generations/:id/:index?" component={Generation} />
          <Route path="/signed-in" component={SignedIn} />
          <Route path="/buy" component={Buy} />
          <Route path="/orders/:id" component={Order} />
          <Route path="/plan" component={Plan} />
          <Route path="/credits" component={Credits} />
          <Route path="/me" component={Me} />
          <Route path="/me/consents" component={Consents} />
          <Route path="/leave" component={Leave} />
          <Route path="/left/:receipt" component={Left} />
          <Route default component={Missing} />
        </Router>
      </ErrorBoundary>
      <SignInSheet />
      <Banners />
    </LocationProvider>
  );
}
