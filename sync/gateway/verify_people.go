package gateway

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"strings"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/changelog"
)

// people replays what the office set up and compares each field that it set.
func (v *verifier) people(lines []appliedLine) error {
	set := map[string]map[string]json.RawMessage{}
	states := map[string]string{}
	for _, a := range lines {
		x, err := v.fetch(a.log, a.line)
		if err != nil || x == nil {
			return err
		}
		c, fault := changelog.ParseLine(x.Raw)
		if fault != nil {
			v.found("line", fmt.Sprintf("line %d.%d", a.log, a.line), "it is applied and cannot be read")
			continue
		}
		v.hear(a, c, &v.said)
		switch c.Op {
		case opStored:
			v.hearStored("", c)
		case opAdmin:
			k := c.Kind + " " + c.ID
			if set[k] == nil {
				set[k] = map[string]json.RawMessage{}
			}
			for i := range c.Set {
				set[k][c.Set[i].Name] = c.Set[i].Value.Raw
			}
		case opState:
			states[c.Campaign] = c.State
			if models.CampaignState(c.State) == models.CampaignIsFrozen {
				v.frozen[c.Campaign] = append(v.frozen[c.Campaign], c.TableSHA256)
			}
		case opAmend:
			states[c.Campaign] = string(models.CampaignIsClosed)
		}
	}
	for k, fields := range set {
		if err := v.comparePeople(k, fields); err != nil {
			return err
		}
	}
	for id, state := range states {
		c, err := v.tx.Campaign(id)
		if err != nil {
			return err
		}
		if c == nil || string(c.State) != state {
			v.found("people", "campaign "+id, "its state is not what the office's lines say")
		}
	}
	return nil
}

// comparePeople holds one noun against the fields that lines set.
func (v *verifier) comparePeople(key string, fields map[string]json.RawMessage) error {
	kind, id, _ := strings.Cut(key, " ")
	noun, ok := map[string]any{"unit": &models.Unit{}, "officer": &models.Officer{}, "campaign": &models.Campaign{},
		"template": &models.Template{}, "handin": &models.HandIn{}, "task": &models.Task{}, "roster": &models.Duty{},
		"reminder": &models.Reminder{}, "receipt": &models.Receipt{}}[kind]
	if !ok {
		return nil
	}
	have, err := v.tx.Load(noun, id)
	if err != nil {
		return err
	}
	if !have {
		v.found("people", key, "the office's lines make it, and it is not stored")
		return nil
	}
	raw, err := json.Marshal(noun)
	if err != nil {
		return err
	}
	stored := map[string]json.RawMessage{}
	if err := json.Unmarshal(raw, &stored); err != nil {
		return err
	}
	for name, want := range fields {
		var a, b any
		if json.Unmarshal(want, &a) != nil || json.Unmarshal(stored[name], &b) != nil || a != b && !trimmedEqual(a, b) {
			v.found("people", key, "%s is %s, the office's lines say %s", name, stored[name], want)
		}
	}
	return nil
}

// trimmedEqual allows for the white space around names that is not kept.
func trimmedEqual(a, b any) bool {
	x, ok1 := a.(string)
	y, ok2 := b.(string)
	return ok1 && ok2 && strings.TrimSpace(x) == y
}

// snapshots checks that each frozen table still has its hash, and that the tables of each freezing
// together have the hash that the office signed.
func (v *verifier) snapshots() error {
	list, err := v.tx.Snapshots()
	if err != nil {
		return err
	}
	together := map[string]hash.Hash{}
	for i := range list {
		at := fmt.Sprintf("%s %d", list[i].Campaign, list[i].Number)
		if together[at] == nil {
			together[at] = sha256.New()
		}
		together[at].Write(list[i].CSV)
	}
	for campaign, sums := range v.frozen {
		for n, want := range sums {
			at := fmt.Sprintf("%s %d", campaign, n)
			if h := together[at]; h == nil || hex.EncodeToString(h.Sum(nil)) != want {
				v.found("snapshot", at, "the tables are not the ones whose hash the office signed")
			}
		}
	}
	for i := range list {
		sum := sha256.Sum256(list[i].CSV)
		if hex.EncodeToString(sum[:]) != list[i].SHA256 {
			v.found("snapshot", fmt.Sprintf("%s %d %s", list[i].Campaign, list[i].Number, list[i].Template), "the table does not have its hash")
		}
	}
	return nil
}
