package simtest

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/fieldsync/fieldsync/mobile-api/client"
	"github.com/fieldsync/fieldsync/models"
)

func (p place) String() string { return fmt.Sprintf("%s/%s/%d", p.device, p.epoch, p.seq) }

// check compares what the office and the phones have with the oracle, and the phones with each
// other.
func (s *sim) check(ctx context.Context) error {
	if err := s.checkTotals(ctx); err != nil {
		return err
	}
	fresh, err := s.freshPulls(ctx)
	if err != nil {
		return err
	}
	for _, u := range s.cfg.World.Units {
		s.checkRecords(s.scopeOf(u.ID), fresh[s.byUnit[u.ID][0]].Records())
	}
	for p, f := range fresh {
		s.comparePictures(p, p.c.Records(), f.Records())
		s.checkHeads(p, f.Heads())
		s.checkFeed(p, f)
	}
	if err := s.checkPhotos(ctx); err != nil {
		return err
	}
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	for _, f := range s.faults.wanted {
		if s.faults.n[f] == 0 {
			_ = s.found(wrong, "the fault %s never happened", f)
		}
	}
	return nil
}

// checkTotals compares every cell of the office's table, blank ones included.
func (s *sim) checkTotals(ctx context.Context) error {
	list, err := s.cfg.Backstage.Totals(ctx)
	if err != nil {
		return err
	}
	got := map[cell]amount{}
	for _, c := range list {
		if c.Template == tableA {
			at := cell{c.Unit, c.Row}
			got[at] = amount{got[at].value + c.Reported, got[at].n + c.ReportedN}
		}
	}
	all := map[cell]bool{}
	for at := range got {
		all[at] = true
	}
	for at := range s.oracle.cells {
		all[at] = true
	}
	for at := range all {
		want := s.oracle.cells[at]
		want.value += s.before[at].value
		want.n += s.before[at].n
		name := "the total of " + at.row + " for unit " + at.unit
		s.differs(name, want.value, got[at].value)
		if want.value == got[at].value {
			s.differs("the number of entries in "+name, want.n, got[at].n)
		}
	}
	return nil
}

// freshPulls pulls everything anew for every phone: what their many small pulls must have come to.
func (s *sim) freshPulls(ctx context.Context) (map[*phone]*client.Client, error) {
	phones := append(s.everybody(), s.readers...)
	list := make([]*client.Client, len(phones))
	err := parallel(ctx, s.cfg.Workers, len(phones), func(ctx context.Context, i int) error {
		p := phones[i]
		store := client.NewMemory()
		if err := store.Note(client.Note{Identity: p.c.Identity()}); err != nil {
			return err
		}
		q := &phone{s: s, no: p.no, server: p.server, key: p.key, store: store, wire: &wire{s: s}}
		if err := q.open(); err != nil {
			return err
		}
		list[i] = q.c
		return q.pull(ctx)
	})
	if err != nil {
		return nil, err
	}
	fresh := map[*phone]*client.Client{}
	for i, p := range phones {
		fresh[p] = list[i]
	}
	return fresh, nil
}

// checkRecords compares the records of a scope with the oracle's: no other, none missing, each
// with what it must hold.
func (s *sim) checkRecords(scope string, got map[client.Key]client.Record) {
	want := map[ref]bool{}
	for r := range s.oracle.events {
		want[r] = true
	}
	for r := range s.oracle.lots {
		want[r] = true
	}
	for r := range s.oracle.others {
		want[r] = true
	}
	for k, rec := range got {
		r := ref{k.Scope, string(k.Kind), k.ID}
		if k.Scope != scope || s.had[r] {
			continue
		}
		if !want[r] {
			_ = s.found(doubled, "there is %s %s in %s, which nobody wrote", r.kind, r.id, r.scope)
			continue
		}
		s.compareRecord(r, rec)
	}
	for r := range want {
		if _, ok := got[client.Key{Scope: r.scope, Kind: models.Kind(r.kind), ID: r.id}]; r.scope == scope && !ok {
			_ = s.found(lost, "%s %s is missing in %s", r.kind, r.id, r.scope)
		}
	}
}

// comparePictures compares what a phone has gathered with a fresh pull. A settled line of its own
// may be a tombstone on one side and nothing on the other.
func (s *sim) comparePictures(p *phone, has, fresh map[client.Key]client.Record) {
	settled := func(k client.Key, r client.Record) bool { return k.Kind == models.HeldKind && r.Deleted }
	for k, want := range fresh {
		got, ok := has[k]
		switch {
		case !ok && !settled(k, want):
			_ = s.found(lost, "%s has missed %s %s (scope seq %d)", p, k.Kind, k.ID, want.Seq)
		case ok && (got.Seq != want.Seq || got.Version != want.Version || got.Deleted != want.Deleted || !bytes.Equal(got.Data, want.Data)):
			_ = s.found(lost, "%s has missed a change of %s %s: it has scope seq %d, the server %d", p, k.Kind, k.ID, got.Seq, want.Seq)
		}
	}
	for k, got := range has {
		if _, ok := fresh[k]; !ok && !settled(k, got) {
			_ = s.found(wrong, "%s has %s %s, which a fresh pull does not bring", p, k.Kind, k.ID)
		}
	}
}

// checkHeads compares the phone's log with what the server says it has of it.
func (s *sim) checkHeads(p *phone, heads map[string]int64) {
	logs := p.c.Logs()
	for i, l := range logs {
		switch got := heads[l.Epoch]; {
		case got < l.Next:
			_ = s.found(lost, "the server has %d lines of epoch %s of %s, which has %d", got, l.Epoch, p, l.Next)
		case got > l.Next && i == len(logs)-1 && p.no >= 0:
			_ = s.found(wrong, "the server has %d lines of epoch %s of %s, which has %d", got, l.Epoch, p, l.Next)
		}
	}
	for epoch, acked := range p.acked {
		if heads[epoch] < acked {
			_ = s.found(lost, "the server acknowledged %d lines of epoch %s of %s and has %d", acked, epoch, p, heads[epoch])
		}
	}
}

// checkFeed compares what the phone is told of its own lines: exactly the rejected ones are left.
func (s *sim) checkFeed(p *phone, fresh *client.Client) {
	device := p.c.Identity().Device
	told := map[place]string{}
	for _, w := range fresh.Waiting() {
		told[place{device, w.Epoch, w.Seq}] = w.Code
		if w.Status != models.Rejected.String() {
			_ = s.found(wrong, "%s is told that line %s/%d is %s (%s) at the end", p, w.Epoch, w.Seq, w.Status, w.Code)
		}
	}
	for at, code := range s.oracle.rejected {
		if at.device == device && told[at] != code {
			_ = s.found(wrong, "%s must be told that line %s is rejected as %s, it is told %q", p, at, code, told[at])
		}
	}
	for at, code := range told {
		if _, ok := s.oracle.rejected[at]; !ok {
			_ = s.found(lost, "%s is told that line %s is rejected as %s, which is a good one", p, at, code)
		}
	}
}

// keysOf returns the sorted union of the keys of two maps.
func keysOf[V, W any](a map[string]V, b map[string]W) []string {
	all := map[string]bool{}
	for k := range a {
		all[k] = true
	}
	for k := range b {
		all[k] = true
	}
	return slices.Sorted(maps.Keys(all))
}
