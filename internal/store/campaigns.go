package store

import (
	"github.com/fieldsync/fieldsync/models"
)

// Campaign returns a campaign, nil when there is none.
func (t *tx) Campaign(id string) (*models.Campaign, error) {
	var c []models.Campaign
	err := t.gorm().Where("id = ?", id).Limit(1).Find(&c).Error
	if err != nil || len(c) == 0 {
		return nil, err
	}
	return &c[0], nil
}
