package office

import (
	"context"
	"strings"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

// countedUpTo is how many records are looked through to say how many a query selects in all.
const countedUpTo = 10_000

// eventFlags are the flags that events are selected by.
var eventFlags = map[string]int64{
	FlagUrgent: models.IsUrgent, FlagLate: models.IsLate, FlagConflict: models.HasConflict, FlagUnplaced: models.IsUnplaced,
	FlagOutside: models.IsOutside, FlagDeleted: models.IsDeleted, FlagCompleted: models.IsCompleted,
}

// Events lists events.
func (d *Desk) Events(ctx context.Context, r *Reach, q EventQuery, p Paging) (out Page[EventRow], err error) {
	pg, err := p.page(2, 1, "events", q)
	if err != nil {
		return out, err
	}
	err = d.store.Read(ctx, func(tx Tx) error {
		a, err := d.area(tx, r, q.Campaign, q.Unit)
		if err != nil {
			return err
		}
		sel, err := selectEvents(a, q)
		if err != nil {
			return err
		}
		if out.Total, err = countAll(tx, &sel); err != nil {
			return err
		}
		sel.Atmost = pg.size() + 1
		if pg.at != nil {
			sel.After = &ListingKey{SortMS: pg.at.N[0], Scope: pg.at.N[1], ID: pg.at.S[0]}
		}
		list, err := tx.Listings(sel)
		if err != nil {
			return err
		}
		list, out.Next = trim(pg, list, listingPlace)
		rows, _, err := newViewer(tx, r, a.c, a.rules).events(keysOf(list))
		out.Items = inOrder(list, rows)
		return err
	})
	return out, err
}

func listingPlace(l *models.Listing) ([]int64, []string) {
	return []int64{l.SortMS, l.Scope}, []string{l.ID}
}

func keysOf(list []models.Listing) []gateway.Key {
	out := make([]gateway.Key, len(list))
	for i := range list {
		out[i] = gateway.Key{Scope: list[i].Scope, Kind: list[i].Kind, ID: list[i].ID}
	}
	return out
}

func inOrder(list []models.Listing, rows map[gateway.Key]EventRow) []EventRow {
	out := []EventRow{}
	for _, k := range keysOf(list) {
		if row, ok := rows[k]; ok {
			out = append(out, row)
		}
	}
	return out
}

// selectEvents turns a query into what the store selects by.
func selectEvents(a *area, q EventQuery) (ListingSelect, error) {
	s := ListingSelect{Campaign: a.c.ID, Kind: models.EventKind, Units: a.filter(), None: models.IsDeleted,
		FromMS: q.FromMS, ToMS: q.ToMS, Find: gateway.Findable(strings.TrimSpace(q.Q)), OldestFirst: q.Order == OldestFirst}
	switch q.State {
	case "":
	case StateWaiting:
		s.Review = []models.ReviewState{models.ReviewReceived, models.ReviewEdited}
	case StateBack:
		s.Review = []models.ReviewState{models.ReviewReturned, models.ReviewIssues}
	case StateUnaccepted:
		s.Review = []models.ReviewState{models.ReviewReceived, models.ReviewEdited, models.ReviewReturned, models.ReviewIssues}
	default:
		s.Review = []models.ReviewState{q.State}
	}
	if q.Own && q.Unit != "" {
		s.Units = []string{q.Unit}
	}
	if q.Order != "" && q.Order != NewestFirst && q.Order != OldestFirst {
		return s, problem.New(problem.Invalid, "events are ordered new or old").ZH("场次只能按最新或最早排序。")
	}
	if q.Flag != "" {
		flag, ok := eventFlags[q.Flag]
		if !ok {
			return s, problem.New(problem.Invalid, "there is no flag %q", q.Flag).ZH("没有“%s”这个筛选条件。", q.Flag)
		}
		s.All = flag
		if flag == models.IsDeleted || flag == models.HasConflict {
			s.None = 0 // whether it is deleted may be what stands against something
		}
	}
	if q.Kind != "" {
		s.Marks = append(s.Marks, ","+gateway.KindMark(q.Kind)+",")
	}
	if q.Venue != "" {
		s.Marks = append(s.Marks, ","+gateway.VenueMark(q.Venue)+",")
	}
	if q.Row != "" {
		template, row, _ := strings.Cut(q.Row, "/")
		mark := ""
		if a.rules != nil {
			mark = gateway.MarkOf(a.rules, a.c.Rules, template, row)
		}
		if mark == "" {
			return s, problem.New(problem.NotFound, "the campaign has no such row").ZH("这个活动的统计表没有这一行。")
		}
		s.Marks, s.None = append(s.Marks, ","+mark+","), 0
	}
	return s, nil
}

// countAll counts what is selected where few records have to be looked through for it, else nil; and
// notes for the reading itself that there are many.
func countAll(tx ListingTx, s *ListingSelect) (*int64, error) {
	base := ListingSelect{Campaign: s.Campaign, Kind: s.Kind, Units: s.Units}
	n, err := tx.CountSelected(base, countedUpTo+1)
	if err != nil || n > countedUpTo {
		s.Wide = len(s.Marks) > 0 || s.Find != ""
		return nil, err
	}
	n, err = tx.CountSelected(*s, countedUpTo)
	total := int64(n)
	return &total, err
}
