package storetest

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"github.com/fieldsync/fieldsync/internal/store"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/stats"
	"github.com/fieldsync/fieldsync/sync/changelog"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/fieldsync/fieldsync/sync/merge"
)

// Suite is what every database must do for the gateway. open returns an empty, migrated one.
func Suite(t *testing.T, open func(testing.TB) *store.DB) {
	for name, part := range map[string]func(*bench){
		"logs": logs, "forks": forks, "scopes": scopes, "records": records, "held": held, "totals": totals,
		"people": people, "phones": phones, "setup": setupLists, "transactions": transactions,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			part(newBench(t, open(t)))
		})
	}
}

// The names that the suite's small world uses.
const (
	campaign = "01900000-0000-7000-8000-0000000ca001"
	other    = "01900000-0000-7000-8000-0000000ca002"
	root     = "01900000-0000-7000-8000-0000000ab000"
	unitA    = "01900000-0000-7000-8000-0000000ab001"
	unitB    = "01900000-0000-7000-8000-0000000ab002"
	outsider = "01900000-0000-7000-8000-0000000ab009"
	officer  = "01900000-0000-7000-8000-0000000f0001"
	deviceA  = "01900000-0000-7000-8000-00000000d001"
	deviceB  = "01900000-0000-7000-8000-00000000d002"
)

type bench struct {
	*testing.T
	db *store.DB
}

func newBench(t *testing.T, db *store.DB) *bench {
	b := &bench{t, db}
	b.update(func(tx gateway.Tx) {
		for _, u := range []models.Unit{{ID: root, Name: "县局", Code: "00"}, {ID: unitA, Parent: root, Name: "一所", Code: "02"},
			{ID: unitB, Parent: root, Name: "二所", Code: "01"}, {ID: outsider, Name: "邻县", Code: "90"}} {
			b.ok(tx.Put(&u))
		}
		for _, c := range []models.Campaign{{ID: campaign, Title: "一", Unit: root, State: models.CampaignIsOpen, Rules: 3},
			{ID: other, Title: "二", Unit: root, State: models.CampaignIsDraft, Rules: 1}} {
			b.ok(tx.Put(&c))
		}
		b.ok(tx.Put(&models.Officer{ID: officer, Name: "甲", Unit: unitA, Role: models.RoleOfficer}))
		for _, id := range []string{deviceA, deviceB} {
			b.ok(tx.AddDevice(&models.Device{ID: id, Officer: officer, PublicKey: []byte{4}, EnrolledMS: 1}))
		}
	})
	return b
}

func (b *bench) ok(err error) {
	b.Helper()
	if err != nil {
		b.Error(err)
	}
}

func (b *bench) update(fn func(gateway.Tx)) {
	b.Helper()
	if err := b.db.Update(b.Context(), func(tx gateway.Tx) error { fn(tx); return nil }); err != nil {
		b.Fatal(err)
	}
}

func (b *bench) view(fn func(gateway.Tx)) {
	b.Helper()
	if err := b.db.View(b.Context(), func(tx gateway.Tx) error { fn(tx); return nil }); err != nil {
		b.Fatal(err)
	}
}

// is compares what a call returned.
func is[T any](b *bench, what string, got T, err error, want T) {
	b.Helper()
	if err != nil || !reflect.DeepEqual(got, want) {
		b.Errorf("%s: %+v, %v, want %+v", what, got, err, want)
	}
}

func hashOf(n int) (h changelog.Hash) {
	h[0], h[31] = byte(n), byte(n>>8)
	return h
}

func addLog(b *bench, tx gateway.Tx, device string, family int64) models.Log {
	b.Helper()
	l := models.Log{Device: device, Epoch: device + "-e", Family: family, Head: []byte{1, 2}, WallMS: -5, OffsetMS: 9,
		LogNext: 3, PhotosPending: 4, Acked: 5, CreatedMS: 6, LastMS: 7, Behind: true, AfterRaw: `{"x":1}`}
	b.ok(tx.AddLog(&l))
	return l
}

func logs(b *bench) {
	var l models.Log
	b.update(func(tx gateway.Tx) {
		devs, found, err := tx.LockFamilies(deviceA, "01900000-0000-7000-8000-00000000dead")
		if err != nil || len(devs) != 2 || devs[0] == nil || devs[1] != nil || len(found) != 0 {
			b.Fatalf("%v, %v, %v", devs, found, err)
		}
		l = addLog(b, tx, deviceA, devs[0].Family)
		if l.No == 0 {
			b.Error("a log got no number")
		}
		lines := make([]models.Line, 150) // more than one statement of several rows
		for i := range lines {
			h := hashOf(i)
			lines[i] = models.Line{Log: l.No, Seq: int64(i), Raw: []byte{0, 0xff, '\n', byte(i)}, Hash: h[:],
				Status: models.LineStatus(i % 4), Cause: models.Cause("c" + fmt.Sprint(i%4)), Scope: int64(i % 3), ScopeSeq: int64(i), Version: 1 << 40, Rules: 2, Late: i%2 == 0}
		}
		b.ok(tx.AddLines(lines))
		b.ok(tx.AddBatch(&models.Batch{Log: l.No, First: 0, Header: []byte("{\x00}"), ReceiptMS: 8, OffsetMS: -9}))
		l.Next, l.Head, l.Forked, l.Behind = 150, []byte{7}, true, false
		b.ok(tx.PutLog(&l))
		lines[5].Status, lines[5].Late, lines[5].Cause = models.Applied, true, ""
		b.ok(tx.SetLines(lines[5:6]))
	})
	b.view(func(tx gateway.Tx) {
		got, err := tx.FindLog(deviceA, deviceA+"-e")
		is(b, "FindLog", got, err, &l)
		none, err := tx.FindLog(deviceA, "x")
		is(b, "FindLog of none", none, err, nil)
		heads, err := tx.Heads(deviceA)
		is(b, "Heads", heads, err, []models.Log{l})
		name, err := tx.DeviceOfLog(l.No)
		is(b, "DeviceOfLog", name, err, deviceA)
		name, err = tx.DeviceOfLog(l.No + 99)
		is(b, "DeviceOfLog of none", name, err, "")
		batches, err := tx.Batches(l.No)
		is(b, "Batches", batches, err, []models.Batch{{Log: l.No, Header: []byte("{\x00}"), ReceiptMS: 8, OffsetMS: -9}})
		lines, err := tx.Lines(l.No, 148, 10)
		if err != nil || len(lines) != 2 || !bytes.Equal(lines[1].Raw, []byte{0, 0xff, '\n', 149}) || lines[1].Version != 1<<40 || lines[1].Late || !lines[0].Late {
			b.Errorf("Lines: %+v, %v", lines, err)
		}
		hs, err := tx.Hashes(l.No, 149, 5)
		is(b, "Hashes", hs, err, []changelog.Hash{hashOf(149)})
		odd, err := tx.Verdicts(l.No, 4, 4)
		if err != nil || len(odd) != 2 || odd[0].Seq != 6 || odd[1].Seq != 7 || odd[0].Status != models.Rejected || odd[0].Cause != "c2" || odd[0].Raw != nil {
			b.Errorf("Verdicts: %+v, %v", odd, err)
		}
	})
}

func forks(b *bench) {
	var one, two models.Log
	b.update(func(tx gateway.Tx) {
		devs, _, err := tx.LockFamilies(deviceB, deviceA)
		if err != nil || devs[0].ID != deviceB || devs[1].ID != deviceA || devs[0].Family == devs[1].Family {
			b.Fatalf("%v, %v", devs, err)
		}
		one, two = addLog(b, tx, deviceA, devs[1].Family), addLog(b, tx, deviceB, devs[0].Family)
		b.ok(tx.AddMoved(two.Family, []changelog.Hash{hashOf(1)}, []merge.Place{{Log: two.No, Seq: 4}}))
		b.ok(tx.AddHeld([]models.HeldLine{{Log: two.No, Seq: 4, Family: two.Family}}))
		b.ok(tx.JoinFamilies(one.Family, two.Family))
		b.ok(tx.AddMoved(one.Family, []changelog.Hash{hashOf(1), hashOf(2)}, []merge.Place{{Log: one.No, Seq: 0}, {Log: one.No, Seq: 1}}))
		for i := range 130 {
			h := hashOf(i)
			b.ok(tx.AddLines([]models.Line{{Log: one.No, Seq: int64(i), Raw: []byte{}, Hash: h[:]}}))
		}
	})
	b.update(func(tx gateway.Tx) {
		devs, found, err := tx.LockFamilies(deviceA, deviceB, deviceA)
		if err != nil || len(found) != 2 || devs[0].Family != one.Family || devs[1].Family != one.Family || devs[2] == nil {
			b.Errorf("the families are not one: %v, %v, %v", devs, found, err)
		}
		moved, err := tx.Moved(one.Family)
		for _, places := range moved {
			slices.SortFunc(places, func(x, y merge.Place) int { return int(x.Log - y.Log) })
		}
		is(b, "Moved", moved, err, map[changelog.Hash][]merge.Place{
			hashOf(1): {{Log: one.No, Seq: 0}, {Log: two.No, Seq: 4}}, hashOf(2): {{Log: one.No, Seq: 1}}})
		waiting, err := tx.Held(gateway.HeldQuery{Family: one.Family})
		if err != nil || len(waiting) != 1 {
			b.Errorf("held lines did not follow: %v, %v", waiting, err)
		}
		var wanted []changelog.Hash
		for i := range 200 { // more than one statement's worth, some that are not there
			wanted = append(wanted, hashOf(i))
		}
		at, err := tx.FindHashes(one.No, 100, wanted)
		if err != nil || len(at) != 29 || at[hashOf(101)] != 101 {
			b.Errorf("FindHashes: %d found, %v", len(at), err)
		}
	})
}

func scopes(b *bench) {
	b.update(func(tx gateway.Tx) {
		s, err := tx.AddScope(campaign, unitA)
		if err != nil || s == nil || s.Rules != 3 || s.State != models.CampaignIsOpen || s.Seq != 0 || s.No == 0 {
			b.Fatalf("%+v, %v", s, err)
		}
		again, err := tx.AddScope(campaign, unitA)
		is(b, "AddScope again", again, err, s)
		for _, c := range [][2]string{{campaign, outsider}, {campaign, officer}, {officer, unitA}} {
			none, err := tx.AddScope(c[0], c[1])
			is(b, "AddScope of what is not there", none, err, nil)
		}
		feed, err := tx.AddScope("", deviceA)
		if err != nil || feed.Name() != "device:"+deviceA {
			b.Errorf("%+v, %v", feed, err)
		}
		name, err := tx.ScopeName(s.No)
		is(b, "ScopeName", name, err, campaign+":"+unitA)
		found, err := tx.Scopes([]string{"device:" + deviceA, campaign + ":" + unitA, campaign + ":" + unitB, "office", "nonsense"})
		is(b, "Scopes", found, err, map[string]*models.Scope{"device:" + deviceA: feed, campaign + ":" + unitA: s})
		up, err := tx.Advance(map[int64]int64{s.No: 3, feed.No: 0})
		if err != nil || up[s.No].Seq != 3 || up[feed.No].Seq != 0 || len(up) != 2 {
			b.Errorf("Advance: %v, %v", up, err)
		}
		b.ok(tx.SetScopes(&models.Campaign{ID: campaign, State: models.CampaignIsFrozen, Rules: 4, Building: 5}))
		up, err = tx.Advance(map[int64]int64{s.No: 1, s.No + 99: 1})
		if now := up[s.No]; err != nil || now.Seq != 4 || now.State != models.CampaignIsFrozen || now.Rules != 4 || now.Building != 5 {
			b.Errorf("after SetScopes: %v, %v", up, err)
		}
		all, err := tx.AllScopes()
		if err != nil || len(all) != 2 {
			b.Errorf("AllScopes: %v, %v", all, err)
		}
	})
	as := func(campaign, unit string, ended int64) models.Assignment {
		return models.Assignment{Officer: officer, Campaign: campaign, Unit: unit, EndedMS: ended}
	}
	for name, c := range map[string]struct {
		as   []models.Assignment
		want []string
	}{
		"none":               {nil, []string{}},
		"all campaigns":      {[]models.Assignment{as("", unitA, 0)}, []string{campaign + ":" + unitA}},
		"drafts are unseen":  {[]models.Assignment{as(other, unitA, 0)}, []string{}},
		"ended":              {[]models.Assignment{as("", unitA, 5)}, []string{}},
		"one ended, one not": {[]models.Assignment{as("", unitA, 5), as(campaign, unitA, 0)}, []string{campaign + ":" + unitA}},
		"another campaign":   {[]models.Assignment{as(officer, unitA, 0)}, []string{}},
		"outside the tree":   {[]models.Assignment{as("", outsider, 0)}, []string{}},
		"several, in order":  {[]models.Assignment{as("", unitB, 0), as("", root, 0), as("", unitA, 0)}, []string{campaign + ":" + root, campaign + ":" + unitA, campaign + ":" + unitB}},
	} {
		b.view(func(tx gateway.Tx) {
			got, err := tx.ScopesOf(c.as)
			is(b, "ScopesOf, "+name, got, err, c.want)
		})
	}
}

func recordOf(scope, id string, seq int64) *merge.Record {
	r := &merge.Record{Scope: scope, Kind: models.EventKind, ID: id, Seq: seq}
	r.Put(&merge.Write{Log: 1, Seq: seq, EffectiveMS: 5, AtMS: 5, Officer: officer, Device: deviceA, Lineage: &merge.Lineage{Log: 1}},
		[]changelog.Field{{Name: "title", Value: changelog.Value{Kind: changelog.Text, Text: "标题" + id, Raw: []byte(`"标题` + id + `"`)}}}, seq)
	return r
}

func records(b *bench) {
	id := func(i int) string { return fmt.Sprintf("01900000-0000-7000-8000-%012x", i) }
	var s, s2 *models.Scope
	var keys []gateway.Key
	b.update(func(tx gateway.Tx) {
		var err error
		s, err = tx.AddScope(campaign, unitA)
		b.ok(err)
		s2, err = tx.AddScope(campaign, unitB)
		b.ok(err)
		for i := range 90 {
			keys = append(keys, gateway.Key{Scope: s.No, Kind: models.EventKind, ID: id(i)})
		}
		keys = append(keys, gateway.Key{Scope: s2.No, Kind: models.EventKind, ID: id(1)})
		stubs, err := tx.LockRecords(keys)
		if err != nil || len(stubs) != len(keys) {
			b.Fatal(len(stubs), err)
		}
		for i := range stubs {
			if r := stubs[i].Record; stubs[i].Key != keys[i] || r == nil || r.Exists() || r.ID != keys[i].ID || r.Scope == "" {
				b.Fatalf("stub %d: %+v", i, stubs[i])
			}
		}
		found, err := tx.Find(keys[0])
		is(b, "a stub is not found", found, err, nil)
		var recs []gateway.Stored
		for i, k := range keys[1:] {
			recs = append(recs, gateway.Stored{Key: k, Record: recordOf(stubs[i+1].Record.Scope, k.ID, int64(i)+1), Counts: []byte{1, 0, byte(i)}})
		}
		b.ok(tx.PutRecords(recs))
		b.ok(tx.PutRecords(nil))
		recs[3].Record.Seq = 1000 // a record appears once, at its latest seq
		b.ok(tx.PutRecords(recs[3:4]))
	})
	b.view(func(tx gateway.Tx) {
		got, err := tx.Find(keys[1])
		if err != nil || got == nil || !bytes.Equal(got.Record.Encode(nil), recordOf(campaign+":"+unitA, id(1), 1).Encode(nil)) ||
			got.Record.Scope != campaign+":"+unitA || !bytes.Equal(got.Counts, []byte{1, 0, 0}) {
			b.Errorf("%+v, %v", got, err)
		}
		twin, err := tx.Find(keys[90])
		if err != nil || twin.Record.Scope != campaign+":"+unitB {
			b.Errorf("the same id in another scope is another record: %+v, %v", twin, err)
		}
		seqs := func(after int64, n int) (out []int64) {
			b.ok(tx.RecordsSince(s.No, after, n, func(p *gateway.PulledRecord) bool {
				out = append(out, p.Seq)
				if len(p.Data) == 0 || p.Data[0] != '{' {
					b.Errorf("%s has no data", p.ID)
				}
				return true
			}))
			return out
		}
		is(b, "a page", seqs(0, 4), nil, []int64{1, 2, 3, 5})
		is(b, "the end", seqs(88, 10), nil, []int64{89, 1000})
		is(b, "nothing new", seqs(1000, 10), nil, nil)
		listed, err := tx.Records(campaign, models.EventKind, gateway.Key{Scope: s.No, ID: id(88)}, 10)
		if err != nil || len(listed) != 2 || listed[0].Key != keys[89] || listed[1].Key != keys[90] || listed[1].Record.Scope != campaign+":"+unitB {
			b.Errorf("Records: %+v, %v", listed, err)
		}
		raw, err := tx.ScopeRecords(s.No)
		if err != nil || len(raw) < 89 || string(raw[len(raw)-1].Review) != "received" {
			b.Errorf("ScopeRecords: %d, %v", len(raw), err)
		}
	})
}

func held(b *bench) {
	scope := campaign + ":" + unitA
	lines := []models.HeldLine{
		{Log: 1, Seq: 0, Family: 1, Scope: scope, Kind: models.EventKind, ID: "a", Cause: models.NoRight, Writes: true, EffectMS: -1, ReceiptMS: 2},
		{Log: 1, Seq: 7, Family: 1, Scope: scope, Kind: models.PhotoKind, ID: "p", WaitFor: "a", Cause: models.UnknownEvent},
		{Log: 2, Seq: 1, Family: 2, Scope: other + ":" + unitA, Kind: models.EventKind, ID: "a", Cause: models.NoRight, Writes: true},
		{Log: 2, Seq: 2, Family: 2, Cause: models.UnknownOp},
		{Log: 3, Seq: 0, Family: 2, Scope: scope, Kind: models.LotKind, ID: "a", Cause: models.Behind, Writes: true},
	}
	b.update(func(tx gateway.Tx) {
		b.ok(tx.AddHeld(slices.Clone(lines)))
		b.ok(tx.AddHeld(nil))
	})
	for name, c := range map[string]struct {
		q    gateway.HeldQuery
		want []int
	}{
		"all":                {gateway.HeldQuery{}, []int{0, 1, 2, 3, 4}},
		"family":             {gateway.HeldQuery{Family: 2}, []int{2, 3, 4}},
		"one line":           {gateway.HeldQuery{Log: 1, Seq: 7}, []int{1}},
		"line 0":             {gateway.HeldQuery{Log: 1}, []int{0}},
		"no such line":       {gateway.HeldQuery{Log: 1, Seq: 9}, nil},
		"campaign":           {gateway.HeldQuery{Campaign: campaign}, []int{0, 1, 4}},
		"scope":              {gateway.HeldQuery{Scope: other + ":" + unitA}, []int{2}},
		"event and waiters":  {gateway.HeldQuery{Scope: scope, Kind: models.EventKind, ID: "a"}, []int{0, 1}},
		"lot of the same id": {gateway.HeldQuery{Scope: scope, Kind: models.LotKind, ID: "a"}, []int{4}},
		"cause":              {gateway.HeldQuery{Cause: models.NoRight}, []int{0, 2}},
		"page":               {gateway.HeldQuery{AfterLog: 1, AfterSeq: 0, Limit: 2}, []int{1, 2}},
		"page of a cause":    {gateway.HeldQuery{AfterLog: 1, AfterSeq: 7, Cause: models.NoRight}, []int{2}},
	} {
		b.view(func(tx gateway.Tx) {
			var want []models.HeldLine
			for _, i := range c.want {
				want = append(want, lines[i])
			}
			got, err := tx.Held(c.q)
			is(b, name, got, err, want)
		})
	}
	b.update(func(tx gateway.Tx) {
		got, err := tx.HeldWrites(2)
		is(b, "HeldWrites", got, err, []models.HeldLine{lines[2], lines[4]})
		b.ok(tx.DropHeld(2, []int64{1, 2, 99}))
		got, err = tx.Held(gateway.HeldQuery{Family: 2})
		is(b, "after DropHeld", got, err, lines[4:])
	})
}

func totals(b *bench) {
	cell := func(row, unit string, reported, accepted int64) gateway.TotalDelta {
		return gateway.TotalDelta{Template: "t", Row: row, Unit: unit, Reported: reported, ReportedN: 1, Accepted: accepted, AcceptedN: 2}
	}
	// As long as statistics make a key, in characters that hardly compress: what makes an index fail.
	long := make([]rune, 0, 333)
	for x := uint32(1); len(long) < cap(long); {
		x = x*1664525 + 1013904223
		long = append(long, rune(0x4e00+x>>16%20000))
	}
	use := gateway.UseDelta{Template: "t", Row: "r", Unit: unitA, Key: "云课堂\x01第1期", Reported: 1, Accepted: 1}
	longUse := use
	longUse.Key = string(long)
	b.update(func(tx gateway.Tx) {
		b.ok(tx.AddTotals(campaign, 1, []gateway.TotalDelta{cell("r1", unitA, 5, 1), cell("r2", unitA, 1<<52, 0)}))
		b.ok(tx.AddTotals(campaign, 1, []gateway.TotalDelta{cell("r1", unitA, -7, 3), cell("r1", unitB, 2, 0)}))
		b.ok(tx.AddTotals(campaign, 2, []gateway.TotalDelta{cell("r1", unitA, 9, 9)}))
		got, err := tx.AddUses(campaign, 1, []gateway.UseDelta{use, longUse})
		is(b, "AddUses", got, err, []gateway.Uses{{Reported: 1, Accepted: 1}, {Reported: 1, Accepted: 1}})
		use.Reported, use.Accepted = 2, -1
		got, err = tx.AddUses(campaign, 1, []gateway.UseDelta{use})
		is(b, "AddUses again", got, err, []gateway.Uses{{Reported: 3, Accepted: 0}})
	})
	if b.Failed() {
		return
	}
	b.update(func(tx gateway.Tx) {
		got, err := tx.Totals(campaign, 1, "t")
		is(b, "Totals", got, err, []stats.Total{
			{Template: "t", Row: "r1", Unit: unitA, Reported: -2, ReportedN: 2, Accepted: 4, AcceptedN: 4},
			{Template: "t", Row: "r1", Unit: unitB, Reported: 2, ReportedN: 1, AcceptedN: 2},
			{Template: "t", Row: "r2", Unit: unitA, Reported: 1 << 52, ReportedN: 1, AcceptedN: 2}})
		n := 0
		b.ok(tx.EachTotal(func(c string, rules int64, d gateway.TotalDelta) { n++ }))
		is(b, "EachTotal", n, nil, 4)
		uses := map[string]int64{}
		b.ok(tx.EachUse(func(c string, rules int64, u gateway.UseDelta) { uses[u.Key] = u.Reported }))
		is(b, "EachUse", uses, nil, map[string]int64{use.Key: 3, longUse.Key: 1})
		b.ok(tx.DropRules(campaign, 1))
		left := map[int64]int{}
		b.ok(tx.EachTotal(func(c string, rules int64, d gateway.TotalDelta) { left[rules]++ }))
		b.ok(tx.EachUse(func(c string, rules int64, u gateway.UseDelta) { left[rules]++ }))
		is(b, "after DropRules", left, nil, map[int64]int{2: 1})
	})
}
