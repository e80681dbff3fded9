import { configuration } from "./config";
import { chatwoot } from "./stacks/chatwoot";
import { github } from "./stacks/github";
import { preview } from "./stacks/preview";
import { production } from "./stacks/production";
import { staging } from "./stacks/staging";
import { workflows } from "./stacks/workflows";
import { program } from "./synth/program";

program((app) => {
  const config = configuration();
  production(app, config);
  staging(app, config);
  chatwoot(app, config);
  preview(app, config);
  github(app, config);
  workflows(app, config);
});
