// Built from schema/values by `npm run build`. Do not edit.

/** The values of the chart; every key is optional. */
export type Values = {
  nameOverride?: OptionalName
  fullnameOverride?: string
  commonLabels?: Labels
  commonAnnotations?: Annotations
  global?: { [key: string]: unknown }
  maintenance?: boolean
  image?: {
    registry?: Registry
    pullPolicy?: 'Always' | 'IfNotPresent' | 'Never'
    pullSecrets?: readonly NeededName[]
  }
  mastodon?: {
    image?: Image
    localDomain?: OptionalHostname
    webDomain?: OptionalHostname
    alternateDomains?: readonly Hostname[]
    locale?: string
    singleUserMode?: boolean
    authorizedFetch?: boolean | null
    limitedFederationMode?: boolean | null
    trustedProxies?: readonly IpOrCidr[]
    allowedPrivateAddresses?: readonly IpOrCidr[]
    logLevel?: 'debug' | 'info' | 'warn' | 'error' | 'fatal'
    admin?: { enabled?: boolean; username?: string; email?: string }
  }
  env?: Env
  secretEnv?: Env
  envFrom?: EnvFrom
  secrets?: { existingSecret?: ObjectName; fromEnv?: boolean }
  smtp?: {
    server?: Server
    port?: Port
    login?: string
    password?: Credential
    fromAddress?: string
    replyTo?: string
    returnPath?: string
    domain?: OptionalHostname
    authMethod?: '' | 'plain' | 'login' | 'cram_md5' | 'none'
    enableStarttls?: 'auto' | 'always' | 'never'
    tls?: boolean
    opensslVerifyMode?: 'peer' | 'none'
    caFile?: OptionalPath
  }
  objectStorage?: {
    type?: 'none' | 's3'
    s3?: {
      bucket?: string
      region?: string
      endpoint?: string
      hostname?: HostPort
      protocol?: 'https' | 'http'
      aliasHost?: string
      permission?: '' | 'private' | 'public-read' | 'public-read-write' | 'authenticated-read' | 'bucket-owner-read' | 'bucket-owner-full-control'
      keyPrefix?: string
      storageClass?: string
      overridePathStyle?: boolean
      accessKeyId?: Credential
      secretAccessKey?: Credential
    }
  }
  pod?: Omit<Workload, 'name' | 'image' | 'command' | 'args' | 'replicas' | 'strategy' | 'probes' | 'progressDeadlineSeconds' | 'pdb' | 'autoscaling' | 'service'>
  web?: Omit<Workload, 'workers' | 'minThreads' | 'maxThreads' | 'persistentTimeout'> & { workers?: number; minThreads?: number | null; maxThreads?: number; persistentTimeout?: number }
  streaming?: Omit<Workload, 'logLevel'> & { logLevel?: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent' }
  sidekiq?: Omit<Workload, 'name' | 'service' | 'concurrency' | 'workers'> & {
    concurrency?: number
    workers?: readonly (Omit<Workload, 'name' | 'service' | 'name' | 'queues' | 'concurrency'> & { name: string; queues: readonly string[]; concurrency?: number })[]
  }
  postgresql?: Omit<Workload, 'name' | 'replicas' | 'strategy' | 'progressDeadlineSeconds' | 'pdb' | 'autoscaling' | 'name' | 'mode' | 'host' | 'port' | 'database' | 'user' | 'password' | 'sslMode' | 'ca' | 'preparedStatements' | 'direct' | 'dataSubdirectory' | 'settings' | 'superuserPassword'> & {
    name?: string | null
    mode?: 'embedded' | 'external'
    host?: Server
    port?: Port
    database?: string
    user?: string
    password?: Credential
    sslMode?: 'disable' | 'allow' | 'prefer' | 'require' | 'verify-ca' | 'verify-full'
    ca?: SecretKey
    preparedStatements?: boolean | null
    direct?: { host?: Server; port?: number | null }
    dataSubdirectory?: string
    settings?: { [key: string]: string | number | boolean }
    superuserPassword?: Credential
  }
  redis?: Omit<Workload, 'name' | 'replicas' | 'strategy' | 'progressDeadlineSeconds' | 'pdb' | 'autoscaling' | 'name' | 'mode' | 'host' | 'port' | 'user' | 'password' | 'url' | 'maxMemory'> & {
    name?: string | null
    mode?: 'embedded' | 'external'
    host?: Server
    port?: Port
    user?: string
    password?: Credential
    url?: Credential
    maxMemory?: string
  }
  storage?: { system?: Storage; postgresql?: Storage; redis?: Storage }
  jobs?: {
    secrets?: Job
    migrate?: RepeatableJob
    postMigrate?: Omit<RepeatableJob, 'hold'> & { hold?: boolean }
    admin?: RepeatableJob
    importDatabase?: RepeatableJob
    test?: Job
  }
  import?: {
    database?: {
      enabled?: boolean
      source?: 'server' | 'file'
      server?: {
        host?: Server
        port?: Port
        database?: string
        user?: string
        password?: Credential
        sslMode?: 'disable' | 'allow' | 'prefer' | 'require' | 'verify-ca' | 'verify-full'
      }
      file?: {
        path?: string
        storage?: Omit<Storage, 'type' | 'storageClassName' | 'type'> & { type?: 'nfs' | 'existingClaim' }
      }
    }
  }
  ingress?: {
    enabled?: boolean
    className?: string
    labels?: Labels
    annotations?: Annotations
    hosts?: readonly Hostname[]
    tls?: IngressTls
    streaming?: { host?: OptionalHostname; annotations?: Annotations; tls?: IngressTls }
  }
  networkPolicy?: {
    enabled?: boolean
    web?: { from?: Peers }
    streaming?: { from?: Peers }
    postgresql?: { extraFrom?: Peers }
    redis?: { extraFrom?: Peers }
    egress?: {
      enabled?: boolean
      extra?: readonly ({
        to?: Peers
        ports?: readonly ({ protocol?: 'TCP' | 'UDP' | 'SCTP'; port?: number | string; endPort?: Port })[]
      })[]
    }
  }
  extraObjects?: readonly ({ [key: string]: unknown } | string)[]
}

type Credential = { value?: string; existingSecret?: ObjectName; key?: string }
type SecretKey = { existingSecret?: ObjectName; key?: string }
type Image = {
  registry?: Registry
  repository?: string
  tag?: string
  digest?: string
  pullPolicy?: 'Always' | 'IfNotPresent' | 'Never'
}
type Peer = {
  podSelector?: { [key: string]: unknown }
  namespaceSelector?: { [key: string]: unknown }
  ipBlock?: { cidr: Cidr; except?: readonly Cidr[] }
}
type Peers = readonly Peer[]
type IngressTls = readonly ({ hosts?: readonly Hostname[]; secretName?: ObjectName })[]
type Probe = {
  enabled?: boolean
  initialDelaySeconds?: Count
  periodSeconds?: number | null
  timeoutSeconds?: number | null
  successThreshold?: number | null
  failureThreshold?: number | null
  terminationGracePeriodSeconds?: number | null
  httpGet?: HttpGet
  tcpSocket?: TcpSocket
  exec?: Exec
  grpc?: { port: Port; service?: string } | null
} | null
type HttpGet = {
  path?: string
  port: number | string
  host?: string
  scheme?: 'HTTP' | 'HTTPS'
  httpHeaders?: readonly ({ name: string; value: string })[]
} | null
type TcpSocket = { port: number | string; host?: string } | null
type Exec = { command: readonly string[] } | null
type Hook = { exec?: Exec; httpGet?: HttpGet; sleep?: { seconds: number } | null } | null
type Quantity = string | number | null
type Capacity = string | number
type Port = number
type Count = number | null
type IntOrPercent = number | string | null
type Hostname = string
type OptionalHostname = string
type Server = string
type Ip = string
type Cidr = string
type IpOrCidr = string
type ObjectName = string | null
type NeededName = string
type Strings = readonly string[] | null
type Labels = { [key: string]: string } | null
type Annotations = { [key: string]: string } | null
type Env = { [key: string]: string | number | boolean } | null
type HostPort = string
type OptionalName = string | null
type Registry = string
type OptionalPath = string
type SeccompProfile = { type: 'RuntimeDefault' | 'Localhost' | 'Unconfined'; localhostProfile?: string } | null
type AppArmorProfile = { type: 'RuntimeDefault' | 'Localhost' | 'Unconfined'; localhostProfile?: string } | null
type SeLinuxOptions = { level?: string; role?: string; type?: string; user?: string } | null
type PodSecurityContext = {
  runAsNonRoot?: boolean | null
  runAsUser?: Count
  runAsGroup?: Count
  fsGroup?: Count
  fsGroupChangePolicy?: 'OnRootMismatch' | 'Always' | null
  supplementalGroups?: readonly number[] | null
  supplementalGroupsPolicy?: 'Merge' | 'Strict' | null
  seccompProfile?: SeccompProfile
  appArmorProfile?: AppArmorProfile
  seLinuxOptions?: SeLinuxOptions
  sysctls?: readonly ({ name: string; value: string })[] | null
} | null
type SecurityContext = {
  allowPrivilegeEscalation?: boolean | null
  privileged?: boolean | null
  readOnlyRootFilesystem?: boolean | null
  runAsNonRoot?: boolean | null
  runAsUser?: Count
  runAsGroup?: Count
  capabilities?: { add?: Strings; drop?: Strings } | null
  seccompProfile?: SeccompProfile
  appArmorProfile?: AppArmorProfile
  seLinuxOptions?: SeLinuxOptions
  procMount?: 'Default' | 'Unmasked' | null
} | null
type Service = {
  type?: 'ClusterIP' | 'NodePort' | 'LoadBalancer'
  port?: Port
  nodePort?: number | null
  annotations?: Annotations
  labels?: Labels
  loadBalancerClass?: string | null
  loadBalancerIP?: string | null
  loadBalancerSourceRanges?: readonly Cidr[] | null
  externalTrafficPolicy?: 'Cluster' | 'Local' | null
  internalTrafficPolicy?: 'Cluster' | 'Local' | null
  ipFamilyPolicy?: 'SingleStack' | 'PreferDualStack' | 'RequireDualStack' | null
  ipFamilies?: readonly ('IPv4' | 'IPv6')[] | null
  clusterIP?: string | null
  sessionAffinity?: 'None' | 'ClientIP' | null
}
type Storage = {
  type?: 'dynamic' | 'nfs' | 'existingClaim' | 'emptyDir'
  size?: Capacity
  accessModes?: readonly ('ReadWriteOnce' | 'ReadOnlyMany' | 'ReadWriteMany' | 'ReadWriteOncePod')[]
  storageClassName?: ObjectName
  existingClaim?: ObjectName
  claimName?: ObjectName
  volumeName?: ObjectName
  claimAnnotations?: Annotations
  volumeAnnotations?: Annotations
  nfs?: { server?: Server; path?: OptionalPath; mountOptions?: readonly string[] }
}
type Workload = {
  name?: OptionalName
  replicas?: Count
  image?: Image
  command?: Strings
  args?: Strings
  env?: {
    [key: string]: string | number | boolean | {
      valueFrom: {
        configMapKeyRef?: KeyRef
        secretKeyRef?: KeyRef
        fieldRef?: { fieldPath: string; apiVersion?: string }
        resourceFieldRef?: { resource: string; containerName?: string; divisor?: Quantity }
      }
    }
  } | null
  envFrom?: EnvFrom
  resources?: { requests?: Quantities; limits?: Quantities } | null
  strategy?: {
    type?: 'RollingUpdate' | 'Recreate'
    rollingUpdate?: { maxUnavailable?: IntOrPercent; maxSurge?: IntOrPercent } | null
  }
  podLabels?: Labels
  podAnnotations?: Annotations
  labels?: Labels
  annotations?: Annotations
  nodeSelector?: Labels
  tolerations?: readonly ({
    key?: string
    operator?: 'Exists' | 'Equal'
    value?: string
    effect?: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute'
    tolerationSeconds?: number
  })[] | null
  affinity?: {
    nodeAffinity?: { [key: string]: unknown }
    podAffinity?: { [key: string]: unknown }
    podAntiAffinity?: { [key: string]: unknown }
  } | null
  topologySpreadConstraints?: readonly ({
    maxSkew: number
    topologyKey: string
    whenUnsatisfiable: 'DoNotSchedule' | 'ScheduleAnyway'
    labelSelector?: { [key: string]: unknown }
    matchLabelKeys?: readonly string[]
    minDomains?: number
    nodeAffinityPolicy?: 'Honor' | 'Ignore'
    nodeTaintsPolicy?: 'Honor' | 'Ignore'
  })[] | null
  priorityClassName?: string | null
  runtimeClassName?: string | null
  podSecurityContext?: PodSecurityContext
  securityContext?: SecurityContext
  serviceAccount?: { create?: boolean; name?: ObjectName; annotations?: Annotations } | null
  hostAliases?: readonly ({ ip: Ip; hostnames: readonly string[] })[] | null
  dnsConfig?: {
    nameservers?: readonly Ip[]
    searches?: readonly string[]
    options?: readonly ({ name: string; value?: string })[]
  } | null
  probes?: { startup?: Probe; readiness?: Probe; liveness?: Probe }
  lifecycle?: { postStart?: Hook; preStop?: Hook; stopSignal?: string } | null
  terminationGracePeriodSeconds?: Count
  hostname?: OptionalName
  subdomain?: OptionalName
  revisionHistoryLimit?: Count
  progressDeadlineSeconds?: number | null
  volumes?: Volumes
  volumeMounts?: readonly ({
    name: string
    mountPath: string
    subPath?: string
    subPathExpr?: string
    readOnly?: boolean
    recursiveReadOnly?: 'Disabled' | 'IfPossible' | 'Enabled'
    mountPropagation?: 'None' | 'HostToContainer' | 'Bidirectional'
  })[] | null
  initContainers?: Containers
  sidecars?: Containers
  pdb?: { enabled?: boolean | null; minAvailable?: IntOrPercent; maxUnavailable?: IntOrPercent }
  autoscaling?: {
    enabled?: boolean
    minReplicas?: number | null
    maxReplicas?: number
    targetCPUUtilizationPercentage?: number
    behavior?: { [key: string]: unknown } | null
  }
  service?: Service
}
type Job = Omit<Workload, 'name' | 'replicas' | 'strategy' | 'probes' | 'serviceAccount' | 'hostname' | 'subdomain' | 'revisionHistoryLimit' | 'progressDeadlineSeconds' | 'pdb' | 'autoscaling' | 'service' | 'ttlSecondsAfterFinished'> & { ttlSecondsAfterFinished?: number | null }
type RepeatableJob = Omit<Job, 'generation'> & { generation?: number | string }
type KeyRef = { name: NeededName; key: string; optional?: boolean }
type EnvSource = { name: NeededName; optional?: boolean }
type EnvFrom = readonly ({ configMapRef?: EnvSource; secretRef?: EnvSource; prefix?: string })[]
type Quantities = { [key: string]: Quantity } | null
type Volumes = readonly ({ name: string; [key: string]: unknown })[] | null
type Containers = readonly ({ name: string; image: string; [key: string]: unknown })[] | null
