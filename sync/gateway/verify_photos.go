package gateway

import (
	"context"
	"fmt"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/changelog"
)

// photos checks that every receipt is the line it says, that every stored original has one, and that nothing else counts
// as stored. The bytes are the store's: see [Gateway.StoredOriginals].
func (v *verifier) photos() error {
	stored, told := map[[2]string]bool{}, map[[2]string]bool{}
	if err := v.tx.EachOriginal(func(o *models.Original) error {
		if o.State == models.PhotoStored {
			stored[[2]string{o.Scope, o.SHA256}] = true
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
		told[[2]string{r.Scope, r.SHA256}] = true
		if err := v.receipt(r, stored[[2]string{r.Scope, r.SHA256}]); err != nil {
			return err
		}
	}
	for k := range stored {
		if !told[k] {
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
