package gateway

import (
	"bytes"
	"cmp"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"fmt"
	"slices"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/changelog"
	"github.com/fieldsync/fieldsync/sync/merge"
)

// VerifyTx is what verify reads beside the rest.
type VerifyTx interface {
	Logs() ([]models.Log, error)
	EntryTx
	Batches(log int64) ([]models.Batch, error)
	AllScopes() ([]models.Scope, error)
	// ScopeRecords lists the records of a scope with what is stored beside their state.
	ScopeRecords(scope int64) ([]StoredBytes, error)
	// EachTotal and EachUse call each for every stored sum of every campaign and rules version.
	EachTotal(each func(campaign string, rules int64, t TotalDelta)) error
	EachUse(each func(campaign string, rules int64, u UseDelta)) error
	Snapshots() ([]models.Snapshot, error)
	AllAssignments() ([]models.Assignment, error)
	Enrolments() ([]models.Enrolment, error)
	Devices() ([]models.Device, error) // the office's included
	// ScopeListings lists what lists know of the records of a scope.
	ScopeListings(scope int64) ([]models.Listing, error)
	CountListings() (int64, error)
	// AuditOf returns the audit trail of the lines [from, from+n) of a log.
	AuditOf(log, from, n int64) ([]models.AuditLine, error)
	CountAudit() (int64, error)
}

// StoredBytes is a record as its columns hold it.
type StoredBytes struct {
	Key                 Key
	Version, Seq        int64
	Deleted             bool
	Review              string
	State, Data, Counts []byte
}

// Difference is one thing that is not as the stored lines say.
type Difference struct {
	What  string // chain, signature, batch, log, line, scope, record, contributions, total, distinct, held, people, snapshot, rights, enrolment, device, listing, audit, photo
	Where string
	Text  string
}

func (d Difference) String() string { return d.What + " " + d.Where + ": " + d.Text }

// VerifyReport says what verify looked at and what it found.
type VerifyReport struct {
	Logs, Lines, Records, Totals int
	Differences                  []Difference
}

// maxDifferences bounds the report: after so many the rest says nothing new.
const maxDifferences = 1000

// Verify replays what is stored, on one snapshot: hash chains and signatures of all logs, the
// applied lines of each scope in their order onto empty records, the contributions of these and
// the totals. It compares each with what is stored, names every difference and changes nothing.
// progress is called from time to time with a sentence. Memory grows by 32 bytes a line.
func (g *Gateway) Verify(ctx context.Context, progress func(string)) (*VerifyReport, error) {
	v := &verifier{g: g, report: &VerifyReport{}, progress: progress, lineages: map[int64]*merge.Lineage{}}
	err := g.store.View(ctx, func(tx Tx) error {
		v.tx = tx
		for _, step := range []func() error{v.logs, v.held, v.scopes, v.totals, v.snapshots, v.rights, v.trail, v.photos} {
			if err := step(); err != nil {
				return err
			}
		}
		return nil
	})
	return v.report, err
}

type verifier struct {
	g        *Gateway
	tx       Tx
	report   *VerifyReport
	progress func(string)

	byNo     map[int64]*models.Log
	devices  map[string]*models.Device
	batches  map[int64][]models.Batch
	applied  []appliedLine
	heldAt   map[[2]int64]bool // lines whose status is held
	lineages map[int64]*merge.Lineage
	parents  map[int64]merge.Parent
	moved    map[int64]map[changelog.Hash][]merge.Place
	blocks   map[int64][]models.Line // log → the block of it that was read last
	sums     *sums
	frozen   map[string][]string // campaign → the hash signed at each freezing
	current  map[string]int64    // campaign → its rules version
	said     []said              // about people, in order
	grants   []said              // the same, from units' scopes
	listed   int64               // listings of units' scopes
	promises map[promise]bool    // that records make of originals
	told     map[promise]bool    // photo.stored lines by what they say; those without a scope name none
}

// appliedLine names an applied line by its place in its scope.
type appliedLine struct{ scope, seq, log, line int64 }

func (v *verifier) found(what, where, format string, a ...any) {
	if len(v.report.Differences) < maxDifferences {
		v.report.Differences = append(v.report.Differences, Difference{what, where, fmt.Sprintf(format, a...)})
	}
}

// logs checks every log: seqs without gaps, hash chain, signed batches over all lines, head.
func (v *verifier) logs() error {
	logs, err := v.tx.Logs()
	if err != nil {
		return err
	}
	v.byNo, v.devices = map[int64]*models.Log{}, map[string]*models.Device{}
	v.batches, v.heldAt = map[int64][]models.Batch{}, map[[2]int64]bool{}
	for i := range logs {
		l := &logs[i]
		v.byNo[l.No] = l
		if v.devices[l.Device] == nil {
			d, err := v.tx.Device(l.Device)
			if err != nil {
				return err
			}
			v.devices[l.Device] = d
		}
		if err := v.log(l); err != nil {
			return err
		}
		v.report.Logs++
		if i%100 == 99 {
			v.progress(fmt.Sprintf("logs: %d of %d, lines: %d", i+1, len(logs), v.report.Lines))
		}
	}
	return nil
}

func (v *verifier) log(l *models.Log) error {
	where := fmt.Sprintf("log %d (device %s, epoch %s)", l.No, l.Device, l.Epoch)
	h := changelog.Genesis(l.Device, l.Epoch)
	hashes := make([]changelog.Hash, 0, l.Next)
	for from := int64(0); from < l.Next; from += 1000 {
		lines, err := v.tx.Lines(l.No, from, 1000)
		if err != nil {
			return err
		}
		for i := range lines {
			x := &lines[i]
			if x.Seq != int64(len(hashes)) {
				v.found("log", where, "line %d is missing", len(hashes))
				return nil
			}
			h = changelog.Next(h, x.Raw)
			if !bytes.Equal(h[:], x.Hash) {
				v.found("chain", where, "line %d: its bytes do not give its hash", x.Seq)
				copy(h[:], x.Hash)
			}
			hashes = append(hashes, h)
			v.line(x)
		}
		if len(lines) == 0 {
			break
		}
	}
	if int64(len(hashes)) != l.Next {
		v.found("log", where, "it should have %d lines and has %d", l.Next, len(hashes))
	}
	if !bytes.Equal(l.Head, h[:]) {
		v.found("log", where, "its head is not the hash of its last line")
	}
	return v.signatures(l, where, hashes)
}

func (v *verifier) line(x *models.Line) {
	v.report.Lines++
	switch {
	case x.Status == models.Held:
		v.heldAt[[2]int64{x.Log, x.Seq}] = true
	case x.Status == models.Applied && x.Scope != 0:
		v.applied = append(v.applied, appliedLine{x.Scope, x.ScopeSeq, x.Log, x.Seq})
	case x.Status == models.Applied:
		if c, fault := changelog.ParseLine(x.Raw); fault != nil || c.Op != opClock {
			v.found("line", fmt.Sprintf("line %d.%d", x.Log, x.Seq), "it is applied, and to no scope")
		}
	}
}

// signatures checks that every line is covered by a batch that the log's key signed.
func (v *verifier) signatures(l *models.Log, where string, hashes []changelog.Hash) error {
	batches, err := v.tx.Batches(l.No)
	if err != nil {
		return err
	}
	v.batches[l.No] = batches
	var key *ecdsa.PublicKey
	if d := v.devices[l.Device]; d != nil {
		key, err = ecdsa.ParseUncompressedPublicKey(elliptic.P256(), d.PublicKey)
	}
	if key == nil || err != nil {
		v.found("signature", where, "its device has no readable key")
		return nil
	}
	covered := int64(0)
	for i := range batches {
		b := &batches[i]
		at := fmt.Sprintf("%s, batch from %d", where, b.First)
		h, err := changelog.ParseHeader(b.Header)
		if err != nil {
			v.found("signature", at, "its header cannot be read")
			continue
		}
		end := h.From + h.Count
		switch {
		case b.First != covered || h.From > b.First || end <= b.First || end > int64(len(hashes)):
			v.found("signature", at, "it does not cover the lines it came with")
		case h.Device != l.Device || h.Epoch != l.Epoch:
			v.found("signature", at, "it is of another log")
		case h.Tail != hashes[end-1]:
			v.found("signature", at, "what was signed is not the hash of line %d", end-1)
		case h.Verify(key) != nil:
			v.found("signature", at, "the signature is not the device's")
		}
		covered = end
		if b.OffsetMS != b.ReceiptMS-h.Wall {
			v.found("batch", at, "its offset is not its receipt less the phone's clock")
		}
	}
	if covered != int64(len(hashes)) {
		v.found("signature", where, "lines from %d on are not signed", covered)
	}
	return nil
}

// held compares the list of what waits with the lines' own state.
func (v *verifier) held() error {
	list, err := v.tx.Held(HeldQuery{})
	if err != nil {
		return err
	}
	for i := range list {
		k := [2]int64{list[i].Log, list[i].Seq}
		if !v.heldAt[k] {
			v.found("held", fmt.Sprintf("line %d.%d", k[0], k[1]), "it is listed as waiting and is not held")
		}
		delete(v.heldAt, k)
	}
	for k := range v.heldAt {
		v.found("held", fmt.Sprintf("line %d.%d", k[0], k[1]), "it is held and nothing waits for it")
	}
	return nil
}

// scopes replays each scope and compares its records and counter.
func (v *verifier) scopes() error {
	scopes, err := v.tx.AllScopes()
	if err != nil {
		return err
	}
	slices.SortFunc(v.applied, func(a, b appliedLine) int {
		return cmp.Or(cmp.Compare(a.scope, b.scope), cmp.Compare(a.seq, b.seq))
	})
	v.sums, v.current, v.frozen = newSums(), map[string]int64{}, map[string][]string{}
	done := 0
	for i := range scopes {
		s := &scopes[i]
		from, _ := slices.BinarySearchFunc(v.applied, s.No, func(a appliedLine, no int64) int { return cmp.Compare(a.scope, no) })
		to, _ := slices.BinarySearchFunc(v.applied, s.No+1, func(a appliedLine, no int64) int { return cmp.Compare(a.scope, no) })
		lines := v.applied[from:to]
		done += len(lines)
		switch {
		case s.Unit == models.OfficeScope && s.Campaign == "":
			v.order(s, lines)
			if err := v.people(lines); err != nil {
				return err
			}
		case s.Campaign != "":
			v.order(s, lines)
			if err := v.scope(s, lines); err != nil {
				return err
			}
		}
		v.progress(fmt.Sprintf("replayed %d of %d lines", done, len(v.applied)))
	}
	if done != len(v.applied) {
		v.found("line", "all", "%d lines are applied to scopes that do not exist", len(v.applied)-done)
	}
	return nil
}

// order checks that a scope's numbers are without gaps and doubles, up to its counter.
func (v *verifier) order(s *models.Scope, lines []appliedLine) {
	for i := range lines {
		if lines[i].seq != int64(i)+1 {
			v.found("scope", s.Name(), "number %d is missing or given twice", i+1)
			return
		}
	}
	if s.Seq != int64(len(lines)) {
		v.found("scope", s.Name(), "its counter is %d, its lines are %d", s.Seq, len(lines))
	}
}
