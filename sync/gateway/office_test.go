package gateway_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"fmt"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/changelog"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

// signed checks that the batches of a log, put together again as they were sent, form one chain
// up to its head and bear the key's signatures.
func signed(tx gateway.Tx, log *models.Log, point []byte) error {
	key, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point)
	if err != nil {
		return err
	}
	batches, err := tx.Batches(log.No)
	if err != nil {
		return err
	}
	next := int64(0)
	head := changelog.Genesis(log.Device, log.Epoch)
	for i := range batches {
		end := log.Next
		if i+1 < len(batches) {
			end = batches[i+1].First
		}
		lines, err := tx.Lines(log.No, batches[i].First, end-batches[i].First)
		if err != nil {
			return err
		}
		body := append(bytes.Clone(batches[i].Header), '\n')
		for _, l := range lines {
			body = append(append(body, l.Raw...), '\n')
		}
		b, err := changelog.ParseBatch(body)
		if err != nil {
			return err
		}
		if err := b.Header.Verify(key); err != nil {
			return err
		}
		if b.Header.From != next || b.Header.Prev != head {
			return fmt.Errorf("the batch at %d does not follow the one before it", b.Header.From)
		}
		next, head = b.Header.From+b.Header.Count, b.Header.Tail
	}
	if next != log.Next || !bytes.Equal(head[:], log.Head) || next == 0 {
		return fmt.Errorf("the log ends at %d, its batches at %d", log.Next, next)
	}
	return nil
}
