package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

const provisioner = "lab/volumes"

type class struct {
	Metadata    meta
	Provisioner string
	Parameters  map[string]string
	BindingMode string `json:"volumeBindingMode"`
	Reclaim     string `json:"reclaimPolicy"`
}

type claim struct {
	Metadata meta
	Spec     struct {
		AccessModes []string
		VolumeName  string
		Class       string `json:"storageClassName"`
		Resources   struct{ Requests map[string]string }
	}
}

// provision makes a volume for every claim that waits for one.
func (c *Controller) provision() error {
	classes, err := get[class](&c.API, "/apis/storage.k8s.io/v1/storageclasses")
	if err != nil {
		return err
	}
	claims, err := get[claim](&c.API, "/api/v1/persistentvolumeclaims")
	if err != nil {
		return err
	}
	for _, p := range claims {
		i := slices.IndexFunc(classes, func(k class) bool {
			return k.Metadata.Name == p.Spec.Class && k.Provisioner == provisioner
		})
		if p.Spec.VolumeName != "" || i < 0 || c.refused[p.Metadata.UID] {
			continue
		}
		k := classes[i]
		waits := k.BindingMode == "WaitForFirstConsumer"
		if waits && p.Metadata.Annotations["volume.kubernetes.io/selected-node"] == "" {
			continue
		}
		shared := k.Parameters["shared"] == "true"
		if !shared && (slices.Contains(p.Spec.AccessModes, "ReadWriteMany") || slices.Contains(p.Spec.AccessModes, "ReadOnlyMany")) {
			c.refused[p.Metadata.UID] = true
			c.refuse(p, "the class "+k.Metadata.Name+" has no ReadWriteMany volumes; use the class shared")
			continue
		}
		if err := c.create(p, k, shared); err != nil && !strings.Contains(err.Error(), "409") {
			return err
		}
	}
	return nil
}

func (c *Controller) create(p claim, k class, shared bool) error {
	name := "pvc-" + p.Metadata.UID
	dir := filepath.Join(c.Volumes, fmt.Sprintf("%s_%s_%s", name, p.Metadata.Namespace, p.Metadata.Name))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	spec := map[string]any{
		"capacity":                      p.Spec.Resources.Requests,
		"accessModes":                   p.Spec.AccessModes,
		"persistentVolumeReclaimPolicy": k.Reclaim,
		"storageClassName":              k.Metadata.Name,
		"claimRef": map[string]any{"apiVersion": "v1", "kind": "PersistentVolumeClaim",
			"name": p.Metadata.Name, "namespace": p.Metadata.Namespace, "uid": p.Metadata.UID},
	}
	// A local volume belongs to root until the kubelet applies fsGroup, like a disk.
	// A hostPath volume ignores fsGroup and may be written by all, like most NFS exports.
	if shared {
		if err := os.Chmod(dir, 0o777); err != nil {
			return err
		}
		spec["hostPath"] = map[string]any{"path": dir}
	} else {
		spec["local"] = map[string]any{"path": dir}
		spec["nodeAffinity"] = map[string]any{"required": map[string]any{"nodeSelectorTerms": []any{
			map[string]any{"matchExpressions": []any{map[string]any{
				"key": "kubernetes.io/hostname", "operator": "In", "values": []string{c.Node}}}}}}}
	}
	return c.API.do(http.MethodPost, "/api/v1/persistentvolumes", map[string]any{
		"apiVersion": "v1", "kind": "PersistentVolume", "spec": spec,
		"metadata": meta{Name: name, Annotations: map[string]string{
			"pv.kubernetes.io/provisioned-by": provisioner, "lab/directory": dir}},
	}, nil)
}

func (c *Controller) refuse(p claim, message string) {
	now := time.Now().UTC().Format(time.RFC3339)
	_ = c.API.do(http.MethodPost, "/api/v1/namespaces/"+p.Metadata.Namespace+"/events", map[string]any{
		"apiVersion": "v1", "kind": "Event", "type": "Warning", "reason": "ProvisioningFailed", "message": message,
		"metadata":       meta{Name: p.Metadata.Name + "." + fmt.Sprintf("%x", time.Now().UnixNano()), Namespace: p.Metadata.Namespace},
		"involvedObject": map[string]any{"kind": "PersistentVolumeClaim", "name": p.Metadata.Name, "namespace": p.Metadata.Namespace, "uid": p.Metadata.UID},
		"source":         map[string]any{"component": provisioner}, "firstTimestamp": now, "lastTimestamp": now, "count": 1,
	}, nil)
}

type volume struct {
	Metadata meta
	Spec     struct {
		Reclaim string `json:"persistentVolumeReclaimPolicy"`
	}
	Status struct{ Phase string }
}

// reclaim deletes released volumes of this provisioner, with their data.
func (c *Controller) reclaim() error {
	volumes, err := get[volume](&c.API, "/api/v1/persistentvolumes")
	if err != nil {
		return err
	}
	for _, v := range volumes {
		dir := v.Metadata.Annotations["lab/directory"]
		ours := v.Metadata.Annotations["pv.kubernetes.io/provisioned-by"] == provisioner
		if !ours || v.Status.Phase != "Released" || v.Spec.Reclaim != "Delete" || filepath.Dir(dir) != c.Volumes {
			continue
		}
		if err := os.RemoveAll(dir); err != nil {
			return err
		}
		if err := c.API.do(http.MethodDelete, "/api/v1/persistentvolumes/"+v.Metadata.Name, nil, nil); err != nil {
			return err
		}
	}
	return nil
}
