package media

import "sync"

// locks are read-write locks by name. Units are put under the shared lock of their original and the finish has it alone,
// so no unit is left behind by one that came too late. Other servers are not kept out: what they leave is for the janitor.
type locks struct {
	mu    sync.Mutex
	named map[string]*namedLock
}

type namedLock struct {
	sync.RWMutex
	users int
}

func (l *locks) of(name string) *namedLock {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.named == nil {
		l.named = map[string]*namedLock{}
	}
	n := l.named[name]
	if n == nil {
		n = &namedLock{}
		l.named[name] = n
	}
	n.users++
	return n
}

func (l *locks) done(name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if n := l.named[name]; n.users == 1 {
		delete(l.named, name)
	} else {
		n.users--
	}
}

// shared takes a lock together with others.
func (l *locks) shared(name string) (unlock func()) {
	n := l.of(name)
	n.RLock()
	return func() { n.RUnlock(); l.done(name) }
}

// alone takes a lock.
func (l *locks) alone(name string) (unlock func()) {
	n := l.of(name)
	n.Lock()
	return func() { n.Unlock(); l.done(name) }
}
