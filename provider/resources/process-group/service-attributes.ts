import { bool, list, map, number, object, objectList, objectMap, string } from "../../framework";
import { sameDuration, sameHeaders, sameSet, sameWord } from "./equality";
import { absolutePath, durationUpTo, eachOneOf, oneOf, port, someDurationUpTo, wholeNumber } from "./value-check";

const most = 2 ** 31 - 1;

/** The default of an attribute that only HTTP checks have. */
const forHttp =
  (value: string) =>
  ({ type }: Readonly<Record<string, unknown>>) =>
    type === "http" ? value : "";

/** What both kinds of check say. Fly documents no defaults for interval, timeout and grace period: ours are its examples'. */
const checkAttributes = {
  interval: string("optional+computed", {
    doc: 'Time between two checks, at most "60s": Fly checks no more seldom. Default "15s".',
    default: "15s",
    equal: sameDuration,
    check: someDurationUpTo("60s"),
  }),
  timeout: string("optional+computed", {
    doc: 'Time that one check may take, at most "60s". Default "10s".',
    default: "10s",
    equal: sameDuration,
    check: someDurationUpTo("60s"),
  }),
  grace_period: string("optional+computed", {
    doc: 'Time after the start of a machine before the first check, at most "1h". Default "10s".',
    default: "10s",
    equal: sameDuration,
    check: durationUpTo("1h"),
  }),
  method: string("optional+computed", {
    doc: 'Method of an HTTP check. Default "GET".',
    default: forHttp("GET"),
    equal: sameWord,
    check: (method) => oneOf("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")(method.toUpperCase()),
  }),
  path: string("optional+computed", {
    doc: 'Path of an HTTP check. Default "/".',
    default: forHttp("/"),
    check: absolutePath,
  }),
  protocol: string("optional+computed", {
    doc: 'Protocol of an HTTP check: "http" (the default) or "https".',
    default: forHttp("http"),
    check: oneOf("http", "https"),
  }),
  tls_skip_verify: bool("optional+computed", {
    doc: "Takes any certificate in an HTTPS check. Default false.",
    default: false,
  }),
  tls_server_name: string("optional+computed", { doc: "Server name of an HTTPS check.", default: "" }),
  headers: objectList(
    "optional+computed",
    {
      name: string("required", { doc: "Name of the header." }),
      values: list("required", "string", { doc: "Its values." }),
    },
    { doc: "Headers of an HTTP check; order means nothing.", default: [], equal: sameHeaders },
  ),
};

const checkType = string("required", {
  doc: '"tcp": the port takes a connection; "http": it answers 2xx, redirects not followed.',
  check: oneOf("tcp", "http"),
});

/** `checks`: by name, for deployments and `fly status`; they steer no traffic unless `kind` is readiness. */
export const checks = objectMap(
  "optional+computed",
  {
    type: checkType,
    port: number("required", { doc: "Port that is checked.", check: port }),
    ...checkAttributes,
    kind: string("optional+computed", {
      doc: '"informational" (the default), or "readiness": the proxy avoids a machine that fails it.',
      default: "informational",
      check: oneOf("informational", "readiness"),
    }),
  },
  { doc: "Health checks of the machine by name, beside those of its services. Default: none.", default: {} },
);

const tlsOptions = object(
  "optional+computed",
  {
    alpn: list("optional+computed", "string", { doc: "Protocols offered, in order of preference.", default: [] }),
    versions: list("optional+computed", "string", {
      doc: 'TLS versions, "TLSv1.2" and "TLSv1.3".',
      default: [],
      equal: sameSet,
    }),
    default_self_signed: bool("optional+computed", {
      doc: "Answers with a self-signed certificate where there is none. Default false.",
      default: false,
    }),
  },
  { doc: "TLS as Fly's proxy ends it. Default: Fly's.", default: null },
);

const httpOptions = object(
  "optional+computed",
  {
    compress: bool("optional+computed", { doc: "Compresses answers. Default false.", default: false }),
    h2_backend: bool("optional+computed", { doc: "Speaks HTTP/2 with the machine. Default false.", default: false }),
    idle_timeout: number("optional+computed", {
      doc: "Seconds without traffic before a connection is closed. Default 0: Fly's own choice.",
      default: 0,
      check: wholeNumber(0, most),
    }),
    headers_read_timeout: number("optional+computed", {
      doc: "Seconds for the headers of a request. Default 0: Fly's own choice.",
      default: 0,
      check: wholeNumber(0, most),
    }),
    response: object(
      "optional+computed",
      {
        headers: map("optional+computed", "string", { doc: "Headers set on every answer.", default: {} }),
        pristine: bool("optional+computed", {
          doc: "Leaves out the headers that Fly adds. Default false.",
          default: false,
        }),
      },
      { doc: "What the proxy changes in answers. Default: nothing.", default: null },
    ),
  },
  { doc: "HTTP as Fly's proxy speaks it. Default: Fly's.", default: null },
);

const ports = objectList(
  "optional+computed",
  {
    port: number("optional+computed", {
      doc: "Public port; or leave it out and give start_port and end_port.",
      default: 0,
      check: port,
    }),
    start_port: number("optional+computed", { doc: "First of a range of public ports.", default: 0, check: port }),
    end_port: number("optional+computed", { doc: "Last of the range.", default: 0, check: port }),
    handlers: list("optional+computed", "string", {
      doc: "How the proxy treats connections: http, tls, tcp, proxy_proto, pg_tls, edge_http; order means nothing. Default: passes them on.",
      default: [],
      equal: sameSet,
      check: eachOneOf("http", "tls", "tcp", "proxy_proto", "pg_tls", "edge_http"),
    }),
    force_https: bool("optional+computed", { doc: "Redirects HTTP to HTTPS. Default false.", default: false }),
    tls_options: tlsOptions,
    http_options: httpOptions,
    proxy_proto_options: object(
      "optional+computed",
      { version: string("required", { doc: '"v1" or "v2".', check: oneOf("v1", "v2") }) },
      { doc: "PROXY protocol towards the machine. Default: Fly's.", default: null },
    ),
  },
  { doc: "Public ports. Default: none; the service is then reached in the private network only.", default: [] },
);

/** `services`: what Fly's proxy offers of the machines. */
export const services = objectList(
  "optional+computed",
  {
    protocol: string("optional+computed", {
      doc: '"tcp" (the default) or "udp".',
      default: "tcp",
      check: oneOf("tcp", "udp"),
    }),
    internal_port: number("required", { doc: "Port on which the process listens.", check: port }),
    autostop: string("optional+computed", {
      doc: 'What the proxy does with machines that have nothing to do: "off" (the default), "stop" or "suspend".',
      default: "off",
      check: oneOf("off", "stop", "suspend"),
    }),
    autostart: bool("optional+computed", {
      doc: "Whether the proxy starts stopped machines when there is traffic. Default true.",
      default: true,
    }),
    min_machines_running: number("optional+computed", {
      doc: "Machines that autostop leaves running, in the primary region only. Default 0.",
      default: 0,
      check: wholeNumber(0, 1000),
    }),
    ports,
    concurrency: object(
      "optional+computed",
      {
        type: string("optional+computed", {
          doc: 'What is counted: "connections" (the default) or "requests".',
          default: "connections",
          check: oneOf("connections", "requests"),
        }),
        soft_limit: number("optional+computed", {
          doc: "Load from which the proxy prefers other machines and starts stopped ones. Default 20.",
          default: 20,
          check: wholeNumber(0, most),
        }),
        hard_limit: number("optional+computed", {
          doc: "Load from which the machine gets nothing more. Default 0: none.",
          default: 0,
          check: wholeNumber(0, most),
        }),
      },
      { doc: "Load that one machine takes. Default: 20 connections, no hard limit.", default: {} },
    ),
    checks: objectList(
      "optional+computed",
      {
        type: checkType,
        port: number("optional+computed", {
          doc: "Port that is checked. Default 0: the service's internal port.",
          default: 0,
          check: wholeNumber(0, 65_535),
        }),
        ...checkAttributes,
      },
      {
        doc: "Health checks that steer traffic: the proxy avoids a machine that fails one. Default: none.",
        default: [],
      },
    ),
  },
  { doc: "Services that Fly's proxy offers to the public or to the private network. Default: none.", default: [] },
);
