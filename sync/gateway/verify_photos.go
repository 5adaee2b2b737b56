package gateway

import (
	"context"
	"fmt"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/changelog"
	"github.com/fieldsync/fieldsync/sync/merge"
)

// promise names an original of a photo.
type promise struct{ scope, id, sha256 string }

// hearStored notes a receipt as the log has it.
func (v *verifier) hearStored(scope string, c *changelog.Change) {
	if v.told == nil {
		v.told = map[promise]bool{}
	}
	v.told[promise{scope, c.ID, c.SHA256}] = true
}

// promised notes what a photo's record, as the lines make it, promises.
func (v *verifier) promised(r *merge.Record) {
	if r == nil || r.Kind != models.PhotoKind {
		return
	}
	var a models.Announcement
	if promised(r, &a); isSHA256(a.SHA256) && a.Bytes > 0 {
		if v.promises == nil {
			v.promises = map[promise]bool{}
		}
		v.promises[promise{r.Scope, r.ID, a.SHA256}] = true
	}
}

// justStored is how long an original may be stored before its receipt is written, ms: verify may run beside a server.
const justStored = 5 * 60 * 1000

// photos checks that every promise of a record is announced, that every receipt is the line it says and every such line
// has its receipt, that every stored original has one, and that nothing else counts as stored. The bytes are the store's:
// see [Gateway.StoredOriginals].
func (v *verifier) photos() error {
	if err := v.tx.EachAnnouncement(func(a *models.Announcement) error {
		delete(v.promises, promise{a.Scope, a.ID, a.SHA256})
		return nil
	}); err != nil {
		return err
	}
	for p := range v.promises {
		v.found("photo", p.scope+" "+p.id, "its line announces an original, and nothing knows of it")
	}
	stored, told := map[[2]string]int64{}, map[[2]string]bool{}
	if err := v.tx.EachOriginal(func(o *models.Original) error {
		if o.State == models.PhotoStored {
			stored[[2]string{o.Scope, o.SHA256}] = o.StoredMS
		}
		return nil
	}); err != nil {
		return err
	}
	var receipts []models.PhotoReceipt // one reading at a time: what follows reads lines
	if err := v.tx.EachPhotoReceipt(func(r *models.PhotoReceipt) error {
		receipts = append(receipts, *r)
		return nil
	}); err != nil {
		return err
	}
	for i := range receipts {
		r := &receipts[i]
		k := [2]string{r.Scope, r.SHA256}
		told[k] = true
		_, kept := stored[k]
		if err := v.receipt(r, kept); err != nil {
			return err
		}
		delete(v.told, promise{r.Scope, r.ID, r.SHA256})
		delete(v.told, promise{"", r.ID, r.SHA256}) // the same before its line was applied
	}
	for p := range v.told {
		v.found("photo", p.scope+" "+p.id, "a line says that its original is stored, and nothing knows of it")
	}
	for k, at := range stored {
		if !told[k] && v.g.nowMS()-at > justStored {
			v.found("photo", k[0]+" "+k[1], "it is stored and has no receipt")
		}
	}
	return nil
}

func (v *verifier) receipt(r *models.PhotoReceipt, stored bool) error {
	where := r.Scope + " " + r.ID
	if !stored {
		v.found("photo", where, "it has a receipt, and no original is stored")
	}
	x, err := v.fetch(r.Log, r.Seq)
	if err != nil {
		return err
	}
	if x == nil {
		v.found("photo", where, "its receipt, line %d.%d, is not there", r.Log, r.Seq)
		return nil
	}
	c, fault := changelog.ParseLine(x.Raw)
	scope := ""
	if r.OnRecord {
		scope = r.Scope
	}
	if fault != nil || c.Op != opStored || c.ID != r.ID || c.SHA256 != r.SHA256 || c.Scope != scope {
		v.found("photo", where, "line %d.%d is not its receipt", r.Log, r.Seq)
	}
	return nil
}

// StoredOriginal is an original that must be in the store.
type StoredOriginal struct {
	SHA256 string
	Bytes  int64
}

func (o StoredOriginal) String() string { return fmt.Sprintf("%s (%d bytes)", o.SHA256, o.Bytes) }

// StoredOriginals lists what must be in the store, each original once.
func (g *Gateway) StoredOriginals(ctx context.Context) (out []StoredOriginal, err error) {
	err = g.store.View(ctx, func(tx Tx) error {
		out = nil
		seen := map[string]bool{}
		return tx.EachOriginal(func(o *models.Original) error {
			if o.State == models.PhotoStored && !seen[o.SHA256] {
				seen[o.SHA256] = true
				out = append(out, StoredOriginal{o.SHA256, o.Bytes})
			}
			return nil
		})
	})
	return out, err
}
