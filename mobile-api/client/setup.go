package client

import (
	"context"
	"encoding/json"
	"net/http"
)

// Setup is what a phone needs before it can record anything. Parts that this client does not look
// into are left as they came.
type Setup struct {
	ServerEpoch string            `json:"server_epoch"`
	Scopes      []string          `json:"scopes"`
	Campaigns   []Campaign        `json:"campaigns"`
	Templates   []json.RawMessage `json:"templates"`
	Units       []json.RawMessage `json:"units"`
	Colleagues  []json.RawMessage `json:"colleagues"`
	Tasks       []json.RawMessage `json:"tasks"`
	Roster      []json.RawMessage `json:"roster"`
	HandIn      []json.RawMessage `json:"handin"`
	ServerKey   json.RawMessage   `json:"server_key"` // JWK with which receipts are verified
	ETag        string            `json:"-"`
}

// Campaign is what the client reads of a campaign. The days are 2006-01-02, both included.
type Campaign struct {
	ID       string `json:"id"`
	Title    string `json:"title"`
	Zone     string `json:"zone"`
	FirstDay string `json:"first_day"`
	LastDay  string `json:"last_day"`
	State    string `json:"state"`
}

// Setup gets the set-up, nil if it is still the one with this entity tag ("" for none).
func (c *Client) Setup(ctx context.Context, etag string) (*Setup, error) {
	c.net.Lock()
	defer c.net.Unlock()
	r := &request{method: http.MethodGet, path: "/api/v1/setup", header: map[string]string{}}
	if etag != "" {
		r.header["If-None-Match"] = etag
	}
	a, err := c.authorized(ctx, r)
	if err != nil || a.status == http.StatusNotModified {
		return nil, err
	}
	s := &Setup{ETag: a.etag}
	return s, json.Unmarshal(a.body, s)
}
