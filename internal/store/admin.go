package store

import (
	"database/sql"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"gorm.io/gorm/clause"
)

// Load reads one noun by its id and reports whether there is one.
func (t *tx) Load(v any, id string) (bool, error) {
	r := t.gorm().Where("id = ?", id).Limit(1).Find(v)
	return r.RowsAffected > 0, r.Error
}

// Put writes all columns of one noun, new or not. (GORM's own Save and Updates leave zero values
// out: a count corrected to 0 would stay.)
func (t *tx) Put(v any) error {
	return t.gorm().Clauses(clause.OnConflict{UpdateAll: true}).Create(v).Error
}

func (t *tx) Units() (out []models.Unit, err error) {
	err = t.gorm().Order("code").Find(&out).Error
	return out, err
}

func (t *tx) Campaigns() (out []models.Campaign, err error) {
	err = t.gorm().Order("id").Find(&out).Error
	return out, err
}

// TemplateByCode returns the template that gives itself this id, nil when there is none.
func (t *tx) TemplateByCode(code string) (*models.Template, error) {
	var list []models.Template
	err := t.gorm().Where("code = ?", code).Limit(1).Find(&list).Error
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

func (t *tx) Building() (out []string, err error) {
	err = t.gorm().Model(&models.Campaign{}).Where("building <> 0").Order("id").Pluck("id", &out).Error
	return out, err
}

func (t *tx) PutAssignment(a *models.Assignment) error { return t.Put(a) }

// OfficeDevice returns the device in whose name an office user writes, nil when there is none.
func (t *tx) OfficeDevice(officer string) (found *models.Device, err error) {
	err = t.each(func(r *sql.Rows) error {
		found = &models.Device{}
		return scanDevice(r, found)
	}, "SELECT "+deviceColumns+" FROM device WHERE officer = ? AND office", officer)
	return found, err
}

func (t *tx) AddRules(r *models.Rules) error { return t.gorm().Create(r).Error }

func (t *tx) AddSnapshot(s *models.Snapshot) error { return t.Put(s) }

// SetScopes copies a campaign's state and rules to its scopes. The rows are locked in the order of
// their numbers, as pushes do.
func (t *tx) SetScopes(c *models.Campaign) error {
	var nos []int64
	err := t.each(func(r *sql.Rows) error {
		var no int64
		if err := r.Scan(&no); err != nil {
			return err
		}
		nos = append(nos, no)
		return nil
	}, "SELECT no FROM scope WHERE campaign = ? ORDER BY no", c.ID)
	if err != nil {
		return err
	}
	for _, no := range nos {
		if err := t.exec("UPDATE scope SET state = ?, rules = ?, building = ? WHERE no = ?",
			string(c.State), c.Rules, c.Building, no); err != nil {
			return err
		}
	}
	return nil
}

// Records lists the records of a kind in a campaign's scopes by key, stubs left out.
func (t *tx) Records(campaign string, kind models.Kind, after gateway.Key, n int) (out []gateway.Stored, err error) {
	names := map[int64]string{}
	err = t.each(func(r *sql.Rows) error {
		var s gateway.Stored
		if err := scanStored(r, &s); err != nil {
			return err
		}
		out = append(out, s)
		return nil
	}, "SELECT r.scope_no, r.kind, r.id, r.version, r.seq, r.state, r.counts FROM record r JOIN scope s ON s.no = r.scope_no "+
		"WHERE s.campaign = ? AND r.kind = ? AND r.version > 0 AND (r.scope_no > ? OR r.scope_no = ? AND r.id > ?) "+
		"ORDER BY r.scope_no, r.id LIMIT ?", campaign, string(kind), after.Scope, after.Scope, after.ID, n)
	if err != nil {
		return nil, err
	}
	for i := range out {
		no := out[i].Key.Scope
		if _, ok := names[no]; !ok {
			if names[no], err = t.ScopeName(no); err != nil {
				return nil, err
			}
		}
		out[i].Record.Scope = names[no]
	}
	return out, nil
}

// DropRules removes the totals and use counts of an old rules version. The rules themselves stay:
// lines and snapshots name them.
func (t *tx) DropRules(campaign string, version int64) error {
	if err := t.exec("DELETE FROM total WHERE campaign = ? AND rules = ?", campaign, version); err != nil {
		return err
	}
	return t.exec("DELETE FROM distinct_key WHERE campaign = ? AND rules = ?", campaign, version)
}
