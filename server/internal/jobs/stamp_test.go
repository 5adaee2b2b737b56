package jobs

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/jpeg"
	"strings"
	"sync"
	"testing"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/media/render"
)

func TestStampIsMadeOnceAndKept(t *testing.T) {
	b := newBench(t)
	sum := b.add("c:u1", "image/jpeg", photo(1, 640, 480))
	s := render.Stamp{SHA256: sum, Caption: "甲"}
	b.blobs.gate = make(chan struct{})
	var all sync.WaitGroup
	copies := make([][]byte, 8)
	for i := range copies {
		all.Go(func() {
			var err error
			if copies[i], err = b.jobs.Stamp(t.Context(), s); err != nil {
				t.Error(err)
			}
		})
	}
	close(b.blobs.gate)
	all.Wait()
	if n := b.blobs.gets.Load(); n != 1 {
		t.Errorf("the original was read %d times", n)
	}
	for _, c := range copies {
		if !bytes.Equal(c, copies[0]) {
			t.Error("callers got different copies")
		}
	}
	if _, err := jpeg.Decode(bytes.NewReader(copies[0])); err != nil {
		t.Error(err)
	}
	again, err := b.jobs.Stamp(t.Context(), s)
	if err != nil || !bytes.Equal(again, copies[0]) || b.blobs.gets.Load() != 1 {
		t.Errorf("the kept one: %v, %d reads", err, b.blobs.gets.Load())
	}
	s.Caption = "乙"
	if other, err := b.jobs.Stamp(t.Context(), s); err != nil || bytes.Equal(other, copies[0]) {
		t.Errorf("another caption: %v", err)
	}
}

func TestStampOfWhatHasNone(t *testing.T) {
	b := newBench(t)
	broken := b.add("c:u1", "image/jpeg", photo(1, 200, 100)[:700])
	video := b.add("c:u1", "video/mp4", []byte("\x00\x00\x00\x18ftypmp42 and so on"))
	defer func() {
		if n := b.blobs.gets.Load(); n != 1 {
			t.Errorf("%d originals were read whole", n)
		}
	}()
	for sum, want := range map[string]problem.Code{video: problem.NotFound, broken: problem.NotFound, strings.Repeat("0", 64): problem.NotFound, "": problem.NotFound} {
		if _, err := b.jobs.Stamp(t.Context(), render.Stamp{SHA256: sum}); problem.CodeOf(err) != want {
			t.Errorf("%q: %v, want %s", sum, err, want)
		}
	}
	b.blobs.away.Store(true)
	if _, err := b.jobs.Stamp(t.Context(), render.Stamp{SHA256: broken}); problem.CodeOf(err) != problem.Unavailable {
		t.Errorf("the store away: %v", err)
	}
}

// TestStampQueue lets more wait than may, and some go away.
func TestStampQueue(t *testing.T) {
	b := newBench(t)
	sum := b.add("c:u1", "image/jpeg", photo(1, 64, 48))
	b.blobs.gate = make(chan struct{})
	ctx, leave := context.WithCancel(t.Context())
	results := make(chan error)
	for i := range maxWaiting + 5 {
		go func() {
			_, err := b.jobs.Stamp(ctx, render.Stamp{SHA256: sum, Caption: fmt.Sprint(i)})
			results <- err
		}()
	}
	for range 5 {
		if err := <-results; problem.CodeOf(err) != problem.Overloaded {
			t.Errorf("one too many: %v", err)
		}
	}
	if n := b.blobs.gets.Load(); n > poolSize {
		t.Errorf("%d were read at once", n)
	}
	leave()
	for range maxWaiting {
		if err := <-results; !errors.Is(err, context.Canceled) {
			t.Errorf("who went away got %v", err)
		}
	}
	if _, err := b.jobs.Stamp(t.Context(), render.Stamp{SHA256: sum, Caption: "late"}); problem.CodeOf(err) != problem.Overloaded {
		t.Errorf("who goes away leaves no place before the work is done: %v", err)
	}
	close(b.blobs.gate)
	for range maxWaiting { // all that was begun is done
		b.jobs.waiting <- struct{}{}
	}
	for range maxWaiting {
		<-b.jobs.waiting
	}
	if _, err := b.jobs.Stamp(t.Context(), render.Stamp{SHA256: sum, Caption: "late"}); err != nil {
		t.Error(err)
	}
}
