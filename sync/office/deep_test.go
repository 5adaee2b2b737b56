package office_test

import (
	"context"
	"fmt"
	"runtime"
	"runtime/metrics"
	"slices"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/internal/store/storetest"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/office"
)

// stuck is a store whose readings last until they are let go.
type stuck struct{ in, out chan struct{} }

func (s stuck) Read(context.Context, func(office.Tx) error) error {
	s.in <- struct{}{}
	<-s.out
	return problem.New(problem.NotFound, "nothing")
}

// Two readings of all lines of a record at once, and whoever comes beyond that comes again.
func TestDeepReadingsAreFew(t *testing.T) {
	s := stuck{make(chan struct{}), make(chan struct{})}
	d := office.New(s, time.Now)
	r := office.NewReach(models.Officer{}, nil, nil)
	done := make(chan error)
	go func() {
		_, err := d.History(t.Context(), r, office.RecordName{}, office.Paging{})
		done <- err
	}()
	go func() {
		_, err := d.Entries(t.Context(), r, office.TableQuery{}, "row", office.RecordName{}, office.Paging{})
		done <- err
	}()
	<-s.in
	<-s.in
	_, err := d.History(t.Context(), r, office.RecordName{}, office.Paging{})
	wantCode(t, err, problem.Overloaded)
	if p, ok := err.(*problem.Error); !ok || p.Retry != 2 {
		t.Errorf("%#v", err)
	}
	close(s.out)
	for range 2 {
		wantCode(t, <-done, problem.NotFound)
	}
	go func() { <-s.in }()
	_, err = d.History(t.Context(), r, office.RecordName{}, office.Paging{})
	wantCode(t, err, problem.NotFound)
}

// live is what the heap held after the last collection, at most, while fn ran; bytes.
func live(fn func()) uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	now := func() uint64 {
		metrics.Read(sample)
		return sample[0].Value.Uint64()
	}
	runtime.GC()
	runtime.GC() // what was pushed is gone
	before, most, stop, done := now(), uint64(0), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-stop:
				return
			case <-time.After(time.Millisecond):
				most = max(most, now())
			}
		}
	}()
	fn()
	close(stop)
	<-done
	return most - min(most, before)
}

// A record of a whole day's taps is read some lines at a time: what one reading holds does not grow with them.
func TestDeepReadingsHoldLittle(t *testing.T) {
	if testing.Short() {
		t.Skip("it pushes a day's taps")
	}
	w := newWorld(t, storetest.SQLite(t))
	const taps = 48_000
	p := w.phone(officerA).write(put(scopeA, ev(1), 0, `"kind":"consultation"`))
	for range taps {
		p.write(tap(scopeA, ev(1), "complaints", 1))
	}
	p.send()
	p.lines, p.hashes = nil, nil
	n := office.RecordName{Campaign: campaignID, Unit: unitA, Kind: models.EventKind, ID: ev(1)}
	r, q := w.reach(officerA), office.TableQuery{Campaign: campaignID, Template: tableA}
	held := live(func() {
		page, err := w.d.History(t.Context(), r, n, office.Paging{})
		if err != nil || *page.Total != taps+1 || string(page.Items[0].Changes[0].After) != fmt.Sprint(taps) {
			t.Errorf("%+v %v", page, err)
		}
	})
	t.Log("a history of", taps+1, "lines holds", held>>10, "KiB")
	if held > 30<<20 {
		t.Errorf("a history holds %d bytes", held)
	}
	held = live(func() {
		page, err := w.d.Entries(t.Context(), r, q, "complaints", n, office.Paging{})
		if err != nil || len(page.Items) != 50 || page.Next == "" {
			t.Errorf("%+v %v", page, err)
		}
	})
	if t.Log("a page of its entries holds", held>>10, "KiB"); held > 10<<20 {
		t.Errorf("a page of entries holds %d bytes", held)
	}
}

// The pages of entries are the list of them, each once.
func TestEntriesPageByPage(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		p := w.phone(officerA).write(put(scopeA, ev(1), 0, `"kind":"consultation"`))
		for i := range 7 {
			p.write(tap(scopeA, ev(1), "complaints", int64(i+1)), tap(scopeA, ev(1), "consultations", 1))
		}
		p.send()
		w.phone(headA).write(tap(scopeA, ev(1), "complaints", 8), tap(scopeA, ev(1), "complaints", 9)).send()
		n := office.RecordName{Campaign: campaignID, Unit: unitA, Kind: models.EventKind, ID: ev(1)}
		var got []string
		for _, e := range collect(t, 2, func(p office.Paging) (office.Page[office.Entry], error) {
			return w.d.Entries(t.Context(), w.reach(officerA), office.TableQuery{Campaign: campaignID, Template: tableA}, "complaints", n, p)
		}) {
			got = append(got, string(e.Values[0].Value))
		}
		if want := []string{"1", "2", "3", "4", "5", "6", "7", "8", "9"}; !slices.Equal(got, want) {
			t.Errorf("%v, want %v", got, want)
		}
	})
}
