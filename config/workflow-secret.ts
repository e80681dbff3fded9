import type { DeliveryShape } from "./delivery-shape";
import type { Configuration, State } from "./schema";

/** Names of the secrets that sending notices needs, by transport and channel. */
export const noticeSecrets = ({ transport, channels }: DeliveryShape["notifications"]): readonly string[] => [
  ...(transport === "zoho"
    ? ["ZOHO_SMTP_USER", "ZOHO_SMTP_PASSWORD"]
    : ["SENDGRID_API_KEY", "NOTIFICATION_EMAIL_SENDER"]),
  ...(channels.includes("slack") ? ["SLACK_WEBHOOK_URL"] : []),
  ...(channels.includes("pagerduty") ? ["PAGERDUTY_ROUTING_KEY"] : []),
];

/** Env vars with which Terraform reaches its state, each with the name of the secret that it holds; none for a file. */
export function stateSecrets({ backend }: State): Readonly<Record<string, string>> {
  if (backend === "pg") return { PG_CONN_STR: "PG_CONN_STR" };
  if (backend === "s3") {
    return { AWS_ACCESS_KEY_ID: "AWS_ACCESS_KEY_ID", AWS_SECRET_ACCESS_KEY: "AWS_SECRET_ACCESS_KEY" };
  }
  // Terraform spells the host in lower case, GitHub the names of secrets in capitals.
  return backend === "hcp" ? { TF_TOKEN_app_terraform_io: "TF_TOKEN_APP_TERRAFORM_IO" } : {};
}

/** Declares what workflows read because of another choice, so that a chosen transport or backend brings its names along. */
export function withWorkflowSecrets(config: Configuration): Configuration {
  const { repository, delivery, state } = config;
  const isDeclared = (name: string) =>
    repository.secrets.some((one) => one === name || (one.endsWith("*") && name.startsWith(one.slice(0, -1))));
  const needed = [...noticeSecrets(delivery.notifications), ...Object.values(stateSecrets(state))];
  const secrets = [...repository.secrets, ...needed.filter((name) => !isDeclared(name))];
  return { ...config, repository: { ...repository, secrets } };
}
