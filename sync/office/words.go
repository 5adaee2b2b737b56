package office

import (
	"strings"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

// words are what the forms of a campaign call what is counted and written for them.
type words struct {
	indicators map[string]TallyView
	rows       map[string]TallyView // by code; an indicator may feed several rows
}

func wordsOf(rules *gateway.RuleSet) words {
	w := words{map[string]TallyView{}, map[string]TallyView{}}
	if rules == nil {
		return w
	}
	for _, t := range rules.Templates() {
		for _, row := range t.Rows() {
			v := TallyView{Indicator: row.Rule.Indicator, Label: row.FullLabel(), LabelEN: row.FullLabelEN()}
			if w.rows[row.Code].Label == "" {
				w.rows[row.Code] = v
			}
			if v.Indicator != "" && w.indicators[v.Indicator].Label == "" {
				w.indicators[v.Indicator] = v
			}
		}
	}
	return w
}

// label names what a line changes: an indicator, or the row of the form that a sheet's text or remark
// stands on. Other fields have no label.
func (w words) label(op string, kind models.Kind, field string) (zh, en string) {
	switch {
	case op == "tally.add":
		return w.indicators[field].Label, w.indicators[field].LabelEN
	case kind == models.SheetKind:
		row := w.rows[strings.TrimPrefix(field, models.RemarkPrefix)]
		return row.Label, row.LabelEN
	}
	return "", ""
}

// name gives each change its label.
func (w words) name(op string, kind models.Kind, changes []Difference) {
	for i := range changes {
		changes[i].Label, changes[i].LabelEN = w.label(op, kind, changes[i].Field)
	}
}

// wordsIn finds the words of campaigns, each once. What waits may name a campaign that does not exist.
func (d *Desk) wordsIn(tx Tx) func(campaign string) (words, error) {
	known := map[string]words{}
	return func(campaign string) (words, error) {
		if w, ok := known[campaign]; ok {
			return w, nil
		}
		c, err := tx.Campaign(campaign)
		if err != nil {
			return words{}, err
		}
		if c == nil {
			c = &models.Campaign{}
		}
		rules, err := d.rules.Get(tx, c.ID, c.Rules)
		known[campaign] = wordsOf(rules)
		return known[campaign], err
	}
}
