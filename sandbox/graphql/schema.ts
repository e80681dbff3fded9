import { buildSchema, isScalarType } from "graphql";

/**
 * The part of Fly's GraphQL schema that flyctl and an inventory of an organization read and write; a field that is
 * not here is answered by a validation error. Names and nullability are those of the published schema.
 * @see flyctl gql/schema.graphql and the documents in fly-go (read 2026-08)
 */
export const schema = buildSchema(`
schema { query: Queries mutation: Mutations }

scalar BigInt
scalar ISO8601DateTime
scalar JSON

interface Node { id: ID! }
interface Principal { email: String! name: String }
interface AppRole { name: String! }
type EmptyAppRole implements AppRole { name: String! }

enum AddOnType { arcjet enveloop fly_mysql kubernetes redis sentry supabase tigris upstash_kafka upstash_redis upstash_vector wafris }
enum AppState { DEPLOYED PENDING SUSPENDED }
enum BillingStatus { CURRENT DELINQUENT PAST_DUE SOURCE_REQUIRED SUSPENDED TRIAL_ACTIVE TRIAL_ENDED }
enum DeploymentStrategy { BLUEGREEN CANARY IMMEDIATE ROLLING ROLLING_ONE SIMPLE }
enum IPAddressType { private_v6 shared_v4 v4 v6 }
enum OrganizationType { PERSONAL SHARED }
enum PlatformVersionEnum { detached machines nomad }
enum ServiceHandlerType { EDGE_HTTP HTTP PG_TLS PROXY_PROTO TLS }
enum ServiceProtocolType { TCP UDP }

type PageInfo { endCursor: String hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String }

type Queries {
  addOns(after: String, before: String, first: Int, last: Int, type: AddOnType): AddOnConnection!
  app(internalId: String, name: String): App
  appNameAvailable(name: String!): Boolean!
  apps(active: Boolean, after: String, before: String, first: Int, last: Int, organizationId: ID, platform: String, role: String, type: String): AppConnection!
  canPerformBluegreenDeployment(name: String!): Boolean!
  latestImageDetails(flyVersion: String, image: String!): ImageVersion!
  machine(machineId: String!): Machine!
  nearestRegion(wireguardGateway: Boolean): Region!
  organization(id: ID, name: String, slug: String): Organization
  organizations(admin: Boolean, after: String, before: String, first: Int, last: Int, type: OrganizationType): OrganizationConnection!
  platform: FlyPlatform!
  viewer: Principal!
}

type Mutations {
  allocateEgressIpAddress(input: AllocateEgressIPAddressInput!): AllocateEgressIPAddressPayload
  allocateIpAddress(input: AllocateIPAddressInput!): AllocateIPAddressPayload
  createLimitedAccessToken(input: CreateLimitedAccessTokenInput!): CreateLimitedAccessTokenPayload
  deleteLimitedAccessToken(input: DeleteLimitedAccessTokenInput!): DeleteLimitedAccessTokenPayload
  releaseEgressIpAddress(input: ReleaseEgressIPAddressInput!): ReleaseEgressIPAddressPayload
  releaseIpAddress(input: ReleaseIPAddressInput!): ReleaseIPAddressPayload
}

type User implements Node & Principal { email: String! enablePaidHobby: Boolean! id: ID! name: String }
type Macaroon implements Principal { email: String! name: String }

type Organization implements Node {
  addOns(after: String, before: String, first: Int, last: Int, type: AddOnType): AddOnConnection!
  addOnSsoLink: String
  apps(after: String, before: String, first: Int, last: Int): AppConnection!
  billable: Boolean!
  billingStatus: BillingStatus!
  id: ID!
  internalNumericId: BigInt!
  limitedAccessTokens(after: String, before: String, first: Int, last: Int): LimitedAccessTokenConnection!
  name: String!
  paidPlan: Boolean!
  provisionsBetaExtensions: Boolean!
  rawSlug: String!
  remoteBuilderApp: App
  remoteBuilderImage: String!
  slug: String!
  type: OrganizationType!
  viewerRole: String!
}
type OrganizationEdge { cursor: String! node: Organization }
type OrganizationConnection { edges: [OrganizationEdge] nodes: [Organization] pageInfo: PageInfo! totalCount: Int! }

type App implements Node {
  addOns(after: String, before: String, first: Int, last: Int, type: AddOnType): AddOnConnection!
  appUrl: String
  certificates(after: String, before: String, filter: String, first: Int, id: String, last: Int): AppCertificateConnection!
  cnameTarget: String
  config: AppConfig!
  createdAt: ISO8601DateTime!
  currentRelease: Release
  currentReleaseUnprocessed: ReleaseUnprocessed
  deployed: Boolean!
  egressIpAddresses(after: String, before: String, first: Int, last: Int): EgressIPAddressConnection!
  hostIssues(after: String, before: String, first: Int, last: Int): IssueConnection
  hostname: String
  id: ID!
  image(ref: String!): Image
  imageDetails: ImageVersion
  internalId: String!
  internalNumericId: Int!
  ipAddresses(after: String, before: String, first: Int, last: Int): IPAddressConnection!
  limitedAccessTokens(after: String, before: String, first: Int, last: Int): LimitedAccessTokenConnection!
  machine(id: String!): Machine
  machines(active: Boolean, after: String, before: String, first: Int, last: Int, version: Int): MachineConnection!
  name: String!
  network: String
  organization: Organization!
  platformVersion: PlatformVersionEnum
  releases(after: String, before: String, first: Int, last: Int): ReleaseConnection!
  releasesUnprocessed(after: String, before: String, first: Int, last: Int, status: String): ReleaseUnprocessedConnection!
  role: AppRole
  secrets: [Secret!]!
  services: [Service!]!
  sharedIpAddress: String
  state: AppState!
  status: String!
  version: Int!
}
type AppEdge { cursor: String! node: App }
type AppConnection { edges: [AppEdge] nodes: [App] pageInfo: PageInfo! totalCount: Int! }

type AppConfig { definition: JSON! errors: [String!]! services: [Service!]! valid: Boolean! }
type Service { description: String! internalPort: Int! ports: [ServicePort!]! protocol: ServiceProtocolType! }
type ServicePort { endPort: Int handlers: [ServiceHandlerType!]! port: Int startPort: Int }

type Secret implements Node { createdAt: ISO8601DateTime! digest: String! id: ID! name: String! user: User }

type Network implements Node { id: ID! name: String! organization: Organization! }
type IPAddress implements Node {
  address: String!
  createdAt: ISO8601DateTime!
  id: ID!
  network: Network
  region: String
  serviceName: String
  type: IPAddressType!
}
type IPAddressEdge { cursor: String! node: IPAddress }
type IPAddressConnection { edges: [IPAddressEdge] nodes: [IPAddress] pageInfo: PageInfo! totalCount: Int! }
type EgressIPAddress implements Node { id: ID! ip: String! region: String! updatedAt: ISO8601DateTime! version: Int! }
type EgressIPAddressEdge { cursor: String! node: EgressIPAddress }
type EgressIPAddressConnection { edges: [EgressIPAddressEdge] nodes: [EgressIPAddress] pageInfo: PageInfo! totalCount: Int! }

type AppCertificate implements Node {
  acmeAlpnConfigured: Boolean!
  acmeDnsConfigured: Boolean!
  clientStatus: String!
  configured: Boolean!
  createdAt: ISO8601DateTime
  dnsProvider: String
  dnsValidationHostname: String!
  dnsValidationTarget: String!
  hostname: String!
  id: ID!
  isApex: Boolean!
  isConfigured: Boolean!
  isWildcard: Boolean!
  source: String
}
type AppCertificateEdge { cursor: String! node: AppCertificate }
type AppCertificateConnection { edges: [AppCertificateEdge] nodes: [AppCertificate] pageInfo: PageInfo! totalCount: Int! }

type Release implements Node {
  createdAt: ISO8601DateTime!
  deploymentStrategy: DeploymentStrategy!
  description: String!
  evaluationId: String
  id: ID!
  imageRef: String
  inProgress: Boolean!
  reason: String!
  stable: Boolean!
  status: String!
  user: User
  version: Int!
}
type ReleaseEdge { cursor: String! node: Release }
type ReleaseConnection { edges: [ReleaseEdge] nodes: [Release] pageInfo: PageInfo! totalCount: Int! }
type ReleaseUnprocessed implements Node {
  configDefinition: JSON
  createdAt: ISO8601DateTime!
  deploymentStrategy: DeploymentStrategy!
  description: String!
  evaluationId: String
  id: ID!
  imageRef: String
  inProgress: Boolean!
  reason: String!
  stable: Boolean!
  status: String!
  user: User
  version: Int!
}
type ReleaseUnprocessedEdge { cursor: String! node: ReleaseUnprocessed }
type ReleaseUnprocessedConnection { edges: [ReleaseUnprocessedEdge] nodes: [ReleaseUnprocessed] pageInfo: PageInfo! totalCount: Int! }

type Host implements Node { id: ID! }
type Machine implements Node {
  app: App!
  config: JSON!
  createdAt: ISO8601DateTime!
  egressIpAddresses(after: String, before: String, first: Int, last: Int): EgressIPAddressConnection!
  host: Host!
  id: ID!
  instanceId: String!
  ips(after: String, before: String, first: Int, last: Int): MachineIPConnection!
  name: String!
  region: String!
  state: String!
  updatedAt: ISO8601DateTime!
}
type MachineEdge { cursor: String! node: Machine }
type MachineConnection { edges: [MachineEdge] nodes: [Machine] pageInfo: PageInfo! totalCount: Int! }
type MachineIP implements Node { family: String! id: ID! ip: String! kind: String! maskSize: Int! }
type MachineIPEdge { cursor: String! node: MachineIP }
type MachineIPConnection { edges: [MachineIPEdge] nodes: [MachineIP] pageInfo: PageInfo! totalCount: Int! }

type Image {
  absoluteRef: String!
  compressedSizeFull: BigInt!
  digest: String!
  id: ID!
  manifest: JSON!
  ref: String!
  registry: String!
  repository: String!
  tag: String
}
type ImageVersion { digest: String! registry: String! repository: String! tag: String! version: String }

type Issue implements Node { createdAt: ISO8601DateTime! id: ID! internalId: String! message: String updatedAt: ISO8601DateTime! }
type IssueEdge { cursor: String! node: Issue }
type IssueConnection { edges: [IssueEdge] nodes: [Issue] pageInfo: PageInfo! totalCount: Int! }

type AddOnPlan implements Node { description: String displayName: String id: ID! }
type AddOn implements Node {
  addOnPlan: AddOnPlan
  id: ID!
  metadata: JSON
  name: String
  options: JSON
  organization: Organization!
  primaryRegion: String
  privateIp: String
  readRegions: [String!]
}
type AddOnEdge { cursor: String! node: AddOn }
type AddOnConnection { edges: [AddOnEdge] nodes: [AddOn] pageInfo: PageInfo! totalCount: Int! }

type FlyPlatform { regions: [Region!]! requestRegion: String }
type Region {
  code: String!
  deprecated: Boolean!
  gatewayAvailable: Boolean!
  latitude: Float
  longitude: Float
  name: String!
  requiresPaidPlan: Boolean!
}

type LimitedAccessToken implements Node {
  expiresAt: ISO8601DateTime!
  id: ID!
  name: String!
  organization: Organization!
  profile: String!
  revokedAt: ISO8601DateTime
  token: String!
  tokenHeader: String
  user: User
}
type LimitedAccessTokenEdge { cursor: String! node: LimitedAccessToken }
type LimitedAccessTokenConnection { edges: [LimitedAccessTokenEdge] nodes: [LimitedAccessToken] pageInfo: PageInfo! totalCount: Int! }

input AllocateIPAddressInput {
  appId: ID!
  clientMutationId: String
  network: String
  organizationId: ID
  region: String
  serviceName: String
  type: IPAddressType!
}
type AllocateIPAddressPayload { app: App! clientMutationId: String ipAddress: IPAddress }
input ReleaseIPAddressInput { appId: ID clientMutationId: String ip: String ipAddressId: ID serviceName: String }
type ReleaseIPAddressPayload { app: App! clientMutationId: String }
input AllocateEgressIPAddressInput { appId: ID! clientMutationId: String machineId: ID region: String }
type AllocateEgressIPAddressPayload { clientMutationId: String v4: String! v6: String! }
input ReleaseEgressIPAddressInput { appId: ID! clientMutationId: String ip: String machineId: ID }
type ReleaseEgressIPAddressPayload { clientMutationId: String v4: String v6: String }
input CreateLimitedAccessTokenInput {
  clientMutationId: String
  expiry: String
  name: String!
  optInThirdParties: [String!]
  optOutThirdParties: [String!]
  organizationId: ID!
  profile: String!
  profileParams: JSON
}
type CreateLimitedAccessTokenPayload { clientMutationId: String limitedAccessToken: LimitedAccessToken! }
input DeleteLimitedAccessTokenInput { clientMutationId: String id: ID revokedBy: String token: String }
type DeleteLimitedAccessTokenPayload { clientMutationId: String revokedBy: String token: String }
`);

const bigInt = schema.getType("BigInt");
/** A BigInt goes over the wire as text, as JavaScript and JSON cannot be trusted with its size. */
if (isScalarType(bigInt)) bigInt.serialize = String;
