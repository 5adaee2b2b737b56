package minioblob

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"sync/atomic"
	"testing"

	"github.com/fieldsync/fieldsync/internal/s3test"
	"github.com/fieldsync/fieldsync/media/blobtest"
	"github.com/minio/minio-go/v7"
)

// BenchmarkPut compares this package with what minio-go does by itself, on the same files and the same server.
func BenchmarkPut(b *testing.B) {
	for _, size := range []int{128 << 10, 4 << 20} {
		data := blobtest.Bytes(1, size)
		sum := sha256.Sum256(data)
		s := open(b, options(s3test.NewBucket(b, s3test.MinIO)))
		var n atomic.Int64
		run := func(name string, put func(key string) error) {
			b.Run(fmt.Sprintf("%s/%dK", name, size>>10), func(b *testing.B) {
				b.SetBytes(int64(size))
				b.SetParallelism(2)
				b.RunParallel(func(pb *testing.PB) {
					for pb.Next() {
						if err := put(fmt.Sprintf("%s/%d", name, n.Add(1))); err != nil {
							b.Error(err)
						}
					}
				})
			})
		}
		for _, round := range []string{"", "2"} { // in turn, for a machine with other work
			run("minio-go"+round, func(key string) error {
				_, err := s.core.Client.PutObject(b.Context(), s.opt.Bucket, key, bytes.NewReader(data), int64(size), minio.PutObjectOptions{})
				return err
			})
			run("minioblob"+round, func(key string) error {
				_, err := s.Put(b.Context(), key, bytes.NewReader(data), int64(size), sum)
				return err
			})
		}
	}
}

// BenchmarkGet does the same for reading.
func BenchmarkGet(b *testing.B) {
	data := blobtest.Bytes(1, 4<<20)
	s := open(b, options(s3test.NewBucket(b, s3test.MinIO)))
	if _, err := s.Put(b.Context(), "k", bytes.NewReader(data), int64(len(data)), sha256.Sum256(data)); err != nil {
		b.Fatal(err)
	}
	for name, get := range map[string]func() (io.ReadCloser, error){
		"minio-go": func() (io.ReadCloser, error) {
			return s.core.Client.GetObject(b.Context(), s.opt.Bucket, "k", minio.GetObjectOptions{})
		},
		"minioblob": func() (io.ReadCloser, error) { return s.Get(b.Context(), "k", 0, -1) },
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				r, err := get()
				if err != nil {
					b.Fatal(err)
				}
				if n, err := io.Copy(io.Discard, r); err != nil || n != int64(len(data)) {
					b.Fatalf("%d bytes, %v", n, err)
				}
				r.Close()
			}
		})
	}
}
