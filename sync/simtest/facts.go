package simtest

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/fieldsync/fieldsync/mobile-api/client"
)

// fields are the fields of a put.
type fields = map[string]any

// taps are the indicators that people count.
var taps = []string{"public_consulting", "materials_handed_out", "complaints", "tip_offs",
	"consultations", "gala_cctv", "gala_province", "handled_directly", "handled_transferred"}

// typed are the numbers typed once per event, of an event that is no media item.
var typed = []string{"leaders", "operators", "experts", "banners", "led_slogans", "boards"}

func pick[T any](r *rand.Rand, list ...T) T { return list[r.IntN(len(list))] }

// day returns an instant of working hours on a day of the window.
func (s *sim) day(r *rand.Rand) int64 {
	d := s.first.AddDate(0, 0, r.IntN(s.days))
	return d.Add(8*time.Hour + time.Duration(r.IntN(600))*time.Minute).UnixMilli()
}

// outside returns an instant just before or after the window, in the campaign's own zone.
func (s *sim) outside(r *rand.Rand) int64 {
	if r.IntN(2) == 0 {
		return s.first.Add(-time.Second).UnixMilli()
	}
	return s.first.AddDate(0, 0, s.days).UnixMilli()
}

// facts makes up an event of any kind.
func (s *sim) facts(r *rand.Rand) fields {
	f := fields{"title": "活动 " + strconv.Itoa(r.IntN(1000)), "place": "中心广场", "started_at": s.day(r)}
	if r.IntN(12) == 0 {
		f["started_at"] = s.outside(r)
	}
	switch dice := r.IntN(10); {
	case dice < 4:
		f["kind"], f["venue"] = "visit", pick(r, "enterprise", "community", "village", "township", "scenic", "school")
	case dice < 6:
		f["kind"], f["venue"] = "consultation", pick(r, "square", "village", "mall")
	case dice < 7:
		f["kind"] = pick(r, "open_day", "briefing", "meeting", "inspection", "duty", "other")
	default:
		s.media(r, f)
		return f
	}
	for _, name := range typed {
		if r.IntN(3) == 0 {
			f[name] = r.Int64N(40)
		}
	}
	return f
}

// media makes an event a media item. Contents repeat, so that distinct rows have something to do.
func (s *sim) media(r *rand.Rand, f fields) {
	f["kind"], f["channel"] = "media", pick(r, "tv", "radio", "press", "web", "own_media")
	f["form"] = pick(r, "programme", "column", "article", "film", "psa", "post", "warning", "case", "leaflet")
	f["outlet"] = pick(r, "电视台", "日报", "官方公众号")
	f["programme"] = pick(r, "3·15在行动", "消费提示")
	if r.IntN(6) > 0 {
		// Each run has contents of its own, or two runs in one campaign would share keys.
		f["content"] = fmt.Sprintf("内容 %d %d", s.cfg.Seed%1e6, r.IntN(8))
	}
	if r.IntN(4) == 0 {
		f["repeat"] = true
	}
	if r.IntN(2) == 0 {
		f["minutes"] = r.Int64N(60)
	}
	if r.IntN(2) == 0 {
		f["pieces"] = r.Int64N(300)
	}
	if r.IntN(3) == 0 {
		f["first_aired_at"] = s.day(r)
	}
}

func putLine(scope, kind, id string, base int64, set fields) client.Change {
	op := kind + ".put"
	if kind == "lot" {
		op = "goods.put"
	}
	ch := client.Change{"op": op, "scope": scope, "id": id, "set": set}
	if base > 0 {
		ch["base"] = base
	}
	return ch
}

func tallyLine(scope, event, indicator string, n int64) client.Change {
	ch := client.Change{"op": "tally.add", "scope": scope, "event": event, "indicator": indicator, "n": n}
	if n < 0 {
		ch["note"] = "误点"
	}
	return ch
}

func moveLine(scope, lot, id string, m movement) client.Change {
	return client.Change{"op": "goods.move", "scope": scope, "lot": lot, "id": id, "move": m.move, "quantity": m.quantity,
		"set": fields{"method": "incineration", "place": "垃圾焚烧厂", "supervisors": []string{"甲", "乙"}}}
}

// photoFacts makes up a photo of an event.
func photoFacts(r *rand.Rand, event string, at int64) fields {
	sum := sha256.Sum256([]byte(client.NewID()))
	return fields{"event": event, "sha256": hex.EncodeToString(sum[:]), "bytes": 100_000 + r.Int64N(4_000_000),
		"mime": "image/jpeg", "taken_at": at, "caption": "现场"}
}

// lotFacts makes up a lot of goods.
func lotFacts(r *rand.Rand) fields {
	return fields{"category": pick(r, "food", "drink", "cosmetic"), "name": "涉案物品", "unit": "瓶",
		"value": r.Int64N(1e7), "approval_no": "销毁审批1号"}
}
