package gateway

import (
	"fmt"
	"strings"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/changelog"
	"github.com/fieldsync/fieldsync/sync/merge"
)

// A unit's sheet is signed in an order: completed by whoever fills it in, approved by the unit's head,
// accepted by the office above; and taken back in the reverse one. Here that order is kept for what
// the office writes. A phone's line is never refused for it: what was signed offline was signed.

// signing refuses a put of the office that would sign, or take back, out of order.
func signing(c *changelog.Change, r *merge.Record) error {
	was := [2]bool{r.Flag("completed"), r.Flag("approved")}
	now, signs := was, false
	for i := range c.Set {
		switch f := &c.Set[i]; f.Name {
		case "completed":
			now[0] = f.Value.Flag
		case "approved":
			now[1], signs = f.Value.Flag, f.Value.Flag
		}
	}
	switch {
	case r.Accepted() && (was[0] && !now[0] || was[1] && !now[1]):
		return problem.New(problem.Conflict, "the sheet is accepted: reopen it first").ZH("填报表已审核通过，请先撤销通过。").With("standing", "accepted")
	case r.Approved() && !now[0] && now[1]:
		return problem.New(problem.Conflict, "the sheet is approved: take that back first").ZH("填报表已由负责人签认，请先撤销签认。").With("standing", "approved")
	case signs && !now[0]:
		return problem.New(problem.Conflict, "the sheet is not completed yet").ZH("填报表尚未填报完成，不能签认。").With("missing", "completed")
	}
	return nil
}

// acceptable refuses the acceptance of a sheet that nobody approved, unless whoever accepts it may sign
// in the head's place. The server itself may: its commands are its administrator's.
func (d *decision) acceptable(c *changelog.Change, r *merge.Record) error {
	if c.Op != opAccept || r.Kind != models.SheetKind || r.Approved() || c.Signs || d.officer == d.g.inst.Officer {
		return nil
	}
	return problem.New(problem.Conflict, "the unit's head has not approved the sheet as it stands").
		ZH("填报表尚未经单位负责人签认，不能审核通过。").With("missing", "approved")
}

// reviewed refuses to freeze a campaign some of whose events or sheets nobody has accepted, or in which
// events stand for nothing because the ones they were judged to be do not count, unless it is to be done
// anyway: that is said in the line, and stays.
func (d *decision) reviewed(e *Entry, c *models.Campaign) error {
	if e.Anyway || c.State != models.CampaignIsClosed {
		return nil // of another state there is something else to say
	}
	own, err := d.w.tx.Totals(c.ID, c.Rules, "")
	if err != nil {
		return err
	}
	n := int64(0)
	for i := range own {
		if own[i].Row == EventsRow {
			n += own[i].Reported - own[i].Accepted
		}
	}
	gone, err := d.w.tx.Orphans(c.ID)
	if err != nil {
		return err
	}
	sheets, err := d.w.tx.OpenSheets(c.ID)
	if err != nil || n == 0 && len(gone) == 0 && sheets == 0 {
		return err
	}
	var en, zh []string
	say := func(n int64, one, inChinese string) {
		if n > 0 {
			en, zh = append(en, fmt.Sprintf(one, n)), append(zh, fmt.Sprintf(inChinese, n))
		}
	}
	say(n, "%d events are not accepted", "还有 %d 个场次未审核通过")
	say(sheets, "%d sheets are not accepted", "%d 份填报表未审核通过")
	say(int64(len(gone)), "%d events count for nothing, for those that they were judged to be do not count", "%d 个场次因保留的场次不再计入而未统计")
	return problem.New(problem.Conflict, "%s: see to them, or freeze anyway", strings.Join(en, ", ")).
		ZH("%s；请先处理，或确认后仍然冻结。", strings.Join(zh, "，")).
		With("unreviewed", n).With("sheets", sheets).With("uncounted", len(gone))
}
