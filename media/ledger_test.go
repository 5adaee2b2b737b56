package media_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/media"
	"github.com/fieldsync/fieldsync/models"
)

// ledger is a Ledger in memory. It survives the services that use it, as a database does.
type ledger struct {
	mu        sync.Mutex
	step      func(op, key string) error // before and after each call
	now       func() time.Time
	announced []models.Announcement
	colleague map[string]bool // device + " " + scope
	revoked   map[string]bool
	rows      map[string]*models.Original
	receipts  map[string]*media.Receipt // scope, id, sum
	lines     int                       // receipts and refusals that were written
	restored  bool
}

func newLedger(now func() time.Time) *ledger {
	return &ledger{now: now, colleague: map[string]bool{}, revoked: map[string]bool{}, rows: map[string]*models.Original{},
		receipts: map[string]*media.Receipt{}, step: func(string, string) error { return nil }}
}

// call is one call of the ledger: something may happen before it, and when it has had its effect.
func (l *ledger) call(op string, do func() error) error {
	if err := l.step("before "+op, ""); err != nil {
		return err
	}
	l.mu.Lock()
	err := do()
	l.mu.Unlock()
	if err != nil {
		return err
	}
	return l.step("after "+op, "")
}

func (l *ledger) Deliveries(_ context.Context, device string, ids []string) (out map[string]*media.Delivery, err error) {
	out = map[string]*media.Delivery{}
	err = l.call("deliveries", func() error {
		for _, id := range ids {
			for _, a := range l.announced {
				own := a.Device == device
				if a.ID != id || !own && (!l.colleague[device+" "+a.Scope] || l.revoked[device]) || out[id] != nil && !own {
					continue
				}
				d := &media.Delivery{Announcement: a, Receipt: l.receipts[a.Scope+" "+id+" "+a.SHA256]}
				if o := l.rows[a.Scope+" "+a.SHA256]; o != nil {
					row := *o
					d.Original = &row
				}
				out[id] = d
			}
		}
		return nil
	})
	return out, err
}

func (l *ledger) Begin(_ context.Context, device string, a *models.Announcement, quota int64) error {
	return l.call("begin", func() error {
		key := a.Scope + " " + a.SHA256
		if l.rows[key] != nil {
			return nil
		}
		used := a.Bytes
		for _, o := range l.rows {
			if o.Device == device {
				used += o.Bytes
			}
		}
		if used > quota {
			return problem.New(problem.Quota, "the device has sent its share")
		}
		ms := l.now().UnixMilli()
		l.rows[key] = &models.Original{Scope: a.Scope, SHA256: a.SHA256, Bytes: a.Bytes, State: models.PhotoPartial, Device: device,
			BegunMS: ms, LastMS: ms}
		return nil
	})
}

func (l *ledger) Finish(_ context.Context, o *models.Original) error {
	return l.call("finish", func() error {
		key := o.Scope + " " + o.SHA256
		if old := l.rows[key]; old == nil || old.State != models.PhotoStored {
			if old == nil || old.State != o.State {
				l.lines++
			}
			row := *o
			l.rows[key] = &row
		}
		for _, a := range l.announced {
			at := a.Scope + " " + a.ID + " " + a.SHA256
			if a.Scope == o.Scope && a.SHA256 == o.SHA256 && l.rows[key].State == models.PhotoStored && l.receipts[at] == nil {
				l.receipts[at] = &media.Receipt{Header: "made up", Line: fmt.Sprintf("photo.stored %s", a.ID)}
			}
		}
		return nil
	})
}

func (l *ledger) Drop(_ context.Context, scope, sum string) error {
	return l.call("drop", func() error {
		if o := l.rows[scope+" "+sum]; o != nil && o.State != models.PhotoStored {
			delete(l.rows, scope+" "+sum)
		}
		return nil
	})
}

func (l *ledger) Touch(_ context.Context, scope, sum string, preview bool) error {
	return l.call("touch", func() error {
		if o := l.rows[scope+" "+sum]; o != nil {
			o.LastMS, o.Preview = l.now().UnixMilli(), o.Preview || preview
		}
		return nil
	})
}

func (l *ledger) Restored() bool { return l.restored }

func (l *ledger) Original(_ context.Context, scope, sum string) (o *models.Original, err error) {
	err = l.call("original", func() error {
		o = l.rows[scope+" "+sum]
		return nil
	})
	return o, err
}

// row returns what the ledger knows of an original.
func (l *ledger) row(t testing.TB, p *photo) *models.Original {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	if o := l.rows[p.scope+" "+p.sum]; o != nil {
		row := *o
		return &row
	}
	return nil
}
