package changelog

import (
	"crypto/elliptic"
	"testing"
)

// The lines of a working day: 20,000 a second are to be read with all else that a push costs.
const (
	benchScope = `"scope":"01900000-0000-7000-8000-0000000ca001:01900000-0000-7000-8000-0000000ab001"`
	benchTally = `{"at":1647307860000,` + benchScope + `,"op":"tally.add",` +
		`"event":"017f8a2c-5400-7000-8000-000000000001","indicator":"consultations","n":1}`
	benchEvent = `{"at":1647307800000,` + benchScope + `,"op":"event.put",` +
		`"id":"017f8a2c-5400-7000-8000-000000000001","base":0,"set":{"kind":"consultation","venue":"market",` +
		`"title":"县南市场东门口3·15宣传咨询","place":"县南市场东门口","started_at":1647307200000,"leaders":2,` +
		`"staff.01900000-0000-7000-8000-0000000ab001":6,"join":"k7Qm2xVd","large":true,"notes":"晴，有风"}}`
)

func benchmarkLine(b *testing.B, line string) {
	raw := []byte(line)
	b.ReportAllocs()
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		if _, f := ParseLine(raw); f != nil {
			b.Fatal(f)
		}
	}
}

func BenchmarkParseLineTally(b *testing.B) { benchmarkLine(b, benchTally) }

func BenchmarkParseLineEvent10(b *testing.B) { benchmarkLine(b, benchEvent) }

// A full batch of tallies: header, chain, then every line.
func BenchmarkParseBatch500(b *testing.B) {
	in := make([][]byte, MaxLines)
	for i := range in {
		in[i] = []byte(benchTally)
	}
	body := Encode(headerOf(in...), in)
	b.ReportAllocs()
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		if _, err := ParseBatch(body); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerify(b *testing.B) {
	key := newKey(b, elliptic.P256())
	h := headerOf()
	if err := h.Sign(key); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := h.Verify(&key.PublicKey); err != nil {
			b.Fatal(err)
		}
	}
}
