package simtest

import (
	"context"
	"crypto/ecdsa"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"

	"github.com/fieldsync/fieldsync/mobile-api/client"
	"github.com/fieldsync/fieldsync/models"
)

// deliverAll brings every photo to the server that a phone still owes.
func (s *sim) deliverAll(ctx context.Context) error {
	if s.cfg.Photos == 0 {
		return nil
	}
	return s.each(ctx, append(s.everybody(), s.revoked...), func(ctx context.Context, p *phone) error {
		if p == nil {
			return nil
		}
		return p.deliver(ctx, s.random(uint64(p.no)<<32+4))
	})
}

// checkPhotos reads every original back and compares it with what was taken, finds no other in the store, and holds the
// receipts of all phones against the server's key.
func (s *sim) checkPhotos(ctx context.Context) error {
	if s.cfg.Photos == 0 {
		return nil
	}
	s.photos = s.cfg.Transport // what is checked is not the link
	list := make([]*shot, 0, len(s.album.shots))
	for _, x := range s.album.shots {
		list = append(list, x)
	}
	key, err := s.serverKey(ctx)
	if err != nil {
		return err
	}
	if err := parallel(ctx, s.cfg.Workers, len(list), func(ctx context.Context, i int) error {
		s.checkOriginal(ctx, list[i])
		for _, p := range list[i].by {
			s.checkReceipt(key, p, list[i])
		}
		return nil
	}); err != nil {
		return err
	}
	return s.checkStore(ctx, list)
}

func (s *sim) serverKey(ctx context.Context) (*ecdsa.PublicKey, error) {
	setup, err := s.phones[0].c.Setup(ctx, "")
	if err != nil {
		return nil, err
	}
	var k client.JWK
	if err := json.Unmarshal(setup.ServerKey, &k); err != nil {
		return nil, err
	}
	return k.ParseKey()
}

// checkOriginal reads an original through the API, as a phone of the photo's unit.
func (s *sim) checkOriginal(ctx context.Context, x *shot) {
	raw, err := s.byUnit[x.unit][0].c.FetchPhoto(ctx, x.id, "original")
	if err != nil {
		_ = s.found(lost, "the original of photo %s cannot be had: %v", x.id, err)
		return
	}
	if sum := sha256.Sum256(raw); hex.EncodeToString(sum[:]) != x.sum {
		_ = s.found(wrong, "the original of photo %s has %d bytes and is another one, it had %d", x.id, len(raw), x.size)
	}
}

// checkReceipt wants a phone that sent a photo to know that it is stored, with a receipt that anybody can verify.
func (s *sim) checkReceipt(key *ecdsa.PublicKey, p *phone, x *shot) {
	list := p.c.Photos()
	i := slices.IndexFunc(list, func(k client.KeptPhoto) bool { return k.ID == x.id })
	switch {
	case i < 0:
		_ = s.found(lost, "%s has forgotten photo %s", p, x.id)
	case list[i].State != models.PhotoStored:
		_ = s.found(lost, "%s says that photo %s is %q (%s)", p, x.id, list[i].State, list[i].Reason)
	case list[i].Receipt == nil:
		_ = s.found(wrong, "%s has no receipt for photo %s", p, x.id)
	default:
		if err := list[i].Receipt.Verify(key, x.id, x.sum, x.size); err != nil {
			_ = s.found(wrong, "%s: the receipt for photo %s: %v", p, x.id, err)
		}
	}
	if n := p.c.Owes(); n != 0 {
		_ = s.found(wrong, "%s says that it owes %d originals", p, n)
	}
}

// checkStore wants each original in the store once, and none that nobody took.
func (s *sim) checkStore(ctx context.Context, list []*shot) error {
	have, err := s.cfg.Backstage.(Shelf).Originals(ctx)
	if err != nil {
		return err
	}
	times := map[string]int{}
	for _, sum := range have {
		if times[sum]++; times[sum] == 2 {
			_ = s.found(doubled, "the store has the original %s more than once", sum)
		}
	}
	for _, x := range list {
		if times[x.sum] == 0 {
			_ = s.found(lost, "the store lacks the original %s of photo %s", x.sum, x.id)
		}
		delete(times, x.sum)
	}
	for sum := range times {
		if !s.hadOriginals[sum] {
			_ = s.found(wrong, "the store has an original %s that nobody took", sum)
		}
	}
	return nil
}
