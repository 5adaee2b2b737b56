package gateway

import (
	"cmp"
	"errors"
	"slices"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/changelog"
	"github.com/fieldsync/fieldsync/sync/merge"
)

// work is one transaction's view of what it changes. Everything is read and locked in the order
// of the protocol, changed in memory and written once.
type work struct {
	g        *Gateway
	tx       Tx
	device   *models.Device // who writes
	other    *models.Device // the device that its log follows, or whose line is released
	logs     []models.Log   // of all families that are locked
	assigned []models.Assignment
	receipt  int64 // ms
	office   bool  // the lines are the office's

	newEpoch string // of a log that begins with this transaction

	lineage *merge.Lineage
	scopes  map[string]*scope
	entries map[Key]*entry
	blocked map[Key]bool            // records on which a register write of the family waits
	before  map[Key][]merge.Sibling // of lines tried again: the register writes that wait beside them
	ready   []Key                   // records whose waiting lines may now apply
	held    []models.HeldLine
	feed    []feedLine

	announced []models.Announcement
}

// scope is a scope as it was read, and how many lines this transaction applies to it.
type scope struct {
	models.Scope
	pushes bool // the device may write here
	lines  []*item
	check  bool // a judgement rested on its state, though nothing is applied
	rules  *RuleSet
	build  *RuleSet
}

// entry is a locked record and what becomes of it.
type entry struct {
	Stored
	scope   *scope
	wrote   bool // a register write or decision: waiting lines may apply now
	touched bool
	last    *item // the last line applied to it

	late          bool               // as the record was read
	state         models.ReviewState // as the record was read
	before, after []counted          // its contributions, once sums have looked at it
}

// ErrAgain is what an Update function returns when it must run again from its start: the campaign's
// state or rules changed while lines were judged. Stores roll back and do so.
var ErrAgain = errors.New("gateway: the campaign changed meanwhile")

// apply judges fresh lines of a log and applies what may be applied.
func (w *work) apply(log *models.Log, items []item) error {
	for i := range items {
		items[i].line.Log = log.No
	}
	if err := w.trace(log); err != nil {
		return err
	}
	if err := w.repeats(log, items); err != nil {
		return err
	}
	if err := w.load(log.Family, items); err != nil {
		return err
	}
	for i := range items {
		if err := w.one(&items[i], log); err != nil {
			return err
		}
	}
	lines := make([]models.Line, len(items))
	if err := w.finish(); err != nil {
		return err
	}
	for i := range items {
		lines[i] = items[i].line
	}
	if err := w.tx.AddLines(lines); err != nil {
		return err
	}
	return w.tx.AddHeld(w.held)
}

// one judges one line and applies it if it may be.
func (w *work) one(it *item, log *models.Log) error {
	if it.line.Status == models.Duplicate {
		return nil
	}
	it.line.Status, it.line.Cause = w.judge(it)
	switch it.line.Status {
	case models.Applied:
		return w.change(it)
	case models.Held:
		w.hold(it, log)
		w.announce(it)
	case models.Rejected:
		w.tell(it)
	}
	return nil
}

// hold keeps a line that waits.
func (w *work) hold(it *item, log *models.Log) {
	w.held = append(w.held, it.held(log.Family))
	if it.writes && it.key.Scope != 0 {
		w.block(it.key)
	}
	if s := w.scopes[it.scopeName]; s != nil {
		s.check = true
	}
	w.tell(it)
}

// held returns what a held line waits with.
func (it *item) held(family int64) models.HeldLine {
	h := models.HeldLine{Log: it.line.Log, Seq: it.line.Seq, Family: family,
		Scope: it.scopeName, Kind: it.key.Kind, ID: it.key.ID, Cause: it.line.Cause,
		Writes: it.writes, EffectMS: it.effective, ReceiptMS: it.receipt}
	if it.change.Op == "photo.put" {
		h.WaitFor = photoEvent(it.change) // a guest's photo waits for the event, not for itself
	}
	return h
}

func (w *work) block(k Key) {
	if w.blocked == nil {
		w.blocked = map[Key]bool{}
	}
	w.blocked[k] = true
}

// load reads and locks what the lines name.
func (w *work) load(family int64, items []item) error {
	if err := w.loadScopes(items); err != nil {
		return err
	}
	keys := make([]Key, 0, len(items))
	seen := map[Key]bool{}
	want := func(k Key) {
		if k.Scope != 0 && k.ID != "" && k.Kind != "" && !seen[k] {
			seen[k] = true
			keys = append(keys, k)
		}
	}
	for i := range items {
		it := &items[i]
		if it.line.Status == models.Duplicate || it.fault != nil {
			continue
		}
		w.name(it)
		want(it.key)
		want(w.joined(it))
	}
	slices.SortFunc(keys, compareKeys)
	stored, err := w.tx.LockRecords(keys)
	if err != nil {
		return err
	}
	if w.entries == nil {
		w.entries = make(map[Key]*entry, len(stored))
	}
	byNo := map[int64]*scope{}
	for _, s := range w.scopes {
		byNo[s.No] = s
	}
	for i := range stored {
		if w.entries[stored[i].Key] == nil {
			w.entries[stored[i].Key] = &entry{Stored: stored[i], scope: byNo[stored[i].Key.Scope],
				late: stored[i].Record.Late, state: stored[i].Record.State()}
		}
	}
	return w.loadBlocked(family)
}

func compareKeys(a, b Key) int {
	return cmp.Or(cmp.Compare(a.Scope, b.Scope), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID))
}

// loadBlocked reads on which records register writes of the family wait.
func (w *work) loadBlocked(family int64) error {
	waiting, err := w.tx.HeldWrites(family)
	if err != nil {
		return err
	}
	for i := range waiting {
		if s := w.scopes[waiting[i].Scope]; s != nil && s.No != 0 {
			w.block(Key{Scope: s.No, Kind: waiting[i].Kind, ID: waiting[i].ID})
		}
	}
	return nil
}

// loadScopes reads the scopes that the lines name, makes those that the device has a right to,
// and reads the rules they count under.
func (w *work) loadScopes(items []item) error {
	if w.scopes == nil {
		w.scopes = map[string]*scope{}
	}
	var names []string
	for i := range items {
		it := &items[i]
		if it.fault == nil && it.change.Unit != "" {
			it.scopeName = it.change.Scope
			if _, ok := w.scopes[it.scopeName]; !ok {
				w.scopes[it.scopeName] = nil
				names = append(names, it.scopeName)
			}
		}
	}
	if len(names) == 0 {
		return nil
	}
	slices.Sort(names)
	found, err := w.tx.Scopes(names)
	if err != nil {
		return err
	}
	for i := range items {
		it := &items[i]
		name := it.scopeName
		if name == "" || w.scopes[name] != nil {
			continue
		}
		mine := w.mayWrite(it.change.Campaign, it.change.Unit)
		s := found[name]
		if s == nil && mine {
			if s, err = w.tx.AddScope(it.change.Campaign, it.change.Unit); err != nil {
				return err
			}
		}
		if s == nil {
			w.scopes[name] = &scope{pushes: false} // No 0: nothing there
			continue
		}
		sc := &scope{Scope: *s, pushes: mine}
		if sc.rules, err = w.g.rules.get(w.tx, s.Campaign, s.Rules); err != nil {
			return err
		}
		if s.Building != 0 {
			if sc.build, err = w.g.rules.get(w.tx, s.Campaign, s.Building); err != nil {
				return err
			}
		}
		w.scopes[name] = sc
	}
	return nil
}

// mayWrite reports whether the writer was ever assigned to the scope.
func (w *work) mayWrite(campaign, unit string) bool {
	if w.office {
		return true // the office's rights are checked where its lines are made
	}
	for i := range w.assigned {
		if a := &w.assigned[i]; a.Role.Records() && a.Covers(campaign, unit) && w.inTime(a, campaign) {
			return true
		}
	}
	return false
}

// inTime reports whether an assignment reaches the campaign at all: one to every campaign that has
// ended does not reach those that were made later.
func (w *work) inTime(a *models.Assignment, campaign string) bool {
	if a.EndedMS == 0 || a.Campaign != "" {
		return true
	}
	first, err := w.tx.Rules(campaign, 1)
	return err == nil && first != nil && first.CreatedMS <= a.EndedMS
}

// name finds out which record a line changes.
func (w *work) name(it *item) {
	s := w.scopes[it.scopeName]
	if s == nil || !w.office && !changelog.PhoneOps[it.change.Op] {
		return // what a phone may not do names no record, so it locks none and blocks none
	}
	it.key = Key{Scope: s.No, Kind: it.change.RecordKind(), ID: it.change.RecordID()}
	it.writes = it.change.Writes()
}

// joined returns the event whose join secret a guest's photo rests on.
func (w *work) joined(it *item) Key {
	s := w.scopes[it.scopeName]
	if s == nil || s.pushes || it.change.Join == "" || it.change.Op != "photo.put" {
		return Key{}
	}
	if id := photoEvent(it.change); id != "" {
		return Key{Scope: s.No, Kind: models.EventKind, ID: id}
	}
	return Key{}
}

// photoEvent returns the event that a photo.put names.
func photoEvent(c *changelog.Change) string {
	for i := range c.Set {
		if c.Set[i].Name == "event" {
			return c.Set[i].Value.Text
		}
	}
	return ""
}
