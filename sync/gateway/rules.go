package gateway

import (
	"encoding/json"
	"sync"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/stats"
)

// ruleCache keeps compiled rules. A rules version never changes, so an entry is good for ever.
type ruleCache struct {
	m sync.Map // ruleKey → *RuleSet
}

type ruleKey struct {
	campaign string
	version  int64
}

// get returns a campaign's rules at a version, nil when the campaign has none yet.
func (c *ruleCache) get(tx RulesTx, campaign string, version int64) (*RuleSet, error) {
	if version == 0 || campaign == "" {
		return nil, nil
	}
	k := ruleKey{campaign, version}
	if r, ok := c.m.Load(k); ok {
		return r.(*RuleSet), nil
	}
	row, err := tx.Rules(campaign, version)
	if err != nil {
		return nil, err
	}
	r, err := CompileRules(row)
	if err != nil {
		return nil, err
	}
	c.m.Store(k, r)
	return r, nil
}

// TemplateText is one template as a rules version keeps it.
type TemplateText struct {
	ID   string `json:"id"`
	YAML string `json:"yaml"`
}

// CompileRules compiles a stored rules version.
func CompileRules(row *models.Rules) (*RuleSet, error) {
	if row == nil {
		return nil, problem.New(problem.Internal, "the campaign's rules are missing").ZH("活动的统计口径缺失，请联系管理员。")
	}
	var texts []TemplateText
	if err := json.Unmarshal([]byte(row.Templates), &texts); err != nil {
		return nil, problem.Wrap(err, problem.Internal, "the campaign's rules cannot be read").
			ZH("活动的统计口径无法读取，请联系管理员。")
	}
	list := make([]*stats.Template, len(texts))
	for i := range texts {
		t, err := stats.ParseTemplate(texts[i].ID, []byte(texts[i].YAML))
		if err != nil {
			return nil, err
		}
		list[i] = t
	}
	return stats.Compile(stats.Campaign{ID: row.Campaign, Zone: row.Zone,
		FirstDay: row.FirstDay, LastDay: row.LastDay}, list)
}
