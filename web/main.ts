/* The page: one element, which brings all others. */
import "./app/iop-app.ts";

// Built, it works without a network from the second visit on; while it is being developed nothing is kept.
if (import.meta.env.PROD && "serviceWorker" in navigator) {
  addEventListener("load", () => {
    // A host without HTTPS, or a person, may forbid it: then the page simply needs the network.
    navigator.serviceWorker.register("./service-worker.js").catch(() => null);
  });
}
