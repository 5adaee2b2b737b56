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
	version, seq int64
	state        models.ReviewState
}

// scope is where the record stands.
func (r *record) scope() string { return r.name.Campaign + ":" + r.name.Unit }

// find looks a record up and asks for the right in the unit that it counts for.
func (c *call) find(ability office.Ability, n office.RecordName) (*record, error) {
	r := &record{name: n}
	err := c.api.store.View(c.ctx(), func(tx gateway.Tx) error {
		name := r.scope()
		found, err := tx.Scopes([]string{name})
		if err != nil {
			return err
		}
		if found[name] == nil {
			return notFound()
		}
		stored, err := tx.Find(gateway.Key{Scope: found[name].No, Kind: n.Kind, ID: n.ID})
		if err != nil {
			return err
		}
		if stored == nil || !stored.Record.Exists() {
			return notFound()
		}
		rec := stored.Record
		r.version, r.seq, r.state, r.unit = rec.Version, rec.Seq, rec.State(), n.Unit
		if rec.Counts != "" {
			r.unit = rec.Counts
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return r, c.need(ability, n.Campaign, r.unit)
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
