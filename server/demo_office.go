package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/mobile-api/client"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

// people are the demo's office: who acts in which role.
type people map[models.Role]models.Officer

func (p people) of(r models.Role) string { return p[r].ID }

// as writes what somebody of the office decides.
func (c *crew) as(ctx context.Context, r models.Role, entries ...gateway.Entry) error {
	for part := range slices.Chunk(entries, 400) {
		if err := c.app.gateway.Act(ctx, c.people.of(r), part...); err != nil {
			return err
		}
	}
	return nil
}

// employ makes the people of the office. One of the heads of units has a sign-in too.
func (c *crew) employ(ctx context.Context) error {
	c.people = people{models.RoleHead: c.county.officers[4]}
	var entries []gateway.Entry
	for _, x := range []struct {
		role models.Role
		name string
	}{{models.RoleAdmin, "管理01"}, {models.RoleReviewer, "审核01"}, {models.RoleLeader, "领导01"}, {models.RoleReader, "只读01"}} {
		o := models.Officer{ID: newID(), Name: x.name, Unit: c.county.root.ID, Role: x.role}
		c.people[x.role] = o
		entries = append(entries, adminEntry("officer", o.ID, map[string]any{"name": o.Name, "unit": o.Unit, "role": string(o.Role)}))
	}
	return c.app.act(ctx, entries...)
}

// The hand-ins, in the order of their deadlines.
const (
	rosterItem = iota
	photoItem
	tableItem
	summaryItem
)

// arrange sets up what units hand in, who does what and who is on duty.
func (c *crew) arrange(ctx context.Context) ([]string, error) {
	noon := 1 // 中午前: of tomorrow, or of today when that is still some hours away
	if time.Now().In(campaignZone).Hour() < 9 {
		noon = 0
	}
	campaign := c.county.campaign.ID
	var handins []string
	var entries []gateway.Entry
	put := func(kind string, set map[string]any) string {
		id := newID()
		set["campaign"] = campaign
		entries = append(entries, adminEntry(kind, id, set))
		return id
	}
	for _, h := range []struct {
		item              string
		day, hour, minute int
	}{{"值班表", -3, 12, 0}, {"照片", noon, 12, 0}, {"统计表", 2, 17, 30}, {"总结", 2, 17, 30}} {
		handins = append(handins, put("handin", map[string]any{"item": h.item, "due": c.cal.ms(h.day, h.hour, h.minute), "recipient": "消保股", "copy_to": "局办公室"}))
	}
	for i, work := range []string{"制定活动方案", "组织现场咨询", "送法下基层", "媒体宣传", "集中销毁假冒伪劣商品", "汇总统计表和照片"} {
		put("task", map[string]any{"number": i + 1, "work": work, "unit": c.county.units[i].ID, "partners": c.county.units[(i+3)%len(c.county.units)].Name + "等",
			"person": c.county.officers[i].Name, "leader": "领导01"})
	}
	for day := -2; day <= 2; day++ {
		for i, post := range []string{"带班", "值班员"} {
			put("roster", map[string]any{"day": c.cal.date(day), "name": fmt.Sprintf("值班%02d", 2*(day+2)+i+1), "post": post, "phone": "0000-0000000", "mobile": "00000000000"})
		}
	}
	return handins, c.as(ctx, models.RoleAdmin, entries...)
}

// receipts notes what came in, electronically and on paper: of the item that is over all but two units,
// one of them late; of the others what the quick ones brought.
func (c *crew) receipts(ctx context.Context, handins []string) error {
	var entries []gateway.Entry
	note := func(item, unit int, electronic, paper int64, text string) {
		u := c.county.units[unit].ID
		entries = append(entries, adminEntry("receipt", models.ReceiptID(handins[item], u), map[string]any{"campaign": c.county.campaign.ID,
			"handin": handins[item], "unit": u, "electronic": electronic, "paper": paper, "note": text}))
	}
	for i := range 10 {
		day, text, paper := -4, "", c.cal.ms(-3, 9, 5*i)
		if i == 9 {
			day, text, paper = -2, "逾期补交", 0
		}
		note(rosterItem, i, c.cal.ms(day, 15, 3*i), paper, text)
	}
	for i := range 4 {
		note(photoItem, i, c.cal.ms(stands, 18, 10*i), 0, "")
	}
	note(tableItem, 0, c.cal.ms(stands, 19, 0), c.cal.ms(stands, 19, 30), "盖章件已收")
	note(tableItem, 1, c.cal.ms(stands, 19, 10), 0, "盖章件待补")
	for _, x := range []struct {
		unit int
		text string
		done bool
	}{{10, "值班表已逾期，请今日内报送", false}, {11, "值班表已逾期，填报表尚未开始，请抓紧", false}, {9, "值班表已逾期，请补交", true}} {
		entries = append(entries, adminEntry("reminder", newID(), map[string]any{"campaign": c.county.campaign.ID,
			"unit": c.county.units[x.unit%len(c.county.units)].ID, "text": x.text, "done": x.done}))
	}
	return c.as(ctx, models.RoleReviewer, entries...)
}

// grant lends an officer of one unit to another, for this campaign.
func (c *crew) grant(ctx context.Context) error {
	return c.as(ctx, models.RoleAdmin, gateway.Entry{Op: "rights.grant", Scope: c.county.campaign.ID + ":" + c.county.units[3].ID,
		Officer: c.county.officers[20].ID, Role: string(models.RoleOfficer)})
}

// review accepts most events and sheets and gives the others what the script says. It returns how many
// events there are.
func (c *crew) review(in *invocation) (int, error) {
	fates := map[string]fate{}
	for _, st := range c.script.list {
		fates[st.id] = st.fate
	}
	events, err := c.app.records(in, &c.county.campaign, models.EventKind)
	if err != nil {
		return 0, err
	}
	sheets, err := c.app.records(in, &c.county.campaign, models.SheetKind)
	if err != nil {
		return 0, err
	}
	var entries []gateway.Entry
	for i := range events {
		r := events[i].Record
		e := decided(&events[i])
		switch fates[r.ID] {
		case waiting:
			continue
		case sentBack:
			e.Op, e.Reason = "review.return", "请补充现场照片并核对发放份数"
		case corrected:
			e.Op, e.Reason = "review.return", "发放份数与登记不符，展板数漏填，请核对后重新上报"
		case doubted:
			e.Op, e.Reason = "review.issues", "发放材料份数偏大，请说明来源"
		default:
			if len(r.Conflicts()) > 0 || r.Deleted() {
				continue
			}
		}
		entries = append(entries, e)
	}
	units := map[string]int{}
	for i := range c.county.units {
		units[c.county.units[i].ID] = i
	}
	for i := range sheets {
		if e := decided(&sheets[i]); c.sheetFate(&e, units[e.ID]) {
			entries = append(entries, e)
		}
	}
	return len(events), c.as(in.ctx, models.RoleReviewer, entries...)
}

// decided is the acceptance of a record as it stands.
func decided(s *gateway.Stored) gateway.Entry {
	r := s.Record
	return gateway.Entry{Op: "review.accept", Scope: r.Scope, Kind: string(r.Kind), ID: r.ID, Version: &r.Version, Seq: &r.Seq}
}

// event reads one event of the script, by its place there and the phone that recorded it.
func (c *crew) event(ctx context.Context, p *demoPhone, id string) (s *gateway.Stored, err error) {
	err = c.app.view(ctx, func(tx gateway.Tx) error {
		found, err := tx.Scopes([]string{p.scope})
		if err != nil || found[p.scope] == nil {
			return err
		}
		s, err = tx.Find(gateway.Key{Scope: found[p.scope].No, Kind: models.EventKind, ID: id})
		return err
	})
	if err == nil && s == nil {
		err = problem.New(problem.Internal, "the demo's event %s is not there", id)
	}
	return s, err
}

// story is a story of the script's plain part with its phone.
func (c *crew) story(i int) (*demoPhone, string) { return c.phones[i%c.working], c.script.list[i].id }

// comeback: a phone learns that an event was returned, and corrects it.
func comeback(ctx context.Context, c *crew) error {
	p, id := c.story(cameBack)
	if err := p.Pull(ctx); err != nil {
		return err
	}
	less := tap(p.scope, id, c.cal.ms(stands, 20, 1), "materials_handed_out", -20)
	less["note"] = "按发放登记核减"
	return p.tell(ctx, p.put(p.scope, id, c.cal.ms(stands, 20, 0), map[string]any{"boards": 3, "notes": "已按退回意见核对：补填展板3块，发放份数按登记表核减。"}), less)
}

// tooLate: something is counted at an event that was accepted meanwhile.
func tooLate(ctx context.Context, c *crew) error {
	p, id := c.story(acceptedOn)
	return p.tell(ctx, tap(p.scope, id, c.cal.ms(stands, 20, 10), "consultations", 5))
}

// judgements: a remark, a pair that is one event, and an event that counts for another unit.
func judgements(ctx context.Context, c *crew) error {
	p, id := c.story(doubtful)
	s, err := c.event(ctx, p, id)
	if err != nil {
		return err
	}
	remark := decided(s)
	remark.Op, remark.Reason = "review.comment", "已电话联系经办人，待其核实"
	host, first := c.story(oneEvent)
	i := slices.IndexFunc(c.script.list, func(st *story) bool { return st.fate == joined })
	second, err := c.event(ctx, c.phones[23], c.script.list[i].id)
	if err != nil {
		return err
	}
	pair := decided(second)
	pair.Op, pair.Version, pair.Seq, pair.Of = "dup.judge", nil, nil, &gateway.Of{Scope: host.scope, ID: first}
	pair.Verdict, pair.Reason = models.OneEvent, "两个单位的联合摊位，计数相加，场次只计一次"
	from, id := c.story(movedAway)
	to := gateway.Entry{Op: "record.move", Scope: from.scope, Kind: string(models.EventKind), ID: id, Unit: c.county.units[11].ID, Reason: "实际由第八市场监管所组织"}
	return c.as(ctx, models.RoleReviewer, remark, pair, to)
}

// revocation: a phone that was lost is shut out, and what it still sends waits.
func revocation(ctx context.Context, c *crew) error {
	p := c.phones[revoked]
	if err := c.as(ctx, models.RoleAdmin, adminEntry("device", p.Identity().Device, map[string]any{"revoked": true})); err != nil {
		return err
	}
	st := story{id: client.NewID(), day: stands, hour: 16, staff: 2, fields: map[string]any{"kind": "visit", "venue": "township", "title": "停用手机补传的走访", "place": "示例乡镇补4"}}
	if err := p.say(st.lines(p.scope, p.officer.Unit, c.cal)...); err != nil {
		return err
	}
	_, err := p.Push(ctx) // it may no longer pull
	return err
}
