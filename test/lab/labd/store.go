package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

const (
	manifestType = "application/vnd.oci.image.manifest.v1+json"
	configType   = "application/vnd.oci.image.config.v1+json"
	layerType    = "application/vnd.oci.image.layer.v1.tar"
)

// Store holds blobs by digest, and names that point to manifests.
type Store struct{ Dir string }

type descriptor struct {
	MediaType string `json:"mediaType"`
	Digest    string `json:"digest"`
	Size      int64  `json:"size"`
}

type manifest struct {
	SchemaVersion int          `json:"schemaVersion"`
	MediaType     string       `json:"mediaType"`
	Config        descriptor   `json:"config"`
	Layers        []descriptor `json:"layers"`
}

// BlobPath returns where the blob with this digest is, or would be.
func (s Store) BlobPath(digest string) string {
	return filepath.Join(s.Dir, "blobs", strings.ReplaceAll(digest, ":", "-"))
}

// Named returns the digest of the manifest that a name points to.
func (s Store) Named(name string) (string, error) {
	b, err := os.ReadFile(s.namePath(name))
	return strings.TrimSpace(string(b)), err
}

func (s Store) namePath(name string) string {
	return filepath.Join(s.Dir, "names", strings.ReplaceAll(name, "/", "%"))
}

// Pack stores an uncompressed image made of the given layer tarballs.
func (s Store) Pack(name, config string, layers []string) error {
	var section map[string]any
	if err := json.Unmarshal([]byte(config), &section); err != nil {
		return fmt.Errorf("config of %s: %w", name, err)
	}
	var stored []descriptor
	var diffIDs []string
	for _, layer := range layers {
		d, err := s.addFile(layer, layerType)
		if err != nil {
			return err
		}
		stored = append(stored, d)
		diffIDs = append(diffIDs, d.Digest)
	}
	image := map[string]any{
		"architecture": "amd64", "os": "linux", "created": "2000-01-01T00:00:00Z", "config": section,
		"rootfs": map[string]any{"type": "layers", "diff_ids": diffIDs},
	}
	b, err := json.Marshal(image)
	if err != nil {
		return err
	}
	return s.finish(name, b, stored)
}

func (s Store) finish(name string, config []byte, layers []descriptor) error {
	d, err := s.addBytes(config, configType)
	if err != nil {
		return err
	}
	b, err := json.Marshal(manifest{2, manifestType, d, layers})
	if err != nil {
		return err
	}
	m, err := s.addBytes(b, manifestType)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(s.Dir, "names"), 0o755); err != nil {
		return err
	}
	fmt.Printf("%s %s\n", name, m.Digest)
	return os.WriteFile(s.namePath(name), []byte(m.Digest+"\n"), 0o644)
}

func (s Store) addFile(path, mediaType string) (descriptor, error) {
	f, err := os.Open(path)
	if err != nil {
		return descriptor{}, err
	}
	defer f.Close()
	h := sha256.New()
	head := make([]byte, 2)
	n, err := io.ReadFull(f, head)
	if err != nil {
		return descriptor{}, fmt.Errorf("%s: %w", path, err)
	}
	if head[0] == 0x1f && head[1] == 0x8b {
		mediaType += "+gzip"
	}
	h.Write(head[:n])
	rest, err := io.Copy(h, f)
	if err != nil {
		return descriptor{}, err
	}
	d := descriptor{mediaType, "sha256:" + hex.EncodeToString(h.Sum(nil)), int64(n) + rest}
	target := s.BlobPath(d.Digest)
	if _, err := os.Stat(target); err == nil {
		return d, nil
	}
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return d, err
	}
	if os.Link(path, target) == nil {
		return d, nil
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return d, err
	}
	return d, write(target, f)
}

func (s Store) addBytes(b []byte, mediaType string) (descriptor, error) {
	sum := sha256.Sum256(b)
	d := descriptor{mediaType, "sha256:" + hex.EncodeToString(sum[:]), int64(len(b))}
	if err := os.MkdirAll(filepath.Join(s.Dir, "blobs"), 0o755); err != nil {
		return d, err
	}
	return d, os.WriteFile(s.BlobPath(d.Digest), b, 0o644)
}

func write(path string, from io.Reader) error {
	out, err := os.Create(path)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, from); err != nil {
		out.Close()
		return err
	}
	return out.Close()
}
