package main

import (
	"fmt"
	"math/rand/v2"
)

// published is what a province reported of its 2019 campaign (中国市场监管报, 2019-04-04), under the
// rows of the second built-in table: the scale that the demo and the load tests take.
var published = struct {
	lawSessions, meetings, largeConsultations, briefings, publicAds, openDays int
	materials, consumers, operators                                           int64
	pieces, value                                                             int64 // goods destroyed; value in 分
	categories                                                                []string
}{
	lawSessions: 403, meetings: 246, largeConsultations: 410, briefings: 109, publicAds: 3347, openDays: 286,
	materials: 980_481, consumers: 300_334, operators: 12_724, pieces: 109_622, value: 315_000_000,
	categories: []string{"food", "drink", "alcohol_tobacco", "health_food", "drug", "medical_device", "cosmetic",
		"household", "appliance", "clothing", "toy", "cable"},
}

// provinceDemo spreads the published numbers over a hundred units and three hundred phones: the
// table must show exactly them.
func provinceDemo(seed int, cal calendar) (countyPlan, *script) {
	p, _ := countyDemo(seed, cal)
	p.name, p.officers, p.spare, p.templates = "示例省市场监督管理局", 300, 0, []string{"heping-2020", "ningxia-2022"}
	p.units = nil
	for i := range 100 {
		p.units = append(p.units, fmt.Sprintf("示例第%03d县局", i+1))
	}
	s := &script{cal: cal}
	rng := rand.New(rand.NewPCG(uint64(seed), 2))
	many := func(n int, make func(i int) story) {
		for i := range n {
			s.add(rng, make(i))
		}
	}
	many(published.lawSessions, func(i int) story {
		return story{fields: map[string]any{"kind": "visit", "venue": "community", "title": fmt.Sprintf("普法活动（%d）", i+1)}}
	})
	many(published.largeConsultations, func(i int) story {
		st := story{fields: map[string]any{"kind": "consultation", "venue": "square", "large": true, "title": fmt.Sprintf("大型咨询活动（%d）", i+1)}}
		for _, x := range []struct {
			indicator string
			total     int64
		}{{"materials_issued", published.materials}, {"consumers_joining", published.consumers}, {"operators_joining", published.operators}} {
			st.count(rng, x.indicator, share(x.total, published.largeConsultations, i), 5)
		}
		return st
	})
	many(published.meetings, meeting)
	many(published.briefings, func(i int) story {
		return story{fields: map[string]any{"kind": "briefing", "venue": "office", "title": fmt.Sprintf("新闻发布（%d）", i+1)}}
	})
	many(published.openDays, func(i int) story {
		return story{fields: map[string]any{"kind": "open_day", "venue": "office", "title": fmt.Sprintf("开放活动（%d）", i+1)}}
	})
	many(published.publicAds, func(i int) story {
		return story{fields: map[string]any{"kind": "media", "venue": "online", "channel": "tv", "form": "psa",
			"outlet": "示例电视台", "content": fmt.Sprintf("公益广告第%d条", i+1), "title": fmt.Sprintf("公益广告（%d）", i+1), "minutes": int64(1)}}
	})
	many(len(published.categories), func(i int) story {
		n := len(published.categories)
		return story{fields: map[string]any{"kind": "destruction", "venue": "office", "title": fmt.Sprintf("集中销毁（%d）", i+1)},
			goods: []seizure{{published.categories[i], "示例商品", "件", share(published.pieces, n, i), share(published.value, n, i)}}}
	})
	for i, st := range s.list {
		if i%15 == 14 {
			st.fate = waiting
		}
	}
	return p, s
}

// share is the i-th of n parts that add up to total.
func share(total int64, n, i int) int64 {
	part := total / int64(n)
	if int64(i) < total%int64(n) {
		part++
	}
	return part
}
