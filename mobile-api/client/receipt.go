package client

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/changelog"
)

// photoStored is the op of a receipt's line.
const photoStored = "photo.stored"

// Verify returns nil if the receipt says, under the server's key, that the original of this photo is stored: the line
// names it, the header's chain ends in the line, and the header is signed.
func (r *Receipt) Verify(key *ecdsa.PublicKey, id, sha256 string, bytes int64) error {
	h, err := changelog.ParseHeader([]byte(r.Header))
	if err != nil {
		return fmt.Errorf("client: the receipt's header: %w", err)
	}
	if err := h.Verify(key); err != nil {
		return fmt.Errorf("client: the receipt: %w", err)
	}
	if h.Count != 1 || changelog.Next(h.Prev, []byte(r.Line)) != h.Tail {
		return errors.New("client: the receipt's line is not the one that was signed")
	}
	line, fault := changelog.ParseLine([]byte(r.Line))
	if fault != nil {
		return fmt.Errorf("client: the receipt's line cannot be read: %s", fault.Msg)
	}
	if line.Op != photoStored || line.ID != id || line.SHA256 != sha256 || line.Bytes != bytes {
		return errors.New("client: the receipt is not for this photo")
	}
	return nil
}

// ParseKey reads the public half of a key on P-256.
func (k JWK) ParseKey() (*ecdsa.PublicKey, error) {
	x, err := base64.RawURLEncoding.DecodeString(k.X)
	if err != nil {
		return nil, err
	}
	y, err := base64.RawURLEncoding.DecodeString(k.Y)
	if err != nil {
		return nil, err
	}
	if k.Kty != "EC" || k.Crv != "P-256" {
		return nil, errors.New("client: the server's key is not on P-256")
	}
	return ecdsa.ParseUncompressedPublicKey(elliptic.P256(), slices.Concat([]byte{4}, x, y))
}

// proves looks at a receipt with the server's key, which is asked for when the phone does not have it, or has one with
// which the receipt does not verify. A phone that cannot learn the key, such as a revoked one, has no proof and keeps what
// it has.
func (c *Client) proves(ctx context.Context, r *Receipt, p *KeptPhoto) bool {
	c.keyMu.Lock() // one asks, the others wait for the answer
	defer c.keyMu.Unlock()
	c.mu.Lock()
	raw := c.note.ServerKey
	c.mu.Unlock()
	if verified(raw, r, p) {
		return true
	}
	if c.keyAsked {
		return false
	}
	c.keyAsked = true
	s, err := c.Setup(ctx, "")
	if err != nil || s == nil || len(s.ServerKey) == 0 {
		return false
	}
	c.mu.Lock()
	c.note.ServerKey = s.ServerKey
	err = c.keep()
	c.mu.Unlock()
	return err == nil && verified(s.ServerKey, r, p)
}

// proveRest looks again at receipts that came when the phone could not learn the key.
func (c *Client) proveRest(ctx context.Context) error {
	for _, k := range c.Photos() {
		if k.State != models.PhotoStored || k.Receipt == nil || k.Proven || !c.proves(ctx, k.Receipt, &k) {
			continue
		}
		k.Proven = true
		if err := c.mark(&k); err != nil {
			return err
		}
	}
	return nil
}

func verified(raw json.RawMessage, r *Receipt, p *KeptPhoto) bool {
	var k JWK
	if len(raw) == 0 || json.Unmarshal(raw, &k) != nil {
		return false
	}
	key, err := k.ParseKey()
	return err == nil && r.Verify(key, p.ID, p.SHA256, p.Bytes) == nil
}
