package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/fieldsync/fieldsync/mobile-api/client"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

// scene is one thing that happens to the county beside its plain work.
type scene func(ctx context.Context, c *crew) error

// The stories that meet with something, by their places in the script. Story i is of phone i mod 30,
// and that phone of unit i mod 12.
const (
	samePlace  = 5   // another stand of the unit is entered for its place and day
	oneEvent   = 10  // another unit entered the same stand
	forked     = 15  // counted on by a phone and by its backup
	countedOff = 13  // photos of it are owed
	acceptedOn = 24  // counted on after it was accepted
	newWords   = 25  // counted on under a name that no table knows
	movedAway  = 40  // counts for another unit
	cameBack   = 70  // returned, and corrected since
	wentBack   = 72  // returned to a phone without a network
	doubtful   = 83  // has issues
	sameItem   = 124 // an article that another unit reports too
)

// conflicts are the stories of which two phones say different things, each with its phones.
var conflicts = []struct{ story, a, b int }{{6, 6, 18}, {21, 21, 9}, {34, 4, 28}}

// cast gives the county's stories their parts.
func (s *script) cast() {
	for i, f := range map[int]fate{cameBack: corrected, wentBack: sentBack, doubtful: doubted, movedAway: moved, oneEvent: accepted} {
		s.list[i].fate = f
	}
	s.scenes = []scene{snapshots, twoTruths, twins, jointStand, strangers, oddEvents, lateStand, wrongClock, backup, tunnels, silence}
	s.sequel = []scene{comeback, tooLate, judgements, revocation}
}

// extra is one more event of a phone, and its lines.
func (c *crew) extra(phone int, st story) (*story, []client.Change) {
	st.id = client.NewID()
	if st.day == 0 {
		st.day, st.hour = stands, 15
	}
	if st.staff == 0 {
		st.staff = 3
	}
	c.script.list = append(c.script.list, &st)
	p := c.phones[phone]
	return &st, st.lines(p.scope, p.officer.Unit, c.cal)
}

// record lets a phone record one more event and push it.
func (c *crew) record(ctx context.Context, phone int, st story) error {
	_, lines := c.extra(phone, st)
	return c.phones[phone].tell(ctx, lines...)
}

// twoTruths: two phones of a unit type different numbers of leaders, neither knowing of the other.
func twoTruths(ctx context.Context, c *crew) error {
	for i, x := range conflicts {
		id := c.script.list[x.story].id
		for _, k := range []int{x.a, x.b} {
			if err := c.phones[k].Pull(ctx); err != nil {
				return err
			}
		}
		for n, k := range []int{x.a, x.b} {
			p := c.phones[k]
			if err := p.say(p.put(p.scope, id, c.cal.ms(stands, 19, i*10+n*5), map[string]any{"leaders": 2 + i + 3*n})); err != nil {
				return err
			}
		}
		for _, k := range []int{x.a, x.b} {
			if _, err := c.phones[k].Sync(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// twins: a stand that is entered twice, an article that two units report, and a stand of two units.
func twins(ctx context.Context, c *crew) error {
	place := func(i int) any { return c.script.list[i].fields["place"] }
	err := c.record(ctx, 17, story{fate: waiting, fields: map[string]any{"kind": "consultation", "venue": "square",
		"title": "广场宣传咨询", "place": place(samePlace)}, tallies: []tallied{{"consultations", 11}}})
	if err != nil {
		return err
	}
	article := map[string]any{"title": "县报报道（我所供稿）"}
	for _, f := range []string{"kind", "venue", "channel", "form", "outlet", "programme", "content"} {
		article[f] = c.script.list[sameItem].fields[f]
	}
	if err := c.record(ctx, 20, story{fate: waiting, fields: article}); err != nil {
		return err
	}
	return c.record(ctx, 23, story{fate: joined, fields: map[string]any{"kind": "consultation", "venue": "street",
		"title": "3·15现场咨询（联合摊位）", "place": place(oneEvent)}, tallies: []tallied{{"public_consulting", 40}, {"materials_handed_out", 120}}})
}

// jointStand: officers of another unit help at a stand; who scanned its code counts, who did not waits.
func jointStand(ctx context.Context, c *crew) error {
	host, guest, stranger := c.phones[1], c.phones[27], c.phones[19]
	const secret = "示例联合咨询点"
	st, lines := c.extra(1, story{fields: map[string]any{"kind": "consultation", "venue": "mall", "large": true, "title": "联合咨询点（两单位）",
		"place": "示例商场", "join": secret, "leaders": int64(1), "staff." + guest.officer.Unit: int64(2)}, tallies: []tallied{{"consultations", 9}}})
	if err := host.tell(ctx, lines...); err != nil {
		return err
	}
	with := tap(host.scope, st.id, c.cal.ms(stands, 15, 30), "consultations", 6)
	with["join"] = secret
	if err := guest.tell(ctx, with); err != nil {
		return err
	}
	return stranger.tell(ctx, tap(host.scope, st.id, c.cal.ms(stands, 15, 40), "complaints", 2))
}

// strangers: an event is written for a unit that the officer does not belong to, and something is
// counted that no table asks for.
func strangers(ctx context.Context, c *crew) error {
	foreign := c.county.units[2].ID
	st := story{id: client.NewID(), day: stands, hour: 10, staff: 2, fields: map[string]any{"kind": "visit", "venue": "enterprise", "title": "替兄弟单位录入的走访"}}
	if err := c.phones[8].tell(ctx, st.lines(c.county.campaign.ID+":"+foreign, foreign, c.cal)...); err != nil {
		return err
	}
	p := c.phones[newWords]
	return p.tell(ctx, tap(p.scope, c.script.list[newWords].id, c.cal.ms(stands, 18, 30), "livestream_viewers", 560))
}

// oddEvents: an urgent one, one outside the window, one that no row takes, and one that was deleted
// although something had been counted at it.
func oddEvents(ctx context.Context, c *crew) error {
	for _, x := range []struct {
		phone int
		story story
	}{
		{26, story{fate: waiting, day: stands, hour: 16, fields: map[string]any{"kind": "consultation", "venue": "supermarket", "urgent": true,
			"title": "重大情况：同一商户群体投诉", "place": "示例超市", "notes": "二十余名消费者投诉同一预付卡商户，已劝导到室内登记。"},
			tallies: []tallied{{"complaints", 23}}}},
		{7, story{fate: waiting, day: -20, hour: 10, fields: map[string]any{"kind": "visit", "venue": "village", "title": "活动前走访（统计期外）", "place": "示例村外"}}},
		{3, story{fate: waiting, day: stands, hour: 17, fields: map[string]any{"kind": "duty", "venue": "office", "title": "12315值守接诉"}}},
	} {
		if err := c.record(ctx, x.phone, x.story); err != nil {
			return err
		}
	}
	st, lines := c.extra(11, story{fate: waiting, fields: map[string]any{"kind": "consultation", "venue": "market", "title": "误建的咨询点", "place": "示例市场"},
		tallies: []tallied{{"consultations", 4}}})
	gone := client.Change{"at": c.cal.ms(stands, 18, 0), "scope": c.phones[11].scope, "op": "event.put", "id": st.id, "base": 0, "set": map[string]any{"deleted": true}}
	return c.phones[11].tell(ctx, append(lines, gone)...)
}

// lateStand arrives while the campaign was closing. The office opened it again.
func lateStand(ctx context.Context, c *crew) error {
	state := func(s models.CampaignState, why string) error {
		return c.as(ctx, models.RoleAdmin, gateway.Entry{Op: "campaign.state", Scope: c.county.campaign.ID, State: string(s), Reason: why})
	}
	if err := state(models.CampaignIsClosing, "到期收尾"); err != nil {
		return err
	}
	err := c.record(ctx, 9, story{fate: waiting, fields: map[string]any{"kind": "visit", "venue": "community", "title": "截止后补录的走访", "place": "示例社区补1"}})
	return errors.Join(err, state(models.CampaignIsOpen, "延期两天，恢复填报"))
}

// wrongClock: the phone's clock is days ahead, and nobody typed when the event began.
func wrongClock(ctx context.Context, c *crew) error {
	_, lines := c.extra(fast, story{fate: waiting, fields: map[string]any{"kind": "visit", "venue": "village", "title": "时钟不准的手机记的走访", "place": "示例村补2"}})
	delete(lines[0]["set"].(map[string]any), "started_at")
	return c.phones[fast].tell(ctx, lines...)
}

// backup: a phone counts, is put back from its backup, and counts something else.
func backup(ctx context.Context, c *crew) error {
	p, id := c.phones[restored], c.script.list[forked].id
	copied := p.keep.(*client.Memory).Copy()
	if err := p.tell(ctx, tap(p.scope, id, c.cal.ms(stands, 18, 10), "consultations", 2)); err != nil {
		return err
	}
	p.keep = copied
	if err := c.open(p); err != nil {
		return err
	}
	return p.tell(ctx, tap(p.scope, id, c.cal.ms(stands, 18, 20), "consultations", 3))
}

// tunnels: two phones lose the network when half of what they had to say is through. A colleague counts
// on an event that is still on one of them.
func tunnels(ctx context.Context, c *crew) error {
	half := func(p *demoPhone, lines []client.Change) error {
		if err := p.say(lines...); err != nil {
			return err
		}
		p.net.inside = true
		if _, err := p.Push(ctx); !errors.Is(err, errTunnel) {
			return fmt.Errorf("the network did not go away: %w", err)
		}
		return nil
	}
	st := story{fate: waiting, fields: map[string]any{"kind": "consultation", "venue": "village", "title": "山区咨询点（信号不好）", "place": "示例山村"}}
	for range 10 {
		st.tallies = append(st.tallies, tallied{"consultations", 2}, tallied{"materials_handed_out", 15})
	}
	_, lines := c.extra(cutOff, st)
	if err := half(c.phones[cutOff], lines); err != nil {
		return err
	}
	p, mate := c.phones[owing], c.phones[25]
	p.PhotosPending(3)
	of := c.script.list[countedOff].id
	lines = nil
	for i := range 3 {
		at := c.cal.ms(stands, 11, 10*i)
		lines = append(lines, client.Change{"at": at, "scope": p.scope, "op": "photo.put", "id": client.NewID(), "base": 0, "set": map[string]any{
			"event": of, "sha256": fmt.Sprintf("%064x", 0xde30+i), "bytes": 2_400_000 + 10_000*i, "mime": "image/jpeg", "taken_at": at,
			"place": "示例地点14号", "caption": fmt.Sprintf("示例现场照片%d", i+1)}})
	}
	for i := range 12 {
		lines = append(lines, tap(p.scope, of, c.cal.ms(stands, 12, i), "consultations", 1))
	}
	unseen, more := c.extra(owing, story{fate: waiting, fields: map[string]any{"kind": "visit", "venue": "village", "title": "还在手机里的走访", "place": "示例村补3"},
		tallies: []tallied{{"materials_handed_out", 20}}})
	if err := half(p, append(lines, more...)); err != nil {
		return err
	}
	return mate.tell(ctx, tap(mate.scope, unseen.id, c.cal.ms(stands, 15, 20), "materials_handed_out", 12))
}

// silence: a phone is enrolled and says nothing, one officer has not used the code, and one code was
// taken back.
func silence(ctx context.Context, c *crew) error {
	p, err := c.enrol(ctx, silent)
	if err != nil {
		return err
	}
	c.phones = append(c.phones, p)
	_, made, err := c.app.gateway.AddBatch(ctx, c.people.of(models.RoleAdmin), map[[32]byte]string{{1}: c.county.officers[silent+2].ID}, gateway.CodeLife, nil)
	if err != nil {
		return err
	}
	return c.app.gateway.CancelCode(ctx, c.people.of(models.RoleAdmin), made[0].ID, nil)
}
