package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

func TestDemo(t *testing.T) {
	t.Parallel()
	p := newProg(t, "")
	first := p.do("demo", "--exit")
	year := calendarOf(time.Now()).year()
	for _, want := range []string{"示例县市场监督管理局: 12 units, 30 phones", "events", "changes pushed by 30 phones",
		fmt.Sprintf("%d年“315”活动情况统计表", year), "出动工作人员",
		"送法下基层·进农村", "受理消费者咨询", "媒体宣传·电视·专题节目", "亮点活动", "草稿", "另有 1 场不在统计期内"} {
		if !strings.Contains(first, want) {
			t.Errorf("the demo does not print %q:\n%s", want, first)
		}
	}
	for _, file := range []string{"统计表-ningxia-2022.xlsx", "统计表-ningxia-2022.csv", "统计表-heping-2020.xlsx", "统计表-heping-2020.csv", "fieldsync.db"} {
		info, err := os.Stat(filepath.Join(p.data, file))
		if err != nil || info.Size() < 500 {
			t.Errorf("%s: %v", file, err)
		}
	}
	p.clean()
	second := p.do("demo", "--exit")
	if !strings.HasSuffix(first, second) || strings.Contains(second, "phones") {
		t.Errorf("the second time it prints\n%s", second)
	}
	again := newProg(t, "")
	if out := again.do("demo", "--exit"); tableOf(out) != tableOf(first) {
		t.Errorf("the same seed makes another table:\n%s\n%s", first, out)
	}
	other := newProg(t, "")
	if out := other.do("demo", "--exit", "--seed", "7"); tableOf(out) == tableOf(first) {
		t.Error("the seed makes no difference")
	}
	used := newBureau(newProg(t, ""))
	used.do("demo", "--exit") // shows a campaign that is there, and leaves it as it is
	used.refused([]string{"in use"}, "demo", "--exit", "--database", emptied(t, used))
}

// tableOf is what the demo prints of the table's rows: apart from its dates, and from how long it took.
func tableOf(out string) string {
	from, to := strings.Index(out, "草稿"), strings.Index(out, "written")
	if from < 0 || to < from {
		return out
	}
	return out[from:to]
}

// emptied is another database, with units and no campaign.
func emptied(t *testing.T, b *bureau) string {
	t.Helper()
	target := filepath.Join(t.TempDir(), "units.db")
	b.do("unit", "add", "--code", "00", "--name", "某局", "--database", target)
	return target
}

// TestProvince: the table shows exactly what the province published. Sixteen thousand changes take
// long under the race detector, so here the program runs as it is built for use.
func TestProvince(t *testing.T) {
	t.Parallel()
	p := newProg(t, "")
	program := filepath.Join(t.TempDir(), "fieldsync")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	built := func(args ...string) string {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), program, p.args(args)...)
		cmd.Env = append(os.Environ(), "FIELDSYNC_DATABASE=")
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("fieldsync %v: %v\n%s", args, err, out)
		}
		return string(out)
	}
	built("demo", "--province", "--exit")
	sums := map[string]int64{}
	for line := range strings.Lines(built("export", "--format", "canonical", "--template", "heping-2020")) {
		var n int64
		f := strings.Split(line, ",")
		if _, err := fmt.Sscan(f[3], &n); err == nil {
			sums[f[1]] += n
		}
	}
	meetings := int64(0)
	for row, n := range sums {
		if strings.HasPrefix(row, "meetings_") {
			meetings += n
		}
	}
	sums["meetings"] = meetings
	for row, want := range map[string]int64{
		"law_sessions": int64(published.lawSessions), "large_consultations": int64(published.largeConsultations),
		"press_briefings": int64(published.briefings), "psa_played": int64(published.publicAds), "open_days": int64(published.openDays),
		"materials_issued": published.materials, "consumers_joining": published.consumers, "operators_joining": published.operators,
		"meetings": int64(published.meetings),
	} {
		if sums[row] != want {
			t.Errorf("%s: %d, published were %d", row, sums[row], want)
		}
	}
	p.lots(t)
	if out := built("verify"); !strings.Contains(out, ": 0 differences") {
		t.Error(out)
	}
}

// lots adds up what was destroyed.
func (p *prog) lots(t *testing.T) {
	t.Helper()
	cfg := defaults()
	cfg.Database = filepath.Join(p.data, "fieldsync.db")
	a, err := open(t.Context(), cfg, logger(cfg, os.Stderr))
	if err != nil {
		t.Fatal(err)
	}
	defer a.db.Close()
	var destroyed, value int64
	err = a.view(t.Context(), func(tx gateway.Tx) error {
		list, err := a.db.Campaigns(t.Context())
		if err != nil {
			return err
		}
		recs, err := tx.Records(list[0].ID, models.LotKind, gateway.Key{}, 1000)
		for i := range recs {
			destroyed += recs[i].Record.Balance().Destroyed
			value += recs[i].Record.Value("value").Int
		}
		return err
	})
	if err != nil || destroyed != 1000*published.pieces || value != published.value {
		t.Errorf("destroyed %d thousandths worth %d 分, published were %d pieces and %d: %v", destroyed, value, published.pieces, published.value, err)
	}
}
