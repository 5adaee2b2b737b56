package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/fieldsync/fieldsync/models"
)

// PhotoFolder is a PhotoStore in a folder: for each photo a folder with its id, in which original, preview and known lie. A
// photo appears by the renaming of its folder, when all of it is on the disk, so that a power cut leaves all or nothing.
type PhotoFolder struct{ path string }

// The files of a photo.
const (
	originalFile = "original"
	previewFile  = "preview"
	knownFile    = "known"
	newPhoto     = ".taking-" // what the name of a folder begins with that is not whole
)

// OpenPhotoFolder opens the store in a folder, which is made if it is not there. One process at a time.
func OpenPhotoFolder(path string) (*PhotoFolder, error) {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), newPhoto) {
			if err := os.RemoveAll(filepath.Join(path, e.Name())); err != nil {
				return nil, err
			}
		}
	}
	return &PhotoFolder{path}, syncDir(filepath.Dir(path))
}

// in returns the path of a photo's file. Ids are the client's own, but a folder may have been copied from anywhere.
func (f *PhotoFolder) in(id, file string) string {
	return filepath.Join(f.path, filepath.Base(id), file)
}

// Keep writes a photo and syncs.
func (f *PhotoFolder) Keep(p KeptPhoto, original, preview []byte) error {
	known, err := json.Marshal(p)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp(f.path, newPhoto)
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) // does nothing after the rename
	for name, raw := range map[string][]byte{originalFile: original, previewFile: preview, knownFile: known} {
		if err := writeSynced(filepath.Join(dir, name), raw); err != nil {
			return err
		}
	}
	if err := syncDir(dir); err != nil {
		return err
	}
	if err := os.Rename(dir, f.in(p.ID, "")); err != nil {
		return err
	}
	return syncDir(f.path)
}

func writeSynced(path string, raw []byte) error {
	w, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = w.Write(raw)
	return errors.Join(err, w.Sync(), w.Close())
}

// Kept reads what is known of all photos.
func (f *PhotoFolder) Kept() ([]KeptPhoto, error) {
	entries, err := os.ReadDir(f.path)
	if err != nil {
		return nil, err
	}
	var list []KeptPhoto
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") {
			continue
		}
		raw, err := os.ReadFile(f.in(e.Name(), knownFile))
		if err != nil {
			return nil, err
		}
		var p KeptPhoto
		if err := json.Unmarshal(raw, &p); err != nil {
			return nil, fmt.Errorf("client: %s: %w", f.in(e.Name(), knownFile), err)
		}
		list = append(list, p)
	}
	return byAge(list), nil
}

// Mark writes what is known anew and syncs.
func (f *PhotoFolder) Mark(p KeptPhoto) error {
	raw, err := json.Marshal(p)
	if err != nil {
		return err
	}
	if _, err := os.Stat(f.in(p.ID, knownFile)); err != nil {
		return errors.Join(errNoPhoto, err)
	}
	return writeDurably(f.in(p.ID, knownFile), raw)
}

// Read reads a block.
func (f *PhotoFolder) Read(id string, n int64) ([]byte, error) {
	r, err := os.Open(f.in(id, originalFile))
	if err != nil {
		return nil, errors.Join(errNoPhoto, err)
	}
	defer r.Close()
	block := make([]byte, models.PhotoUnit)
	got, err := r.ReadAt(block, n*models.PhotoUnit)
	if err == io.EOF && got > 0 {
		err = nil
	}
	return block[:got], err
}

// Preview reads a preview.
func (f *PhotoFolder) Preview(id string) ([]byte, error) { return os.ReadFile(f.in(id, previewFile)) }

// Drop deletes an original.
func (f *PhotoFolder) Drop(id string) error {
	err := os.Remove(f.in(id, originalFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return errors.Join(err, syncDir(f.in(id, "")))
}
