package media

import (
	"context"
	"fmt"

	"github.com/fieldsync/fieldsync/internal/problem"
)

// flight is work on an original that goes on when the phone that began it hangs up: a video takes longer than a village's
// link holds, and a phone that asks again must not begin from the start each time.
type flight struct {
	done chan struct{}
	err  error
}

// work does something to an original. It has the original's lock alone and one of the process's few slots.
type work struct {
	name string
	run  func(ctx context.Context, device, id string) error
}

// fly runs work on a photo for a device, or waits for what runs already.
func (s *Service) fly(ctx context.Context, device, id string, d *Delivery, w work) error {
	t, err := targetOf(&d.Announcement)
	if err != nil {
		return err
	}
	name := w.name + "/" + t.name() + device + "/" + id
	s.mu.Lock()
	f := s.flights[name]
	if f == nil {
		f = &flight{done: make(chan struct{})}
		s.flights[name] = f
		background := context.WithoutCancel(ctx)
		s.wait.Go(func() {
			f.err = s.alone(background, t, device, id, w)
			s.mu.Lock()
			delete(s.flights, name)
			s.mu.Unlock()
			close(f.done)
		})
	}
	s.mu.Unlock()
	select {
	case <-f.done:
		return f.err
	case <-ctx.Done():
		return retry(ctx.Err())
	}
}

func (s *Service) alone(ctx context.Context, t target, device, id string, w work) (err error) {
	ctx, cancel := context.WithTimeout(ctx, finishTime)
	defer cancel()
	defer s.lockAlone(t.name())()
	select {
	case s.slots <- struct{}{}:
	case <-ctx.Done():
		return retry(ctx.Err())
	}
	defer func() { <-s.slots }()
	defer func() {
		if r := recover(); r != nil { // of the hooks, over a hostile file: no reason for the server to die
			err = problem.Wrap(fmt.Errorf("panic: %v", r), problem.Internal, "the photo could not be examined")
		}
	}()
	return w.run(ctx, device, id)
}
