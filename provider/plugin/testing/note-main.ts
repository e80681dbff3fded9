import { serve } from "../serve";

/** The provider of note-provider.ts as a process of its own. */
void serve({
  openSession(context) {
    const { noteProvider }: typeof import("./note-provider") = require("./note-provider");
    return noteProvider()(context);
  },
});
