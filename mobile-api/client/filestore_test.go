package client_test

import (
	"crypto/ecdsa"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/fieldsync/fieldsync/mobile-api/client"
	"github.com/fieldsync/fieldsync/sync/changelog"
)

func mustKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := client.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestKeyFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "device.pem")
	made, err := client.LoadKey(path)
	if err != nil {
		t.Fatal(err)
	}
	again, err := client.LoadKey(path)
	if err != nil || !made.Equal(again) {
		t.Errorf("another key: %v", err)
	}
	if err := os.WriteFile(path, []byte("no key"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := client.LoadKey(path); err == nil {
		t.Error("a damaged key was replaced")
	}
}

// fill does to a store what a phone does.
func fill(t *testing.T, s client.Store) {
	t.Helper()
	steps := []func() error{
		func() error { return s.Begin(&client.Epoch{Device: "d", ID: "e1"}, client.Cut{}) },
		func() error { return s.Append([][]byte{[]byte("a"), []byte(""), []byte("\xff\x00")}) },
		func() error {
			return s.Note(client.Note{Identity: client.Identity{Device: "d"}, Acked: map[string]int64{"e1": 1}})
		},
		func() error {
			return s.Begin(&client.Epoch{Device: "d", ID: "e2", After: &changelog.After{Device: "d", Epoch: "e1", Seq: 1},
				Lines: [][]byte{[]byte("c")}}, client.Cut{Epoch: "e1", Keep: 2})
		},
		func() error { return s.Append([][]byte{[]byte("d")}) },
	}
	for i, step := range steps {
		if err := step(); err != nil {
			t.Fatalf("step %d: %v", i, err)
		}
	}
}

func TestStoresAgree(t *testing.T) {
	path := filepath.Join(t.TempDir(), "phone.log")
	file, err := client.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	memory := client.NewMemory()
	fill(t, file)
	fill(t, memory)
	want, err := memory.Load()
	if err != nil {
		t.Fatal(err)
	}
	if len(want.Epochs) != 2 || len(want.Epochs[0].Lines) != 2 || len(want.Epochs[1].Lines) != 2 {
		t.Errorf("the memory holds %+v", want)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := client.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if got, err := again.Load(); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("the file holds %+v, the memory %+v, %v", got, want, err)
	}
}

// TestTornFile cuts the file at every byte: what was saved before the last frame is there, and
// the file can be written on.
func TestTornFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "phone.log")
	file, err := client.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	fill(t, file)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for n := range whole {
		torn := filepath.Join(dir, "torn.log")
		if err := os.WriteFile(torn, whole[:n], 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := client.OpenFile(torn)
		if err != nil {
			t.Fatalf("cut at %d: %v", n, err)
		}
		saved, err := s.Load()
		if err != nil {
			t.Fatal(err)
		}
		if len(saved.Epochs) == 0 {
			_ = s.Close()
			continue
		}
		if err := s.Append([][]byte{[]byte("new")}); err != nil {
			t.Fatal(err)
		}
		_ = s.Close()
		again, err := client.OpenFile(torn)
		if err != nil {
			t.Fatal(err)
		}
		got, err := again.Load()
		if err != nil {
			t.Fatal(err)
		}
		lines := got.Epochs[len(got.Epochs)-1].Lines
		if string(lines[len(lines)-1]) != "new" {
			t.Errorf("cut at %d: the line written after is lost", n)
		}
		_ = again.Close()
	}
}
