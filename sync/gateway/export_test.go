package gateway

import (
	"github.com/fieldsync/fieldsync/stats"
	"github.com/fieldsync/fieldsync/sync/merge"
)

// ReadCursor reads a cursor as a pull does.
func (g *Gateway) ReadCursor(s string) (map[int64]int64, error) { return g.readCursor(s) }

// WriteCursor makes a cursor as a pull does.
func (g *Gateway) WriteCursor(at map[int64]int64) string { return g.writeCursor(at) }

// ContributionsOf returns what a record gives to the totals under the rules.
func ContributionsOf(rules *RuleSet, r *merge.Record) []stats.Contribution {
	return countUnder(rules, 1, r).list
}

// DecodeCounts reads stored contributions and writes them again.
func DecodeCounts(b []byte) ([]byte, error) {
	list, err := decodeCounts(b)
	return encodeCounts(list), err
}
