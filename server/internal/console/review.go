package console

import (
	"encoding/json"
	"errors"
	"slices"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/fieldsync/fieldsync/sync/office"
)

// ReviewOp is what a reviewer decides.
type ReviewOp string

// The decisions.
const (
	OpAccept  ReviewOp = "accept"
	OpReturn  ReviewOp = "return"
	OpIssues  ReviewOp = "issues"
	OpComment ReviewOp = "comment"
	OpReopen  ReviewOp = "reopen"
)

var reviewOps = []ReviewOp{OpAccept, OpReturn, OpIssues, OpComment, OpReopen}

// Decision is about what was on the screen: version and seq are those that were looked at, and if the
// record has moved since, nothing is done.
type Decision struct {
	Op      ReviewOp `json:"op"`
	Version int64    `json:"version"`
	Seq     int64    `json:"seq"`
	Reason  string   `json:"reason,omitempty"` // the phone shows it; needed but to accept and to reopen
}

// Decisions are up to 200 at once. One that cannot be carried out does not stop the others.
type Decisions struct {
	Decisions []NamedDecision `json:"decisions"`
}

// NamedDecision is a decision on a record of the campaign.
type NamedDecision struct {
	Unit string      `json:"unit"`
	Kind models.Kind `json:"kind"` // event or sheet
	ID   string      `json:"id"`
	Decision
}

// Results are in the order of the decisions.
type Results struct {
	Results []Result `json:"results"`
}

// Result is what became of one decision.
type Result struct {
	OK      bool         `json:"ok"`
	Problem *ItemProblem `json:"problem,omitempty"`
}

// ItemProblem says why one decision was not carried out, as a refused request would.
type ItemProblem struct {
	Code     problem.Code               `json:"code"`
	Detail   string                     `json:"detail"`
	DetailZH string                     `json:"detail_zh"`      // the same in Chinese
	More     map[string]json.RawMessage `json:"more,omitempty"` // further members, such as version and seq of a record that moved
}

// maxDecisions is how many decisions come at once.
const maxDecisions = 200

func (d *Decision) check() error {
	if !slices.Contains(reviewOps, d.Op) {
		return badField("op", "must be one of accept return issues comment reopen", "须为通过、退回、有问题、批注、撤销通过之一")
	}
	if err := positive("version", d.Version); err != nil {
		return err
	}
	return text("reason", d.Reason, maxReason, d.Op != OpAccept && d.Op != OpReopen)
}

// entry is the line of a decision on a record.
func (d *Decision) entry(r *record) gateway.Entry {
	return gateway.Entry{Op: "review." + string(d.Op), Scope: r.scope(), Kind: string(r.name.Kind), ID: r.name.ID,
		Version: &d.Version, Seq: &d.Seq, Reason: d.Reason}
}

func (a *API) reviewEvent(c *call) error {
	d, err := decode[Decision](c)
	if err != nil {
		return err
	}
	if err := d.check(); err != nil {
		return err
	}
	if err := c.do(nil, d.entry(c.record)); err != nil {
		return err
	}
	return a.answerRow(c)
}

func (a *API) reviewMany(c *call) error {
	r, err := decode[Decisions](c)
	if err != nil {
		return err
	}
	if len(r.Decisions) == 0 || len(r.Decisions) > maxDecisions {
		return badField("decisions", "takes 1 to 200 decisions", "一次须处理 1 至 200 条")
	}
	errs := make([]error, len(r.Decisions))
	var entries []gateway.Entry
	var at []int
	alone, all := []*call{}, c.fork()
	for i := range r.Decisions {
		one := c.fork()
		e, err := one.decision(&r.Decisions[i])
		if errs[i] = err; err == nil {
			entries, at = append(entries, e), append(at, i)
			alone, all.rules = append(alone, one), append(all.rules, one.rules[len(c.rules):]...)
		}
	}
	// All in one transaction is fast; if one of them cannot be carried out none is, and each is tried by itself.
	if len(entries) > 0 && (repeats(entries) || all.do(nil, entries...) != nil) {
		for j := range entries {
			errs[at[j]] = alone[j].do(nil, entries[j])
		}
	}
	out := Results{Results: make([]Result, len(errs))}
	for i, err := range errs {
		if out.Results[i], err = resultOf(err); err != nil {
			return err
		}
	}
	return c.answer(out)
}

// repeats reports two decisions on one record: the second is about what the first makes of it.
func repeats(entries []gateway.Entry) bool {
	seen := map[string]bool{}
	for i := range entries {
		name := entries[i].Scope + " " + entries[i].Kind + " " + entries[i].ID
		if seen[name] {
			return true
		}
		seen[name] = true
	}
	return false
}

// decision is the line of one of many decisions, when the asker has the right to it.
func (c *call) decision(d *NamedDecision) (gateway.Entry, error) {
	var none gateway.Entry
	if d.Kind != models.EventKind && d.Kind != models.SheetKind {
		return none, badField("kind", "must be event or sheet", "须为场次或填报表")
	}
	if !canonical.MatchString(d.Unit) || !canonical.MatchString(d.ID) {
		return none, notFound()
	}
	if err := d.check(); err != nil {
		return none, err
	}
	r, err := c.find(office.Review, office.RecordName{Campaign: c.Params("campaign"), Unit: d.Unit, Kind: d.Kind, ID: d.ID})
	if err != nil {
		return none, err
	}
	e := d.entry(r)
	if d.Kind == models.SheetKind && r.may(c.reach, office.Sign) {
		e.Signs = true
		err = c.must(mayAtRecord(office.Sign, r.name))
	}
	return e, err
}

// resultOf tells a decision that was refused from a fault of the server's, which ends the request.
func resultOf(err error) (Result, error) {
	if err == nil {
		return Result{OK: true}, nil
	}
	var p *problem.Error
	if !errors.As(hidden(err), &p) || p.Code == problem.Internal || p.Code == problem.Unavailable || p.Code == problem.Overloaded {
		return Result{}, err
	}
	item := &ItemProblem{Code: p.Code, Detail: p.Msg, DetailZH: p.InChinese()}
	for name, value := range p.Fields {
		raw, err := json.Marshal(value)
		if err != nil {
			return Result{}, err
		}
		if item.More == nil {
			item.More = map[string]json.RawMessage{}
		}
		item.More[name] = raw
	}
	return Result{Problem: item}, nil
}
