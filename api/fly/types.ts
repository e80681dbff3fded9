/**
 * What Fly's APIs say, in their own spelling (snake_case).
 *
 * Only the fields that somebody here reads or writes are named. Answers are passed on whole, so that a field which is not named
 * survives a read-modify-write. Facts: Machines OpenAPI document and superfly/fly-go `machine_types.go`, read 2026-08.
 */

/** A Go duration ("15s", "1m30s"), or an integer in nanoseconds. Fly answers in Go's normal form: "60s" reads back as "1m0s". */
type WireDuration = string | number;

export interface Organization {
  readonly slug: string;
  readonly name: string;
  readonly id?: string;
  readonly raw_slug?: string;
  readonly paid_plan?: boolean;
  readonly billable?: boolean;
}

export interface LogPage {
  /** `timestamp` is RFC 3339, `instance` the machine. */
  readonly lines: readonly { readonly timestamp: string; readonly message: string; readonly instance?: string }[];
  /** Where the next page begins; that of the page before where there is no more. */
  readonly next: string;
}

export interface App {
  readonly id: string;
  readonly name: string;
  /** "pending", "deployed" or "suspended". */
  readonly status: string;
  /** Name of the private network; "" or "default" is the organization's own. */
  readonly network?: string;
  readonly machine_count?: number;
  readonly volume_count?: number;
  readonly organization: { readonly name?: string; readonly slug: string };
}

export interface Guest {
  /** "shared" or "performance". */
  readonly cpu_kind?: string;
  readonly cpus?: number;
  readonly memory_mb?: number;
  readonly max_memory_mb?: number;
  readonly gpus?: number;
  readonly gpu_kind?: string;
  readonly host_dedication_id?: string;
  readonly kernel_args?: readonly string[];
  readonly required_host_features?: readonly string[];
  /** Deprecated in favour of `rootfs`; may read back as 0-3. */
  readonly persist_rootfs?: string | number;
}

interface MachineInit {
  readonly exec?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
  readonly tty?: boolean;
  readonly swap_size_mb?: number;
  readonly kernel_args?: readonly string[];
}

interface CheckHeader {
  readonly name: string;
  readonly values: readonly string[];
}

interface ServiceCheck {
  /** "tcp" or "http". */
  readonly type?: string;
  readonly port?: number;
  readonly interval?: WireDuration;
  readonly timeout?: WireDuration;
  readonly grace_period?: WireDuration;
  readonly method?: string;
  readonly path?: string;
  readonly protocol?: string;
  readonly tls_skip_verify?: boolean;
  readonly tls_server_name?: string;
  readonly headers?: readonly CheckHeader[];
}

/** A top-level check of a machine; it needs a port, and `kind` "informational" (default) or "readiness". */
interface MachineCheck extends ServiceCheck {
  readonly kind?: string;
}

interface ServicePort {
  readonly port?: number;
  readonly start_port?: number;
  readonly end_port?: number;
  /** Of http, tls, tcp, proxy_proto, pg_tls, edge_http; order means nothing. */
  readonly handlers?: readonly string[];
  readonly force_https?: boolean;
  readonly tls_options?: {
    readonly alpn?: readonly string[];
    readonly versions?: readonly string[];
    readonly default_self_signed?: boolean;
  };
  readonly http_options?: {
    readonly compress?: boolean;
    readonly h2_backend?: boolean;
    /** Seconds. */
    readonly idle_timeout?: number;
    /** Seconds. */
    readonly headers_read_timeout?: number;
    readonly response?: {
      readonly headers?: Readonly<Record<string, string | readonly string[] | false>>;
      readonly pristine?: boolean;
    };
    readonly replay_cache?: readonly Readonly<Record<string, unknown>>[];
  };
  readonly proxy_proto_options?: { readonly version?: string };
}

interface MachineService {
  readonly protocol?: string;
  readonly internal_port?: number;
  /** Sent as "off", "stop" or "suspend"; reads back as false, true or "suspend". */
  readonly autostop?: string | boolean;
  readonly autostart?: boolean;
  readonly min_machines_running?: number;
  readonly ports?: readonly ServicePort[];
  readonly concurrency?: { readonly type?: string; readonly soft_limit?: number; readonly hard_limit?: number };
  readonly checks?: readonly ServiceCheck[];
  readonly force_instance_key?: string | null;
  readonly force_instance_description?: string;
}

interface MachineMount {
  /** Volume id. */
  readonly volume?: string;
  readonly path?: string;
  readonly name?: string;
  readonly encrypted?: boolean;
  readonly size_gb?: number;
  readonly extend_threshold_percent?: number;
  readonly add_size_gb?: number;
  readonly add_size_percent?: number;
  readonly min_add_size_gb?: number;
  readonly size_gb_limit?: number;
}

interface MachineFile {
  readonly guest_path: string;
  /** Base64. Comes back in reads, so it is no place for a secret. */
  readonly raw_value?: string;
  readonly secret_name?: string;
  readonly image_config?: string;
  readonly mode?: number;
}

interface MachineStatic {
  readonly guest_path?: string;
  readonly url_prefix?: string;
  readonly tigris_bucket?: string;
  readonly index_document?: string;
}

interface MachineDns {
  readonly skip_registration?: boolean;
  readonly nameservers?: readonly string[];
  readonly searches?: readonly string[];
  readonly options?: readonly { readonly name: string; readonly value: string }[];
  readonly dns_forward_rules?: readonly { readonly basename: string; readonly addr: string }[];
  readonly hostname?: string;
  readonly hostname_fqdn?: string;
}

/** The whole desired document of a machine: an update replaces it, and what it leaves out goes back to Fly's default. */
export interface MachineConfig {
  readonly image?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly init?: MachineInit;
  readonly guest?: Guest;
  readonly services?: readonly MachineService[];
  readonly checks?: Readonly<Record<string, MachineCheck>>;
  /** At most one. */
  readonly mounts?: readonly MachineMount[];
  readonly metadata?: Readonly<Record<string, string>>;
  readonly metrics?: { readonly port?: number; readonly path?: string; readonly https?: boolean };
  readonly restart?: { readonly policy?: string; readonly max_retries?: number };
  readonly auto_destroy?: boolean;
  readonly schedule?: string;
  readonly stop_config?: { readonly timeout?: WireDuration; readonly signal?: string };
  readonly files?: readonly MachineFile[];
  readonly statics?: readonly MachineStatic[];
  readonly dns?: MachineDns;
  readonly rootfs?: { readonly persist?: string; readonly size_gb?: number };
  readonly cache_drive?: { readonly size_mb?: number };
  readonly processes?: readonly Readonly<Record<string, unknown>>[];
  readonly containers?: readonly Readonly<Record<string, unknown>>[];
  readonly volumes?: readonly Readonly<Record<string, unknown>>[];
  readonly standbys?: readonly string[];
  readonly spot?: Readonly<Record<string, unknown>>;
  readonly size?: string;
  readonly disable_machine_autostart?: boolean;
}

/** What was really resolved and pulled. */
export interface ImageRef {
  readonly registry?: string;
  readonly repository?: string;
  readonly tag?: string;
  readonly digest?: string;
  readonly labels?: Readonly<Record<string, string>> | null;
}

export interface ExitEvent {
  readonly exit_code?: number;
  readonly guest_exit_code?: number;
  readonly guest_signal?: number;
  readonly signal?: number;
  readonly oom_killed?: boolean;
  readonly requested_stop?: boolean;
  readonly restarting?: boolean;
  readonly exited_at?: string;
}

export interface MachineEvent {
  readonly id: string;
  /** launch, start, stop, exit, update, restart, suspend, destroy, ... */
  readonly type: string;
  readonly status?: string;
  /** "user" (an API call), "flyd" (the platform) or the proxy (autostop and autostart). */
  readonly source?: string;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly request?: {
    readonly exit_event?: ExitEvent;
    /** Older spelling of the same. */
    readonly MonitorEvent?: { readonly exit_event?: ExitEvent };
    readonly restart_count?: number;
    readonly migrated?: boolean;
  };
}

interface CheckStatus {
  readonly name: string;
  /** "passing", "warning" or "critical". */
  readonly status: string;
  readonly output?: string;
  readonly updated_at?: string;
}

export interface Machine {
  /** Stable for life, also when the machine moves to another host. */
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly region: string;
  /** A new ULID with every update; `version` says the same. */
  readonly instance_id: string;
  readonly version?: string;
  readonly private_ip?: string;
  /** null when the host cannot be reached. */
  readonly config: MachineConfig | null;
  /** What the control plane knows of the config while `host_status` is not "ok". */
  readonly incomplete_config?: MachineConfig | null;
  readonly image_ref?: ImageRef;
  readonly created_at?: string;
  readonly updated_at?: string;
  /** Newest first, the last handful. */
  readonly events?: readonly MachineEvent[];
  readonly checks?: readonly CheckStatus[];
  /** "ok", "unknown" or "unreachable". */
  readonly host_status?: string;
  readonly cordoned?: boolean;
  /** Only in the answer to a create with `lease_ttl`. */
  readonly nonce?: string;
}

/** A machine as the organization-wide list shows it: `config` holds guest, image and metadata only. */
export interface OrganizationMachine {
  readonly id: string;
  readonly name: string;
  readonly app_name: string;
  readonly region: string;
  readonly state: string;
  readonly private_ip?: string;
  readonly created_at?: string;
  readonly updated_at?: string;
  /** Instance id: a new ULID at every update of the config. */
  readonly version: string;
  readonly config?: Pick<MachineConfig, "guest" | "image" | "metadata"> | null;
}

/** Every page of the organization-wide list. Machines of `error_regions` are unknown, never gone. */
export interface OrganizationMachines {
  readonly machines: readonly OrganizationMachine[];
  readonly error_regions: readonly string[];
}

export interface CreateMachine {
  readonly name?: string;
  readonly region?: string;
  readonly config: MachineConfig;
  readonly skip_launch?: boolean;
  /** The machine starts cordoned. */
  readonly skip_service_registration?: boolean;
  readonly skip_secrets?: boolean;
  /** The machine must see at least this version of the app's secrets. */
  readonly min_secrets_version?: number;
  /** Seconds; takes a lease with the create and answers with its nonce. */
  readonly lease_ttl?: number;
}

export interface UpdateMachine {
  readonly config: MachineConfig;
  /** The version that the caller read. Fly answers 412 if the machine has another one by now. */
  readonly current_version: string;
  /** Without it an update starts a stopped machine. */
  readonly skip_launch?: boolean;
  readonly skip_service_registration?: boolean;
  readonly skip_secrets?: boolean;
  readonly min_secrets_version?: number;
}

export interface Lease {
  readonly nonce: string;
  /** Unix seconds. */
  readonly expires_at: number;
  readonly owner?: string;
  readonly description?: string;
  readonly version?: string;
}

export interface Volume {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly size_gb: number;
  readonly region: string;
  readonly zone?: string;
  readonly encrypted?: boolean;
  readonly attached_machine_id?: string | null;
  readonly created_at?: string;
  readonly fstype?: string;
  /** Days. */
  readonly snapshot_retention?: number;
  readonly auto_backup_enabled?: boolean;
  readonly host_status?: string;
}

export interface CreateVolume {
  readonly name: string;
  readonly region: string;
  readonly size_gb?: number;
  readonly encrypted?: boolean;
  readonly require_unique_zone?: boolean;
  readonly snapshot_retention?: number;
  readonly auto_backup_enabled?: boolean;
  readonly snapshot_id?: string;
  readonly source_volume_id?: string;
  /** Guest of the machine that will mount it, so that it lands on a host with room for both. */
  readonly compute?: Guest;
}

export interface UpdateVolume {
  readonly snapshot_retention?: number;
  readonly auto_backup_enabled?: boolean;
}

/** A secret without its value: `digest` is opaque and changes with the value. */
export interface Secret {
  readonly name: string;
  readonly digest: string;
  readonly created_at?: string;
  readonly updated_at?: string;
}

/** The app's secrets after a write. `version` counts up with every write; pass it as `min_secrets_version`. */
export interface SecretsWritten {
  readonly secrets: readonly Secret[];
  readonly version: number;
}

export interface IpAssignment {
  readonly ip: string;
  readonly region?: string;
  readonly service_name?: string;
  readonly shared?: boolean;
  readonly egress?: boolean;
  readonly created_at?: string;
  readonly network?: { readonly name?: string; readonly org_slug?: string } | null;
}

export interface AllocateAddress {
  /** v4, v6, shared_v4, private_v6. */
  readonly type: string;
  readonly region?: string;
  readonly org_slug?: string;
  readonly network?: string;
  readonly service_name?: string;
}

export interface CertificateSummary {
  readonly hostname: string;
  readonly status?: string;
  readonly configured?: boolean;
  readonly created_at?: string;
}

interface DnsRequirements {
  readonly a?: readonly string[] | null;
  readonly aaaa?: readonly string[] | null;
  readonly cname?: string | null;
  readonly acme_challenge?: { readonly name?: string; readonly target?: string } | null;
  readonly ownership?: { readonly name?: string; readonly app_value?: string; readonly org_value?: string } | null;
}

export interface Certificate extends CertificateSummary {
  readonly dns_requirements?: DnsRequirements | null;
}

export interface Release {
  readonly id: string;
  /** Counts up by one per app. */
  readonly version: number;
  /** "pending", "running", "complete", "failed" or "interrupted". */
  readonly status: string;
  readonly image_ref?: string;
  readonly strategy?: string;
  readonly created_at?: string;
  readonly user?: { readonly name?: string; readonly email?: string } | null;
}

export interface CreateRelease {
  readonly app_name: string;
  readonly image: string;
  /** "ROLLING", "CANARY", "BLUEGREEN" or "IMMEDIATE". */
  readonly strategy: string;
  readonly definition: Readonly<Record<string, unknown>>;
  readonly build_id?: number;
}

export interface UpdateRelease {
  readonly status: "running" | "complete" | "failed" | "interrupted";
  readonly metadata?: Readonly<Record<string, unknown>> | null;
}

export interface Region {
  readonly code: string;
  readonly name: string;
  readonly latitude?: number;
  readonly longitude?: number;
  readonly gateway_available?: boolean;
  readonly requires_paid_plan?: boolean;
  readonly deprecated?: boolean;
  readonly geo_region?: string;
}

/** What the credential in use may touch. */
export interface TokenInfo {
  readonly token_id?: string;
  readonly org_slug?: string;
  readonly organization?: string;
  readonly apps?: readonly string[] | null;
  readonly user?: string;
}
