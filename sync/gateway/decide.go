package gateway

import (
	"strconv"
	"strings"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/changelog"
	"github.com/fieldsync/fieldsync/sync/merge"
)

// The office's ops.
const (
	opAccept  = "review.accept"
	opReturn  = "review.return"
	opIssues  = "review.issues"
	opComment = "review.comment"
	opReopen  = "review.reopen"
	opRelease = "held.release"
	opReject  = "held.reject"
	opJudge   = "dup.judge"
	opUndo    = "dup.undo"
	opMove    = "record.move"
	opState   = "campaign.state"
	opAmend   = "campaign.amend"
	opGrant   = "rights.grant"
	opEnd     = "rights.end"
	opAdmin   = "admin.put"
	opCode    = "enrol.add"
	opCancel  = "enrol.cancel"
	opNote    = "office.note"
	opStored  = "photo.stored"
	opPhoto   = "photo.state"
)

var decisions map[string]func(*decision, *item) error

func init() {
	decisions = map[string]func(*decision, *item) error{
		opAccept: (*decision).review, opReturn: (*decision).review, opIssues: (*decision).review,
		opComment: (*decision).review, opReopen: (*decision).review,
		opRelease: (*decision).release, opReject: (*decision).reject,
		opJudge: (*decision).judgeTwin, opUndo: (*decision).judgeTwin,
		opMove: (*decision).moveRecord, opState: (*decision).setState, opAmend: (*decision).amend,
		opGrant: (*decision).grant, opEnd: (*decision).grant, opAdmin: (*decision).admin,
		opCode: (*decision).addCode, opCancel: (*decision).cancelCode, opNote: (*decision).note,
	}
}

// record returns the locked record a decision is about, when it may still be changed.
func (d *decision) record(it *item) (*entry, error) {
	e := d.w.entries[it.key]
	if e == nil || e.scope == nil || !e.Record.Exists() {
		return nil, problem.New(problem.NotFound, "there is no such record").ZH("没有这条记录。")
	}
	if e.scope.State == models.CampaignIsFrozen {
		return nil, frozen()
	}
	return e, nil
}

// review accepts, returns, comments or reopens. A reviewer decides on what was on the screen: if the
// record has moved since, nothing is done.
func (d *decision) review(it *item) error {
	e, err := d.record(it)
	if err != nil {
		return err
	}
	c, r := it.change, e.Record
	if c.Version != r.Version || c.Seq != r.Seq {
		return problem.New(problem.Moved, "the record has changed since it was opened").ZH("这条记录刚刚被改过，请刷新后再操作。").
			With("version", r.Version).With("seq", r.Seq)
	}
	if err := reviewable(c, r); err != nil {
		return err
	}
	if err := d.acceptable(c, r); err != nil {
		return err
	}
	d.decide(it, e)
	return nil
}

// decide puts the decision on the record and gives it the next version.
func (d *decision) decide(it *item, e *entry) {
	v := e.Record.NextVersion(d.g.inst.Restore)
	applyDecision(e.Record, it.change, d.officer, it.receipt, v)
	e.touched, e.wrote, e.last = true, true, it
	it.line.Version = v
}

// applyDecision puts what the office said on a record. Verify replays stored lines with it.
func applyDecision(r *merge.Record, c *changelog.Change, officer string, atMS, version int64) {
	switch c.Op {
	case opAccept:
		r.Decide(models.ReviewAccepted, c.Reason, officer, atMS, version)
	case opReturn:
		r.Decide(models.ReviewReturned, c.Reason, officer, atMS, version)
	case opIssues:
		r.Decide(models.ReviewIssues, c.Reason, officer, atMS, version)
	case opReopen:
		r.Decide(models.ReviewEdited, c.Reason, officer, atMS, version)
	case opComment:
		r.Comment(c.Reason, officer, atMS, version)
	case opJudge:
		r.Judge(merge.Judged{Verdict: c.Verdict, Scope: c.OfScope, ID: c.OfID, Reason: c.Reason}, version)
	case opUndo:
		r.Judge(merge.Judged{}, version)
	case opMove:
		r.CountFor(c.ToUnit, version)
	case opStored, opPhoto:
		r.SetUpload(uploadOf(c))
	}
}

// reviewable refuses decisions that make no sense on the record.
func reviewable(c *changelog.Change, r *merge.Record) error {
	if r.Kind != models.EventKind && r.Kind != models.SheetKind {
		return problem.New(problem.Invalid, "only events and sheets are reviewed").ZH("只有场次和填报表可以审核。")
	}
	switch c.Op {
	case opAccept:
		for _, name := range r.Conflicts() {
			if r.Kind == models.EventKind && counts(name) {
				return problem.New(problem.Conflict, "two values of %s stand against each other: settle them first", name).
					ZH("“%s”有两个不同的填报值，请先处理冲突。", fieldZH(name)).
					With("field", name)
			}
		}
	case opReturn, opIssues, opComment:
		if c.Reason == "" {
			return problem.New(problem.Invalid, "a reason is needed: the phone shows it").ZH("请填写原因，手机上会显示。")
		}
	case opReopen:
		if !r.Accepted() {
			return problem.New(problem.Conflict, "only what was accepted can be reopened").ZH("只有已审核通过的记录才能撤销通过。")
		}
	}
	return nil
}

// counts reports whether a conflict in the field could change a number.
func counts(field string) bool {
	return models.TypedCounts[field] || models.DecidingFields[field] || strings.HasPrefix(field, models.StaffPrefix)
}

// heldLog reads which log a held line stands in: the server's number of it.
func heldLog(e *Entry) (int64, error) {
	no, err := strconv.ParseInt(e.Log, 10, 64)
	if err != nil || no < 1 || e.AtSeq == nil { // no log has the number 0: a query takes it for any
		return 0, problem.New(problem.Invalid, "a held line is named by its log's number and its seq").
			ZH("没有指明是哪条暂存记录，请刷新后再操作。")
	}
	return no, nil
}

// heldLine finds the held line that a decision is about.
func (d *decision) heldLine(it *item) (*models.HeldLine, error) {
	no, err := strconv.ParseInt(it.change.Log, 10, 64)
	if err != nil || no < 1 {
		return nil, problem.New(problem.Invalid, "a held line is named by its log's number and its seq").
			ZH("没有指明是哪条暂存记录，请刷新后再操作。")
	}
	lines, err := d.w.tx.Held(HeldQuery{Log: no, Seq: it.change.AtSeq})
	if err != nil {
		return nil, err
	}
	if len(lines) == 0 {
		return nil, problem.New(problem.NotFound, "no such line is held").ZH("这条暂存记录已处理或不存在，请刷新。")
	}
	if it.change.Reason == "" {
		return nil, problem.New(problem.Invalid, "a reason is needed").ZH("请填写原因。")
	}
	return &lines[0], nil
}

// release applies a held line: the releaser answers for what the rules would not let through.
func (d *decision) release(it *item) error {
	h, err := d.heldLine(it)
	if err != nil {
		return err
	}
	return d.settle(h, it, func(w *work, x *item) error {
		if s := w.scopes[h.Scope]; s != nil && s.State == models.CampaignIsFrozen {
			return frozen()
		}
		status, cause := w.judge(x)
		if status == models.Held {
			return problem.New(problem.Conflict, "%s: it cannot be released yet", sentences[cause]).
				ZH("%s，暂时不能放行。", sentencesZH[cause]).With("cause", cause)
		}
		if x.writes && w.behind(x) {
			return problem.New(problem.Conflict, "%s: release that one first", sentences[models.Behind]).
				ZH("%s，请先放行前一条。", sentencesZH[models.Behind]).With("cause", models.Behind)
		}
		x.line.Status, x.line.Cause = status, cause
		if status == models.Applied {
			return w.change(x)
		}
		return nil
	})
}

// reject settles a held line for ever without applying it.
func (d *decision) reject(it *item) error {
	h, err := d.heldLine(it)
	if err != nil {
		return err
	}
	return d.settle(h, it, func(_ *work, x *item) error {
		x.line.Status, x.line.Cause = models.Rejected, models.ByOffice
		return nil
	})
}

// settle runs fn on a held line within the office's transaction, in the name of the line's own
// device, and stores what became of it.
func (d *decision) settle(h *models.HeldLine, by *item, fn func(*work, *item) error) error {
	w := &work{g: d.g, tx: d.w.tx, device: d.w.other, logs: d.w.logs, receipt: d.w.receipt}
	if w.device == nil {
		w.device = d.w.device
	}
	var err error
	if w.assigned, err = w.tx.Assignments(w.device.Officer); err != nil {
		return err
	}
	log := w.logNo(h.Log)
	items, err := w.reread([]models.HeldLine{*h}, true)
	if err != nil || len(items) == 0 || log == nil {
		return err
	}
	if err := w.trace(log); err != nil {
		return err
	}
	if err := w.load(log.Family, items); err != nil {
		return err
	}
	if err := w.unblock(log.Family, items); err != nil {
		return err
	}
	if err := fn(w, &items[0]); err != nil {
		return err
	}
	w.tell(&items[0])
	if _, err := w.store([]*item{&items[0]}); err != nil {
		return err
	}
	d.w.ready = append(d.w.ready, w.ready...)
	d.after.retry = append(d.after.retry, HeldQuery{Family: log.Family})
	return nil
}

// judgeTwin writes the verdict on a suspected pair into its second event, or takes it back.
func (d *decision) judgeTwin(it *item) error {
	e, err := d.record(it)
	if err != nil {
		return err
	}
	if e.Key.Kind != models.EventKind {
		return problem.New(problem.Invalid, "only events are judged as duplicates").ZH("只有场次可以判定重复。")
	}
	c := it.change
	if c.Op == opJudge {
		switch c.Verdict {
		case models.Different, models.OneEvent, models.SameFacts:
		default:
			return problem.New(problem.Invalid, "a pair is different, one_event or same_facts").
				ZH("判定须为“两场不同”“同一场，计数相加”“同一事实，只计一次”之一。")
		}
		if c.OfID == c.ID && c.OfScope == c.Scope {
			return problem.New(problem.Invalid, "an event is not its own duplicate").ZH("场次不能与自己判定重复。")
		}
		if of, _, _ := strings.Cut(c.OfScope, ":"); of != c.Campaign {
			return problem.New(problem.Invalid, "both events of a pair are of one campaign").ZH("重复判定只能在同一活动内进行。")
		}
		if err := d.counted(c.OfScope, c.OfID); err != nil {
			return err
		}
	}
	d.decide(it, e)
	return nil
}

// counted refuses a first event that does not count itself: the facts would be in no table.
func (d *decision) counted(scope, id string) error {
	found, err := d.w.tx.Scopes([]string{scope})
	if err != nil || found[scope] == nil {
		return orNotFound(err, "first event")
	}
	first, err := d.w.tx.Find(Key{Scope: found[scope].No, Kind: models.EventKind, ID: id})
	if err != nil || first == nil {
		return orNotFound(err, "first event")
	}
	if v := first.Record.Judged.Verdict; first.Record.Deleted() || v == models.OneEvent || v == models.SameFacts {
		return problem.New(problem.Conflict, "the first event does not count itself: judge the pair the other way round").
			ZH("保留的那个场次本身不计入统计，请对调后再判定。")
	}
	return nil
}

// moveRecord makes a record count for another unit; its scope, which is part of its name, stays.
func (d *decision) moveRecord(it *item) error {
	e, err := d.record(it)
	if err != nil {
		return err
	}
	var u models.Unit
	if ok, err := d.w.tx.Load(&u, it.change.ToUnit); err != nil || !ok {
		return orNotFound(err, "unit")
	}
	if it.change.Reason == "" {
		return problem.New(problem.Invalid, "a reason is needed").ZH("请填写原因。")
	}
	if e.Key.Kind != models.EventKind && e.Key.Kind != models.LotKind {
		return problem.New(problem.Invalid, "only events and lots are moved: a sheet is its unit's own").
			ZH("只有场次和物品可以调整所属单位；填报表归填报单位所有。")
	}
	d.decide(it, e)
	return nil
}

func orNotFound(err error, what string) error {
	if err != nil {
		return err
	}
	return problem.New(problem.NotFound, "there is no such %s", what).ZH("没有这个%s，请刷新后重新选择。", nounsZH[what])
}
