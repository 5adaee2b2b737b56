package minioblob

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"slices"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/internal/s3test"
	"github.com/fieldsync/fieldsync/media/blobtest"
	"github.com/minio/minio-go/v7"
)

// against runs two ways to do the same in turn, so that other work on the machine meets both alike, and says how much of the
// peer's speed ours reaches, by their medians.
func against(b *testing.B, size int64, peer, ours func(ctx context.Context, n int) error) {
	b.Helper()
	var took [2][]time.Duration
	n := 0
	for b.Loop() {
		for i, do := range []func(context.Context, int) error{peer, ours} {
			n++
			began := time.Now()
			if err := do(b.Context(), n); err != nil {
				b.Fatal(err)
			}
			took[i] = append(took[i], time.Since(began))
		}
	}
	median := func(i int) float64 {
		slices.Sort(took[i])
		return took[i][len(took[i])/2].Seconds()
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(size)/1e6/median(0), "minio-go-MB/s")
	b.ReportMetric(float64(size)/1e6/median(1), "minioblob-MB/s")
	b.ReportMetric(100*median(0)/median(1), "%-of-minio-go")
}

// BenchmarkPut compares this package with what minio-go does by itself, on the same files and the same server.
func BenchmarkPut(b *testing.B) {
	for _, size := range []int{128 << 10, 1 << 20, 4 << 20} {
		b.Run(fmt.Sprintf("%dK", size>>10), func(b *testing.B) {
			data := blobtest.Bytes(1, size)
			sum := sha256.Sum256(data)
			s := open(b, options(s3test.NewBucket(b, s3test.MinIO)))
			against(b, int64(size), func(ctx context.Context, n int) error {
				_, err := s.core.Client.PutObject(ctx, s.opt.Bucket, fmt.Sprintf("k/%d", n), bytes.NewReader(data), int64(size), minio.PutObjectOptions{})
				return err
			}, func(ctx context.Context, n int) error {
				_, err := s.Put(ctx, fmt.Sprintf("k/%d", n), bytes.NewReader(data), int64(size), sum)
				return err
			})
		})
	}
}

// BenchmarkGet does the same for reading.
func BenchmarkGet(b *testing.B) {
	data := blobtest.Bytes(1, 4<<20)
	s := open(b, options(s3test.NewBucket(b, s3test.MinIO)))
	if _, err := s.Put(b.Context(), "k", bytes.NewReader(data), int64(len(data)), sha256.Sum256(data)); err != nil {
		b.Fatal(err)
	}
	whole := func(r io.ReadCloser, err error) error {
		if err != nil {
			return err
		}
		defer r.Close()
		if n, err := io.Copy(io.Discard, r); err != nil || n != int64(len(data)) {
			return fmt.Errorf("%d bytes: %w", n, err)
		}
		return nil
	}
	against(b, int64(len(data)), func(ctx context.Context, _ int) error {
		return whole(s.core.Client.GetObject(ctx, s.opt.Bucket, "k", minio.GetObjectOptions{}))
	}, func(ctx context.Context, _ int) error {
		return whole(s.Get(ctx, "k", 0, -1))
	})
}
