import type * as apps from 'kubernetes-types/apps/v1.d.ts'
import type * as autoscaling from 'kubernetes-types/autoscaling/v2.d.ts'
import type * as batch from 'kubernetes-types/batch/v1.d.ts'
import type * as core from 'kubernetes-types/core/v1.d.ts'
import type * as meta from 'kubernetes-types/meta/v1.d.ts'
import type * as networking from 'kubernetes-types/networking/v1.d.ts'
import type * as policy from 'kubernetes-types/policy/v1.d.ts'
import type * as rbac from 'kubernetes-types/rbac/v1.d.ts'
import type * as scheduling from 'kubernetes-types/scheduling/v1.d.ts'
import type * as storage from 'kubernetes-types/storage/v1.d.ts'

/** The kinds whose fields `tsc` knows. Other kinds come back as `Manifest`. */
export interface KindMap {
  ClusterRole: rbac.ClusterRole
  ClusterRoleBinding: rbac.ClusterRoleBinding
  ConfigMap: core.ConfigMap
  CronJob: batch.CronJob
  DaemonSet: apps.DaemonSet
  Deployment: apps.Deployment
  HorizontalPodAutoscaler: autoscaling.HorizontalPodAutoscaler
  Ingress: networking.Ingress
  Job: batch.Job
  Namespace: core.Namespace
  NetworkPolicy: networking.NetworkPolicy
  PersistentVolume: core.PersistentVolume
  PersistentVolumeClaim: core.PersistentVolumeClaim
  Pod: core.Pod
  PodDisruptionBudget: policy.PodDisruptionBudget
  PriorityClass: scheduling.PriorityClass
  ReplicaSet: apps.ReplicaSet
  Role: rbac.Role
  RoleBinding: rbac.RoleBinding
  Secret: core.Secret
  Service: core.Service
  ServiceAccount: core.ServiceAccount
  StatefulSet: apps.StatefulSet
  StorageClass: storage.StorageClass
}

/** What every rendered object has, and what loading has already checked. */
export interface ObjectBase {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: meta.ObjectMeta & { readonly name: string }
  /** The template that made the object, e.g. `demo/templates/web/service.yaml`. Not enumerable. */
  readonly source: string
}

/** Any rendered object, of a kind that `KindMap` need not know. */
export type Manifest = ObjectBase & { readonly [key: string]: unknown }

/** The type of an object of this kind. */
export type ObjectOf<K extends string> = K extends keyof KindMap
  ? Omit<KindMap[K], 'apiVersion' | 'kind' | 'metadata'> & ObjectBase
  : Manifest

/** One defect that a check found. */
export interface Problem {
  /** The check's name, e.g. `reference-exists`. */
  readonly rule: string
  /** `Kind/name`. */
  readonly object: string
  /** Where in the object, e.g. `spec.template.spec.volumes[0]`. */
  readonly path?: string
  readonly message: string
}

/** What Helm's hook annotations on an object say. */
export interface Hook {
  readonly phases: readonly string[]
  readonly weight: number
  readonly deletePolicies: readonly string[]
}

/** A pod template (or a bare Pod) and the object that owns it. */
export interface PodView {
  readonly owner: Manifest
  readonly spec: core.PodSpec
  readonly metadata: meta.ObjectMeta
  /** The path of `spec` in the owner, e.g. `spec.template.spec`. */
  readonly path: string
  readonly hook?: Hook
}

/** `sidecar` is an init container with `restartPolicy: Always`. */
export type ContainerRole = 'init' | 'sidecar' | 'main'

/** A container, its pod and the object that owns the pod. */
export interface ContainerView {
  readonly owner: Manifest
  readonly pod: PodView
  readonly container: core.Container
  readonly role: ContainerRole
  /** The path of the container in the owner. */
  readonly path: string
}
