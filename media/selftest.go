package media

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/fieldsync/fieldsync/internal/problem"
)

// SelfTest tries a store as it is used, under keys of its own that it removes, and returns a sentence for each thing that
// it promises and does not do. An error means that it cannot be used at all, or does not answer.
func SelfTest(ctx context.Context, b Blobs) (lacks []string, err error) {
	t := &selfTest{ctx: ctx, b: b, prefix: "selftest/" + strings.ToLower(rand.Text()) + "/"}
	defer func() { // whatever came of it
		ctx := context.WithoutCancel(ctx)
		for _, name := range []string{"a", "a-b", "c/d", "wrong"} {
			_ = b.Delete(ctx, t.prefix+name)
		}
	}()
	for _, step := range []func() error{t.write, t.again, t.wrong, t.ranges, t.list, t.remove} {
		if err := step(); err != nil {
			return t.lacks, err
		}
	}
	return t.lacks, nil
}

type selfTest struct {
	ctx    context.Context
	b      Blobs
	prefix string
	data   []byte
	lacks  []string
}

func (t *selfTest) lack(format string, a ...any) {
	t.lacks = append(t.lacks, fmt.Sprintf(format, a...))
}

func (t *selfTest) put(name string, data []byte, sum [32]byte) (bool, error) {
	return t.b.Put(t.ctx, t.prefix+name, bytes.NewReader(data), int64(len(data)), sum)
}

func (t *selfTest) get(name string, from, n int64) ([]byte, error) {
	r, err := t.b.Get(t.ctx, t.prefix+name, from, n)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(io.LimitReader(r, 1<<20))
}

func (t *selfTest) write() error {
	t.data = make([]byte, 10_000)
	rand.Read(t.data)
	for _, name := range []string{"a", "c/d", "a-b"} {
		created, err := t.put(name, t.data, sha256.Sum256(t.data))
		if err != nil {
			return err
		}
		if !created {
			t.lack("The store says that a new key was there already.")
		}
	}
	got, err := t.get("a", 0, -1)
	if err == nil && !bytes.Equal(got, t.data) {
		t.lack("The store gives back other bytes than were put.")
	}
	return err
}

func (t *selfTest) again() error {
	other := []byte("other bytes")
	created, err := t.put("a", other, sha256.Sum256(other))
	if err != nil {
		t.lack("The store does not take a key that is there in silence: %s.", problem.CodeOf(err))
	} else if created {
		t.lack("The store puts over a key that is there: it does not honour If-None-Match.")
	}
	got, err := t.get("a", 0, -1)
	if err == nil && !bytes.Equal(got, t.data) {
		t.lack("What is stored can be overwritten.")
	}
	return err
}

func (t *selfTest) wrong() error {
	_, err := t.put("wrong", t.data, [32]byte{1})
	if problem.CodeOf(err) == problem.Unavailable {
		return err
	}
	if problem.CodeOf(err) != problem.BadDigest {
		t.lack("The store takes bytes that do not have the SHA-256 that was sent with them.")
	}
	switch _, err := t.b.Stat(t.ctx, t.prefix+"wrong"); {
	case err == nil:
		t.lack("The store keeps bytes that it should have refused.")
	case problem.CodeOf(err) != problem.NotFound:
		return err
	}
	return nil
}

func (t *selfTest) ranges() error {
	for _, c := range [][4]int64{{100, 50, 100, 150}, {9_990, 50, 9_990, 10_000}, {0, 1, 0, 1}} {
		got, err := t.get("c/d", c[0], c[1])
		if err != nil {
			return err
		}
		if !bytes.Equal(got, t.data[c[2]:c[3]]) {
			t.lack("The store does not give %d bytes from %d on: ranges do not work.", c[1], c[0])
			return nil
		}
	}
	return nil
}

func (t *selfTest) list() error {
	var keys []string
	err := t.b.List(t.ctx, t.prefix, func(i BlobInfo) bool {
		keys = append(keys, strings.TrimPrefix(i.Key, t.prefix))
		if i.Size != int64(len(t.data)) {
			t.lack("The store lists a size of %d for %d bytes.", i.Size, len(t.data))
		}
		return true
	})
	if want := []string{"a", "a-b", "c/d"}; err == nil && !slices.Equal(keys, want) && !slices.Contains(keys, "wrong") {
		t.lack("The store lists %q, and should list %q.", keys, want)
	}
	return err
}

func (t *selfTest) remove() error {
	if err := t.b.Delete(t.ctx, t.prefix+"a"); err != nil {
		return err
	}
	if err := t.b.Delete(t.ctx, t.prefix+"a"); err != nil {
		t.lack("The store makes trouble about deleting what is deleted: %s.", problem.CodeOf(err))
	}
	switch _, err := t.b.Stat(t.ctx, t.prefix+"a"); {
	case err == nil:
		t.lack("The store still has what was deleted.")
	case problem.CodeOf(err) != problem.NotFound:
		return err
	}
	return nil
}
