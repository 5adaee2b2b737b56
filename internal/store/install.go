package store

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"strconv"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

// Secrets are what all servers over one database share and nobody else learns.
type Secrets struct {
	Token []byte // signs access tokens
}

// The keys of the meta table.
const (
	metaEpoch   = "server_epoch"
	metaRestore = "restore_number"
	metaKey     = "office_key"
	metaDevice  = "office_device"
	metaOfficer = "office_officer"
	metaToken   = "token_secret"
)

// Install reads what the servers over this database share, and makes it on first use: the server
// epoch, the restore number, the key that signs the office's logs, the token secret, and the
// officer and device in whose name the server itself acts.
func (db *DB) Install(ctx context.Context, newID func() string, nowMS int64) (gateway.Installation, Secrets, error) {
	var inst gateway.Installation
	var secrets Secrets
	err := db.update(ctx, func(t *tx) error {
		m, err := t.meta()
		if err != nil {
			return err
		}
		if m[metaEpoch] == nil {
			if err := t.install(newID, nowMS); err != nil {
				return err
			}
			if m, err = t.meta(); err != nil {
				return err
			}
		}
		inst, secrets, err = readInstall(m)
		return err
	})
	return inst, secrets, err
}

func readInstall(m map[string][]byte) (inst gateway.Installation, s Secrets, err error) {
	inst.ServerEpoch = string(m[metaEpoch])
	if inst.Restore, err = strconv.ParseInt(string(m[metaRestore]), 10, 64); err != nil {
		return inst, s, problem.Wrap(err, problem.Unavailable, "the database's restore number is damaged")
	}
	if inst.Key, err = x509.ParseECPrivateKey(m[metaKey]); err != nil {
		return inst, s, problem.Wrap(err, problem.Unavailable, "the database's signing key is damaged")
	}
	if inst.PublicKey, err = inst.Key.PublicKey.Bytes(); err != nil {
		return inst, s, err
	}
	inst.Device, inst.Officer = string(m[metaDevice]), string(m[metaOfficer])
	s.Token = m[metaToken]
	return inst, s, nil
}

func (t *tx) meta() (map[string][]byte, error) {
	out := map[string][]byte{}
	rows, err := t.q.QueryContext(t.ctx, "SELECT key, value FROM meta")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var k string
		var v []byte
		if err := rows.Scan(&k, &v); err != nil {
			return nil, err
		}
		out[k] = v
	}
	return out, rows.Err()
}

func (t *tx) install(newID func() string, nowMS int64) error {
	if t.pg { // two servers that start together make it once
		if err := t.exec("LOCK TABLE meta IN ACCESS EXCLUSIVE MODE"); err != nil {
			return err
		}
		if m, err := t.meta(); err != nil || m[metaEpoch] != nil {
			return err
		}
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return err
	}
	secret := make([]byte, 32)
	if _, err := rand.Read(secret); err != nil {
		return err
	}
	pub, err := key.PublicKey.Bytes()
	if err != nil {
		return err
	}
	device, officer := newID(), newID()
	for k, v := range map[string][]byte{
		metaEpoch: []byte(newID()), metaRestore: []byte("0"), metaKey: der, metaToken: secret,
		metaDevice: []byte(device), metaOfficer: []byte(officer),
	} {
		if err := t.exec("INSERT INTO meta (key, value) VALUES (?, ?)", k, v); err != nil {
			return err
		}
	}
	return t.AddDevice(&models.Device{ID: device, Officer: officer, Name: "server", Platform: "server",
		PublicKey: pub, Office: true, EnrolledMS: nowMS})
}

// AddDevice stores a device in its family, or in one of its own.
func (t *tx) AddDevice(d *models.Device) error {
	if d.Family == 0 {
		if _, err := t.one("INSERT INTO family DEFAULT VALUES RETURNING id", nil, &d.Family); err != nil {
			return err
		}
	}
	return t.exec("INSERT INTO device ("+deviceColumns+") VALUES ("+marks(9)+")",
		d.ID, d.Officer, d.Family, d.Name, d.Platform, d.PublicKey, d.Office, d.EnrolledMS, d.RevokedMS)
}

// FamilyOf locks an officer and returns the family of their phones, 0 while there is none. Whoever asks for
// the same officer waits until this transaction ends, and so does whoever changes them: two phones that
// enrol at once are of one family. The family is locked first, as everywhere, against one that joins it
// with another; a phone that is added would lock it after the officer.
func (t *tx) FamilyOf(officer string) (family int64, err error) {
	const find = "SELECT family FROM device WHERE officer = ? AND NOT office ORDER BY id LIMIT 1"
	if _, err = t.one(find, []any{officer}, &family); err != nil || !t.pg {
		return family, err
	}
	if err := t.exec("SELECT id FROM family WHERE id = ? FOR KEY SHARE", family); err != nil {
		return 0, err
	}
	if err := t.exec("SELECT id FROM officer WHERE id = ? FOR NO KEY UPDATE", officer); err != nil {
		return 0, err
	}
	_, err = t.one(find, []any{officer}, &family) // as those who were waited for left it
	return family, err
}

// restoreUnit is the grain of restore numbers. They follow the clock, so that putting the same backup
// back twice does not give the same number twice; 2²¹ of them last four decades, and keep versions
// below 2⁵³.
const restoreUnit = 10 * 60 * 1000

// restoreEpoch is where restore numbers count from: 2024-01-01 UTC, ms.
const restoreEpoch = 1704067200000

// Restored gives the database a new server epoch and the next restore number: it was put back from
// a backup, so versions and cursors given out since then must not be taken for new ones. The sessions
// that the backup holds are ended: some of them were ended since then.
func (db *DB) Restored(ctx context.Context, newID func() string, nowMS int64) (epoch string, restore int64, err error) {
	err = db.update(ctx, func(t *tx) error {
		m, err := t.meta()
		if err != nil {
			return err
		}
		inst, _, err := readInstall(m)
		if err != nil {
			return err
		}
		epoch, restore = newID(), max(inst.Restore+1, (nowMS-restoreEpoch)/restoreUnit)
		if err := t.exec("UPDATE meta SET value = ? WHERE key = ?", []byte(epoch), metaEpoch); err != nil {
			return err
		}
		if err := t.exec("UPDATE meta SET value = ? WHERE key = ?", []byte(strconv.FormatInt(restore, 10)), metaRestore); err != nil {
			return err
		}
		return t.exec("UPDATE session SET ended_ms = ?, ended_why = ? WHERE ended_ms = 0", max(nowMS, 1), string(models.EndedRestored))
	})
	return epoch, restore, err
}
