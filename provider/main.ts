/** Entry of the provider process. Until the handshake line is printed nothing but what it needs is loaded. */
import { serve } from "./plugin/serve";

void serve({
  openSession: (session) => {
    // `require` loads at this place, also in a bundle.
    const { openSession }: typeof import("./fly") = require("./fly");
    return openSession(session);
  },
});
