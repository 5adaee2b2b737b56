package storetest

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

func people(b *bench) {
	b.update(func(tx gateway.Tx) {
		units, err := tx.Units()
		is(b, "Units in the order of their codes", unitIDs(units), err, []string{root, unitB, unitA, outsider})
		o := models.Officer{ID: officer, Version: 9, Name: "乙", Unit: unitB, Role: models.RoleHead, Ended: true}
		b.ok(tx.Put(&o))
		o.Ended, o.Version = false, 0 // zero values are written too
		b.ok(tx.Put(&o))
		var got models.Officer
		have, err := tx.Load(&got, officer)
		is(b, "Load", have, err, true)
		is(b, "Load", got, nil, o)
		have, err = tx.Load(&models.Officer{}, "none")
		is(b, "Load of none", have, err, false)
		none, err := tx.Campaign("none")
		is(b, "Campaign of none", none, err, nil)

		a := models.Assignment{Officer: officer, Unit: unitA, Role: models.RoleOfficer, StartedMS: 1, EndedMS: 7}
		b.ok(tx.PutAssignment(&a))
		a.EndedMS = 0 // it begins again
		b.ok(tx.PutAssignment(&a))
		list, err := tx.Assignments(officer)
		is(b, "Assignments", list, err, []models.Assignment{a})

		hand, err := tx.OfficeDevice(officer)
		is(b, "OfficeDevice of none", hand, err, nil)
		b.ok(tx.AddDevice(&models.Device{ID: "office", Officer: officer, Office: true, PublicKey: []byte{4}}))
		hand, err = tx.OfficeDevice(officer)
		is(b, "OfficeDevice", hand.GetID(), err, "office")

		r := models.Rules{Campaign: campaign, Version: 1, Zone: "Asia/Shanghai", FirstDay: "2022-03-07", LastDay: "2022-03-17", Templates: "[]", CreatedMS: 5}
		b.ok(tx.AddRules(&r))
		rules, err := tx.Rules(campaign, 1)
		is(b, "Rules", rules, err, &r)
		rules, err = tx.Rules(campaign, 2)
		is(b, "Rules of none", rules, err, nil)

		building, err := tx.Building()
		is(b, "Building none", len(building), err, 0)
		b.ok(tx.Put(&models.Campaign{ID: other, Building: 2}))
		building, err = tx.Building()
		is(b, "Building", building, err, []string{other})

		s := models.Snapshot{Campaign: campaign, Number: 0, Template: "t", CSV: []byte("a\n"), SHA256: "x"}
		b.ok(tx.AddSnapshot(&s))
		snaps, err := tx.Snapshots()
		is(b, "Snapshots", snaps, err, []models.Snapshot{s})
	})
}

func unitIDs(units []models.Unit) (out []string) {
	for i := range units {
		out = append(out, units[i].ID)
	}
	return out
}

func phones(b *bench) {
	hash := bytes.Repeat([]byte{9}, 32)
	b.update(func(tx gateway.Tx) {
		e := models.Enrolment{Hash: hash, Officer: officer, CreatedMS: 1, ExpiresMS: 2, KeyHash: []byte{}}
		b.ok(tx.AddEnrolment(&e))
		none, err := tx.Enrolment([]byte("none"))
		is(b, "Enrolment of none", none, err, nil)
		e.UsedMS, e.Device, e.KeyHash = 5, deviceA, []byte{0, 1}
		b.ok(tx.UseEnrolment(&e))
		got, err := tx.Enrolment(hash)
		is(b, "Enrolment", got, err, &e)
	})
	for _, c := range []struct {
		device, jti  string
		expires, now int64
		want         bool
	}{
		{deviceA, "j", 100, 10, true}, {deviceA, "j", 100, 10, false}, {deviceB, "j", 100, 10, true},
		{deviceA, "J", 100, 100, true}, {deviceA, "j", 100, 100, false}, {deviceA, "j", 300, 101, true},
	} {
		b.update(func(tx gateway.Tx) {
			fresh, err := tx.UseAssertion(c.device, c.jti, c.expires, c.now)
			is(b, fmt.Sprint(c), fresh, err, c.want)
		})
	}
	b.view(func(tx gateway.Tx) {
		d, err := tx.Device(deviceA)
		if err != nil || d.Officer != officer || d.Family == 0 || !bytes.Equal(d.PublicKey, []byte{4}) {
			b.Errorf("%+v, %v", d, err)
		}
		none, err := tx.Device("none")
		is(b, "Device of none", none, err, nil)
	})
}

func setupLists(b *bench) {
	b.update(func(tx gateway.Tx) {
		for _, v := range []any{
			&models.Officer{ID: "o2", Name: "同事", Unit: unitA, Role: models.RoleHead},
			&models.Officer{ID: "o3", Name: "离任", Unit: unitA, Role: models.RoleHead, Ended: true},
			&models.Officer{ID: "o4", Name: "外人", Unit: unitB, Role: models.RoleHead},
			&models.Task{ID: "t2", Campaign: campaign, Number: 2}, &models.Task{ID: "t1", Campaign: campaign, Number: 1},
			&models.Task{ID: "t3", Campaign: other, Number: 0},
			&models.Duty{ID: "d1", Campaign: campaign, Day: "2022-03-15"}, &models.HandIn{ID: "h1", Campaign: campaign, DueMS: 5},
			&models.Reminder{ID: "r1", Campaign: campaign, Unit: unitA}, &models.Reminder{ID: "r2", Campaign: campaign, Unit: unitB},
			&models.Reminder{ID: "r3", Campaign: campaign, Unit: unitA, Done: true},
		} {
			b.ok(tx.Put(v))
		}
	})
	b.view(func(tx gateway.Tx) {
		s := &gateway.Setup{Campaigns: []gateway.SetupCampaign{{Campaign: models.Campaign{ID: campaign}}}}
		b.ok(tx.SetupLists(s, []models.Assignment{{Officer: officer, Unit: unitA}, {Officer: officer, Unit: unitB, EndedMS: 5}}))
		var got []string
		for i := range s.Colleagues {
			got = append(got, s.Colleagues[i].ID)
		}
		for i := range s.Tasks {
			got = append(got, s.Tasks[i].ID)
		}
		for i := range s.Roster {
			got = append(got, s.Roster[i].ID)
		}
		for i := range s.HandIns {
			got = append(got, s.HandIns[i].ID)
		}
		for i := range s.Reminders {
			got = append(got, s.Reminders[i].ID)
		}
		is(b, "SetupLists", got, nil, []string{officer, "o2", "t1", "t2", "d1", "h1", "r1"})
		b.ok(tx.SetupLists(&gateway.Setup{}, nil)) // nobody's phone
	})
}

// transactions: all or nothing, one snapshot, run again.
func transactions(b *bench) {
	count := func() (n int) {
		b.view(func(tx gateway.Tx) {
			units, err := tx.Units()
			b.ok(err)
			n = len(units)
		})
		return n
	}
	before := count()
	add := func(tx gateway.Tx, id string) error { return tx.Put(&models.Unit{ID: id, Code: id}) }
	mine := errors.New("mine")
	for name, fail := range map[string]func() error{"error": func() error { return mine }, "panic": func() error { panic("a bug") }} {
		err := b.db.Update(b.Context(), func(tx gateway.Tx) error {
			b.ok(add(tx, name))
			return fail()
		})
		if err == nil || count() != before {
			b.Errorf("%s: %v, %d units, want %d", name, err, count(), before)
		}
	}
	runs := 0
	err := b.db.Update(b.Context(), func(tx gateway.Tx) error {
		if runs++; runs < 4 {
			b.ok(add(tx, fmt.Sprint("run", runs)))
			return fmt.Errorf("again: %w", gateway.ErrAgain)
		}
		return add(tx, "last")
	})
	if err != nil || runs != 4 || count() != before+1 {
		b.Errorf("ErrAgain: %v after %d runs, %d units, want %d", err, runs, count(), before+1)
	}
	if err := b.db.Update(b.Context(), func(gateway.Tx) error { return gateway.ErrAgain }); err == nil {
		b.Error("a transaction that never wants to end was taken for good")
	}
	b.view(func(tx gateway.Tx) { // what is committed meanwhile is not seen
		first, err := tx.Units()
		b.ok(err)
		b.update(func(tx gateway.Tx) { b.ok(add(tx, "meanwhile")) })
		second, err := tx.Units()
		is(b, "one snapshot", unitIDs(second), err, unitIDs(first))
	})
	if err := b.db.View(b.Context(), func(tx gateway.Tx) error { return add(tx, "written") }); err == nil {
		b.Error("a View wrote")
	}
	if err := b.db.View(b.Context(), func(gateway.Tx) error { panic("a bug") }); err == nil {
		b.Error("a panic was swallowed")
	}
}
