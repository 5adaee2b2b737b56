package simtest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/fieldsync/fieldsync/mobile-api/client"
	"github.com/fieldsync/fieldsync/models"
)

// heldLine writes a line that waits for the office, of one of the causes that do not go away by
// themselves. What the release will bring is added at once: at the end it must be there.
func (s *sim) heldLine(ctx context.Context, r *rand.Rand, p *phone) error {
	var e *event
	if err := p.do(func() (err error) {
		if e, err = p.create(r, s.facts(r), 0); err != nil {
			return err
		}
		if err := p.push(ctx, r); err != nil {
			return err
		}
		return p.catchUp(ctx, e)
	}); err != nil {
		return err
	}
	g := s.stranger(r, p)
	switch r.IntN(5) {
	case 0:
		return p.do(func() error { return s.unknownIndicator(ctx, r, p, e) })
	case 1:
		return p.do(func() error { return s.unknownOp(ctx, r, p, e) })
	case 2:
		return p.do(func() error { return s.badBase(ctx, r, p, e) })
	case 3:
		return g.do(func() error { // no join secret, or a wrong one
			at, err := g.write(withJoin(tallyLine(e.scope, e.id, "complaints", 5), pick(r, "", "wrong")))
			if err != nil {
				return err
			}
			s.oracle.hold(at, "no_right", false)
			s.oracle.tally(e, "complaints", 5)
			return g.push(ctx, r)
		})
	}
	return g.do(func() error { // writes to another unit's event
		f := fields{"url": fmt.Sprintf("note-%d", r.IntN(1000))}
		at, err := g.write(putLine(e.scope, "event", e.id, 0, f))
		if err != nil {
			return err
		}
		s.oracle.hold(at, "no_right", false)
		s.oracle.put(e, f)
		return g.push(ctx, r)
	})
}

func withJoin(ch client.Change, join string) client.Change {
	if join != "" {
		ch["join"] = join
	}
	return ch
}

func (s *sim) unknownIndicator(ctx context.Context, r *rand.Rand, p *phone, e *event) error {
	at, err := p.write(tallyLine(e.scope, e.id, "drones_seen", 3))
	if err != nil {
		return err
	}
	s.oracle.hold(at, "unknown_indicator", false)
	s.oracle.tally(e, "drones_seen", 3) // of the event, but of no row
	return p.push(ctx, r)
}

// unknownOp writes what only a later version knows. Nobody can apply it, so the office rejects it.
func (s *sim) unknownOp(ctx context.Context, r *rand.Rand, p *phone, e *event) error {
	at, err := p.write(client.Change{"op": "tally.replace", "scope": e.scope, "event": e.id, "n": 4})
	if err != nil {
		return err
	}
	s.oracle.hold(at, "unknown_op", true)
	return p.push(ctx, r)
}

// badBase rests a write on a version that the server has not given out, as after a restore of the
// server; the phone's next write of the same event waits behind it.
func (s *sim) badBase(ctx context.Context, r *rand.Rand, p *phone, e *event) error {
	first, second := fields{"led_slogans": r.Int64N(50), "notes": "前"}, fields{"notes": "后"}
	at, err := p.write(putLine(e.scope, "event", e.id, p.base(e)+1000, first))
	if err != nil {
		return err
	}
	behind, err := p.write(putLine(e.scope, "event", e.id, p.base(e), second))
	if err != nil {
		return err
	}
	s.oracle.hold(at, "bad_base", false)
	s.oracle.hold(behind, "behind", false)
	s.oracle.put(e, first)
	s.oracle.put(e, second)
	return p.push(ctx, r)
}

// accepted writes on an event that the office has accepted.
func (s *sim) accepted(ctx context.Context, r *rand.Rand, p *phone) error {
	return p.do(func() error {
		e, err := p.create(r, s.facts(r), 0)
		if err != nil {
			return err
		}
		if err := p.push(ctx, r); err != nil {
			return err
		}
		if err := s.accept(ctx, e); err != nil {
			if errors.Is(err, errors.ErrUnsupported) {
				s.faults.drop(Accepted)
				return nil
			}
			return err
		}
		at, err := p.write(tallyLine(e.scope, e.id, "tip_offs", 2))
		if err != nil {
			return err
		}
		s.oracle.hold(at, "event_accepted", false)
		s.oracle.tally(e, "tip_offs", 2)
		// A photo is never held for it.
		if err := p.photograph(r, e.scope, e.id, ""); err != nil {
			return err
		}
		return p.push(ctx, r)
	})
}

// accept asks the office to accept an event.
func (s *sim) accept(ctx context.Context, e *event) error {
	err := s.cfg.Backstage.Accept(ctx, e.unit, e.id)
	for try := 0; err != nil && try < 5 && !errors.Is(err, errors.ErrUnsupported); try++ {
		time.Sleep(50 * time.Millisecond)
		err = s.cfg.Backstage.Accept(ctx, e.unit, e.id)
	}
	return err
}

// signOff fills in a unit's sheet: an officer writes it, one who may not approves it, which waits
// for the office, and the unit's head approves it.
func (s *sim) signOff(ctx context.Context, r *rand.Rand, unit string) error {
	clerk := s.byUnit[unit][0]
	sheet := ref{clerk.scope, "sheet", unit}
	for _, p := range s.byUnit[unit] {
		if !p.seat.Head {
			clerk = p
		}
	}
	if err := clerk.do(func() error {
		f := fields{"highlights": "集中销毁活动", "filled_by": "外勤", "completed": true}
		if _, err := clerk.write(putLine(sheet.scope, "sheet", unit, 0, f)); err != nil {
			return err
		}
		s.oracle.record(sheet, f)
		if clerk.seat.Head {
			return nil
		}
		at, err := clerk.write(putLine(sheet.scope, "sheet", unit, 0, fields{"approved": true}))
		if err != nil {
			return err
		}
		s.oracle.hold(at, "no_right", false)
		s.oracle.record(sheet, fields{"approved": true})
		return clerk.push(ctx, r)
	}); err != nil {
		return err
	}
	for _, p := range s.byUnit[unit] {
		if !p.seat.Head {
			continue
		}
		return p.do(func() error {
			if err := p.pull(ctx); err != nil {
				return err
			}
			base := p.c.Base(client.Key{Scope: sheet.scope, Kind: models.SheetKind, ID: unit})
			if _, err := p.write(putLine(sheet.scope, "sheet", unit, base, fields{"approved": true, "remarks": "同意"})); err != nil {
				return err
			}
			s.oracle.record(sheet, fields{"approved": true, "remarks": "同意"})
			return p.push(ctx, r)
		})
	}
	return nil
}

// badLine writes lines that are refused for ever between good ones, which must arrive.
func (s *sim) badLine(ctx context.Context, r *rand.Rand, p *phone) error {
	return p.do(func() error {
		f := s.facts(r)
		f["join"] = "once"
		e, err := p.create(r, f, 0)
		if err != nil {
			return err
		}
		if err := p.push(ctx, r); err != nil { // nothing of this may move later
			return err
		}
		for _, bad := range s.badLines(r, e) {
			at, err := p.c.Append([]byte(strings.ReplaceAll(bad.text, "%d", strconv.FormatInt(p.nowMS(), 10))))
			if err != nil {
				return err
			}
			s.lines.Add(1)
			s.oracle.reject(place{at.Device, at.Epoch, at.Seq}, bad.code)
			if err := p.count(r, e, 1, 0); err != nil {
				return err
			}
		}
		return p.push(ctx, r)
	})
}

type bad struct{ code, text string }

// badLines returns some bad lines about an event; %d is the time.
func (s *sim) badLines(r *rand.Rand, e *event) []bad {
	about := fmt.Sprintf(`"scope":%q,"op":"event.put","id":%q`, e.scope, e.id)
	tally := fmt.Sprintf(`"scope":%q,"op":"tally.add","event":%q`, e.scope, e.id)
	all := []bad{
		{"bad_line", `not json at all %d`},
		{"bad_line", ""},
		{"bad_line", `{"at":%d,` + about + `,"set":{"notes":"a","notes":"b"}}`},
		{"bad_line", `{"at":%d,` + about + `,"set":{"notes":"a\u0000b"}}`},
		{"bad_line", `{"at":%d,` + about + `,"set":{"notes":"\ud800"}}`},
		{"bad_line", `{"at":%d,"scope":"` + e.scope + `","op":"tally.add","event":"ABCDEF00-0000-7000-8000-000000000000","indicator":"complaints","n":1}`},
		{"bad_field", `{"at":%d,` + about + `,"set":{"leaders":"three"}}`},
		{"bad_field", `{"at":%d,` + about + `,"set":{"leaders":1.0}}`},
		{"bad_field", `{"at":%d,` + about + `,"set":{"leaders":-1}}`},
		{"bad_field", `{"at":%d,` + tally + `,"indicator":"complaints","n":9007199254740993}`},
		{"bad_field", `{"at":%d,` + tally + `,"indicator":"complaints"}`},
		{"set_once", `{"at":%d,` + about + `,"set":{"join":"twice"}}`},
	}
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:1+r.IntN(4)]
}
