package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

const (
	// maxGroup bounds how many transactions share one commit, and groupTime how long they may take
	// together, so that the first of them does not wait for ever.
	maxGroup  = 64
	groupTime = 40 * time.Millisecond
	// maxQueue is how many transactions may wait for the writer before new ones are turned away.
	maxQueue = 4096
	// maxRuns is how often a transaction is run again before it is given up.
	maxRuns = 8
)

// Update runs fn in a transaction and commits it durably. fn runs again from its start after a
// deadlock, or when it returns gateway.ErrAgain.
func (db *DB) Update(ctx context.Context, fn func(gateway.Tx) error) error {
	return db.update(ctx, func(t *tx) error { return fn(t) })
}

func (db *DB) update(ctx context.Context, fn func(*tx) error) error {
	if !db.pg {
		return db.writer.do(ctx, fn)
	}
	for run := 0; ; run++ {
		err := db.updatePostgres(ctx, fn)
		if err == nil {
			return nil
		}
		if run >= maxRuns || !runAgain(err) && !errors.Is(err, gateway.ErrAgain) {
			return db.translate(err)
		}
		select {
		case <-ctx.Done():
			return db.translate(ctx.Err())
		case <-time.After(time.Duration(run*run) * time.Millisecond):
		}
	}
}

func (db *DB) updatePostgres(ctx context.Context, fn func(*tx) error) error {
	t, err := db.pool.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := guard(func() error { return fn(db.txOn(ctx, t, nil)) }); err != nil {
		_ = t.Rollback() // the first fault is the one to tell
		return err
	}
	return t.Commit()
}

// guard turns a panic into an error: the transaction must end whatever happens.
func guard(fn func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = problem.Wrap(fmt.Errorf("panic: %v\n%s", v, debug.Stack()), problem.Internal, "something went wrong here").
				ZH("服务器出错了，请稍后再试；仍不行请联系管理员。")
		}
	}()
	return fn()
}

// View runs fn on one snapshot.
func (db *DB) View(ctx context.Context, fn func(gateway.Tx) error) error {
	return db.view(ctx, func(t *tx) error { return fn(t) })
}

func (db *DB) view(ctx context.Context, fn func(*tx) error) error {
	o := &sql.TxOptions{ReadOnly: true}
	if db.pg {
		o.Isolation = sql.LevelRepeatableRead
	} else {
		o.ReadOnly = false // the connection is query_only; the driver would begin another kind
	}
	t, err := db.pool.BeginTx(ctx, o)
	if err != nil {
		return db.translate(err)
	}
	defer t.Rollback() // nothing was written
	return db.translate(guard(func() error { return fn(db.txOn(ctx, t, nil)) }))
}

// writer is SQLite's single writer.
type writer struct {
	db   *DB
	jobs chan *job
	quit chan struct{}
	done chan struct{}
	once sync.Once // closes quit
}

type job struct {
	ctx context.Context
	fn  func(*tx) error
	err chan error
}

func newWriter(db *DB) *writer {
	w := &writer{db: db, jobs: make(chan *job, maxQueue), quit: make(chan struct{}), done: make(chan struct{})}
	go w.loop()
	return w
}

// do queues fn and waits for its commit. A caller that gives up while its transaction waits in the
// queue is taken out; once it runs, it ends.
func (w *writer) do(ctx context.Context, fn func(*tx) error) error {
	j := &job{ctx: ctx, fn: fn, err: make(chan error, 1)}
	select {
	case <-w.quit:
		return problem.New(problem.Unavailable, "the server is stopping").ZH("服务器正在停机，请稍后再试。").RetryAfter(5)
	default:
	}
	select {
	case w.jobs <- j:
	default:
		return problem.New(problem.Overloaded, "too much at once").ZH("请求太多，请稍后再试。").RetryAfter(3)
	}
	select {
	case err := <-j.err:
		return w.db.translate(err)
	case <-w.done:
		select {
		case err := <-j.err:
			return w.db.translate(err)
		default:
			return problem.New(problem.Unavailable, "the server is stopping").ZH("服务器正在停机，请稍后再试。").RetryAfter(5)
		}
	}
}

// stop lets the queued transactions end and stops. It may be called again.
func (w *writer) stop() {
	w.once.Do(func() { close(w.quit) })
	<-w.done
}

// loop takes the writer's connection with the first job, so that Migrate has it before.
func (w *writer) loop() {
	defer close(w.done)
	var c *stmtCache
	defer func() {
		if c != nil {
			c.close()
		}
	}()
	take := func(j *job) {
		if c == nil {
			conn, err := w.db.wdb.Conn(context.Background())
			if err != nil {
				j.err <- err
				return
			}
			c = newStmtCache(conn)
		}
		w.group(c, j)
	}
	for {
		select {
		case j := <-w.jobs:
			take(j)
		case <-w.quit:
			for {
				select {
				case j := <-w.jobs:
					take(j)
				default:
					return
				}
			}
		}
	}
}

// group runs first and what else is waiting in one transaction of the database.
func (w *writer) group(c *stmtCache, first *job) {
	ctx := context.Background() // a caller that hangs up must not end the others' transaction
	if _, err := c.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		first.err <- err
		return
	}
	began := time.Now()
	var waiting []*job
	fail := func(err error) {
		_, _ = c.ExecContext(ctx, "ROLLBACK") // it may be rolled back already
		for _, j := range waiting {
			j.err <- err
		}
	}
	for j := first; j != nil; {
		if err, broken := w.run(ctx, c, j); broken {
			waiting = append(waiting, j)
			fail(err)
			return
		} else if err != nil {
			j.err <- err
		} else {
			waiting = append(waiting, j)
		}
		j = nil
		if len(waiting) < maxGroup && time.Since(began) < groupTime {
			select {
			case j = <-w.jobs:
			default:
			}
		}
	}
	if _, err := c.ExecContext(ctx, "COMMIT"); err != nil {
		fail(err)
		return
	}
	for _, j := range waiting {
		j.err <- nil
	}
}

// run runs one job in a savepoint. broken says that the whole group is lost.
func (w *writer) run(ctx context.Context, c *stmtCache, j *job) (err error, broken bool) {
	if err := j.ctx.Err(); err != nil {
		return err, false
	}
	for run := 0; ; run++ {
		if _, err := c.ExecContext(ctx, "SAVEPOINT job"); err != nil {
			return err, true
		}
		err = guard(func() error { return j.fn(w.db.txOn(ctx, c.conn, c)) })
		if err == nil {
			_, err = c.ExecContext(ctx, "RELEASE job")
			return err, err != nil
		}
		if _, e := c.ExecContext(ctx, "ROLLBACK TO job"); e != nil {
			return err, true
		}
		if _, e := c.ExecContext(ctx, "RELEASE job"); e != nil {
			return err, true
		}
		if !errors.Is(err, gateway.ErrAgain) || run >= maxRuns {
			return err, false
		}
	}
}
