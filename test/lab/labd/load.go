package main

import (
	"archive/tar"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Load stores every tagged image of a docker archive.
func (s Store) Load(archive string) error {
	dir, err := os.MkdirTemp(s.Dir, "load-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	files, err := unpack(archive, dir)
	if err != nil {
		return err
	}
	b, err := os.ReadFile(files["manifest.json"])
	if err != nil {
		return fmt.Errorf("%s has no manifest.json: it is not a docker archive", archive)
	}
	var images []struct {
		Config   string
		RepoTags []string
		Layers   []string
	}
	if err := json.Unmarshal(b, &images); err != nil {
		return err
	}
	for _, image := range images {
		config, err := os.ReadFile(files[image.Config])
		if err != nil {
			return fmt.Errorf("%s: %w", archive, err)
		}
		var layers []descriptor
		for _, layer := range image.Layers {
			d, err := s.addFile(files[layer], layerType)
			if err != nil {
				return fmt.Errorf("%s: layer %s: %w", archive, layer, err)
			}
			layers = append(layers, d)
		}
		for _, tag := range image.RepoTags {
			if err := s.finish(tag, config, layers); err != nil {
				return err
			}
		}
	}
	return nil
}

// unpack writes the regular files of a tarball to numbered files and returns them by name.
func unpack(archive, dir string) (map[string]string, error) {
	in, err := os.Open(archive)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	files := map[string]string{}
	for t := tar.NewReader(in); ; {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", archive, err)
		}
		switch h.Typeflag {
		case tar.TypeSymlink:
			files[h.Name] = files[filepath.Join(filepath.Dir(h.Name), h.Linkname)]
		case tar.TypeReg:
			path := filepath.Join(dir, fmt.Sprint(len(files)))
			if err := write(path, t); err != nil {
				return nil, err
			}
			files[h.Name] = path
		}
	}
	return files, nil
}
