package merge_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/changelog"
	"github.com/fieldsync/fieldsync/sync/merge"
	"pgregory.net/rapid"
)

// full returns a record that has something of everything.
func full(kind models.Kind) *merge.Record {
	r := &merge.Record{Scope: "c:u", Kind: kind, ID: "r"}
	w := func(log, seq int64, origin byte) *merge.Write {
		return &merge.Write{Log: log, Seq: seq, Origin: changelog.Hash{origin}, EffectiveMS: 1000 - log, AtMS: 5000,
			Officer: "甲", Device: "d", Lineage: &merge.Lineage{Log: log}, Late: log == 2}
	}
	r.Put(w(1, 0, 1), []changelog.Field{
		{Name: "title", Value: txt("3·15 \"a\"\n\u2028")}, {Name: "leaders", Value: num(-1 << 53)},
		{Name: "deleted", Value: yes(true)}, {Name: "place", Value: changelog.Value{Kind: changelog.Null}},
		{Name: "later", Value: changelog.Value{Kind: changelog.Other, Raw: []byte(`{"a":[1.5,null]}`)}},
	}, r.NextVersion(0))
	r.Put(w(2, 0, 2), []changelog.Field{{Name: "title", Value: txt("")}, {Name: "deleted", Value: yes(false)}}, r.NextVersion(0))
	r.Add(w(2, 1, 3), "complaints", 0)
	r.Add(w(2, 2, 4), "consultations", -5)
	for _, m := range []merge.Movement{
		{ID: "b", Move: models.MoveReceived, Quantity: 12_500, Event: "e", Note: "袋"},
		{ID: "a", Move: models.MoveDestroyed, Quantity: 20_000, Set: []byte(`{"method":"crushing"}`), Supervisors: 1},
	} {
		r.Move(w(3, m.Quantity, byte(m.Quantity)), m)
	}
	r.Decide(models.ReviewIssues, "照片不清", "office", 77, r.NextVersion(0))
	r.Comment("第二次", "office", 78, r.NextVersion(0))
	r.Judge(merge.Judged{Verdict: models.OneEvent, Scope: "c:u", ID: "first", Reason: "同一场"}, r.NextVersion(0))
	r.CountFor("v", r.NextVersion(0))
	r.Photo = merge.Upload{State: models.PhotoRefused, Reason: "truncated"}
	return r
}

// again encodes and decodes a record.
func again(t fatal, r *merge.Record) *merge.Record {
	out := &merge.Record{Scope: r.Scope, Kind: r.Kind, ID: r.ID, Version: r.Version, Seq: r.Seq}
	if err := out.Decode(r.Encode(nil)); err != nil {
		t.Fatalf("what was encoded cannot be decoded: %v", err)
	}
	return out
}

type fatal interface{ Fatalf(string, ...any) }

func roundTrip(t fatal, r *merge.Record) {
	b := r.Encode([]byte("before"))
	back := again(t, r)
	if !bytes.Equal(append([]byte("before"), back.Encode(nil)...), b) {
		t.Fatalf("the bytes changed on the way")
	}
	if a, b := told(r), told(back); a != b {
		t.Fatalf("the record changed on the way:\n%s\n\n%s", a, b)
	}
	for i := range r.Fields {
		for j := range r.Fields[i].Siblings {
			a, b := r.Fields[i].Siblings[j], back.Fields[i].Siblings[j]
			a.Value.Raw, b.Value.Raw = nil, nil // kept for Other alone, which told compares
			if !reflect.DeepEqual(a, b) {
				t.Fatalf("a sibling changed on the way:\n%+v\n%+v", a, b)
			}
		}
	}
	if !reflect.DeepEqual(append([]merge.Source{}, r.Sources...), append([]merge.Source{}, back.Sources...)) ||
		!reflect.DeepEqual(r.Review, back.Review) || r.Judged != back.Judged || r.Counts != back.Counts || r.Photo != back.Photo {
		t.Fatalf("the record changed on the way:\n%+v\n%+v", r, back)
	}
}

func TestStateRoundTrip(t *testing.T) {
	for _, kind := range []models.Kind{models.EventKind, models.LotKind, models.PhotoKind, models.SheetKind} {
		r := full(kind)
		roundTrip(t, r)
		roundTrip(t, &merge.Record{Kind: kind})
		if p := r.Public(nil); !json.Valid(p) {
			t.Errorf("%s: the public form is no JSON: %s", kind, p)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		h := drawHistory(t)
		r := h.play(h.drawOrder(t), ours)
		roundTrip(t, r)
		if p := r.Public([]byte(nil)); !json.Valid(p) {
			t.Fatalf("the public form is no JSON: %s", p)
		}
	})
}

// Merging goes on after a state was stored and read: nothing that merging needs is lost.
func TestMergingGoesOnFromStoredState(t *testing.T) {
	stored := rules{put: func(r *merge.Record, w *merge.Write, f []changelog.Field, v int64) {
		x := &merge.Record{Scope: r.Scope, Kind: r.Kind, ID: r.ID, Version: r.Version, Seq: r.Seq}
		if err := x.Decode(r.Encode(nil)); err != nil {
			panic(err)
		}
		x.Put(w, f, v)
		*r = *x
	}}
	rapid.Check(t, func(t *rapid.T) {
		h := drawHistory(t)
		o := h.drawOrder(t)
		if a, b := h.play(o, ours), h.play(o, stored); !bytes.Equal(a.Encode(nil), b.Encode(nil)) {
			t.Fatalf("a stored record merges otherwise:\n%s\n\n%s", told(a), told(b))
		}
	})
}

// FuzzState reads damaged states: no panic, no endless memory, and what can be read is written
// back as it was.
func FuzzState(f *testing.F) {
	for _, kind := range []models.Kind{models.EventKind, models.LotKind} {
		f.Add(full(kind).Encode(nil))
	}
	f.Add([]byte{})
	f.Add([]byte{1})
	f.Add([]byte{1, 0, 0, 0xfe, 0xff, 0xff, 0xff, 0x0f})
	f.Fuzz(func(t *testing.T, b []byte) {
		r := &merge.Record{Kind: models.EventKind}
		if r.Decode(b) != nil {
			return
		}
		once := r.Encode(nil)
		back := &merge.Record{Kind: models.EventKind}
		if err := back.Decode(once); err != nil {
			t.Fatalf("what was read cannot be written and read: %v", err)
		}
		if !bytes.Equal(back.Encode(nil), once) {
			t.Fatal("the bytes change each time")
		}
		for _, kind := range []models.Kind{models.EventKind, models.LotKind, models.PhotoKind, models.SheetKind} {
			r.Kind = kind
			r.Public(nil)
			r.Conflicts()
			r.Findings()
		}
	})
}
