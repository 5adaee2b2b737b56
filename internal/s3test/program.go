package s3test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// A Program is one of the servers.
type Program string

// The programs that tests run against.
const (
	MinIO   Program = "minio"
	Versity Program = "versitygw"
)

// Programs are all of them.
var Programs = []Program{MinIO, Versity}

// A recipe says how a program is had: which module at which version, and what in it is the command.
type recipe struct {
	command, version string
	name             string // of the version, short, for the folder
}

// The last MinIO whose source is open has no release of its own: its version is that of a commit.
var recipes = map[Program]recipe{
	MinIO:   {"github.com/minio/minio", "v0.0.0-20260212201848-7aac2a2c5b7c", "7aac2a2c5b7c"},
	Versity: {"github.com/versity/versitygw/cmd/versitygw", "v1.8.0", "1.8.0"},
}

// ErrMissing says that a program has not been built here.
var ErrMissing = errors.New("the object store for tests is missing (go run ./internal/s3test/withs3 true builds it, once)")

// folder is where the program lies: outside the repository, since it is no part of it and other clones can use it.
func (p Program) folder() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(cache, "fieldsync", string(p)+"-"+recipes[p].name), nil
}

// Path returns the built program, or ErrMissing.
func (p Program) Path() (string, error) {
	dir, err := p.folder()
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, string(p))
	if _, err := exec.LookPath(path); err != nil {
		return "", fmt.Errorf("%v: %w", p, ErrMissing)
	}
	return path, nil
}

// Install builds the program unless it is there: minutes for MinIO, and nothing the next time. It is built beside its place
// and moved there when it is whole, so that nobody runs half of it, however many install at once.
func Install(ctx context.Context, p Program) error {
	if _, err := p.Path(); err == nil {
		return nil
	}
	dir, err := p.folder()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	beside, err := os.MkdirTemp(dir, "building-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(beside)
	r := recipes[p]
	// Not in the repository, and with no flags of it: this is another module with its own requirements.
	cmd := exec.CommandContext(ctx, "go", "install", "-trimpath", "-ldflags=-s -w", r.command+"@"+r.version)
	cmd.Dir = beside
	cmd.Env = append(os.Environ(), "GOBIN="+beside, "GOFLAGS=", "GOWORK=off", "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("go install %s@%s: %w: %s", r.command, r.version, err, tail(string(out)))
	}
	return os.Rename(filepath.Join(beside, string(p)), filepath.Join(dir, string(p)))
}

// tail returns the last lines of a program's output, for an error.
func tail(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-8):], "\n")
}
