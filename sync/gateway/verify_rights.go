package gateway

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/changelog"
)

// said is one line of the office about people, with when it was written and by whom.
type said struct {
	c  *changelog.Change
	at int64 // ms
	by string
}

// hear keeps the lines that rights and codes follow from.
func (v *verifier) hear(a appliedLine, c *changelog.Change, to *[]said) {
	switch {
	case c.Op == opAdmin && (c.Kind == "officer" || c.Kind == "device"), c.Op == opGrant, c.Op == opEnd, c.Op == opCode, c.Op == opCancel:
	default:
		return
	}
	l := v.byNo[a.log]
	b := batchOf(v.batches[a.log], a.line)
	if d := v.devices[l.Device]; b != nil && d != nil {
		*to = append(*to, said{c, b.ReceiptMS, d.Officer})
	}
}

// rights replays what was said about people and compares assignments and enrolment codes.
func (v *verifier) rights() error {
	all := inOrder(v.said, v.grants) // grants of early databases stand in their units' scopes
	r := replayedRights{officers: map[string]models.Officer{}, rows: map[assigned]models.Assignment{},
		codes: map[string]models.Enrolment{}, phones: map[string]phoneSaid{}}
	for i := range all {
		r.say(&all[i])
	}
	if err := v.assignments(&r); err != nil {
		return err
	}
	if err := v.enrolments(&r); err != nil {
		return err
	}
	return v.phones(&r)
}

// inOrder puts the lines of other scopes, which only the clock orders, between those that are in order.
func inOrder(ordered, others []said) []said {
	slices.SortStableFunc(others, func(a, b said) int { return cmp.Compare(a.at, b.at) })
	out := make([]said, 0, len(ordered)+len(others))
	for i := range ordered {
		for len(others) > 0 && others[0].at < ordered[i].at {
			out, others = append(out, others[0]), others[1:]
		}
		out = append(out, ordered[i])
	}
	return append(out, others...)
}

// assigned names an assignment.
type assigned struct {
	officer, campaign, unit string
	role                    models.Role
}

// replayedRights is what the lines about people lead to.
type replayedRights struct {
	officers map[string]models.Officer
	rows     map[assigned]models.Assignment
	codes    map[string]models.Enrolment
	phones   map[string]phoneSaid
	coded    int64 // when the first code was given out in a line, ms; 0: never
}

// phoneSaid is what the office said of a phone.
type phoneSaid struct {
	name    *string // nil: nothing
	revoked int64   // since when, ms; 0: it is not
}

func (r *replayedRights) say(s *said) {
	c := s.c
	switch c.Op {
	case opAdmin:
		if c.Kind == "device" {
			r.phone(s)
			return
		}
		r.officer(s)
	case opGrant, opEnd:
		r.assign(assigned{c.Officer, c.Campaign, c.Unit, models.Role(c.Role)}, s.at, c.Op == opEnd)
	case opCode:
		if r.coded == 0 {
			r.coded = s.at
		}
		r.codes[c.ID] = models.Enrolment{ID: c.ID, Batch: c.Batch, MadeBy: s.by, Officer: c.Officer, CreatedMS: s.at, ExpiresMS: c.Expires}
	case opCancel:
		e := r.codes[c.ID]
		e.CancelledMS = s.at
		r.codes[c.ID] = e
	}
}

// officer follows one person's unit and role: the history of both is in the assignments.
func (r *replayedRights) officer(s *said) {
	old, known := r.officers[s.c.ID]
	now := old
	for i := range s.c.Set {
		switch f := &s.c.Set[i]; f.Name {
		case "unit":
			now.Unit = f.Value.Text
		case "role":
			now.Role = models.Role(f.Value.Text)
		case "ended":
			now.Ended = f.Value.Flag
		}
	}
	r.officers[s.c.ID] = now
	end := func(k assigned) {
		if _, given := r.rows[k]; given {
			r.assign(k, s.at, true)
		}
	}
	if known && (old.Unit != now.Unit || old.Role != now.Role || now.Ended) {
		end(assigned{s.c.ID, "", old.Unit, old.Role})
	}
	if !now.Ended {
		r.assign(assigned{s.c.ID, "", now.Unit, now.Role}, s.at, false)
		return
	}
	for k, a := range r.rows {
		if k.officer == s.c.ID && a.EndedMS == 0 {
			r.assign(k, s.at, true)
		}
	}
}

// phone follows one phone's name and whether it is revoked.
func (r *replayedRights) phone(s *said) {
	p := r.phones[s.c.ID]
	for i := range s.c.Set {
		switch f := &s.c.Set[i]; f.Name {
		case "name":
			if f.Value.Kind == changelog.Text {
				p.name = &f.Value.Text
			}
		case "revoked":
			switch {
			case f.Value.Kind != changelog.Flag: // null says nothing
			case f.Value.Flag:
				p.revoked = s.at
			default:
				p.revoked = 0
			}
		}
	}
	r.phones[s.c.ID] = p
}

func (r *replayedRights) assign(k assigned, at int64, end bool) {
	a, ok := r.rows[k]
	if !ok {
		a = models.Assignment{Officer: k.officer, Campaign: k.campaign, Unit: k.unit, Role: k.role, StartedMS: at}
	}
	a.EndedMS = 0
	if end {
		a.EndedMS = at
	}
	r.rows[k] = a
}

func (v *verifier) assignments(r *replayedRights) error {
	rows, err := v.tx.AllAssignments()
	if err != nil {
		return err
	}
	name := func(a *models.Assignment) string {
		return fmt.Sprintf("officer %s, %s in unit %s, campaign %q", a.Officer, a.Role, a.Unit, a.Campaign)
	}
	for i := range rows {
		a := &rows[i]
		k := assigned{a.Officer, a.Campaign, a.Unit, a.Role}
		switch want, ok := r.rows[k]; {
		case !ok:
			v.found("rights", name(a), "the assignment is stored, and no line gives it")
		case want != *a:
			v.found("rights", name(a), "it lasts from %d to %d, the lines say from %d to %d", a.StartedMS, a.EndedMS, want.StartedMS, want.EndedMS)
		}
		delete(r.rows, k)
	}
	var left []string
	for k := range r.rows {
		a := r.rows[k]
		left = append(left, name(&a))
	}
	slices.Sort(left)
	for _, n := range left {
		v.found("rights", n, "the lines give the assignment, and it is not stored")
	}
	return nil
}

func (v *verifier) enrolments(r *replayedRights) error {
	rows, err := v.tx.Enrolments()
	if err != nil {
		return err
	}
	for i := range rows {
		e := &rows[i]
		want, ok := r.codes[e.ID]
		delete(r.codes, e.ID)
		switch {
		case e.Batch == "" && want.Batch == "": // made before codes were lines of the office
			if r.coded != 0 && e.CreatedMS >= r.coded {
				v.found("enrolment", e.ID, "the code is stored, and no line gives it out")
			} else if e.CancelledMS != want.CancelledMS {
				v.found("enrolment", e.ID, "whether it was cancelled is not what the lines say")
			}
		case !ok:
			v.found("enrolment", e.ID, "the code is stored, and no line gives it out")
		case e.Batch != want.Batch || e.MadeBy != want.MadeBy || e.Officer != want.Officer ||
			e.CreatedMS != want.CreatedMS || e.ExpiresMS != want.ExpiresMS || e.CancelledMS != want.CancelledMS:
			v.found("enrolment", e.ID, "for whom, by whom or how long it is good is not what the lines say")
		}
		if e.UsedMS == 0 {
			continue
		}
		d, err := v.tx.Device(e.Device)
		if err != nil {
			return err
		}
		if d == nil || d.Officer != e.Officer {
			v.found("enrolment", e.ID, "the phone that used it is not its officer's")
		}
	}
	left := make([]string, 0, len(r.codes))
	for id := range r.codes {
		left = append(left, id)
	}
	slices.Sort(left)
	for _, id := range left {
		v.found("enrolment", id, "the lines give the code out, and it is not stored")
	}
	return nil
}

// phones compares names and revocations with the lines, and families: all phones that an officer's codes
// made are of one, and so are the logs of each.
func (v *verifier) phones(r *replayedRights) error {
	list, err := v.tx.Devices()
	if err != nil {
		return err
	}
	codes, err := v.tx.Enrolments()
	if err != nil {
		return err
	}
	family, logs := map[string]int64{}, map[string]int64{}
	for _, l := range v.byNo {
		logs[l.Device] = l.Family
	}
	byCode := map[string]bool{}
	for i := range codes {
		byCode[codes[i].Device] = codes[i].UsedMS != 0
	}
	for i := range list {
		d := &list[i]
		said := r.phones[d.ID]
		delete(r.phones, d.ID)
		if said.name != nil && d.Name != *said.name {
			v.found("device", d.ID, "its name is %q, the lines say %q", d.Name, *said.name)
		}
		if d.RevokedMS != said.revoked {
			v.found("device", d.ID, "it is revoked since %d, the lines say %d", d.RevokedMS, said.revoked)
		}
		if f, ok := logs[d.ID]; ok && f != d.Family {
			v.found("device", d.ID, "it is of family %d, a log of it of family %d", d.Family, f)
		}
		if !byCode[d.ID] {
			continue
		}
		if f, ok := family[d.Officer]; ok && f != d.Family {
			v.found("device", d.ID, "it is of family %d, another phone of its officer of family %d", d.Family, f)
		}
		family[d.Officer] = d.Family
	}
	for _, id := range slices.Sorted(maps.Keys(r.phones)) {
		v.found("device", id, "the lines speak of it, and it is not stored")
	}
	return nil
}
