package main

import (
	"fmt"
	"io"
	"maps"
	"math/big"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/internal/pgtest"
	"github.com/fieldsync/fieldsync/mobile-api/client"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/stats"
	"github.com/fieldsync/fieldsync/sync/simtest"
	"github.com/fieldsync/fieldsync/web/e2e"
	"github.com/xuri/excelize/v2"
)

// The bureau of the story: a collecting unit, a station below it, and a team below the station.
const (
	storyRoot    = "河西县市场监督管理局"
	storyStation = "城关市场监管所"
	storyTeam    = "城关所东街组"
	storyEvent   = "东街消费维权咨询台"
	storyReason  = "群众人数请核对后再报"
	storyNote    = "重复计入五人"
)

// storyPerson is somebody who works there.
type storyPerson struct {
	Name     string `json:"name"`
	Unit     string `json:"unit"`
	Role     string `json:"role"` // as the screen calls it
	Login    string `json:"login,omitempty"`
	Password string `json:"password,omitempty"`
}

var (
	storyPhones = []storyPerson{ // of each unit the first two are the simulator's
		{Name: "马建国", Unit: storyStation, Role: "单位负责人"}, {Name: "李秀英", Unit: storyStation, Role: "外勤人员"},
		{Name: "丁海燕", Unit: storyStation, Role: "外勤人员"}, // whose event comes back
		{Name: "杨志强", Unit: storyTeam, Role: "单位负责人"}, {Name: "王芳", Unit: storyTeam, Role: "外勤人员"},
		{Name: "哈文", Unit: storyTeam, Role: "外勤人员"},
	}
	storyClerk = storyPerson{Name: "赵敏", Unit: storyRoot, Role: "审核人员", Login: "zhaomin", Password: "first-rain-in-march"}
)

// storyDay is a day within the window of the campaign.
const storyFirst, storyLast, storyDay = "2022-03-07", "2022-03-17", 15

// TestOfficeInBrowser is the office's whole way in a real browser, from an empty folder to the table in the clerk's hands:
// set-up by the one-time link, units, people, a campaign, the printed activation sheet; phones enrol with what is printed on
// it and push over a bad network; an event is returned by keyboard, corrected on its phone, and accepted with all others. The
// numbers of the downloaded xlsx are those of a recount that used nothing of the server.
func TestOfficeInBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("a browser takes its time")
	}
	e2e.NeedBrowser(t)
	for _, kind := range []string{"sqlite", "postgres"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			target := ""
			if kind == "postgres" {
				target = pgtest.URL(t)
			}
			tellOffice(t, newProg(t, target))
		})
	}
}

// officeStory is the bureau while it is told.
type officeStory struct {
	*prog
	server   *running
	screen   *e2e.Script
	campaign string
	codes    map[string]string // name → the code that the printed sheet says
}

func tellOffice(t *testing.T, p *prog) {
	s := &officeStory{prog: p, server: p.serve()}
	s.screen = e2e.Open(t, nil, "e2e/office.mjs", s.server.url)
	s.setUp()
	s.enrol()
	expected := s.simulate()
	phone := s.record(expected)
	s.sendBack()
	s.correct(phone, expected)
	s.review()
	s.compare(s.table(), expected)
	s.screen.Close()
	s.clean()
}

var setupLinkPrinted = regexp.MustCompile(`http://\S+/console/#/setup/\S+`)

// setUp follows the link that the server printed, and makes the bureau.
func (s *officeStory) setUp() {
	s.Helper()
	s.screen.Ask("setUp", map[string]string{"link": s.server.await(setupLinkPrinted), "unit": storyRoot, "code": "00",
		"name": "管理员周", "login": "zhou", "password": "spring-light-on-snow"}, nil)
	s.screen.Ask("addUnits", map[string]any{"units": []map[string]string{
		{"parent": storyRoot, "name": storyStation, "code": "01"}, {"parent": storyStation, "name": storyTeam, "code": "0101"},
	}}, nil)
	s.screen.Ask("addPeople", map[string]any{"people": append(slices.Clone(storyPhones), storyClerk)}, nil)
	s.screen.Ask("openCampaign", map[string]string{"title": "2022年“3·15”活动", "year": "2022", "first": storyFirst, "last": storyLast}, &s.campaign)
}

// await returns the first match in what the server prints.
func (s *running) await(what *regexp.Regexp) string {
	s.p.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if found := what.FindString(s.printed()); found != "" {
			return found
		}
	}
	s.p.Fatalf("the server does not print %s:\n%s", what, s.printed())
	return ""
}

// enrol prints the activation sheet, and takes from the paper what the phones need.
func (s *officeStory) enrol() {
	s.Helper()
	paper := filepath.Join(s.TempDir(), "激活单.pdf")
	var cards []struct{ Name, Code string }
	s.screen.Ask("enrol", map[string]string{"pdf": paper}, &cards)
	links := qrCodes(s.T, paper)
	text := pdfText(s.T, paper)
	s.codes = map[string]string{}
	for _, c := range cards {
		for _, want := range []string{c.Name, c.Code} {
			if !strings.Contains(text, want) {
				s.Errorf("the sheet does not print %s:\n%s", want, text)
			}
		}
		link := s.server.url + "/phone/#enrol=" + c.Code
		if !slices.Contains(links, link) {
			s.Errorf("no picture on the sheet says %s, they say %q", link, links)
		}
		s.codes[c.Name] = c.Code
	}
	if len(links) != len(storyPhones) || len(s.codes) != len(storyPhones) {
		s.Fatalf("%d pictures and %d cards for %d people", len(links), len(s.codes), len(storyPhones))
	}
}

// recount is what Table A must hold: sums of values, and how many entries they are of.
type recount map[string]simtest.Cell

func (f recount) add(row string, value, n int64) {
	f[row] = simtest.Cell{Reported: f[row].Reported + value, ReportedN: f[row].ReportedN + n}
}

// simulate lets four phones live through some days on a bad network. It returns the oracle's recount for the whole bureau.
func (s *officeStory) simulate() recount {
	s.Helper()
	a := s.beside()
	w := simtest.World{Servers: []string{s.server.url}, Campaign: s.campaign, FirstDay: storyFirst, LastDay: storyLast}
	units, err := a.db.Units(s.Context())
	if err != nil {
		s.Fatal(err)
	}
	for _, u := range units {
		if u.Name == storyRoot {
			continue
		}
		w.Units = append(w.Units, simtest.Unit{ID: u.ID, Name: u.Name})
		for i, p := range slices.DeleteFunc(slices.Clone(storyPhones), func(p storyPerson) bool { return p.Unit != u.Name })[:2] {
			w.Phones = append(w.Phones, simtest.PhoneSeat{Unit: u.ID, Officer: p.Name, Code: s.codes[p.Name], Head: i == 0})
		}
	}
	r, err := simtest.Run(s.Context(), simtest.Config{World: w, Backstage: &backstage{a, s.campaign}, Seed: 315, Events: 8,
		Faults: []simtest.Fault{simtest.LostReply, simtest.CutBody, simtest.Resend, simtest.SameMoment, simtest.EarlyRef, simtest.Correction}}, io.Discard)
	if err != nil {
		s.Fatal(err)
	}
	if !r.OK || len(r.Expected) < 20 {
		s.Fatalf("the simulation: %d cells, %v", len(r.Expected), r.Findings)
	}
	sum := recount{}
	for _, c := range r.Expected {
		sum.add(c.Row, c.Reported, c.ReportedN)
	}
	return sum
}

// record lets one more phone enrol and count at its stand. What it gives to the table is added by hand.
func (s *officeStory) record(sum recount) *storyPhone {
	s.Helper()
	p := &storyPhone{client: s.phone("丁海燕"), id: client.NewID()}
	unit := p.client.Identity().Unit
	p.scope = s.campaign + ":" + unit
	s.write(p, event(p.scope, p.id, map[string]any{"kind": "consultation", "venue": "street", "title": storyEvent, "place": "东街口",
		"started_at": at(storyDay, 9, 0), "leaders": 2, "operators": 6, "boards": 4, "staff." + unit: 3}),
		tally(p.scope, p.id, "public_consulting", 60), tally(p.scope, p.id, "public_consulting", 25),
		tally(p.scope, p.id, "materials_handed_out", 120), tally(p.scope, p.id, "gala_province", 0))
	for row, value := range map[string]int64{"leaders_attending": 2, "operators_consulting": 6, "display_boards": 4, "staff_dispatched": 3,
		"materials_handed_out": 120, "gala_province": 0} {
		sum.add(row, value, 1)
	}
	sum.add("public_consulting", 60+25, 2)
	return p
}

// storyPhone is the phone whose event comes back.
type storyPhone struct {
	client    *client.Client
	scope, id string
}

func (s *officeStory) phone(name string) *client.Client {
	s.Helper()
	key, err := client.NewKey()
	if err != nil {
		s.Fatal(err)
	}
	c, err := client.Open(client.Config{Server: s.server.url, Key: key})
	if err != nil {
		s.Fatal(err)
	}
	if _, err := c.Enrol(s.Context(), s.codes[name], name+"的手机", "test"); err != nil {
		s.Fatal(err)
	}
	return c
}

func (s *officeStory) write(p *storyPhone, changes ...client.Change) {
	s.Helper()
	if _, err := p.client.Write(changes...); err != nil {
		s.Fatal(err)
	}
	if _, err := p.client.Sync(s.Context()); err != nil {
		s.Fatal(err)
	}
}

// sendBack: the clerk signs in, chooses a password, finds the event and returns it, by keyboard alone.
func (s *officeStory) sendBack() {
	s.Helper()
	s.screen.Ask("signIn", map[string]string{"login": storyClerk.Login, "first": storyClerk.Password, "password": "a-ledger-under-the-plum-tree",
		"campaign": s.campaign}, nil)
	s.screen.Ask("returnByKeyboard", map[string]string{"campaign": s.campaign, "title": storyEvent, "reason": storyReason}, nil)
}

// correct: the phone hears why, and corrects a field and a count.
func (s *officeStory) correct(p *storyPhone, sum recount) {
	s.Helper()
	if err := p.client.Pull(s.Context()); err != nil {
		s.Fatal(err)
	}
	e, known := p.client.Event(p.scope, p.id)
	if !known || e.Review.State != string(models.ReviewReturned) || e.Review.Reason != storyReason {
		s.Fatalf("the phone is told %+v", e)
	}
	base := p.client.Base(client.Key{Scope: p.scope, Kind: models.EventKind, ID: p.id})
	less := tally(p.scope, p.id, "public_consulting", -5)
	less["note"] = storyNote
	s.write(p, client.Change{"scope": p.scope, "op": "event.put", "id": p.id, "base": base, "set": map[string]any{"boards": 7}}, less)
	sum.add("display_boards", 7-4, 0)
	sum.add("public_consulting", -5, 1)
}

// review: the clerk sees what was changed, and accepts everything.
func (s *officeStory) review() {
	s.Helper()
	s.screen.Ask("seeCorrection", map[string]any{"campaign": s.campaign, "title": storyEvent, "differences": []string{"展板", "4", "7", "群众参加咨询活动", "85", "80"}}, nil)
	s.screen.Ask("acceptAll", map[string]string{"campaign": s.campaign}, nil)
}

// table: the clerk opens a number down to one entry of a person, and takes the table home.
func (s *officeStory) table() string {
	s.Helper()
	file := filepath.Join(s.TempDir(), "统计表.xlsx")
	var entry []string
	s.screen.Ask("openCell", map[string]string{"campaign": s.campaign, "row": "群众参加咨询活动", "title": storyEvent, "entry": storyNote}, &entry)
	text := strings.Join(entry, " ")
	for _, want := range []string{"−5", storyNote, "丁海燕 · 丁海燕的手机", strconv.Itoa(time.Now().Year()) + "年"} {
		if !strings.Contains(text, want) {
			s.Errorf("the entry does not say %q: %s", want, text)
		}
	}
	s.screen.Ask("download", map[string]string{"campaign": s.campaign, "file": file}, nil)
	return file
}

// compare reads the form as printed: two halves side by side, nineteen lines each below the heads.
func (s *officeStory) compare(file string, sum recount) {
	s.Helper()
	f, err := excelize.OpenFile(file)
	if err != nil {
		s.Fatal(err)
	}
	defer f.Close()
	templates, err := stats.Builtin()
	if err != nil {
		s.Fatal(err)
	}
	form := templates[slices.IndexFunc(templates, func(x *stats.Template) bool { return x.ID == "ningxia-2022" })]
	left, filled := maps.Clone(sum), 0
	for h, half := range form.Halves {
		for i, row := range half.Rows {
			if !row.Numeric() {
				continue
			}
			at := []string{"E", "J"}[h] + strconv.Itoa(5+i)
			have, err := f.GetCellValue(f.GetSheetName(0), at)
			if want := printed(sum[row.Code], strings.HasSuffix(row.Code, "_hours")); err != nil || have != want {
				s.Errorf("%s %s prints %q, the recount says %q (%v)", at, row.Code, have, want, err)
			}
			if have != "" {
				filled++
			}
			delete(left, row.Code)
		}
	}
	if len(left) > 0 || filled < 20 {
		s.Errorf("the form has %d figures, and no row for %v", filled, left)
	}
}

// printed writes a figure as the form does: nothing where nobody counted, hours with two decimals.
func printed(c simtest.Cell, hours bool) string {
	switch {
	case c.ReportedN == 0:
		return ""
	case hours:
		return big.NewRat(c.Reported, 60).FloatString(2)
	}
	return fmt.Sprint(c.Reported)
}
