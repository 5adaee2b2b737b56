package merge

import (
	"strconv"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/changelog"
	"github.com/go-json-experiment/json/jsontext"
)

// Public appends what phones and the office see of the record: the `data` of a pulled record, a
// JSON object. It is a function of the state alone, so the store keeps it beside the state and a
// pull copies bytes.
func (r *Record) Public(b []byte) []byte {
	b = append(b, `{"fields":{`...)
	b = r.appendFields(b)
	b = append(b, '}')
	if r.FirstMS != 0 {
		b = appendInt(append(b, `,"first_at":`...), r.FirstMS)
	}
	switch r.Kind {
	case models.EventKind:
		b = r.appendTallies(b)
		b = r.appendReview(b)
		b = r.appendJudged(b)
	case models.LotKind:
		b = r.appendMoves(b)
	case models.PhotoKind:
		state := r.Photo.State
		if state == "" {
			state = models.PhotoAnnounced
		}
		b = appendText(append(b, `,"upload":`...), string(state))
		if r.Photo.Reason != "" {
			b = appendText(append(b, `,"upload_reason":`...), r.Photo.Reason)
		}
	case models.SheetKind:
		b = r.appendReview(b)
	}
	if r.Counts != "" {
		b = appendText(append(b, `,"counts_for":`...), r.Counts)
	}
	if r.Late {
		b = append(b, `,"late":true`...)
	}
	b = r.appendConflicts(b)
	return append(b, '}')
}

func (r *Record) appendFields(b []byte) []byte {
	first := true
	for i := range r.Fields {
		v := &r.Fields[i].Shown().Value
		if v.Kind == changelog.Null {
			continue
		}
		b = comma(b, &first)
		b = appendText(b, r.Fields[i].Name)
		b = appendValue(append(b, ':'), v)
	}
	return b
}

func (r *Record) appendTallies(b []byte) []byte {
	if len(r.Tallies) == 0 {
		return b
	}
	b = append(b, `,"tallies":{`...)
	for i := range r.Tallies {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendText(b, r.Tallies[i].Indicator)
		b = appendInt(append(b, `:{"sum":`...), r.Tallies[i].Sum)
		b = appendInt(append(b, `,"n":`...), r.Tallies[i].N)
		b = append(b, '}')
	}
	return append(b, '}')
}

func (r *Record) appendReview(b []byte) []byte {
	b = appendText(append(b, `,"review":{"state":`...), string(r.State()))
	if r.Review.Reason != "" {
		b = appendText(append(b, `,"reason":`...), r.Review.Reason)
	}
	if r.Review.ByMS != 0 {
		b = appendInt(append(b, `,"at":`...), r.Review.ByMS)
	}
	if n := len(r.Review.Comments); n > 0 {
		b = append(b, `,"comments":[`...)
		for i := range r.Review.Comments {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendInt(append(b, `{"at":`...), r.Review.Comments[i].AtMS)
			b = appendText(append(b, `,"text":`...), r.Review.Comments[i].Text)
			b = append(b, '}')
		}
		b = append(b, ']')
	}
	return append(b, '}')
}

func (r *Record) appendJudged(b []byte) []byte {
	if r.Judged.Verdict == "" {
		return b
	}
	b = appendText(append(b, `,"duplicate":{"verdict":`...), r.Judged.Verdict)
	b = appendText(append(b, `,"scope":`...), r.Judged.Scope)
	b = appendText(append(b, `,"id":`...), r.Judged.ID)
	b = appendText(append(b, `,"reason":`...), r.Judged.Reason)
	return append(b, '}')
}

func (r *Record) appendMoves(b []byte) []byte {
	b = append(b, `,"moves":[`...)
	for i := range r.Moves {
		m := &r.Moves[i]
		if i > 0 {
			b = append(b, ',')
		}
		b = appendText(append(b, `{"id":`...), m.ID)
		b = appendText(append(b, `,"move":`...), m.Move)
		b = appendInt(append(b, `,"quantity":`...), m.Quantity)
		b = appendInt(append(b, `,"at":`...), m.EffectiveMS)
		if m.Event != "" {
			b = appendText(append(b, `,"event":`...), m.Event)
		}
		if m.Note != "" {
			b = appendText(append(b, `,"note":`...), m.Note)
		}
		if len(m.Set) > 0 {
			b = append(append(b, `,"set":`...), m.Set...)
		}
		b = append(b, '}')
	}
	l := r.Balance()
	b = appendInt(append(b, `],"balance":{"received":`...), l.Received)
	b = appendInt(append(b, `,"counted":`...), l.Counted)
	b = appendInt(append(b, `,"handed_over":`...), l.HandedOver)
	b = appendInt(append(b, `,"returned":`...), l.Returned)
	b = appendInt(append(b, `,"destroyed":`...), l.Destroyed)
	b = appendInt(append(b, `,"remaining":`...), l.Remaining())
	b = append(b, '}')
	if f := r.Findings(); len(f) > 0 {
		b = append(b, `,"findings":[`...)
		for i := range f {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendText(b, f[i])
		}
		b = append(b, ']')
	}
	return b
}

// appendConflicts lists each field in conflict with all its values, who wrote them and when.
func (r *Record) appendConflicts(b []byte) []byte {
	names := r.Conflicts()
	if len(names) == 0 {
		return b
	}
	b = append(b, `,"conflicts":[`...)
	for i, name := range names {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendText(append(b, `{"field":`...), name)
		b = append(b, `,"values":[`...)
		g := r.find(name)
		for j := range g.Siblings {
			s := &g.Siblings[j]
			if j > 0 {
				b = append(b, ',')
			}
			b = appendValue(append(b, `{"value":`...), &s.Value)
			b = appendInt(append(b, `,"at":`...), s.EffectiveMS)
			b = appendInt(append(b, `,"claimed":`...), s.AtMS)
			for k := range r.Sources {
				if r.Sources[k].Log == s.Log {
					b = appendText(append(b, `,"officer":`...), r.Sources[k].Officer)
					b = appendText(append(b, `,"device":`...), r.Sources[k].Device)
				}
			}
			b = append(b, '}')
		}
		b = append(b, `]}`...)
	}
	return append(b, ']')
}

func comma(b []byte, first *bool) []byte {
	if *first {
		*first = false
		return b
	}
	return append(b, ',')
}

func appendInt(b []byte, n int64) []byte { return strconv.AppendInt(b, n, 10) }

func appendText(b []byte, s string) []byte {
	// The error says that s is not UTF-8: lines with such texts were rejected, so it cannot be.
	out, err := jsontext.AppendQuote(b, s)
	if err != nil {
		return append(b, `""`...)
	}
	return out
}

func appendValue(b []byte, v *changelog.Value) []byte {
	switch v.Kind {
	case changelog.Null:
		return append(b, "null"...)
	case changelog.Int:
		return appendInt(b, v.Int)
	case changelog.Flag:
		return strconv.AppendBool(b, v.Flag)
	case changelog.Text:
		return appendText(b, v.Text)
	}
	return append(b, v.Raw...)
}
