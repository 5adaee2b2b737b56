package gateway

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/changelog"
)

// Entry is one thing the office says, as a line of its log will hold it. Which members a line
// needs depends on its op; the rest stay empty.
type Entry struct {
	At       int64           `json:"at"`
	Scope    string          `json:"scope,omitempty"`
	Op       string          `json:"op"`
	Kind     string          `json:"kind,omitempty"`
	ID       string          `json:"id,omitempty"`
	Base     *int64          `json:"base,omitempty"`
	Set      json.RawMessage `json:"set,omitempty"`
	Version  *int64          `json:"version,omitempty"`
	Seq      *int64          `json:"seq,omitempty"`
	Reason   string          `json:"reason,omitempty"`
	Log      string          `json:"log,omitempty"`
	AtSeq    *int64          `json:"at_seq,omitempty"`
	Of       *Of             `json:"of,omitempty"`
	Verdict  string          `json:"verdict,omitempty"`
	Unit     string          `json:"unit,omitempty"`
	State    string          `json:"state,omitempty"`
	Officer  string          `json:"officer,omitempty"`
	Role     string          `json:"role,omitempty"`
	TableSHA string          `json:"table_sha256,omitempty"`
	Event    string          `json:"event,omitempty"`
	Tally    string          `json:"indicator,omitempty"`
	N        *int64          `json:"n,omitempty"`
	Note     string          `json:"note,omitempty"`
	Batch    string          `json:"batch,omitempty"`
	Expires  int64           `json:"expires,omitempty"`
	Anyway   bool            `json:"anyway,omitempty"`  // freeze although events are unreviewed
	Signs    bool            `json:"signs,omitempty"`   // who accepts a sheet may sign it too: it need not be approved before
	Reviews  bool            `json:"reviews,omitempty"` // put, tally.add: who writes to an accepted record may review it
	SHA256   string          `json:"sha256,omitempty"`
	Bytes    *int64          `json:"bytes,omitempty"`

	announced string // photo.stored: the scope that announced it, also where the line belongs to none
}

// Of names the first event of a suspected pair.
type Of struct {
	Scope string `json:"scope"`
	ID    string `json:"id"`
}

// decision is one transaction of the office.
type decision struct {
	g       *Gateway
	officer string
	entries []Entry
	codes   map[string][32]byte // of the enrolments that are made: the codes' hashes by their names
	also    func(Tx) error      // what is done beside the lines, before them

	w     *work
	log   *models.Log
	after afterwards
}

// afterwards is what a decision makes due once it is committed.
type afterwards struct {
	retry   []HeldQuery
	rebuild []string // campaigns whose totals are to be built under new rules
}

// Act writes what the office says as lines of the log that the server keeps and signs for the
// officer, and applies them, all or none. The caller has checked the officer's rights. Unlike a
// phone's, a line of the office that cannot apply is refused: somebody is there to be told.
func (g *Gateway) Act(ctx context.Context, officer string, entries ...Entry) error {
	return g.Do(ctx, officer, nil, entries...)
}

// Do is Act with something of the server's own done in the same transaction: what it keeps beside
// records, such as a password, and the line that says so, are both there or neither. also runs
// before the lines are applied and after the office's decisions are locked on all servers, and the
// records that the lines name, so that what it finds of rights and records holds for the lines. It may
// run several times.
func (g *Gateway) Do(ctx context.Context, officer string, also func(Tx) error, entries ...Entry) error {
	return g.decide(ctx, decision{officer: officer, entries: entries}, also)
}

func (g *Gateway) decide(ctx context.Context, what decision, also func(Tx) error) error {
	if len(what.entries) == 0 {
		return problem.New(problem.Invalid, "there is nothing to do").ZH("没有要提交的内容。")
	}
	d, err := g.commit(ctx, what, also)
	if err != nil {
		return err
	}
	ctx, stop := background(ctx)
	defer stop()
	g.retryReady(ctx, d.w.ready)
	for _, q := range d.after.retry {
		if _, err := g.Retry(ctx, q); err != nil {
			g.log.ErrorContext(ctx, "waiting lines could not be tried", "error", err)
		}
	}
	for _, c := range d.after.rebuild {
		if err := g.Rebuild(context.WithoutCancel(ctx), c); err != nil {
			// The decision stands. The campaign is shown as being counted anew until ResumeRebuilds is done.
			g.log.ErrorContext(ctx, "the totals of a campaign could not be counted anew", "campaign", c, "error", err)
		}
	}
	return nil
}

// commit runs a decision and commits it, one at a time in this process. What follows from it is done
// after that: the next one need not wait for a campaign to be counted anew.
func (g *Gateway) commit(ctx context.Context, what decision, also func(Tx) error) (d *decision, err error) {
	g.hands.Lock()
	defer g.hands.Unlock()
	err = g.store.Update(ctx, func(tx Tx) error {
		d = &decision{g: g, officer: what.officer, codes: what.codes, entries: slices.Clone(what.entries), also: also}
		return d.run(tx)
	})
	return d, err
}

func (d *decision) run(tx Tx) error {
	device, err := d.hand(tx)
	if err != nil {
		return err
	}
	other, err := d.heldDevice(tx)
	if err != nil {
		return err
	}
	// The server's own family is locked too: two servers must not undo each other's decisions.
	if d.w, err = d.g.begin(tx, device, other, d.g.inst.Device); err != nil {
		return err
	}
	w := d.w
	if other == "" {
		w.other = nil
	}
	w.office, w.receipt = true, d.g.nowMS()
	if err := d.complete(tx); err != nil {
		return err
	}
	if err := d.freeze(); err != nil {
		return err
	}
	items, err := d.write(device)
	if err != nil {
		return err
	}
	if err := w.trace(d.log); err != nil {
		return err
	}
	if err := w.load(d.log.Family, items); err != nil {
		return err
	}
	if err := w.loadOffice(items); err != nil {
		return err
	}
	if d.also != nil { // nothing that it looks at changes any more: families and records are locked
		if err := d.also(tx); err != nil {
			return err
		}
	}
	for i := range items {
		if err := d.one(&items[i], &d.entries[i]); err != nil {
			return err
		}
	}
	if err := w.finish(); err != nil {
		return err
	}
	return d.keep(items)
}

// keep stores the lines as they were applied, what they are about, and the log's new head.
func (d *decision) keep(items []item) error {
	lines := make([]models.Line, len(items))
	for i := range items {
		lines[i] = items[i].line
	}
	if err := d.w.tx.AddLines(lines); err != nil {
		return err
	}
	if err := d.audit(items); err != nil {
		return err
	}
	return d.w.tx.PutLog(d.log)
}

// hand returns the device in whose name the officer writes, new on the first occasion.
func (d *decision) hand(tx Tx) (string, error) {
	inst := &d.g.inst
	if d.officer == inst.Officer {
		return inst.Device, nil
	}
	dev, err := tx.OfficeDevice(d.officer)
	if err != nil || dev != nil {
		return dev.GetID(), err
	}
	dev = &models.Device{ID: d.g.NewID(), Officer: d.officer, Name: "office", Platform: "office",
		PublicKey: inst.PublicKey, Office: true, EnrolledMS: d.g.nowMS()}
	return dev.ID, tx.AddDevice(dev)
}

// heldDevice returns the device that is changed, or whose held line is to be settled: its family is
// locked too.
func (d *decision) heldDevice(tx Tx) (string, error) {
	for i := range d.entries {
		e := &d.entries[i]
		if e.Op == opAdmin && e.Kind == "device" {
			return e.ID, nil // a push may join its family with another meanwhile
		}
		if e.Op != opRelease && e.Op != opReject {
			continue
		}
		if len(d.entries) > 1 {
			return "", problem.New(problem.Invalid, "held lines are settled one at a time").ZH("暂存记录须逐条处理。")
		}
		no, err := heldLog(e)
		if err != nil {
			return "", err
		}
		return tx.DeviceOfLog(no)
	}
	return "", nil
}

// write makes the lines, chains and signs them.
func (d *decision) write(device string) ([]item, error) {
	w := d.w
	h := changelog.Header{V: 1, Device: device, Epoch: d.g.epoch, Count: int64(len(d.entries)), Wall: w.receipt}
	log, err := w.openLog(&h)
	if err != nil {
		return nil, err
	}
	d.log = log
	h.From, h.LogNext = log.Next, log.Next+h.Count
	copy(h.Prev[:], log.Head)
	h.Tail = h.Prev
	items := make([]item, len(d.entries))
	for i := range d.entries {
		d.entries[i].At = w.receipt
		raw, err := json.Marshal(&d.entries[i])
		if err != nil {
			return nil, problem.Wrap(err, problem.Invalid, "the decision cannot be written").ZH("提交的内容无法保存，请检查后再试。")
		}
		h.Tail = changelog.Next(h.Tail, raw)
		it := &items[i]
		it.hash = h.Tail
		it.line = models.Line{Seq: h.From + int64(i), Raw: raw, Hash: append([]byte(nil), it.hash[:]...)}
		it.read()
		if it.fault != nil {
			return nil, problem.New(problem.Invalid, "%s", it.fault.Msg).ZH("%s", faultZH(it.fault))
		}
		it.receipt, it.effective = w.receipt, w.receipt
	}
	if err := h.Sign(d.g.inst.Key); err != nil {
		return nil, err
	}
	w.claim(log, &h)
	if log.No == 0 {
		if err := w.tx.AddLog(log); err != nil {
			return nil, err
		}
	}
	for i := range items {
		items[i].line.Log = log.No
	}
	log.Next, log.Head = h.LogNext, append([]byte(nil), h.Tail[:]...)
	header := changelog.Encode(&h, nil)
	return items, w.tx.AddBatch(&models.Batch{Log: log.No, First: h.From, Header: header[:len(header)-1], ReceiptMS: w.receipt})
}

// ofPeople reports whether a line is about somebody's rights. It names a unit's scope and is ordered
// with the lines about people, for what it gives is ended with them.
func ofPeople(it *item) bool { return it.change.Op == opGrant || it.change.Op == opEnd }

// loadOffice makes the scope in which lines are ordered that belong to none: those about people and
// campaigns, and those about held lines whose own scope does not exist.
func (w *work) loadOffice(items []item) error {
	for i := range items {
		if s := w.scopes[items[i].scopeName]; s != nil && s.No != 0 && !ofPeople(&items[i]) {
			continue
		}
		found, err := w.tx.Scopes([]string{models.OfficeScope})
		if err != nil {
			return err
		}
		s := found[models.OfficeScope]
		if s == nil {
			if s, err = w.tx.AddScope("", models.OfficeScope); err != nil {
				return err
			}
		}
		w.scopes[models.OfficeScope] = &scope{Scope: *s}
		return nil
	}
	return nil
}

// one applies one line of the office.
func (d *decision) one(it *item, e *Entry) error {
	c := it.change
	if changelog.PhoneOps[c.Op] {
		return d.put(it, e)
	}
	if c.Op == opStored || c.Op == opPhoto {
		if err := d.upload(it, e); err != nil {
			return err
		}
		return d.place(it)
	}
	do, ok := decisions[c.Op]
	if !ok {
		return problem.New(problem.Invalid, "the office cannot do %s", c.Op).ZH("办公端不支持“%s”这种操作。", c.Op)
	}
	if err := do(d, it); err != nil {
		return err
	}
	return d.place(it)
}

// place gives an applied line its place: in its scope, or among those that belong to none.
func (d *decision) place(it *item) error {
	it.line.Status = models.Applied
	if s := d.w.scopes[it.scopeName]; s != nil && s.No != 0 && !ofPeople(it) {
		if e := d.w.entries[it.key]; e != nil && e.touched {
			e.last = it
		}
		s.lines = append(s.lines, it)
	} else {
		o := d.w.scopes[models.OfficeScope]
		o.lines = append(o.lines, it)
	}
	return nil
}

// put applies what the office records itself, or settles, in the words that phones use.
func (d *decision) put(it *item, e *Entry) error {
	s := d.w.scopes[it.scopeName]
	if s == nil || s.No == 0 {
		return problem.New(problem.NotFound, "there is no such unit in that campaign").ZH("该单位不参加这个活动。")
	}
	if s.State == models.CampaignIsFrozen {
		return frozen()
	}
	if err := d.standing(it, e); err != nil {
		return err
	}
	status, cause := d.w.judge(it)
	if status != models.Applied {
		code := problem.Conflict
		if cause == models.BadBase {
			code = problem.Moved
		}
		return problem.New(code, "%s", sentences[cause]).ZH("%s。", sentencesZH[cause]).With("cause", cause)
	}
	if it.change.Op == "sheet.put" {
		if err := signing(it.change, d.w.entries[it.key].Record); err != nil {
			return err
		}
	}
	return d.w.change(it)
}

// standing refuses what the office writes of its own to a record that was accepted, unless whoever
// writes may review it, and what was written over another state than the one that was seen.
func (d *decision) standing(it *item, e *Entry) error {
	x := d.w.entries[it.key]
	if x == nil {
		return nil // judged
	}
	r, c := x.Record, it.change
	if r.Accepted() && !e.Reviews && d.officer != d.g.inst.Officer {
		return problem.New(problem.Conflict, "the record is accepted: reopen it first").ZH("这条记录已审核通过，请先撤销通过。").
			With("standing", "accepted")
	}
	signs := c.Op == "sheet.put" && (setsField(c, "completed") || setsField(c, "approved"))
	if e.Version != nil && *e.Version != r.Version || signs && c.Base != r.Version {
		return problem.New(problem.Moved, "the record has changed since it was opened").ZH("这条记录刚刚被改过，请刷新后再操作。").
			With("version", r.Version).With("seq", r.Seq)
	}
	return nil
}

// freeze fills in the hash of the table that a campaign is frozen with.
func (d *decision) freeze() error {
	for i := range d.entries {
		e := &d.entries[i]
		if e.Op != opState || models.CampaignState(e.State) != models.CampaignIsFrozen {
			continue
		}
		c, err := d.hold(e.Scope)
		if err != nil {
			return err
		}
		if err := d.reviewed(e, c); err != nil {
			return err
		}
		sum, err := d.w.snapshot(e.Scope, e.Reason)
		if err != nil {
			return err
		}
		e.TableSHA = sum
	}
	return nil
}

// hold locks the campaign and its scopes: nothing is applied between the reading of the table and
// the freezing of the campaign.
func (d *decision) hold(campaign string) (*models.Campaign, error) {
	c, err := d.campaign(campaign)
	if err != nil {
		return nil, err
	}
	if err := d.w.tx.Put(c); err != nil {
		return nil, err
	}
	return c, d.w.tx.SetScopes(c)
}
