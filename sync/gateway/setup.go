package gateway

import (
	"context"
	"encoding/base64"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/stats"
)

// Setup is what a phone needs to work without a network: its campaigns and tables, its unit and
// its colleagues, what is to be done and handed in.
type Setup struct {
	ServerEpoch string            `json:"server_epoch"`
	ServerKey   SetupKey          `json:"server_key"` // what the server signs with: receipts are held against it
	Device      SetupDevice       `json:"device"`
	Officer     models.Officer    `json:"officer"`
	Scopes      []string          `json:"scopes"`
	Campaigns   []SetupCampaign   `json:"campaigns"`
	Templates   []*stats.Template `json:"templates"`
	Units       []models.Unit     `json:"units"`
	Colleagues  []models.Officer  `json:"colleagues"`
	Tasks       []models.Task     `json:"tasks"`
	Roster      []models.Duty     `json:"roster"`
	HandIns     []models.HandIn   `json:"handin"`
	Reminders   []models.Reminder `json:"reminders"`
}

// SetupKey is a public key as a JWK (RFC 7517): an EC key on P-256, coordinates in base64url.
type SetupKey struct {
	KeyType string `json:"kty"`
	Curve   string `json:"crv"`
	X       string `json:"x"`
	Y       string `json:"y"`
}

// setupKey writes an uncompressed point on P-256 as a JWK.
func setupKey(point []byte) SetupKey {
	k := SetupKey{KeyType: "EC", Curve: "P-256"}
	if len(point) == 65 {
		k.X, k.Y = base64.RawURLEncoding.EncodeToString(point[1:33]), base64.RawURLEncoding.EncodeToString(point[33:])
	}
	return k
}

// SetupDevice is the phone itself.
type SetupDevice struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// SetupCampaign is a campaign with the tables it counts for.
type SetupCampaign struct {
	models.Campaign
	Tables []string `json:"tables"`       // ids of the forms
	Hashes []string `json:"table_hashes"` // their hashes, in the same order: two campaigns may use two texts of one id
}

// Setup reads what a device needs now.
func (g *Gateway) Setup(ctx context.Context, device string) (s *Setup, err error) {
	err = g.store.View(ctx, func(tx Tx) error {
		s, err = g.setup(tx, device)
		return err
	})
	return s, err
}

func (g *Gateway) setup(tx Tx, device string) (*Setup, error) {
	dev, err := tx.Device(device)
	if err != nil {
		return nil, err
	}
	if dev == nil {
		return nil, problem.New(problem.UnknownDevice, "this device is not enrolled here").ZH("没有登记过这部手机，请重新激活。")
	}
	if dev.RevokedMS != 0 {
		return nil, problem.New(problem.Forbidden, "this phone was revoked: it may still send what it holds").
			ZH("手机已停用，只能上报已填的内容。")
	}
	s := &Setup{ServerEpoch: g.inst.ServerEpoch, ServerKey: setupKey(g.inst.PublicKey), Device: SetupDevice{dev.ID, dev.Name},
		Campaigns: []SetupCampaign{}, Templates: []*stats.Template{}}
	if ok, err := tx.Load(&s.Officer, dev.Officer); err != nil || !ok {
		return nil, orNotFound(err, "officer")
	}
	as, err := tx.Assignments(dev.Officer)
	if err != nil {
		return nil, err
	}
	if s.Scopes, err = tx.ScopesOf(as); err != nil {
		return nil, err
	}
	if err := g.setupCampaigns(tx, s); err != nil {
		return nil, err
	}
	if s.Units, err = tx.Units(); err != nil {
		return nil, err
	}
	return s, tx.SetupLists(s, as)
}

// setupCampaigns adds the campaigns of the scopes, each once, and their templates.
func (g *Gateway) setupCampaigns(tx Tx, s *Setup) error {
	seen := map[string]bool{}
	tables := map[string]bool{}
	for _, name := range s.Scopes {
		id := name[:36] // campaign:unit, both canonical UUIDs
		if seen[id] {
			continue
		}
		seen[id] = true
		c, err := tx.Campaign(id)
		if err != nil || c == nil {
			return err
		}
		rules, err := g.rules.get(tx, id, c.Rules)
		if err != nil {
			return err
		}
		sc := SetupCampaign{Campaign: *c, Tables: []string{}, Hashes: []string{}}
		for _, t := range rules.Templates() {
			sc.Tables, sc.Hashes = append(sc.Tables, t.ID), append(sc.Hashes, t.Hash)
			if !tables[t.Hash] {
				tables[t.Hash] = true
				s.Templates = append(s.Templates, t)
			}
		}
		s.Campaigns = append(s.Campaigns, sc)
	}
	return nil
}
