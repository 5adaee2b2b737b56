package gateway

import (
	"context"
	"crypto/sha256"
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

// AddCodes stores enrolment codes, by hash, for an officer each, good for life.
func (g *Gateway) AddCodes(ctx context.Context, codes map[[32]byte]string, life time.Duration) error {
	now := g.nowMS()
	return g.store.Update(ctx, func(tx Tx) error {
		for hash, officer := range codes {
			var o models.Officer
			if ok, err := tx.Load(&o, officer); err != nil || !ok || o.Ended {
				return orNotFound(err, "officer")
			}
			if err := tx.AddEnrolment(&models.Enrolment{Hash: hash[:], Officer: officer, CreatedMS: now,
				ExpiresMS: now + life.Milliseconds(), KeyHash: []byte{}, ID: g.NewID()}); err != nil {
				return err
			}
		}
		return nil
	})
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
			return problem.New(problem.BadCode, "this code is not known")
		case e.UsedMS != 0 && (string(e.KeyHash) != string(keyHash[:]) || now-e.UsedMS > repeatTime.Milliseconds()):
			return problem.New(problem.CodeUsed, "this code was used by another phone")
		case e.UsedMS == 0 && now > e.ExpiresMS:
			return problem.New(problem.CodeExpired, "this code is over: ask for a new one")
		}
		out = &Enrolled{NowMS: now, Officer: &models.Officer{}, Unit: &models.Unit{}}
		if ok, err := tx.Load(out.Officer, e.Officer); err != nil || !ok || out.Officer.Ended {
			return orNotFound(err, "officer")
		}
		if out.Officer.Ended {
			return problem.New(problem.CodeExpired, "this code is over: ask for a new one")
		}
		if _, err := tx.Load(out.Unit, out.Officer.Unit); err != nil {
			return err
		}
		if e.UsedMS != 0 {
			out.Device, err = tx.Device(e.Device)
			return err
		}
		out.Device = &models.Device{ID: g.NewID(), Officer: e.Officer, Name: name, Platform: platform,
			PublicKey: key, EnrolledMS: now}
		// One family per officer: what a phone moves over from the one before it is recognised even
		// when it names no line that the server knows.
		if out.Device.Family, err = tx.FamilyOf(e.Officer); err != nil {
			return err
		}
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
			return problem.New(problem.UnknownDevice, "this device is not enrolled here")
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
