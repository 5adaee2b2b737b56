package console

import (
	"regexp"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/fieldsync/fieldsync/sync/office"
)

// record is what a decision needs to know of the record that it is about.
type record struct {
	name         office.RecordName
	unit         string // for which it counts
	collector    string // collecting unit of its campaign
	version, seq int64
	state        models.ReviewState
}

// scope is where the record stands.
func (r *record) scope() string { return r.name.Campaign + ":" + r.name.Unit }

// may reports whether somebody may do something with the record: in the unit that it counts for, or
// where the campaign is collected.
func (r *record) may(by *office.Reach, ability office.Ability) bool {
	return by.May(ability, r.name.Campaign, r.unit) || by.May(ability, r.name.Campaign, r.collector)
}

// allow asks for a right to the record. It is seen where it stands, too.
func (r *record) allow(by *office.Reach, ability office.Ability) error {
	switch {
	case !r.may(by, office.Look) && !by.May(office.Look, r.name.Campaign, r.name.Unit):
		return notFound()
	case !r.may(by, ability):
		return forbidden()
	}
	return nil
}

// recordIn reads the record of a name.
func recordIn(tx gateway.Tx, by *office.Reach, n office.RecordName) (*record, error) {
	campaign, err := campaignIn(tx, by, n.Campaign)
	if err != nil {
		return nil, err
	}
	r := &record{name: n, unit: n.Unit, collector: campaign.Unit}
	found, err := tx.Scopes([]string{r.scope()})
	if err != nil {
		return nil, err
	}
	if found[r.scope()] == nil {
		return nil, notFound()
	}
	stored, err := tx.Find(gateway.Key{Scope: found[r.scope()].No, Kind: n.Kind, ID: n.ID})
	if err != nil {
		return nil, err
	}
	if stored == nil || !stored.Record.Exists() {
		return nil, notFound()
	}
	rec := stored.Record
	r.version, r.seq, r.state = rec.Version, rec.Seq, rec.State()
	if rec.Counts != "" {
		r.unit = rec.Counts
	}
	return r, nil
}

// ofRecord is a rule about the record of a name.
func ofRecord(n office.RecordName, holds func(*record, *office.Reach) error) rule {
	return func(tx gateway.Tx, by *office.Reach) error {
		r, err := recordIn(tx, by, n)
		if err != nil {
			return err
		}
		return holds(r, by)
	}
}

func mayAtRecord(ability office.Ability, n office.RecordName) rule {
	return ofRecord(n, func(r *record, by *office.Reach) error { return r.allow(by, ability) })
}

// find looks a record up and asks for a right to it.
func (c *call) find(ability office.Ability, n office.RecordName) (found *record, err error) {
	c.asked = true
	err = c.must(ofRecord(n, func(r *record, by *office.Reach) error {
		if found == nil { // as it was looked at before the transaction
			found = r
		}
		return r.allow(by, ability)
	}))
	return found, err
}

var rowName = regexp.MustCompile(`^[a-z][a-z0-9-]{0,47}/[a-z][a-z0-9_]{0,47}$`)

func (a *API) listEvents(c *call) error {
	p, err := c.paging()
	if err != nil {
		return err
	}
	if row := c.Query("row"); row != "" && !rowName.MatchString(row) {
		return badField("row", "must be template/row", "须为“模板/行”")
	}
	own := c.flag("own")
	page, err := a.desk.Events(c.ctx(), c.reach, office.EventQuery{Campaign: c.Params("campaign"), Unit: c.Query("unit"),
		Own: own != nil && *own, State: models.ReviewState(c.Query("state")), Kind: c.Query("kind"), Venue: c.Query("venue"),
		Q: c.Query("q"), FromMS: c.int("from"), ToMS: c.int("to"), Row: c.Query("row"), Flag: c.Query("flag"), Order: c.Query("order")}, p)
	if err != nil {
		return err
	}
	return c.answer(page)
}

// recordName is the record that the path names.
func (c *call) recordName() office.RecordName {
	return office.RecordName{Campaign: c.Params("campaign"), Unit: c.Params("unit"),
		Kind: models.Kind(c.Params("kind", string(models.EventKind))), ID: c.Params("id")}
}

func (a *API) getEvent(c *call) error {
	e, err := a.desk.Event(c.ctx(), c.reach, c.recordName())
	if err != nil {
		return err
	}
	return c.answer(e)
}

func (a *API) history(c *call) error {
	p, err := c.paging()
	if err != nil {
		return err
	}
	page, err := a.desk.History(c.ctx(), c.reach, c.recordName(), p)
	if err != nil {
		return err
	}
	return c.answer(page)
}

// answerRow answers with an event as a list shows it.
func (a *API) answerRow(c *call) error {
	e, err := a.desk.Event(c.ctx(), c.reach, c.recordName())
	if err != nil {
		return err
	}
	return c.answer(e.EventRow)
}
