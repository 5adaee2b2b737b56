package gateway

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"slices"
	"time"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
)

// CodeLife is how long an enrolment code is good unless its maker says otherwise.
const CodeLife = 7 * 24 * time.Hour

// repeatTime is how long the same code with the same key gives the same answer: a lost reply must
// not strand a phone.
const repeatTime = 24 * time.Hour

// Enrolled is what a phone learns when it is enrolled.
type Enrolled struct {
	Device  *models.Device
	Officer *models.Officer
	Unit    *models.Unit
	NowMS   int64
}

// CodeMade is one enrolment as it was made. The code itself is nowhere but with whoever made it.
type CodeMade struct {
	ID        string
	Officer   string
	Hash      [32]byte
	ExpiresMS int64
}

// AddBatch stores enrolment codes, by hash, for an officer each, good for life, as lines of the log of
// the officer who gives them out. It returns the name of the batch and what was made, by officer. also,
// unless it is nil, is asked in the transaction before anything is written, as by [Gateway.Do].
func (g *Gateway) AddBatch(ctx context.Context, by string, codes map[[32]byte]string, life time.Duration, also func(Tx) error) (batch string, made []CodeMade, err error) {
	batch = g.NewID()
	d := decision{officer: by, codes: map[string][32]byte{}}
	expires := g.nowMS() + life.Milliseconds()
	for hash, officer := range codes {
		made = append(made, CodeMade{Officer: officer, Hash: hash, ExpiresMS: expires})
	}
	slices.SortFunc(made, func(a, b CodeMade) int {
		return cmp.Or(cmp.Compare(a.Officer, b.Officer), bytes.Compare(a.Hash[:], b.Hash[:]))
	})
	for i := range made {
		m := &made[i]
		m.ID = g.NewID()
		d.codes[m.ID] = m.Hash
		d.entries = append(d.entries, Entry{Op: opCode, ID: m.ID, Batch: batch, Officer: m.Officer, Expires: m.ExpiresMS})
	}
	return batch, made, g.decide(ctx, d, also)
}

// CancelCode makes a code that was not used yet good for nothing. also is as in [Gateway.Do].
func (g *Gateway) CancelCode(ctx context.Context, by, id string, also func(Tx) error) error {
	var e *models.Enrolment
	if err := g.store.View(ctx, func(tx Tx) (err error) {
		e, err = tx.FindEnrolment(id)
		return err
	}); err != nil || e == nil {
		return orNotFound(err, "enrolment code")
	}
	return g.Do(ctx, by, also, Entry{Op: opCancel, ID: id, Officer: e.Officer})
}

// addCode stores the hash of one code. Its line says for whom and until when and not the hash: codes
// are short, and the trail is read by many.
func (d *decision) addCode(it *item) error {
	c := it.change
	hash, ok := d.codes[c.ID]
	if !ok {
		return problem.New(problem.Invalid, "a code is given out together with its hash").ZH("激活码没有生成成功，请重新发放。")
	}
	var o models.Officer
	if ok, err := d.w.tx.Load(&o, c.Officer); err != nil || !ok || o.Ended {
		return orNotFound(err, "officer")
	}
	return d.w.tx.AddEnrolment(&models.Enrolment{ID: c.ID, Batch: c.Batch, MadeBy: d.officer, Hash: hash[:],
		Officer: c.Officer, CreatedMS: d.w.receipt, ExpiresMS: c.Expires, KeyHash: []byte{}})
}

func (d *decision) cancelCode(it *item) error {
	e, err := d.w.tx.EnrolmentByID(it.change.ID)
	if err != nil || e == nil || e.Officer != it.change.Officer {
		return orNotFound(err, "enrolment code")
	}
	switch {
	case e.UsedMS != 0:
		return problem.New(problem.Conflict, "the code was used: revoke the phone instead").
			ZH("激活码已被使用，不能作废；如需停止使用，请停用该手机。")
	case e.CancelledMS != 0:
		return problem.New(problem.Conflict, "the code was cancelled before").ZH("激活码此前已作废。")
	}
	e.CancelledMS = d.w.receipt
	return d.w.tx.UseEnrolment(e)
}

// note keeps in the trail what changes no data: a table that was taken out, a password that was set.
func (d *decision) note(it *item) error {
	if it.change.Kind == "" || it.change.Note == "" {
		return problem.New(problem.Invalid, "a note says what it is about").ZH("请说明登记的内容。")
	}
	return nil
}

// Enrol makes the phone with this public key (uncompressed point) a device of the officer whom the
// code was made for. A code is good once.
func (g *Gateway) Enrol(ctx context.Context, code [32]byte, name, platform string, key []byte) (out *Enrolled, err error) {
	now := g.nowMS()
	keyHash := sha256.Sum256(key)
	err = g.store.Update(ctx, func(tx Tx) error {
		e, err := tx.Enrolment(code[:])
		if err != nil {
			return err
		}
		switch {
		case e == nil:
			return problem.New(problem.BadCode, "this code is not known").ZH("激活码不对，请核对后重新输入。")
		case e.UsedMS != 0 && (string(e.KeyHash) != string(keyHash[:]) || now-e.UsedMS > repeatTime.Milliseconds()):
			return problem.New(problem.CodeUsed, "this code was used by another phone").ZH("激活码已被另一部手机使用，请重新领取。")
		case e.CancelledMS != 0:
			return problem.New(problem.CodeExpired, "this code was cancelled: ask for a new one").ZH("激活码已作废，请重新领取。")
		case e.UsedMS == 0 && now > e.ExpiresMS:
			return problem.New(problem.CodeExpired, "this code is over: ask for a new one").ZH("激活码已过期，请重新领取。")
		}
		out = &Enrolled{NowMS: now, Officer: &models.Officer{}, Unit: &models.Unit{}}
		// One family per officer: what a phone moves over from the one before it is recognised even
		// when it names no line that the server knows. The officer is locked before anybody looks whether
		// they left: who ends a person's service with all phones misses none that comes meanwhile.
		var family int64
		if e.UsedMS == 0 {
			if family, err = tx.FamilyOf(e.Officer); err != nil {
				return err
			}
		}
		if ok, err := tx.Load(out.Officer, e.Officer); err != nil || !ok || out.Officer.Ended {
			return orNotFound(err, "officer")
		}
		if _, err := tx.Load(out.Unit, out.Officer.Unit); err != nil {
			return err
		}
		if e.UsedMS != 0 {
			out.Device, err = tx.Device(e.Device)
			return err
		}
		out.Device = &models.Device{ID: g.NewID(), Officer: e.Officer, Name: name, Platform: platform,
			PublicKey: key, EnrolledMS: now, Family: family}
		if err := tx.AddDevice(out.Device); err != nil {
			return err
		}
		e.UsedMS, e.Device, e.KeyHash = now, out.Device.ID, keyHash[:]
		return tx.UseEnrolment(e)
	})
	return out, err
}

// Assertion notes that a device used an assertion and returns the officer it acts for. The same
// assertion a second time is refused, on every server of the database.
func (g *Gateway) Assertion(ctx context.Context, device, jti string, expiresMS int64) (officer string, err error) {
	err = g.store.Update(ctx, func(tx Tx) error {
		d, err := tx.Device(device)
		if err != nil {
			return err
		}
		if d == nil {
			return problem.New(problem.UnknownDevice, "this device is not enrolled here").ZH("没有登记过这部手机，请重新激活。")
		}
		officer = d.Officer
		fresh, err := tx.UseAssertion(device, jti, expiresMS, g.nowMS())
		if err == nil && !fresh {
			return problem.New(problem.Replayed, "this assertion was used before")
		}
		return err
	})
	return officer, err
}
