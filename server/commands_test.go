package main

import (
	"archive/zip"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/fieldsync/fieldsync/internal/store/storetest"
	"github.com/fieldsync/fieldsync/mobile-api/client"
)

// TestCommands sets a campaign up and sees it through, by commands alone beside a running server.
func TestCommands(t *testing.T) {
	t.Parallel()
	storetest.EachTarget(t, func(t *testing.T, target string) {
		b := newBureau(newProg(t, target))
		b.env["FIELDSYNC_PUBLIC_URL"] = "https://315.example.gov.cn/"
		s := b.serve()
		b.people()
		b.templates()
		b.items()
		a, c := b.phone(b.officerA, s), b.phone(b.officerB, s)
		b.setup(a)
		b.reviews(a, s)
		b.held(c)
		b.devices(c)
		b.exports()
		b.states(a)
		b.clean()
		s.stop()
	})
}

func (b *bureau) says(want []string, args ...string) string {
	b.Helper()
	out := b.do(args...)
	for _, w := range want {
		if !strings.Contains(out, w) {
			b.Errorf("fieldsync %s lacks %q:\n%s", strings.Join(args, " "), w, out)
		}
	}
	return out
}

func (b *bureau) people() {
	b.Helper()
	b.refused([]string{"01", "another unit"}, "unit", "add", "--code", "01", "--name", "x")
	b.refused([]string{"below itself"}, "unit", "set", "00", "--parent", "01")
	b.do("unit", "set", "02", "--name", "河东市场监督管理所")
	b.says([]string{"河东市场监督管理所", b.unitB, "城关所"}, "unit", "list")
	b.refused([]string{"roles"}, "user", "add", "--name", "王五", "--unit", "02", "--role", "boss")
	gone := b.id("user", "add", "--name", "王五", "--unit", "02")
	b.do("user", "set", gone, "--name", "王小五", "--role", "reader")
	b.says([]string{gone, "王小五", "reader"}, "user", "list", "--unit", "02")
	b.do("user", "end", gone)
	b.says([]string{"ended"}, "user", "list")
	b.refused([]string{"no officer"}, "user", "end", client.NewID())

	codes := b.do("enrol", "--all")
	if n := strings.Count(codes, "https://315.example.gov.cn/phone/#enrol="); n != 2 || strings.Contains(codes, "王小五") {
		b.Errorf("codes for %d, want the two who record:\n%s", n, codes)
	}
	if !regexp.MustCompile(`(?m)^[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}\s`).MatchString(codes) {
		b.Errorf("no codes: %s", codes)
	}
	b.refused([]string{"no officer"}, "enrol", client.NewID())
}

func (b *bureau) templates() {
	b.Helper()
	bad := writeText(b.T, "bad.yaml", strings.Replace(miniTemplate, "rule: tally", "rule: talley", 1))
	b.refused([]string{"bad.yaml", "line 11", "talley"}, "template", "add", bad)
	b.refused([]string{"cannot be read"}, "template", "add", filepath.Join(b.data, "none.yaml"))
	good := writeText(b.T, "mini.yaml", miniTemplate)
	b.says([]string{"mini-2022", "2 rows"}, "template", "add", good)
	b.says([]string{"mini-2022", "ningxia-2022", "heping-2020", "built in"}, "template", "list")
	if got := b.do("template", "show", "mini-2022"); got != miniTemplate {
		b.Errorf("template show gives\n%s", got)
	}
	b.refused([]string{"no template"}, "template", "show", "none")
	b.refused([]string{"no template"}, "campaign", "set", "--templates", "ningxia-2022,none")
	b.do("campaign", "set", "--templates", "ningxia-2022,mini-2022")
	b.says([]string{"open", "ningxia-2022,mini-2022", "2022-03-07"}, "campaign", "list")
}

const miniTemplate = `id: mini-2022
title: 小表
title_en: Small table
paper: portrait
head: {unit: 填报单位, date: 时间}
columns: {item: 项目, unit: 单位, total: 合计}
halves:
  - groups:
      - {level: 1, from: 1, to: 2, label: 咨询, label_en: Advice}
    rows:
      - {code: consultations, label: 受理消费者咨询, unit: 件, label_en: Questions, unit_en: cases, rule: tally}
      - {code: stations, label: 进农村, unit: 次, label_en: Villages, unit_en: times, rule: events, where: {kind: visit, venue: village}}
`

func (b *bureau) items() {
	b.Helper()
	hand := b.id("put", "handin", "item=统计表", "due=2022-03-17T17:00", "recipient=办公室", "copy_to=局长")
	b.do("put", "handin", "item=总结", "--id", hand, "--base", "1")
	b.refused([]string{"changed since"}, "put", "handin", "item=照片", "--id", hand, "--base", "1")
	b.id("put", "task", "number=1", "work=现场咨询", "unit="+b.unitA, "person=张三", "leader=局长", "partners=消保股")
	b.id("put", "roster", "day=2022-03-15", "name=张三", "mobile=000-0000000", "phone=1", "post=值班")
	b.id("put", "reminder", "unit="+b.unitA, "text=统计表今日17时前报送")
	b.id("put", "reminder", "unit="+b.unitB, "text=河东所的提醒")
	b.refused([]string{"handin, task, roster, reminder"}, "put", "party")
	b.refused([]string{"field=value"}, "put", "task", "number")
	b.refused([]string{"whole number"}, "put", "task", "number=one")
	b.refused([]string{"2026-03-17T17:00"}, "put", "handin", "due=tomorrow")
	b.refused([]string{"no field", "colour"}, "put", "task", "colour=red")
}

// setup is what the phone of unit A learns of all this.
func (b *bureau) setup(c *client.Client) {
	b.Helper()
	s, err := c.Setup(b.Context(), "")
	if err != nil {
		b.Fatal(err)
	}
	if len(s.HandIn) != 1 || !strings.Contains(string(s.HandIn[0]), `"due":1647507600000`) || !strings.Contains(string(s.HandIn[0]), "总结") ||
		len(s.Tasks) != 1 || len(s.Roster) != 1 || len(s.Templates) != 2 || len(s.Scopes) != 1 || s.Scopes[0] != b.scopeA {
		b.Errorf("%+v", s)
	}
	if again, err := c.Setup(b.Context(), s.ETag); again != nil || err != nil {
		b.Errorf("%v, %v", again, err)
	}
}

func (b *bureau) reviews(a *client.Client, s *running) {
	b.Helper()
	one, two, three := client.NewID(), client.NewID(), client.NewID()
	b.write(a, event(b.scopeA, one, map[string]any{"leaders": 2}), tally(b.scopeA, one, "consultations", 30),
		event(b.scopeA, two, map[string]any{"title": "同一场"}), tally(b.scopeA, two, "consultations", 4), event(b.scopeA, three, nil),
		client.Change{"scope": b.scopeA, "op": "sheet.put", "id": b.unitA, "base": 0, "set": map[string]any{"highlights": "亮点", "filled_by": "张三"}})
	b.says([]string{one, two, "received", "城关所", "送法进村"}, "review", "list")
	b.says([]string{b.unitA}, "review", "list", "--kind", "sheet")

	b.refused([]string{"reason"}, "review", "return", one)
	b.refused([]string{"no event"}, "review", "accept", client.NewID())
	b.refused([]string{"say which"}, "review", "accept")
	b.do("review", "return", one, "--reason", "缺照片")
	b.says([]string{one, "缺照片"}, "review", "list", "--state", "returned")
	b.do("review", "issues", two, "--reason", "请核对")
	b.do("review", "comment", two, "--reason", "第二次")
	b.refused([]string{"accepted"}, "review", "reopen", two)
	b.sync(a)
	if ev, _ := a.Event(b.scopeA, one); ev.Review.State != "returned" || ev.Review.Reason != "缺照片" {
		b.Errorf("the phone sees %+v", ev.Review)
	}

	// two phones of one officer write without having seen each other: a conflict that the office settles
	other := b.phone(b.officerA, s)
	b.sync(other)
	put := func(n int) client.Change {
		return client.Change{"scope": b.scopeA, "op": "event.put", "id": one, "base": a.Base(client.Key{Scope: b.scopeA, Kind: "event", ID: one}), "set": map[string]any{"leaders": n}}
	}
	five, seven := put(5), put(7)
	b.write(a, five)
	b.write(other, seven)
	b.says([]string{"edited", "conflict: leaders"}, "review", "list")
	b.refused([]string{"leaders", "settle"}, "review", "accept", one)
	b.refused([]string{"field=value"}, "review", "settle", one, "leaders")
	b.do("review", "settle", one, "leaders=6")
	b.reported("leaders_attending", b.unitA, "6")

	b.refused([]string{"different, one_event or same_facts"}, "review", "judge", two, "--of", one, "--verdict", "twins", "--reason", "x")
	b.refused([]string{"own duplicate"}, "review", "judge", two, "--of", two, "--verdict", "same_facts", "--reason", "x")
	b.do("review", "judge", two, "--of", one, "--verdict", "same_facts", "--reason", "同一场活动")
	b.reported("consultations", b.unitA, "30")
	b.do("review", "judge", two, "--of", one, "--verdict", "one_event", "--reason", "同一场活动")
	b.reported("consultations", b.unitA, "34")
	b.reported("visits_village", b.unitA, "2")
	b.do("review", "undo", two, "--of", one, "--reason", "看错了")
	b.reported("visits_village", b.unitA, "3")

	b.refused([]string{"reason"}, "review", "move", three, "--unit", "02")
	b.do("review", "move", three, "--unit", "02", "--reason", "记错单位")
	b.reported("visits_village", b.unitA, "2")
	b.reported("visits_village", b.unitB, "1")

	b.says([]string{"review.accept: 2"}, "review", "accept", "--all") // all but the one with issues
	b.says([]string{"review.accept: 1"}, "review", "accept", two)
	b.do("review", "accept", b.unitA, "--kind", "sheet")
	if _, acc := b.figure("consultations", b.unitA); acc != "34" {
		b.Errorf("accepted %s, want 34", acc)
	}
	b.do("review", "reopen", one, "--reason", "补充")
	if _, acc := b.figure("consultations", b.unitA); acc != "4" {
		b.Errorf("accepted after reopening %s, want 4", acc)
	}
	b.do("review", "accept", one)
}

func (b *bureau) held(c *client.Client) {
	b.Helper()
	id := client.NewID()
	b.write(c, event(b.scopeA, id, nil), event(b.scopeA, client.NewID(), nil)) // officer B has no right in unit A
	out := b.says([]string{"no_right", b.scopeA, id}, "review", "held")
	places := regexp.MustCompile(`(?m)^\d+\.\d+`).FindAllString(out, -1)
	if len(places) != 2 {
		b.Fatalf("held: %s", out)
	}
	b.refused([]string{"reason"}, "review", "release", places[0])
	b.refused([]string{"LOG.SEQ"}, "review", "release", "x", "--reason", "x")
	b.refused([]string{"held"}, "review", "release", "99.99", "--reason", "x")
	b.refused([]string{"log"}, "review", "release", "0."+strings.Split(places[0], ".")[1], "--reason", "x")
	b.refused([]string{"log"}, "review", "reject", "0.0", "--reason", "x")
	if got := b.do("review", "held"); got != out {
		b.Errorf("what was refused changed what waits:\n%s", got)
	}
	b.do("review", "release", places[0], "--reason", "代填")
	b.do("review", "reject", places[1], "--reason", "误填")
	if got := b.do("review", "held"); got != "" {
		b.Errorf("still held: %s", got)
	}
	b.reported("visits_village", b.unitA, "3")
	// a right that is given lets through what waits for it
	b.write(c, event(b.scopeA, client.NewID(), nil))
	b.says([]string{"no_right"}, "review", "held")
	b.refused([]string{"no role"}, "grant", b.officerB, "--unit", "01", "--role", "boss")
	b.do("grant", b.officerB, "--unit", "01")
	b.reported("visits_village", b.unitA, "4")
	b.sync(c)
	if got := c.Scopes(); len(got) != 2 {
		b.Errorf("the phone pulls %v", got)
	}
	b.do("grant", b.officerB, "--unit", "01", "--end")
	b.sync(c)
	if got := c.Scopes(); len(got) != 1 {
		b.Errorf("the phone still pulls %v", got)
	}
}

func (b *bureau) devices(c *client.Client) {
	b.Helper()
	id := c.Identity().Device
	b.says([]string{id, "DEVICE", "LAST HEARD"}, "device", "list")
	b.do("device", "name", id, "--name", "李四的手机")
	b.do("device", "revoke", id)
	b.says([]string{"revoked"}, "device", "list")
	if _, err := c.Write(tally(b.scopeB, client.NewID(), "consultations", 1)); err != nil {
		b.Fatal(err)
	}
	if _, err := c.Push(b.Context()); err != nil {
		b.Errorf("a revoked phone may still send: %v", err)
	}
	if err := c.Pull(b.Context()); err == nil {
		b.Error("a revoked phone pulled")
	}
	b.says([]string{"revoked"}, "review", "held")
	b.do("device", "restore", id)
	b.says([]string{"unknown_event"}, "review", "held")
	b.refused([]string{"no such phone"}, "device", "revoke", client.NewID())
	b.refused([]string{"id"}, "device", "revoke")
}

func (b *bureau) exports() {
	b.Helper()
	dir := b.TempDir()
	for ext, magic := range map[string]string{"xlsx": "PK\x03\x04", "csv": "\xef\xbb\xbf", "canonical": "template,row,unit,", "text": "2022年"} {
		name := filepath.Join(dir, "统计表."+ext)
		b.says([]string{name, "情况统计表"}, "export", name, "--date", "2022-03-18")
		raw, err := os.ReadFile(name)
		if err != nil || !strings.HasPrefix(string(raw), magic) {
			b.Errorf("%s begins with %q, %v", name, raw[:min(20, len(raw))], err)
		}
		if ext == "xlsx" {
			if z, err := zip.OpenReader(name); err != nil {
				b.Error(err)
			} else {
				z.Close()
			}
		}
	}
	b.says([]string{"县市场监督管理局", "2022 年 3 月 18 日", "进农村"}, "export", "--date", "2022-03-18")
	b.says([]string{"填报单位：城关所"}, "export", "--unit", "01")
	b.says([]string{"小表"}, "export", "--template", "mini-2022")
	b.refused([]string{"xlsx, csv"}, "export", "table.pdf")
	b.refused([]string{"no such template"}, "export", "--template", "none")
	b.refused([]string{"no unit"}, "export", "--unit", "77")
	b.refused([]string{"cannot be written"}, "export", filepath.Join(dir, "none", "a.csv"))
}

func (b *bureau) states(a *client.Client) {
	b.Helper()
	b.refused([]string{"draft, open"}, "campaign", "state", "over")
	b.refused([]string{"draft again"}, "campaign", "state", "draft")
	b.do("campaign", "state", "closing")
	late := client.NewID()
	b.write(a, event(b.scopeA, late, nil))
	b.says([]string{late, "late"}, "review", "list")
	b.do("campaign", "state", "closed")
	after := client.NewID()
	b.write(a, event(b.scopeA, after, nil))
	b.says([]string{"campaign_closed"}, "review", "held")
	b.refused([]string{"not accepted"}, "campaign", "state", "frozen", "--reason", "局长审定")
	b.do("campaign", "state", "frozen", "--anyway", "--reason", "局长审定")
	table := b.do("export", "--format", "canonical")
	b.refused([]string{"amendment"}, "campaign", "state", "open")
	b.refused([]string{"frozen"}, "campaign", "set", "--last-day", "2022-03-20")
	b.refused([]string{"amendment"}, "review", "return", late, "--reason", "x")
	place := regexp.MustCompile(`(?m)^(\d+\.\d+)\s+campaign_closed`).FindStringSubmatch(b.do("review", "held"))[1]
	b.refused([]string{"amendment"}, "review", "release", place, "--reason", "x")
	if b.do("export", "--format", "canonical") != table {
		b.Error("a frozen table changed")
	}
	b.refused([]string{"reason"}, "campaign", "amend")
	b.says([]string{"amendment 1"}, "campaign", "amend", "--reason", "补报")
	b.do("review", "release", place, "--reason", "补报")
	b.do("campaign", "state", "frozen", "--anyway", "--reason", "补报后")
	if b.do("export", "--format", "canonical") == table {
		b.Error("the amendment changed nothing")
	}
	b.refused([]string{"no campaign"}, "export", "--campaign", "x")
	b.id("campaign", "add", "--title", "下一年", "--unit", "00", "--first-day", "2023-03-07", "--last-day", "2023-03-17")
	b.refused([]string{"2 campaigns", "--campaign"}, "export")
	b.do("export", "--campaign", b.campaign)
}
