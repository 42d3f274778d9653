// Made by scripts/build-schema.ts from schema/values/*.yaml. Do not edit: `npm run build`.

/** The values of the chart; every key is optional. */
export type Values = {
  /** Replaces the chart's name in the names of objects and in the label `app.kubernetes.io/name`. */
  nameOverride?: OptionalName
  /** Replaces `<release>-<chart name>`, the beginning of the names of all objects. Changing it later makes new objects, so the data of the old claims is not found any more. */
  fullnameOverride?: string
  /** Labels for every object and pod. Selectors never use them. */
  commonLabels?: Labels
  /** Annotations for every object, not for pods. */
  commonAnnotations?: Annotations
  /** Helm hands this to a dependency. The chart itself reads nothing from it. */
  global?: {
    [key: string]: unknown
  }
  /** Scales web, streaming and sidekiq to zero; databases and Jobs stay. Use it for an import, a restored backup or a new major version of the database. */
  maintenance?: boolean
  /** What holds for every image. */
  image?: {
    /** Replaces the registry of every image, for example with a mirror. */
    registry?: Registry
    /** When the kubelet pulls. Images are pinned, so once is enough. */
    pullPolicy?: 'Always' | 'IfNotPresent' | 'Never'
    /** Names of Secrets with registry credentials, for every pod. */
    pullSecrets?: readonly NeededName[]
  }
  /** What the instance is. */
  mastodon?: {
    /** The image of web, sidekiq and every Mastodon Job. An empty tag means `v` and the chart's appVersion; the tag must be exact, because code that changes behind an unchanged tag would run without its migrations. */
    image?: Image
    /** The domain in handles (@user@domain). It can never be changed later. Empty means a placeholder, and while it holds the instance does not federate. */
    localDomain?: OptionalHostname
    /** The host of the web interface if it is not the local domain. Then the local domain must redirect `/.well-known/webfinger` to it. */
    webDomain?: OptionalHostname
    /** Further hosts that the instance answers for. */
    alternateDomains?: readonly Hostname[]
    /** The language for visitors whose browser states none. */
    locale?: string
    /** Shows the first profile as front page and closes registration. */
    singleUserMode?: boolean
    /** Requires signatures on all requests of other servers. Without it (null) the administration interface decides. */
    authorizedFetch?: boolean | null
    /** Federates with allowed servers only. Without it (null) this holds as long as the domain is the placeholder. */
    limitedFederationMode?: boolean | null
    /** Addresses of all proxies in front. The list replaces Mastodon's default, the private ranges, so name the cluster's own ranges in it, too. */
    trustedProxies?: readonly IpOrCidr[]
    /** Private addresses that Mastodon may fetch from. Others are refused, so that no remote post can make it call your network. */
    allowedPrivateAddresses?: readonly IpOrCidr[]
    /** The level of Rails' log. */
    logLevel?: 'debug' | 'info' | 'warn' | 'error' | 'fatal'
    /** The first account. */
    admin?: {
      /** Creates this account with the role Owner. Its password is generated and goes to the Secret `<fullname>-admin`; an account that exists is left alone. */
      enabled?: boolean
      /** The account's name, without the domain. */
      username?: string
      /** The account's mail address. */
      email?: string
    }
  }
  /** Any further public variable for every Ruby process. It wins over what the chart sets, and goes to a ConfigMap. */
  env?: Env
  /** The same for secret variables. They are kept in a Secret. */
  secretEnv?: Env
  /** ConfigMaps and Secrets of yours that every Ruby process reads after the chart's own, so that they win. A ConfigMap made by `kubectl create configmap … --from-env-file=.env.production` belongs here. */
  envFrom?: EnvFrom
  /** The instance's keys. Whoever loses them loses the instance's identity and its encrypted data, so back them up. */
  secrets?: {
    /** A Secret with SECRET_KEY_BASE, the ACTIVE_RECORD_ENCRYPTION_* and the VAPID_* keys; none are generated then. Empty means that a Job makes what is missing in the Secret `<fullname>-keys` and never changes what is there. */
    existingSecret?: ObjectName
    /** The keys are in `envFrom` or `secretEnv`, and none are generated. */
    fromEnv?: boolean
  }
  /** Outgoing mail. */
  smtp?: {
    /** The mail server. Nothing is set while this is empty. */
    server?: Server
    /** The port, usually 587, 465 (with `tls`) or 25. */
    port?: Port
    /** The user's name. Empty means no login. */
    login?: string
    /** The user's password. */
    password?: Credential
    /** The sender, for example `Mastodon <notifications@example.social>`. */
    fromAddress?: string
    /** Where answers go. */
    replyTo?: string
    /** Where undeliverable mail goes. */
    returnPath?: string
    /** The name for HELO. Empty means the local domain. */
    domain?: OptionalHostname
    /** How the user logs in. Empty means `plain` with a login and `none` without. */
    authMethod?: '' | 'plain' | 'login' | 'cram_md5' | 'none'
    /** Whether the connection turns to TLS after it began. */
    enableStarttls?: 'auto' | 'always' | 'never'
    /** TLS from the first byte, usually on port 465. */
    tls?: boolean
    /** Whether the server's certificate is checked. */
    opensslVerifyMode?: 'peer' | 'none'
    /** A file in the container with the certificate authority of the server. Empty means the image's own list. */
    caFile?: OptionalPath
  }
  /** Media in a bucket instead of on a volume. */
  objectStorage?: {
    /** Where media are kept. `none` means on the volume of `storage.system`. */
    type?: 'none' | 's3'
    /** The bucket, of Amazon S3 or anything compatible. */
    s3?: {
      /** The bucket's name. */
      bucket?: string
      /** The bucket's region. */
      region?: string
      /** The API's address if it is not AWS, with scheme. */
      endpoint?: string
      /** The host in media URLs, without scheme and bucket. */
      hostname?: HostPort
      /** The scheme of media URLs. */
      protocol?: 'https' | 'http'
      /** A public host (CDN) in front of the bucket; a path may follow it. */
      aliasHost?: string
      /** The access control list of objects. Empty sends none, for buckets without such lists. */
      permission?: '' | 'private' | 'public-read' | 'public-read-write' | 'authenticated-read' | 'bucket-owner-read' | 'bucket-owner-full-control'
      /** What comes before the names of objects in the bucket. */
      keyPrefix?: string
      /** The storage class of objects, for example STANDARD_IA. */
      storageClass?: string
      /** Addresses the bucket as bucket.endpoint instead of endpoint/bucket. */
      overridePathStyle?: boolean
      /** The access key. Leave both keys empty to use the identity of the pod's service account. */
      accessKeyId?: Credential
      /** The secret of the access key. */
      secretAccessKey?: Credential
    }
  }
  /** Defaults for every workload and Job. A component's own value wins; maps merge, lists replace. */
  pod?: Omit<Workload, 'name' | 'image' | 'command' | 'args' | 'replicas' | 'strategy' | 'probes' | 'progressDeadlineSeconds' | 'pdb' | 'autoscaling' | 'service'>
  /** The web interface and API, served by Puma. */
  web?: Omit<Workload, 'workers' | 'minThreads' | 'maxThreads' | 'persistentTimeout'> & {
    /** Puma's worker processes. 0 runs a single process, which takes the least memory. */
    workers?: number
    /** The least number of threads in each worker process. Without it (null) there are always as many as `maxThreads`. */
    minThreads?: number | null
    /** Threads in each worker process. Each holds a database connection. */
    maxThreads?: number
    /** Seconds that an idle connection is kept. */
    persistentTimeout?: number
  }
  /** The streaming server, which pushes new posts to open clients. */
  streaming?: Omit<Workload, 'logLevel'> & {
    /** The level of the streaming server's log. */
    logLevel?: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent'
  }
  /** The background jobs. Everything but `workers` is the default for each worker. */
  sidekiq?: Omit<Workload, 'name' | 'service' | 'concurrency' | 'workers'> & {
    /** Threads of each worker. Each thread holds a database connection. */
    concurrency?: number
    /** The workers; each becomes a Deployment. Together they must serve every queue, and exactly one worker, with one replica, serves `scheduler`; it always uses the strategy Recreate. */
    workers?: readonly (Omit<Workload, 'name' | 'service' | 'name' | 'queues' | 'concurrency'> & {
      /** The worker's name, the end of its Deployment's name. */
      name: string
      /** The queues that it serves, each with a weight if the order is to be random. */
      queues: readonly string[]
      /** Threads of the worker. Each holds a database connection. */
      concurrency?: number
    })[]
  }
  /** The database. */
  postgresql?: Omit<Workload, 'name' | 'replicas' | 'strategy' | 'progressDeadlineSeconds' | 'pdb' | 'autoscaling' | 'name' | 'mode' | 'host' | 'port' | 'database' | 'user' | 'password' | 'sslMode' | 'ca' | 'preparedStatements' | 'direct' | 'dataSubdirectory' | 'settings' | 'superuserPassword'> & {
    /** Replaces `<fullname>-postgresql`, the name of this component's objects. */
    name?: string | null
    /** `embedded` runs PostgreSQL in the release, `external` uses yours. */
    mode?: 'embedded' | 'external'
    /** The server, for `external`. */
    host?: Server
    /** The server's port. */
    port?: Port
    /** The database's name. */
    database?: string
    /** The role of the application. The embedded server makes it, and it is no superuser. */
    user?: string
    /** The role's password. Empty means a generated one (`embedded`) or none (`external`). */
    password?: Credential
    /** Whether connections use TLS and what they check, as libpq knows it. Streaming gets what means the same to it. */
    sslMode?: 'disable' | 'allow' | 'prefer' | 'require' | 'verify-ca' | 'verify-full'
    /** The certificate authority of the server. */
    ca?: SecretKey
    /** Must be `false` behind a pooler in transaction mode. Without it (null) Rails' default holds. */
    preparedStatements?: boolean | null
    /** The server behind a pooler. Migrations must not go through one. */
    direct?: {
      /** The server. Empty means `host`. */
      host?: Server
      /** Its port. Without it (null) `port` holds. */
      port?: number | null
    }
    /** The directory of the data inside the volume. */
    dataSubdirectory?: string
    /** Settings of postgresql.conf, for example `shared_buffers: 512MB`. */
    settings?: {
      [key: string]: string | number | boolean
    }
    /** The password of the embedded server's superuser. Empty means a generated one. */
    superuserPassword?: Credential
  }
  /** Redis or Valkey, which holds queued jobs and caches. */
  redis?: Omit<Workload, 'name' | 'replicas' | 'strategy' | 'progressDeadlineSeconds' | 'pdb' | 'autoscaling' | 'name' | 'mode' | 'host' | 'port' | 'user' | 'password' | 'url' | 'maxMemory'> & {
    /** Replaces `<fullname>-redis`, the name of this component's objects. */
    name?: string | null
    /** `embedded` runs Valkey in the release, `external` uses your Redis or Valkey. */
    mode?: 'embedded' | 'external'
    /** The server, for `external`. */
    host?: Server
    /** The server's port. */
    port?: Port
    /** The user's name. Empty means the server's default user. */
    user?: string
    /** The user's password. Empty means a generated one (`embedded`) or none (`external`). */
    password?: Credential
    /** The whole address of an external server, for example `rediss://…`. It wins over host, port, user and password. */
    url?: Credential
    /** The most data that the embedded server takes. Keep it well below the memory limit. */
    maxMemory?: string
  }
  /** Where data lie. Claims survive `helm uninstall`. */
  storage?: {
    /** Media (`public/system`), shared by web, sidekiq and Jobs. It is not used with object storage. */
    system?: Storage
    /** The embedded PostgreSQL's data. */
    postgresql?: Storage
    /** The embedded Valkey's data, above all queued jobs. `emptyDir` switches its append-only file off. */
    redis?: Storage
  }
  /** The Jobs. Each takes the keys of `pod`, and some have own ones. */
  jobs?: {
    /** Makes missing keys and passwords before everything else. */
    secrets?: Job
    /** Prepares the database and runs migrations; web and sidekiq wait for it. */
    migrate?: RepeatableJob
    /** Runs the post-deployment migrations when no pod of the older version is left. */
    postMigrate?: Omit<RepeatableJob, 'hold'> & {
      /** Leaves the post-deployment migrations pending, so that `helm rollback` to the older Mastodon stays possible. */
      hold?: boolean
    }
    /** Creates the account of `mastodon.admin`. */
    admin?: RepeatableJob
    /** Brings an old instance's database, see `import.database`. */
    importDatabase?: RepeatableJob
    /** The pod of `helm test`, which calls web and streaming. */
    test?: Job
  }
  /** Moving in from an old instance. */
  import?: {
    /** The old instance's database. */
    database?: {
      /** Brings an old instance's database into the empty one before anything else runs, once. A database that is not empty is refused. */
      enabled?: boolean
      /** `server` runs pg_dump against the running old server; `file` reads a dump. */
      source?: 'server' | 'file'
      /** The old server. */
      server?: {
        /** The old server. */
        host?: Server
        /** Its port. */
        port?: Port
        /** The old database's name. */
        database?: string
        /** A role that may read all of it. */
        user?: string
        /** The role's password. */
        password?: Credential
        /** Whether the connection uses TLS, as libpq knows it. */
        sslMode?: 'disable' | 'allow' | 'prefer' | 'require' | 'verify-ca' | 'verify-full'
      }
      /** A dump. */
      file?: {
        /** The path of the dump (plain or custom format) inside the volume. */
        path?: string
        /** Where the dump lies. */
        storage?: Omit<Storage, 'type' | 'storageClassName' | 'type'> & {
          /** A share, or a claim of yours. */
          type?: 'nfs' | 'existingClaim'
        }
      }
    }
  }
  /** The Ingress of web and streaming. */
  ingress?: {
    /** Whether there is one. */
    enabled?: boolean
    /** The ingress class. Empty means the cluster's default. */
    className?: string
    /** Labels for the Ingress. */
    labels?: Labels
    /** Annotations for the Ingress. */
    annotations?: Annotations
    /** The hosts of web. Empty means the web domain. */
    hosts?: readonly Hostname[]
    /** Certificates as in an Ingress: `[{hosts: […], secretName: …}]`. */
    tls?: IngressTls
    /** How streaming is reached. */
    streaming?: {
      /** A host of its own for streaming. Empty means the path /api/v1/streaming of the hosts above. */
      host?: OptionalHostname
      /** Annotations for streaming's own Ingress. */
      annotations?: Annotations
      /** Certificates of that Ingress. */
      tls?: IngressTls
    }
  }
  /** Who may connect to whom. */
  networkPolicy?: {
    /** Databases take connections from this release's pods alone, web and streaming on their ports. */
    enabled?: boolean
    /** Web. */
    web?: {
      /** Who may reach web. Empty means everybody. */
      from?: Peers
    }
    /** Streaming. */
    streaming?: {
      /** Who may reach streaming. Empty means everybody. */
      from?: Peers
    }
    /** The embedded PostgreSQL. */
    postgresql?: {
      /** Further peers, for example a backup in another namespace. */
      extraFrom?: Peers
    }
    /** The embedded Valkey. */
    redis?: {
      /** Further peers. */
      extraFrom?: Peers
    }
    /** Connections from the pods. */
    egress?: {
      /** Allows only the connections that Mastodon needs. Ports that stand inside an address (of `redis.url` or an S3 endpoint), and an API server or a DNS server at another port than 443, 6443 and 53, go into `extra`. */
      enabled?: boolean
      /** Further allowed destinations: rules as in a NetworkPolicy. */
      extra?: readonly ({
        /** The destinations. Empty means all. */
        to?: Peers
        /** The ports. Empty means all. */
        ports?: readonly ({
          /** The protocol. */
          protocol?: 'TCP' | 'UDP' | 'SCTP'
          /** The port's number or name. */
          port?: number | string
          /** The last port of a range. */
          endPort?: Port
        })[]
      })[]
    }
  }
  /** Any further objects, as maps or strings. Templates in them are evaluated. */
  extraObjects?: readonly ({
    [key: string]: unknown
  } | string)[]
}

type Credential = {
  /** The secret itself; the chart keeps it in a Secret. Numbers need quotes. */
  value?: string
  /** The name of a Secret that you made. */
  existingSecret?: ObjectName
  /** The key in that Secret. */
  key?: string
}

type SecretKey = {
  /** The name of a Secret that you made. */
  existingSecret?: ObjectName
  /** The key in that Secret. */
  key?: string
}

type Image = {
  /** The registry's host, with a port or path if it needs one; `image.registry` wins over it. */
  registry?: Registry
  /** The image's name inside the registry. */
  repository?: string
  /** An exact tag. Moving tags such as `latest` or `v4.7` are refused, because new code would arrive unseen. */
  tag?: string
  /** The image's digest. It wins over the tag when the image is pulled. */
  digest?: string
  /** When the kubelet pulls this image. Without it `image.pullPolicy` holds. */
  pullPolicy?: 'Always' | 'IfNotPresent' | 'Never'
}

type Peer = {
  /** Pods with these labels. */
  podSelector?: {
    [key: string]: unknown
  }
  /** Namespaces with these labels. */
  namespaceSelector?: {
    [key: string]: unknown
  }
  /** A range of addresses. */
  ipBlock?: {
    /** The range. */
    cidr: Cidr
    /** Ranges inside it that are left out. */
    except?: readonly Cidr[]
  }
}

type Peers = readonly Peer[]

type IngressTls = readonly ({
  /** The hosts of the certificate. */
  hosts?: readonly Hostname[]
  /** The Secret with the certificate. */
  secretName?: ObjectName
})[]

type Probe = {
  /** `false` leaves this probe out. */
  enabled?: boolean
  /** Seconds before the first check. */
  initialDelaySeconds?: Count
  /** Seconds between checks. */
  periodSeconds?: number | null
  /** Seconds that an answer may take. */
  timeoutSeconds?: number | null
  /** Successes in a row that count as well again. */
  successThreshold?: number | null
  /** Failures in a row that count as failed. */
  failureThreshold?: number | null
  /** Seconds for an orderly end after this probe failed. */
  terminationGracePeriodSeconds?: number | null
  /** An HTTP request of your own instead of the chart's check. */
  httpGet?: HttpGet
  /** A connection of your own instead of the chart's check. */
  tcpSocket?: TcpSocket
  /** A command of your own instead of the chart's check. */
  exec?: Exec
  /** A gRPC health check of your own instead of the chart's check. */
  grpc?: {
    /** The port to call. */
    port: Port
    /** The service to ask for. */
    service?: string
  } | null
} | null

type HttpGet = {
  /** The path of the request. */
  path?: string
  /** The port's number or name. */
  port: number | string
  /** The host to connect to instead of the pod. */
  host?: string
  /** Whether the request uses TLS. */
  scheme?: 'HTTP' | 'HTTPS'
  /** Headers of the request. */
  httpHeaders?: readonly ({
    /** The header's name. */
    name: string
    /** The header's value. */
    value: string
  })[]
} | null

type TcpSocket = {
  /** The port's number or name. */
  port: number | string
  /** The host to connect to instead of the pod. */
  host?: string
} | null

type Exec = {
  /** The command and its arguments. */
  command: readonly string[]
} | null

type Hook = {
  /** A command in the container. */
  exec?: Exec
  /** An HTTP request to the container. */
  httpGet?: HttpGet
  /** A pause. */
  sleep?: {
    /** How long the pause is. */
    seconds: number
  } | null
} | null

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

type Labels = {
  [key: string]: string
} | null

type Annotations = {
  [key: string]: string
} | null

type Env = {
  [key: string]: string | number | boolean
} | null

type HostPort = string

type OptionalName = string | null

type Registry = string

type OptionalPath = string

type SeccompProfile = {
  /** Which profile it is. */
  type: 'RuntimeDefault' | 'Localhost' | 'Unconfined'
  /** The file of a `Localhost` profile. */
  localhostProfile?: string
} | null

type AppArmorProfile = {
  /** Which profile it is. */
  type: 'RuntimeDefault' | 'Localhost' | 'Unconfined'
  /** The name of a `Localhost` profile. */
  localhostProfile?: string
} | null

type SeLinuxOptions = {
  /** The SELinux level. */
  level?: string
  /** The SELinux role. */
  role?: string
  /** The SELinux type. */
  type?: string
  /** The SELinux user. */
  user?: string
} | null

type PodSecurityContext = {
  /** Refuses to start a container as root. */
  runAsNonRoot?: boolean | null
  /** The number of the user that processes run as. */
  runAsUser?: Count
  /** The number of their primary group. */
  runAsGroup?: Count
  /** The group that owns volumes. It has no effect on NFS. */
  fsGroup?: Count
  /** Whether the owner is set at every mount. */
  fsGroupChangePolicy?: 'OnRootMismatch' | 'Always' | null
  /** Further groups of the processes. */
  supplementalGroups?: readonly number[] | null
  /** Whether groups named in the image count. */
  supplementalGroupsPolicy?: 'Merge' | 'Strict' | null
  /** The filter for system calls. */
  seccompProfile?: SeccompProfile
  /** The AppArmor profile. */
  appArmorProfile?: AppArmorProfile
  /** The SELinux context. */
  seLinuxOptions?: SeLinuxOptions
  /** Kernel parameters of the pod. */
  sysctls?: readonly ({
    /** The parameter's name. */
    name: string
    /** The parameter's value. */
    value: string
  })[] | null
} | null

type SecurityContext = {
  /** Whether a process may gain more rights than its parent. */
  allowPrivilegeEscalation?: boolean | null
  /** Whether the container has all rights of the node. */
  privileged?: boolean | null
  /** Whether the image's files are read-only. */
  readOnlyRootFilesystem?: boolean | null
  /** Refuses to start the container as root. */
  runAsNonRoot?: boolean | null
  /** The number of the user that processes run as. */
  runAsUser?: Count
  /** The number of their primary group. */
  runAsGroup?: Count
  /** Linux capabilities. */
  capabilities?: {
    /** Capabilities to add. */
    add?: Strings
    /** Capabilities to drop. */
    drop?: Strings
  } | null
  /** The filter for system calls. */
  seccompProfile?: SeccompProfile
  /** The AppArmor profile. */
  appArmorProfile?: AppArmorProfile
  /** The SELinux context. */
  seLinuxOptions?: SeLinuxOptions
  /** How /proc is mounted. */
  procMount?: 'Default' | 'Unmasked' | null
} | null

type Service = {
  /** How the Service is reached. */
  type?: 'ClusterIP' | 'NodePort' | 'LoadBalancer'
  /** The port of the Service. */
  port?: Port
  /** The port on every node, for `NodePort` and `LoadBalancer`. */
  nodePort?: number | null
  /** Annotations for the Service. */
  annotations?: Annotations
  /** Labels for the Service. */
  labels?: Labels
  /** Which load balancer implementation serves it, for example `tailscale`. */
  loadBalancerClass?: string | null
  /** The address to ask a load balancer for. Kubernetes calls the field deprecated; many implementations use it still. */
  loadBalancerIP?: string | null
  /** The address ranges that the load balancer admits. */
  loadBalancerSourceRanges?: readonly Cidr[] | null
  /** `Local` keeps the client's address and sends nothing to other nodes. */
  externalTrafficPolicy?: 'Cluster' | 'Local' | null
  /** `Local` keeps traffic from inside the cluster on its node. */
  internalTrafficPolicy?: 'Cluster' | 'Local' | null
  /** Whether the Service has addresses of both IP families. */
  ipFamilyPolicy?: 'SingleStack' | 'PreferDualStack' | 'RequireDualStack' | null
  /** The IP families, the first one first. */
  ipFamilies?: readonly ('IPv4' | 'IPv6')[] | null
  /** A fixed address, or `None` for a headless Service. */
  clusterIP?: string | null
  /** Whether a client's connections go to one pod. */
  sessionAffinity?: 'None' | 'ClientIP' | null
}

type Storage = {
  /** Where the volume comes from. `dynamic` makes a claim that a storage class fills; `nfs` makes a volume and its claim for a share of an NFS server; `existingClaim` takes a claim of yours; `emptyDir` loses its data with the pod. */
  type?: 'dynamic' | 'nfs' | 'existingClaim' | 'emptyDir'
  /** The capacity of the claim. It never shrinks; it grows where the storage class allows that. The size of an `nfs` claim says nothing about the share, and can't be changed. */
  size?: Capacity
  /** How nodes may mount the volume. With `ReadWriteOnce` all pods that mount the media run on one node; `ReadWriteMany` lets them spread. */
  accessModes?: readonly ('ReadWriteOnce' | 'ReadOnlyMany' | 'ReadWriteMany' | 'ReadWriteOncePod')[]
  /** The storage class of a `dynamic` claim. Without one (null) the cluster's default class is used. */
  storageClassName?: ObjectName
  /** The name of your claim for the type `existingClaim`. */
  existingClaim?: ObjectName
  /** The name of the claim that the chart makes. Empty means a name made from the release and the data set. */
  claimName?: ObjectName
  /** The name of the volume of type `nfs`. Empty means a name made from namespace, release and data set. */
  volumeName?: ObjectName
  /** Annotations for the claim. */
  claimAnnotations?: Annotations
  /** Annotations for the volume of type `nfs`. */
  volumeAnnotations?: Annotations
  /** The share for the type `nfs`. */
  nfs?: {
    /** The NFS server's host name or address. Once a volume exists it can't be changed. */
    server?: Server
    /** The exported directory. Once a volume exists it can't be changed. */
    path?: OptionalPath
    /** Options of the mount. The default, NFS version 3, avoids the trouble that the permissions of version 4 make with data written elsewhere. */
    mountOptions?: readonly string[]
  }
}

type Workload = {
  /** Replaces the name of this component's objects. Empty means `<fullname>-<component>`. */
  name?: OptionalName
  /** How many pods run. With autoscaling it is ignored. */
  replicas?: Count
  /** Overrides parts of the image. A tag or a repository of its own drops the digest that it would inherit. */
  image?: Image
  /** Replaces the command of the main container. */
  command?: Strings
  /** Replaces the arguments of the main container. */
  args?: Strings
  /** Variables of this component's main container, a map from the name to a text, a number, a boolean or a `valueFrom` as in Kubernetes. */
  env?: {
    [key: string]: string | number | boolean | {
      /** Where the value is read from. */
      valueFrom: {
        /** A key of a ConfigMap. */
        configMapKeyRef?: KeyRef
        /** A key of a Secret. */
        secretKeyRef?: KeyRef
        /** A field of the pod. */
        fieldRef?: {
          /** The field, for example `status.podIP`. */
          fieldPath: string
          /** The version of the pod's schema. */
          apiVersion?: string
        }
        /** A request or limit of a container. */
        resourceFieldRef?: {
          /** Which one, for example `limits.memory`. */
          resource: string
          /** The container. */
          containerName?: string
          /** The unit of the number. */
          divisor?: Quantity
        }
      }
    }
  } | null
  /** ConfigMaps and Secrets that this component reads after the chart's own, so that they win. */
  envFrom?: EnvFrom
  /** Requests and limits of the main container. */
  resources?: {
    /** What the scheduler reserves. */
    requests?: Quantities
    /** What the container may use at most. */
    limits?: Quantities
  } | null
  /** How a new version replaces the old one. */
  strategy?: {
    /** `Recreate` stops the old pods first. */
    type?: 'RollingUpdate' | 'Recreate'
    /** The pace of a rolling update. It is ignored with `Recreate`. */
    rollingUpdate?: {
      /** How many pods may be missing meanwhile. */
      maxUnavailable?: IntOrPercent
      /** How many pods there may be too many meanwhile. */
      maxSurge?: IntOrPercent
    } | null
  }
  /** Labels for the pods. */
  podLabels?: Labels
  /** Annotations for the pods. */
  podAnnotations?: Annotations
  /** Labels for the objects of this component, not for its pods. */
  labels?: Labels
  /** Annotations for the objects of this component, not for its pods. */
  annotations?: Annotations
  /** Labels that a node must have. */
  nodeSelector?: Labels
  /** Taints of nodes that the pods accept. */
  tolerations?: readonly ({
    /** The taint's key. Without it all taints are accepted. */
    key?: string
    /** Whether the value counts. */
    operator?: 'Exists' | 'Equal'
    /** The taint's value. */
    value?: string
    /** The taint's effect. Without it all effects are accepted. */
    effect?: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute'
    /** Seconds until a `NoExecute` taint evicts the pod all the same. */
    tolerationSeconds?: number
  })[] | null
  /** Where pods want to be, as in Kubernetes. Without it replicas prefer different nodes. What a ReadWriteOnce volume needs is added to it. */
  affinity?: {
    /** Nodes that the pods prefer or need. */
    nodeAffinity?: {
      [key: string]: unknown
    }
    /** Pods that they want to be near to. */
    podAffinity?: {
      [key: string]: unknown
    }
    /** Pods that they want to be far from. */
    podAntiAffinity?: {
      [key: string]: unknown
    }
  } | null
  /** How pods spread over zones or nodes. A constraint without selector gets the one of the component. */
  topologySpreadConstraints?: readonly ({
    /** How uneven the spread may be. */
    maxSkew: number
    /** The label of nodes that makes a zone. */
    topologyKey: string
    /** What happens when the spread is impossible. */
    whenUnsatisfiable: 'DoNotSchedule' | 'ScheduleAnyway'
    /** The pods that are counted. */
    labelSelector?: {
      [key: string]: unknown
    }
    /** Labels whose values must be equal. */
    matchLabelKeys?: readonly string[]
    /** The least number of zones. */
    minDomains?: number
    /** Whether nodes that the affinity excludes count. */
    nodeAffinityPolicy?: 'Honor' | 'Ignore'
    /** Whether tainted nodes count. */
    nodeTaintsPolicy?: 'Honor' | 'Ignore'
  })[] | null
  /** The priority class of the pods. */
  priorityClassName?: string | null
  /** The runtime class of the pods. */
  runtimeClassName?: string | null
  /** What the pod's processes may do. A null removes a default, for example on OpenShift. */
  podSecurityContext?: PodSecurityContext
  /** What the containers may do. The chart's init containers take it too. */
  securityContext?: SecurityContext
  /** The account of the pods. */
  serviceAccount?: {
    /** Whether the chart makes it. */
    create?: boolean
    /** Its name. Empty means a name made from the release. */
    name?: ObjectName
    /** Annotations for the account, for example of a cloud identity. */
    annotations?: Annotations
  } | null
  /** Further lines of the pods' /etc/hosts. */
  hostAliases?: readonly ({
    /** The address. */
    ip: Ip
    /** Its names. */
    hostnames: readonly string[]
  })[] | null
  /** Further settings of name resolution. */
  dnsConfig?: {
    /** Addresses of name servers. */
    nameservers?: readonly Ip[]
    /** Search domains. */
    searches?: readonly string[]
    /** Options of the resolver. */
    options?: readonly ({
      /** The option's name. */
      name: string
      /** The option's value. */
      value?: string
    })[]
  } | null
  /** When Kubernetes considers a pod started, ready and alive. Each holds the timing of the chart's own check, or a check of yours. */
  probes?: {
    /** Until this one succeeds the others wait. */
    startup?: Probe
    /** While it fails the pod gets no traffic. */
    readiness?: Probe
    /** When it fails the container is restarted. */
    liveness?: Probe
  }
  /** What happens right after the start and right before the end of the main container. */
  lifecycle?: {
    /** Right after the start. */
    postStart?: Hook
    /** Right before the end. A pause lets proxies notice that the pod leaves. */
    preStop?: Hook
    /** The signal that ends the container. */
    stopSignal?: string
  } | null
  /** Seconds for an orderly end. */
  terminationGracePeriodSeconds?: Count
  /** The host name inside the pods. */
  hostname?: OptionalName
  /** The subdomain of the pods' host name. */
  subdomain?: OptionalName
  /** How many old versions Kubernetes keeps. Of an embedded database it can't be changed before Kubernetes 1.33. */
  revisionHistoryLimit?: Count
  /** Seconds until Kubernetes calls a roll-out failed. */
  progressDeadlineSeconds?: number | null
  /** Further volumes of the pods, as in Kubernetes. */
  volumes?: Volumes
  /** Where the main container mounts them. */
  volumeMounts?: readonly ({
    /** The volume's name. */
    name: string
    /** The directory or file in the container. */
    mountPath: string
    /** The part of the volume that is mounted. */
    subPath?: string
    /** The same with variables in it. */
    subPathExpr?: string
    /** Whether it can be read only. */
    readOnly?: boolean
    /** Whether mounts inside it are read-only too. */
    recursiveReadOnly?: 'Disabled' | 'IfPossible' | 'Enabled'
    /** Whether later mounts are seen. */
    mountPropagation?: 'None' | 'HostToContainer' | 'Bidirectional'
  })[] | null
  /** Further init containers, as in Kubernetes. They run after the chart's own. */
  initContainers?: Containers
  /** Further containers, as in Kubernetes. */
  sidecars?: Containers
  /** The PodDisruptionBudget, which keeps pods running while nodes are drained. */
  pdb?: {
    /** Whether there is one. Without it (null) there is one as soon as there is more than one replica. */
    enabled?: boolean | null
    /** How many pods must stay. */
    minAvailable?: IntOrPercent
    /** How many pods may be missing. It is ignored with `minAvailable`. */
    maxUnavailable?: IntOrPercent
  }
  /** A HorizontalPodAutoscaler. */
  autoscaling?: {
    /** Whether there is one. When it is switched off, Helm 4 meets a conflict with it over `spec.replicas`; `helm upgrade --force-conflicts` resolves it. */
    enabled?: boolean
    /** The least number of pods. */
    minReplicas?: number | null
    /** The largest number of pods. */
    maxReplicas?: number
    /** The use of the CPU, in percent of the request, that it aims at. */
    targetCPUUtilizationPercentage?: number
    /** How fast it scales, as in Kubernetes. */
    behavior?: {
      [key: string]: unknown
    } | null
  }
  /** The Service of this component. */
  service?: Service
}

type Job = Omit<Workload, 'name' | 'replicas' | 'strategy' | 'probes' | 'serviceAccount' | 'hostname' | 'subdomain' | 'revisionHistoryLimit' | 'progressDeadlineSeconds' | 'pdb' | 'autoscaling' | 'service' | 'ttlSecondsAfterFinished'> & {
  /** Not possible, as GitOps controllers would create the deleted Job again and again. */
  ttlSecondsAfterFinished?: number | null
}

type RepeatableJob = Omit<Job, 'generation'> & {
  /** Change it to run the Job again, for example after one that failed for good. */
  generation?: number | string
}

type KeyRef = {
  /** The object's name. */
  name: NeededName
  /** The key in it. */
  key: string
  /** Whether the pod starts without it. */
  optional?: boolean
}

type EnvSource = {
  /** The object's name. */
  name: NeededName
  /** Whether the pod starts without it. */
  optional?: boolean
}

type EnvFrom = readonly ({
  /** A ConfigMap. */
  configMapRef?: EnvSource
  /** A Secret. */
  secretRef?: EnvSource
  /** What comes before every name. */
  prefix?: string
})[]

type Quantities = {
  [key: string]: Quantity
} | null

type Volumes = readonly ({
  /** The volume's name. */
  name: string
  [key: string]: unknown
})[] | null

type Containers = readonly ({
  /** The container's name. */
  name: string
  /** The whole reference of its image. */
  image: string
  [key: string]: unknown
})[] | null
