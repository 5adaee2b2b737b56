package console

import (
	"crypto/rand"
	"net/url"
	"slices"
	"time"

	"github.com/fieldsync/fieldsync/internal/auth"
	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/fieldsync/fieldsync/sync/office"
	qrcode "github.com/skip2/go-qrcode"
)

// EnrolRequest asks for codes, one for each person: for those named, or for all who record in a unit
// and below it.
type EnrolRequest struct {
	Officers []string `json:"officers,omitempty"`
	Unit     string   `json:"unit,omitempty"`
	Days     int      `json:"days,omitempty"` // for which they are good, 1 to 90; 7 unless given
}

// Enrolments are codes as they were made. The server keeps their hashes only: they are shown once.
type Enrolments struct {
	Batch     string          `json:"batch"`
	ExpiresAt int64           `json:"expires_at"` // ms
	Codes     []EnrolmentCode `json:"codes"`
	Skipped   []SkippedPerson `json:"skipped"` // of a unit: who has rights beyond the asker's
}

// EnrolmentCode is one code for one person.
type EnrolmentCode struct {
	ID          string `json:"id"`
	Officer     string `json:"officer"`
	OfficerName string `json:"officer_name"`
	Unit        string `json:"unit"`
	UnitName    string `json:"unit_name"`
	Code        string `json:"code"`
	Link        string `json:"link"`       // what the code is scanned as
	QR          []byte `json:"qr_png"`     // the link as a picture, base64
	ExpiresAt   int64  `json:"expires_at"` // ms
}

// SkippedPerson is somebody who got no code.
type SkippedPerson struct {
	Officer     string `json:"officer"`
	OfficerName string `json:"officer_name"`
}

// Limits of a batch of codes.
const (
	maxCodes    = 500
	defaultDays = 7
	maxDays     = 90
	qrPixels    = 360 // 30 mm at 300 dpi
)

func (a *API) enrol(c *call) error {
	r, err := decode[EnrolRequest](c)
	if err != nil {
		return err
	}
	if r.Days == 0 {
		r.Days = defaultDays
	}
	switch {
	case r.Days < 1 || r.Days > maxDays:
		return badField("days", "must be a number from 1 to 90", "须为 1 至 90 天")
	case (len(r.Officers) > 0) == (r.Unit != ""):
		return badField("officers", "or unit is needed, one of them", "和单位须选其中一项")
	}
	var people []office.OfficerRow
	out := Enrolments{Codes: []EnrolmentCode{}, Skipped: []SkippedPerson{}}
	if r.Unit == "" {
		people, err = a.namedPeople(c, r.Officers)
	} else {
		people, out.Skipped, err = a.unitPeople(c, r.Unit)
	}
	if err != nil {
		return err
	}
	if len(people) == 0 {
		return problem.New(problem.Conflict, "There is nobody to give a code to.").ZH("没有可发放激活码的人员。")
	}
	if err := a.makeCodes(c, people, time.Duration(r.Days)*24*time.Hour, &out); err != nil {
		return err
	}
	return c.answer(out)
}

// namedPeople are those that the asker named. One who may not have a code from the asker is one too
// many.
func (a *API) namedPeople(c *call, ids []string) ([]office.OfficerRow, error) {
	if len(ids) > maxCodes {
		return nil, badField("officers", "takes at most 500 people at once", "一次最多选 500 人")
	}
	ids = slices.Clone(ids)
	slices.Sort(ids)
	var out []office.OfficerRow
	for _, officer := range slices.Compact(ids) {
		if err := id("officers", officer); err != nil {
			return nil, err
		}
		o, err := a.desk.Officer(c.ctx(), c.reach, officer)
		if err != nil {
			return nil, inField("officers", err)
		}
		c.asked = true
		if err := c.must(mayAtOfficer(office.Enrol, o.ID), whole(office.Enrol, o.ID), present(o.ID)); err != nil {
			return nil, err
		}
		out = append(out, *o)
	}
	return out, nil
}

// unitPeople are all who record in a unit and below it, less those who have rights beyond the asker's.
func (a *API) unitPeople(c *call, unit string) (out []office.OfficerRow, skipped []SkippedPerson, err error) {
	if err := id("unit", unit); err != nil {
		return nil, nil, err
	}
	if err := inField("unit", c.need(office.Enrol, "", unit)); err != nil {
		return nil, nil, err
	}
	skipped = []SkippedPerson{}
	left, p := false, office.Paging{Limit: maxPage}
	for {
		page, err := a.desk.Officers(c.ctx(), c.reach, office.OfficerQuery{Unit: unit, Ended: &left}, p)
		if err != nil {
			return nil, nil, err
		}
		for i := range page.Items {
			o := &page.Items[i]
			if !o.Role.Records() {
				continue
			}
			switch err := c.must(mayAtOfficer(office.Enrol, o.ID), whole(office.Enrol, o.ID), present(o.ID)); {
			case problem.CodeOf(err) == problem.Forbidden:
				skipped = append(skipped, SkippedPerson{o.ID, o.Name})
			case err != nil:
				return nil, nil, err
			default:
				out = append(out, *o)
			}
		}
		if len(out) > maxCodes {
			return nil, nil, badField("unit", "has more than 500 people: take the units below it one by one", "超过 500 人，请分下级单位发放")
		}
		if p.Cursor = page.Next; p.Cursor == "" {
			return out, skipped, nil
		}
	}
}

// makeCodes makes one code for each person, as one batch.
func (a *API) makeCodes(c *call, people []office.OfficerRow, life time.Duration, out *Enrolments) error {
	hashes, codes := map[[32]byte]string{}, map[[32]byte]string{}
	by := map[string]*office.OfficerRow{}
	for i := range people {
		code, err := auth.NewCode(rand.Reader)
		if err != nil {
			return err
		}
		hash := auth.HashCode(code)
		hashes[hash], codes[hash], by[people[i].ID] = people[i].ID, code, &people[i]
	}
	batch, made, err := a.gateway.AddBatch(c.ctx(), c.claims.Officer, hashes, life, c.again)
	if err != nil {
		return err
	}
	out.Batch = batch
	places := map[string]int{}
	for i := range people {
		places[people[i].ID] = i
	}
	slices.SortFunc(made, func(x, y gateway.CodeMade) int { return places[x.Officer] - places[y.Officer] })
	for i := range made {
		m := &made[i]
		o, code := by[m.Officer], codes[m.Hash]
		e := EnrolmentCode{ID: m.ID, Officer: o.ID, OfficerName: o.Name, Unit: o.Unit, UnitName: o.UnitName,
			Code: code, Link: a.base(c) + "/phone/#enrol=" + url.QueryEscape(code), ExpiresAt: m.ExpiresMS}
		if e.QR, err = qrcode.Encode(e.Link, qrcode.Medium, qrPixels); err != nil {
			return err
		}
		out.ExpiresAt = m.ExpiresMS
		out.Codes = append(out.Codes, e)
	}
	return nil
}
