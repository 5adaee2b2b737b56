package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/internal/pgtest"
	"github.com/fieldsync/fieldsync/internal/s3test"
	"github.com/fieldsync/fieldsync/media/minioblob"
	"github.com/fieldsync/fieldsync/media/picture"
	"github.com/fieldsync/fieldsync/mobile-api/client"
)

// TestPhotoSpeed: originals through the API, with units, digests, the finish and receipts, against the same files put into the
// same store at once. The floor is package minioblob alone, which measures itself against minio-go alone.
func TestPhotoSpeed(t *testing.T) {
	phones, each := 4, 2
	if *longSpeed {
		phones, each = 8, 8
	}
	for _, where := range []string{"folder", "minio"} {
		t.Run(where, func(t *testing.T) {
			p := newProg(t, "")
			var floor func(key string, data []byte) error
			if where == "minio" {
				p = newProg(t, pgtest.URL(t))
				b := s3test.NewBucket(t, s3test.MinIO)
				onMinIO(p, b)
				delete(p.env, "FIELDSYNC_SPOOL") // one server: the spool is a folder
				s, err := minioblob.Open(t.Context(), minioblob.Options{Endpoint: b.Endpoint, Bucket: b.Name, Region: b.Region,
					AccessKey: b.AccessKey, SecretKey: b.SecretKey, Style: "path"})
				if err != nil {
					t.Fatal(err)
				}
				floor = func(key string, data []byte) error {
					_, err := s.Put(t.Context(), key, bytes.NewReader(data), int64(len(data)), sha256.Sum256(data))
					return err
				}
			}
			b := newBureau(p)
			s := b.serve()
			cameras, files := make([]*camera, phones), make([][][]byte, phones)
			for i := range cameras {
				cameras[i] = b.camera(b.officerA, s)
				for j := range each {
					_, data := cameras[i].take(b.scopeA, client.NewID(), picture.Spec{Seed: uint64(i*100 + j + 1), Width: 640, Height: 480, Bytes: 4 << 20})
					files[i] = append(files[i], data)
				}
				b.sync(cameras[i].Client)
			}
			var floorTook time.Duration
			if floor != nil {
				floorTook = together(phones, func(i int) error {
					for j, data := range files[i] {
						if err := floor(fmt.Sprintf("floor/%d/%d", i, j), data); err != nil {
							return err
						}
					}
					return nil
				}, t)
			}
			took := together(phones, func(i int) error {
				sent, err := cameras[i].SendPhotos(t.Context())
				if err == nil && sent.Stored != each {
					err = fmt.Errorf("%+v", sent)
				}
				return err
			}, t)
			mb := float64(phones*each) * 4.194304
			t.Logf("%s: %d originals of 4 MiB from %d phones in %v: %.1f MB/s", where, phones*each, phones, took.Round(time.Millisecond), mb/took.Seconds())
			if floor != nil {
				t.Logf("the store alone: %.1f MB/s; through the API %.0f %% of it", mb/floorTook.Seconds(), 100*floorTook.Seconds()/took.Seconds())
			}
			b.clean()
		})
	}
}

// together runs n things at once and returns how long they took.
func together(n int, do func(i int) error, t *testing.T) time.Duration {
	t.Helper()
	var wg sync.WaitGroup
	began := time.Now()
	for i := range n {
		wg.Go(func() {
			if err := do(i); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	return time.Since(began)
}

// TestUploadMemory: what 32 uploads in flight take of a whole server, bodies included.
func TestUploadMemory(t *testing.T) {
	b := newBureau(newProg(t, ""))
	s := b.serve()
	const flights = 32
	cameras := make([]*camera, flights)
	data := make([]byte, 1<<20)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range data {
		data[i] = byte(r.Uint32())
	}
	ids := make([]string, flights)
	for i := range cameras {
		cameras[i] = b.camera(b.officerA, s)
		ids[i], _ = cameras[i].take(b.scopeA, client.NewID(), picture.Spec{Seed: uint64(i + 1), Width: 64, Height: 48, Bytes: 8 << 20})
		b.sync(cameras[i].Client)
	}
	sum := sha256.Sum256(data)
	put := func(i, n int) error {
		body := io.Reader(bytes.NewReader(data))
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, fmt.Sprintf("%s/api/v1/photos/%s/units/%d", s.url, ids[i], n), body)
		if err != nil {
			return err
		}
		req.Header.Set("Authorization", cameras[i].token.Load().(string))
		req.Header.Set("Content-Digest", digestHeader(sum))
		req.ContentLength = int64(len(data))
		a, err := http.DefaultClient.Do(req)
		if err != nil {
			return err
		}
		defer a.Body.Close()
		if a.StatusCode != http.StatusOK {
			text, _ := io.ReadAll(a.Body)
			return fmt.Errorf("%d %s", a.StatusCode, text)
		}
		return nil
	}
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	together(flights, func(i int) error { return put(i, 0) }, t) // connections and buffers are there from here on
	before, most := heap(), uint64(0)
	stop, watched := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(watched)
		for {
			select {
			case <-stop:
				return
			case <-time.After(20 * time.Millisecond):
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				most = max(most, m.HeapInuse)
			}
		}
	}()
	together(flights, func(i int) error {
		for n := 8; n < 56; n += 8 { // never whole
			if err := put(i, n); err != nil {
				return err
			}
		}
		return nil
	}, t)
	close(stop)
	<-watched
	per := (float64(most) - float64(before)) / flights / (1 << 20)
	t.Logf("heap before %.1f MiB, at most %.1f MiB in use: %.2f MiB for each of %d uploads of 1 MiB a request, client and server in one process",
		float64(before)/(1<<20), float64(most)/(1<<20), per, flights)
	if per > 3 {
		t.Errorf("%.2f MiB for each upload: the body is 1 MiB, and 2 MiB are for all that is done with it", per)
	}
}

func digestHeader(sum [32]byte) string {
	return "sha-256=:" + base64.StdEncoding.EncodeToString(sum[:]) + ":"
}
