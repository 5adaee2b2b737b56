package minioblob

import (
	"bytes"
	"context"
	"crypto/sha256"
	"io"
	"net/http"
	"time"

	"github.com/minio/minio-go/v7"
)

// putParts sends a large body in parts. Each is read into a buffer: its SHA-256 goes before it in a header, which every store
// understands, and it can be sent again when the connection breaks. What was sent of a body that fails is thrown away.
func (s *Store) putParts(ctx context.Context, key string, body *source, size int64, _ [32]byte) error {
	var buf []byte
	select {
	case buf = <-s.large:
	case <-ctx.Done():
		return ctx.Err()
	}
	if buf == nil {
		buf = make([]byte, s.part)
	}
	defer func() { s.large <- buf }()

	first := minio.PutObjectOptions{}
	if !s.opt.NoChecksum {
		first.UserMetadata = map[string]string{"x-amz-checksum-algorithm": "SHA256"}
	}
	id, err := s.core.NewMultipartUpload(ctx, s.opt.Bucket, key, first)
	if err != nil {
		return err
	}
	parts, err := s.sendParts(ctx, key, id, body, size, buf)
	if err == nil {
		_, err = s.core.CompleteMultipartUpload(ctx, s.opt.Bucket, key, id, parts, s.options(""))
	}
	if err != nil {
		s.abort(ctx, key, id)
	}
	return err
}

func (s *Store) sendParts(ctx context.Context, key, id string, body *source, size int64, buf []byte) ([]minio.CompletePart, error) {
	var parts []minio.CompletePart
	for left := size; left > 0; {
		piece := buf[:min(left, int64(len(buf)))]
		if _, err := io.ReadFull(body, piece); err != nil {
			return nil, err
		}
		left -= int64(len(piece))
		sum := sha256.Sum256(piece)
		o := minio.PutObjectPartOptions{Sha256Hex: s.signed(sum), DisableContentSha256: true}
		if !s.opt.NoChecksum {
			o.CustomHeader = http.Header{"X-Amz-Checksum-Sha256": {header(sum)}}
		}
		n := len(parts) + 1
		sent, err := s.core.PutObjectPart(ctx, s.opt.Bucket, key, id, n, bytes.NewReader(piece), int64(len(piece)), o)
		if err != nil {
			return nil, err
		}
		part := minio.CompletePart{PartNumber: n, ETag: sent.ETag}
		if !s.opt.NoChecksum {
			part.ChecksumSHA256 = sent.ChecksumSHA256 // empty from a store that does not know of it
		}
		parts = append(parts, part)
	}
	return parts, nil
}

// abort also runs when ctx is over, since parts take room until they are removed. What it misses is left to the store,
// which removes old uploads by itself or by a rule of its bucket.
func (s *Store) abort(ctx context.Context, key, id string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	_ = s.core.AbortMultipartUpload(ctx, s.opt.Bucket, key, id) // see above
}
