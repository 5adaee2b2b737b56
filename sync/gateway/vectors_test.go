package gateway_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"encoding/base64"
	"encoding/json"
	"os"
	"testing"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/internal/store"
	"github.com/fieldsync/fieldsync/internal/store/storetest"
	"github.com/fieldsync/fieldsync/sync/changelog"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

// vectors are the protocol's golden batches; the phones' implementation reads the same file.
type vectors struct {
	Device    string
	PublicKey jwk `json:"public_key"`
	Guest     struct {
		Device    string
		PublicKey jwk `json:"public_key"`
	}
	Batches map[string]struct {
		Header json.RawMessage
		Lines  []string
	}
}

type jwk struct{ X, Y string }

func (k jwk) key(t *testing.T) *ecdsa.PublicKey {
	t.Helper()
	point := []byte{4} // uncompressed
	for _, part := range []string{k.X, k.Y} {
		b, err := base64.RawURLEncoding.DecodeString(part)
		if err != nil {
			t.Fatal(err)
		}
		point = append(point, b...)
	}
	key, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func readVectors(t *testing.T) *vectors {
	t.Helper()
	b, err := os.ReadFile("../changelog/testdata/push.json")
	if err != nil {
		t.Fatal(err)
	}
	var v vectors
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	return &v
}

func (v *vectors) batch(t *testing.T, name string) *changelog.Batch {
	t.Helper()
	b := v.Batches[name]
	var compact json.RawMessage
	var any map[string]any
	if err := json.Unmarshal(b.Header, &any); err != nil {
		t.Fatal(err)
	}
	compact, _ = json.Marshal(any)
	body := append(compact, '\n')
	for _, l := range b.Lines {
		body = append(append(body, l...), '\n')
	}
	p, err := changelog.ParseBatch(body)
	if err != nil {
		t.Fatal(name, err)
	}
	return p
}

// TestVectors sends the protocol's batches in the orders it names and compares what it promises.
func TestVectors(t *testing.T) {
	v := readVectors(t)
	type step struct {
		send     string
		next     int64
		code     problem.Code
		verdicts map[int64]string // seq → status code
	}
	whole := map[string][2]int64{"consultations": {1, 1}, "materials_handed_out": {20, 2}, "gala_cctv": {0, 1},
		"leaders_attending": {2, 1}, "staff_dispatched": {6, 1}, "complaints": {0, 0}}
	moved := map[string][2]int64{"consultations": {8, 2}, "complaints": {2, 1}, "materials_handed_out": {20, 2}}
	cases := []struct {
		name  string
		steps []step
		rows  map[string][2]int64
	}{
		{"whole", []step{{send: "whole", next: 10}}, whole},
		{"the same twice", []step{{send: "first_three", next: 3}, {send: "first_three", next: 3}},
			map[string][2]int64{"consultations": {1, 1}, "materials_handed_out": {25, 1}}},
		{"overlap", []step{{send: "first_three", next: 3}, {send: "overlap_two_to_six", next: 6}, {send: "rest_from_three", next: 10}}, whole},
		{"gap", []step{{send: "rest_from_three", next: 0, code: problem.Gap}}, map[string][2]int64{"consultations": {0, 0}}},
		{"empty report", []step{{send: "whole", next: 10}, {send: "empty_tail_report", next: 10}}, whole},
		{"fork", []step{{send: "whole", next: 10}, {send: "twin_in_old_epoch", next: 10, code: problem.Fork}}, whole},
		{"moved once", []step{{send: "whole", next: 10}, {send: "twin_in_old_epoch", next: 10, code: problem.Fork},
			{send: "twin_moved", next: 2}, {send: "twin_moved", next: 2}}, moved},
		{"twin first", []step{{send: "twin_in_old_epoch", next: 7},
			{send: "twin_moved", next: 2, verdicts: map[int64]string{0: "duplicate ", 1: "duplicate "}}},
			map[string][2]int64{"consultations": {8, 2}, "complaints": {2, 1}}},
		{"guest", []step{
			{send: "guest", next: 2, verdicts: map[int64]string{0: "held unknown_event", 1: "held unknown_event"}},
			{send: "whole", next: 10},
			{send: "guest", next: 2, verdicts: map[int64]string{1: "held no_right"}}},
			map[string][2]int64{"consultations": {4, 2}}},
	}
	storetest.Each(t, func(t *testing.T, _ *store.DB) {
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				db := storetest.SQLite(t)
				if t.Name()[len("TestVectors/"):][0] == 'p' {
					db = storetest.Postgres(t)
				}
				w := newWorld(t, db)
				w.now = 1647316970000
				w.enrol(v.Device, officerA, v.PublicKey.key(t))
				w.enrol(v.Guest.Device, officerB, v.Guest.PublicKey.key(t))
				for _, s := range c.steps {
					b := v.batch(t, s.send)
					a, err := w.g.Push(t.Context(), b.Header.Device, b)
					if problem.CodeOf(err) != s.code {
						t.Fatalf("%s: %v, want code %q", s.send, err, s.code)
					}
					if err != nil {
						checkRefusal(t, err, s.send, s.next)
						continue
					}
					checkAnswer(t, s.send, a, s.next, s.verdicts)
				}
				for code, want := range c.rows {
					w.want(unitA, code, want[0], want[1])
				}
			})
		}
	})
}

func checkRefusal(t *testing.T, err error, name string, next int64) {
	t.Helper()
	p := err.(*problem.Error)
	if p.Fields["next"] != next {
		t.Errorf("%s: next %v, want %d", name, p.Fields["next"], next)
	}
	if p.Code == problem.Fork && p.Fields["at"] != int64(5) {
		t.Errorf("%s: at %v, want 5", name, p.Fields["at"])
	}
}

func checkAnswer(t *testing.T, name string, a *gateway.Answer, next int64, verdicts map[int64]string) {
	t.Helper()
	if a.Next != next {
		t.Errorf("%s: next %d, want %d", name, a.Next, next)
	}
	got := map[int64]string{}
	for _, x := range a.Verdicts {
		got[x.Seq] = x.Status + " " + string(x.Code)
	}
	if len(got) != len(verdicts) {
		t.Errorf("%s: verdicts %v, want %v", name, got, verdicts)
	}
	for seq, want := range verdicts {
		if got[seq] != want {
			t.Errorf("%s: verdict of %d is %q, want %q", name, seq, got[seq], want)
		}
	}
}
