package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"io"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/media"
	"github.com/fieldsync/fieldsync/media/diskblob"
	"github.com/fieldsync/fieldsync/media/minioblob"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/server/internal/jobs"
)

// photos is where originals lie, and what takes them in and gives them out.
type photos struct {
	app        *app
	blobs      media.Blobs
	spool      media.Blobs
	bucket     *minioblob.Store // nil: blobs are a folder
	presign    bool
	spoolName  string // equal for servers that share a spool; "" while an object store with the spool does not answer
	intake     *media.Service
	renditions *jobs.Renditions
	life       models.ServerLife
	told       int64 // originals that were begun before this time, ms, were told to be under way
	unchecked  bool  // nobody knows yet what the object store lacks
}

// openPhotos opens the store of originals and the spool. An object store that does not answer now is no fault: phones keep
// what they have and try again.
func (a *app) openPhotos(c Config) (err error) {
	p := &photos{app: a, presign: c.Photos.Presign == "on"}
	if c.Photos.Store == s3Store {
		if p.bucket, err = minioblob.New(c.Photos.objectStore()); err != nil {
			return err
		}
		p.blobs = p.bucket
	} else if p.blobs, err = diskblob.Open(folderOr(c.Photos.Store, c.Data, "photos"), diskblob.Options{}); err != nil {
		return err
	}
	if p.spool = p.blobs; c.Photos.Spool != inStore {
		// What waits there is compared with its hash when it is whole: it need not outlive a power cut.
		if p.spool, err = diskblob.Open(folderOr(c.Photos.Spool, c.Data, "spool"), diskblob.Options{NoSync: true}); err != nil {
			return err
		}
	}
	p.renditions = jobs.New(jobs.Config{Store: a.db, Blobs: p.blobs, Log: a.log})
	p.intake = media.New(media.Config{Blobs: p.blobs, Spool: p.spool, Ledger: &ledger{a.gateway, a.db, p.renditions.Wake},
		Limits: c.Photos.limits(), Log: a.log})
	a.photos = p
	return nil
}

// checkPhotos tries the store of originals that was opened.
func (a *app) checkPhotos(in *invocation) error {
	if a.photos == nil {
		return nil
	}
	return a.photos.check(in.ctx, in.printf)
}

// check tries the store and says what it lacks. One that cannot be used at all is a fault.
func (p *photos) check(ctx context.Context, out func(format string, a ...any)) error {
	if p.bucket == nil {
		lacks, err := media.SelfTest(ctx, p.blobs)
		for _, l := range lacks {
			out("photos: %s\n", l)
		}
		return err
	}
	ctx, stop := context.WithTimeout(ctx, 10*time.Second)
	defer stop()
	lacks, err := p.bucket.Check(ctx)
	if problem.CodeOf(err) == problem.Invalid {
		return err
	}
	if err != nil {
		p.unchecked = true // run tries again
		p.app.log.Warn("the store of photos does not answer: phones keep their photos and try again", "error", err)
		out("photos: the object store does not answer yet; counts are taken all the same\n")
		return nil
	}
	for _, l := range lacks {
		out("photos: %s\n", l)
	}
	return nil
}

// recheck tries an object store that was away when the server started.
func (p *photos) recheck(ctx context.Context) error {
	if !p.unchecked {
		return nil
	}
	lacks, err := p.bucket.Check(ctx)
	if problem.CodeOf(err) == problem.Unavailable {
		return nil // still away
	}
	p.unchecked = err != nil
	for _, l := range lacks {
		p.app.log.Warn("the object store lacks something", "lack", l)
	}
	return err
}

// spoolMark is where a spool bears its name.
const spoolMark = "spool-id"

// nameSpool reads the name of the spool, and gives it one on the first occasion.
func (p *photos) nameSpool(ctx context.Context) (string, error) {
	id := []byte(newID())
	if _, err := p.spool.Put(ctx, spoolMark, bytes.NewReader(id), int64(len(id)), sha256.Sum256(id)); err != nil {
		return "", err
	}
	r, err := p.spool.Get(ctx, spoolMark, 0, 100)
	if err != nil {
		return "", err
	}
	defer r.Close()
	name, err := io.ReadAll(r)
	return string(name), err
}

// Servers over one database say every pulse that they run; one that was silent for lost is gone.
const (
	pulseTime = 20 * time.Second
	lost      = 70 * time.Second
)

// join says that this server runs, and refuses to when another one keeps unfinished originals elsewhere: a photo whose
// units came to both would never become whole.
func (p *photos) join(ctx context.Context) error {
	if p.spoolName == "" {
		name, err := p.nameSpool(ctx)
		if problem.CodeOf(err) == problem.Unavailable {
			return nil // asked again with the next pulse
		}
		if err != nil {
			return err
		}
		p.spoolName = name
	}
	now := time.Now().UnixMilli()
	if p.life.ID == "" {
		host, _ := os.Hostname() // only for people
		p.life = models.ServerLife{ID: newID(), Host: host, Spool: p.spoolName, StartedMS: now}
	}
	p.life.SeenMS = now
	others, err := p.app.db.PutServerLife(ctx, &p.life, now-lost.Milliseconds())
	if err != nil {
		return err
	}
	for _, o := range others {
		if o.Spool != p.spoolName {
			p.leave(ctx)
			return problem.New(problem.Conflict, "another server over this database, on %s, keeps unfinished originals elsewhere: "+
				"give both the same spool (--spool store, or one folder)", o.Host)
		}
	}
	return nil
}

// pulse says that this server runs. While another one keeps unfinished originals elsewhere it takes no photos: phones try
// again, perhaps with the other one.
func (p *photos) pulse(ctx context.Context) error {
	err := p.join(ctx)
	switch {
	case err == nil:
		p.intake.Pause(false)
	case problem.CodeOf(err) == problem.Conflict:
		p.intake.Pause(true)
	} // a database that is away says nothing of other servers
	return err
}

// partialAfter is how long an original is under way before phones are told that it is.
const partialAfter = 10 * time.Second

// tellPartial says of the originals that were begun since it did so last that they are under way; at first of all.
func (p *photos) tellPartial(ctx context.Context) error {
	until := time.Now().Add(-partialAfter).UnixMilli()
	err := p.app.gateway.TellPartial(ctx, p.told, until)
	if err == nil {
		p.told = until
	}
	return err
}

func (p *photos) leave(ctx context.Context) {
	if p.life.ID == "" {
		return
	}
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer stop()
	if err := p.app.db.DropServerLife(ctx, p.life.ID, time.Now().Add(-24*time.Hour).UnixMilli()); err != nil {
		p.app.log.Warn("the server could not say that it stops", "error", err)
	}
}

// run does what photos need beside requests, until ctx ends.
func (p *photos) run(ctx context.Context) {
	var beside sync.WaitGroup
	beside.Go(func() { p.renditions.Run(ctx) })
	beside.Go(func() { p.takeBack(ctx) })
	tick, chores := time.NewTicker(pulseTime), time.NewTicker(time.Hour)
	defer tick.Stop()
	defer chores.Stop()
	p.chores(ctx)
	for ctx.Err() == nil {
		select {
		case <-tick.C:
			p.try(ctx, "another server keeps unfinished originals elsewhere: no photos are taken", p.pulse)
			p.try(ctx, "the object store cannot be used", p.recheck)
			p.try(ctx, "originals under way could not be told", p.tellPartial)
		case <-chores.C:
			p.chores(ctx)
		case <-ctx.Done():
		}
	}
	p.leave(ctx)
	beside.Wait()
}

const (
	takeBackPage = 200         // announcements that are read at once
	takeBackWait = time.Minute // before a store that was away is asked again
)

// takeBack adopts, after a restore, what the store has and the database does not know any more, once per start: phones that
// think it stored never ask. It goes through what is announced, one by one, so that phones go first.
func (p *photos) takeBack(ctx context.Context) {
	if p.app.gateway.Installation().Restore == 0 {
		return
	}
	for after := (models.Announcement{}); ctx.Err() == nil; {
		list, err := p.app.gateway.Unstored(ctx, after, takeBackPage)
		if err == nil && len(list) == 0 {
			return
		}
		for i := range list {
			if err = p.intake.Adopt(ctx, &list[i]); problem.CodeOf(err) == problem.Unavailable || ctx.Err() != nil {
				break
			}
			p.try(ctx, "an original could not be taken back", func(context.Context) error { return err })
			after, err = list[i], nil // one that is odd keeps no other away
		}
		if err != nil && ctx.Err() == nil {
			p.app.log.WarnContext(ctx, "originals are not taken back just now", "error", err)
			select {
			case <-ctx.Done():
			case <-time.After(takeBackWait):
			}
		}
	}
}

// chores cleans up and finishes what a crash broke off.
func (p *photos) chores(ctx context.Context) {
	p.try(ctx, "the spool could not be cleaned up", p.intake.Janitor)
	p.try(ctx, "originals that nobody sends could not be given up", p.giveUp)
}

// stale is how long after its last unit an original counts as under way. The spool drops its units earlier, and tells; this
// is for those of which there is only a preview, or a row.
const stale = 15 * 24 * time.Hour

// giveUp says of originals that nobody sends any more that they are announced and nothing else.
func (p *photos) giveUp(ctx context.Context) error {
	list, err := p.app.db.StaleOriginals(ctx, time.Now().Add(-stale).UnixMilli(), 1000)
	for i := range list {
		if err == nil {
			err = p.intake.GiveUp(ctx, list[i].Scope, list[i].SHA256)
		}
	}
	return err
}

func (p *photos) try(ctx context.Context, failed string, do func(context.Context) error) {
	if err := do(ctx); err != nil && ctx.Err() == nil {
		p.app.log.LogAttrs(ctx, slog.LevelError, failed, slog.Any("error", err))
	}
}
