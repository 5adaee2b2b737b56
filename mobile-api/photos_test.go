package mobileapi_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"runtime"
	"strings"
	"testing"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/internal/store/storetest"
)

const (
	photoID  = "01900000-0000-7000-8000-0000000a0001"
	photoID2 = "01900000-0000-7000-8000-0000000a0002"
	unitSize = 128 << 10
)

func TestPhotoComesInUnits(t *testing.T) {
	w, s, p := photoWorld(t)
	original := picture(3*unitSize + 5000)
	s.announce(photoID, original, p.id)
	check := func(r request, want map[string]string) {
		t.Helper()
		w.run(t, scenario{request: r, status: 200, want: want})
	}
	check(p.have(`"`+photoID+`","`+photoID2+`"`), map[string]string{"photos.0.state": `"announced"`, "photos.0.id": `"` + photoID + `"`,
		"photos.1.state": `"unknown"`, "photos.1.id": `"` + photoID2 + `"`, "photos.0.missing": ""})
	check(p.units(photoID, 2, original[2*unitSize:]), map[string]string{"state": `"partial"`, "missing": "[[0,1]]", "receipt": ""})
	check(p.units(photoID, 2, original[2*unitSize:]), map[string]string{"state": `"partial"`, "missing": "[[0,1]]"}) // again
	check(p.have(`"`+photoID+`"`), map[string]string{"photos.0.missing": "[[0,1]]"})
	check(p.units(photoID, 0, original[:2*unitSize]), map[string]string{"state": `"stored"`, "receipt.line": "*", "missing": ""})

	preview := picture(9000)
	if a := w.send(p.preview(photoID, preview)); a.status != 204 || len(a.body) != 0 {
		t.Errorf("%d %s", a.status, a.body)
	}
	check(p.have(`"`+photoID+`"`), map[string]string{"photos.0.state": `"stored"`, "photos.0.preview": "true"})
	if a := p.get("/api/v1/photos/" + photoID + "/preview"); !bytes.Equal(a.body, preview) ||
		!strings.HasPrefix(a.header.Get("Content-Disposition"), "inline") {
		t.Errorf("%d %v", a.status, a.header)
	}
	a := p.get("/api/v1/photos/" + photoID + "/original")
	if a.status != 200 || !bytes.Equal(a.body, original) {
		t.Errorf("%d, %d bytes", a.status, len(a.body))
	}
	for name, want := range map[string]string{"Content-Type": "image/jpeg", "X-Content-Type-Options": "nosniff",
		"Content-Disposition": `attachment; filename="___-1.jpg"; filename*=UTF-8''%E5%9F%8E%E5%85%B3%E6%89%80-1.jpg`,
		"Content-Length":      fmt.Sprint(len(original)), "Cache-Control": "private, no-cache", "Accept-Ranges": "bytes",
		"Content-Security-Policy": "default-src 'none'; sandbox", "Cross-Origin-Resource-Policy": "same-origin"} {
		if got := a.header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

// TestRanges reads what was asked for out of the store, and no more.
func TestRanges(t *testing.T) {
	w, s, p := photoWorld(t)
	original := picture(1000)
	s.announce(photoID, original, p.id)
	w.send(p.units(photoID, 0, original))
	path := "/api/v1/photos/" + photoID + "/original"
	tag := p.get(path).header.Get("ETag")
	for _, c := range []struct {
		ask, ifRange string
		status       int
		want         string // Content-Range
		from, to     int
	}{
		{"bytes=0-0", "", 206, "bytes 0-0/1000", 0, 1},
		{"bytes=10-19", tag, 206, "bytes 10-19/1000", 10, 20},
		{"bytes=990-", "", 206, "bytes 990-999/1000", 990, 1000},
		{"bytes=990-5000", "", 206, "bytes 990-999/1000", 990, 1000},
		{"bytes=-7", "", 206, "bytes 993-999/1000", 993, 1000},
		{"bytes=-5000", "", 206, "bytes 0-999/1000", 0, 1000},
		{"bytes=0-99999999999999999999", "", 206, "bytes 0-999/1000", 0, 1000},
		{"bytes=1000-", "", 416, "bytes */1000", 0, 0},
		{"bytes=-0", "", 416, "bytes */1000", 0, 0},
		{"bytes=99999999999999999999-", "", 416, "bytes */1000", 0, 0},
		{"bytes=10-19", `"other"`, 200, "", 0, 1000},
		{"bytes=10-19", `W/` + tag, 200, "", 0, 1000}, // weak tags name no bytes
		{"bytes=10-19", "Tue, 15 Mar 2022 12:00:00 GMT", 200, "", 0, 1000},
		{"bytes=0-1,5-6", "", 200, "", 0, 1000},
		{"bytes=19-10", "", 200, "", 0, 1000},
		{"bytes=+1-2", "", 200, "", 0, 1000},
		{"bytes=-", "", 200, "", 0, 1000},
		{"units=0-1", "", 200, "", 0, 1000},
	} {
		s.reads = nil
		a := w.send(request{method: "GET", path: path, token: p.token, headers: map[string]string{"Range": c.ask, "If-Range": c.ifRange}})
		if a.status != c.status || a.header.Get("Content-Range") != c.want {
			t.Errorf("%s: %d %q", c.ask, a.status, a.header.Get("Content-Range"))
			continue
		}
		if c.status == 416 {
			if a.text("code") != "bad_range" || a.at("size") != "1000" || len(s.reads) != 0 {
				t.Errorf("%s: %s, read %v", c.ask, a.body, s.reads)
			}
			continue
		}
		if want := fmt.Sprintf("[%d+%d]", c.from, c.to-c.from); !bytes.Equal(a.body, original[c.from:c.to]) || fmt.Sprint(s.reads) != want {
			t.Errorf("%s: %d bytes, read %v, want %s", c.ask, len(a.body), s.reads, want)
		}
	}
	s.reads = nil
	a := w.send(request{method: "GET", path: path, token: p.token, headers: map[string]string{"If-None-Match": tag}})
	if a.status != 304 || len(a.body) != 0 || len(s.reads) != 0 {
		t.Errorf("%d, %d bytes, read %v", a.status, len(a.body), s.reads)
	}
	a = w.send(request{method: "HEAD", path: path, token: p.token})
	if a.status != 200 || a.header.Get("Content-Length") != "1000" || len(a.body) != 0 || len(s.reads) != 0 {
		t.Errorf("HEAD: %d %v, read %v", a.status, a.header, s.reads)
	}
}

// TestHostilePhotos: what must not be taken is refused with its code, and nothing is kept of it.
func TestHostilePhotos(t *testing.T) {
	w, s, p := photoWorld(t)
	q := w.phone(officerB)
	original := picture(2*unitSize + 100)
	s.announce(photoID, original, p.id)
	first := original[:unitSize]
	with := func(r request, name, value string) request {
		r.headers = maps.Clone(r.headers)
		r.headers[name] = value
		return r
	}
	at := func(r request, path string) request { r.path = path; return r }
	refused := func(name string, r request, status int, code problem.Code) scenario {
		return scenario{name: name, request: r, status: status, code: code}
	}
	good := p.units(photoID, 0, first)
	w.harmless(t, []scenario{
		refused("no digest", with(good, "Content-Digest", ""), 400, problem.Invalid),
		refused("another algorithm alone", with(good, "Content-Digest", "sha-512=:AAAA:"), 400, problem.Invalid),
		refused("a short digest", with(good, "Content-Digest", "sha-256=:AAAA:"), 400, problem.Invalid),
		refused("no base64", with(good, "Content-Digest", "sha-256=:!!!!:"), 400, problem.Invalid),
		refused("a digest in hex", with(good, "Content-Digest", "sha-256="+strings.Repeat("ab", 32)), 400, problem.Invalid),
		refused("a digest of another body", with(good, "Content-Digest", digestOf(original)), 422, problem.BadDigest),
		refused("a very long digest", with(good, "Content-Digest", strings.Repeat("x=:AAAA:,", 500)+digestOf(first)), 400, problem.Invalid),
		refused("an empty body", p.units(photoID, 0, nil), 400, problem.Invalid),
		refused("a byte more than 8 units", p.units(photoID, 0, picture(8*unitSize+1)), 413, problem.TooLarge),
		refused("half a unit in the middle", p.units(photoID, 0, first[:1000]), 400, problem.Invalid),
		refused("a unit beyond the end", p.units(photoID, 3, first), 400, problem.Invalid),
		refused("more than there is", p.units(photoID, 2, first), 400, problem.Invalid),
		refused("a number below 0", at(good, "/api/v1/photos/"+photoID+"/units/-1"), 400, problem.Invalid),
		refused("a number with a sign", at(good, "/api/v1/photos/"+photoID+"/units/+1"), 400, problem.Invalid),
		refused("a number with zeros", at(good, "/api/v1/photos/"+photoID+"/units/007"), 400, problem.Invalid),
		refused("a number beyond all numbers", at(good, "/api/v1/photos/"+photoID+"/units/99999999999999999999"), 400, problem.Invalid),
		refused("a word for a number", at(good, "/api/v1/photos/"+photoID+"/units/one"), 400, problem.Invalid),
		{name: "gzip", request: with(good, "Content-Encoding", "gzip"), status: 415, code: problem.BadEncoding,
			header: map[string]string{"Accept-Encoding": "identity"}},
		refused("an encoding nobody knows", with(good, "Content-Encoding", "br"), 415, problem.BadEncoding),
		refused("a path for an id", at(good, "/api/v1/photos/..%2f..%2fetc%2fpasswd/units/0"), 404, problem.NotFound),
		refused("dots for an id", at(good, "/api/v1/photos/../units/0"), 404, problem.NotFound),
		refused("an upper-case id", at(good, "/api/v1/photos/"+strings.ToUpper(photoID)+"/units/0"), 404, problem.NotFound),
		refused("NUL in an id", at(good, "/api/v1/photos/%00"+photoID[1:]+"/units/0"), 404, problem.NotFound),
		refused("a photo that nobody announced", p.units(photoID2, 0, first), 404, problem.NotFound),
		refused("another scope's photo", q.units(photoID, 0, first), 404, problem.NotFound),
		refused("another scope's preview", q.preview(photoID, first[:100]), 404, problem.NotFound),
		refused("another scope's original", request{method: "GET", path: "/api/v1/photos/" + photoID + "/original", token: q.token}, 404, problem.NotFound),
		refused("an original that is not here", request{method: "GET", path: "/api/v1/photos/" + photoID + "/original", token: p.token}, 404, problem.NotFound),
		refused("a variant that there is not", request{method: "GET", path: "/api/v1/photos/" + photoID + "/spool", token: p.token}, 404, problem.NotFound),
		refused("a preview too large", p.preview(photoID, picture(60<<10+1)), 413, problem.TooLarge),
		refused("no token", request{method: "PUT", path: good.path, headers: good.headers, body: good.body}, 401, problem.Unauthorized),
		refused("501 ids", p.have(strings.Repeat(`"`+photoID+`",`, 500)+`"`+photoID+`"`), 413, problem.TooLarge),
		refused("ids that are no texts", p.have(`1`), 400, problem.Invalid),
		{name: "ids that are none", request: p.have(`"../../etc","` + photoID + `","\u0000",""`), status: 200, want: map[string]string{
			"photos.0.state": `"unknown"`, "photos.1.state": `"announced"`, "photos.2.state": `"unknown"`, "photos.3.state": `"unknown"`}},
		{name: "another scope's state", request: q.have(`"` + photoID + `"`), status: 200, want: map[string]string{"photos.0.state": `"unknown"`}},
	})
	if st := s.photos[photoID]; len(st.units) != 0 || st.preview != nil {
		t.Errorf("%d units were kept", len(st.units))
	}
	// Knowing a hash opens nothing: a stranger who announces the same original has brought no byte of it.
	w.send(p.units(photoID, 0, original))
	s.announce(photoID2, original, q.id)
	a := w.send(q.have(`"` + photoID2 + `","` + photoID + `"`))
	if a.text("photos.0.state") != "announced" || a.text("photos.1.state") != "unknown" {
		t.Errorf("%s", a.body)
	}
	if a := q.get("/api/v1/photos/" + photoID2 + "/original"); a.status != 404 {
		t.Errorf("%d", a.status)
	}
	// All units are here and the whole is another picture.
	other := picture(2*unitSize + 101)[:2*unitSize+100]
	s.announce(photoID2, original, q.id)
	w.run(t, scenario{request: q.units(photoID2, 0, other), status: 422, code: problem.HashMismatch})
}

// TestPhotoStoreInTrouble: what a store cannot do now is asked for again later.
func TestPhotoStoreInTrouble(t *testing.T) {
	w, s, p := photoWorld(t)
	s.announce(photoID, picture(100), p.id)
	s.fail = problem.Wrap(errors.New("dial tcp 127.0.0.1:9000"), problem.Unavailable, "The store of photos does not answer.").RetryAfter(7)
	for _, r := range []request{p.units(photoID, 0, picture(100)), p.preview(photoID, picture(9)), p.have(`"` + photoID + `"`),
		{method: "GET", path: "/api/v1/photos/" + photoID + "/original", token: p.token}} {
		w.run(t, scenario{request: r, status: 503, code: problem.Unavailable, header: map[string]string{"Retry-After": "7"}, not: []string{"9000"}})
	}
	s.fail = problem.New(problem.Quota, "The phone has no room left.")
	w.run(t, scenario{request: p.units(photoID, 0, picture(100)), status: 507, code: problem.Quota})
}

// TestNoPhotosHere: a server that is not set up for photos says so to phones that it knows.
func TestNoPhotosHere(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	p := w.phone(officerA)
	for _, r := range []request{p.units(photoID, 0, picture(100)), p.preview(photoID, picture(9)), p.have(""),
		{method: "GET", path: "/api/v1/photos/" + photoID + "/stamped", token: p.token}} {
		w.run(t, scenario{request: r, status: 503, code: problem.Unavailable, header: map[string]string{"Retry-After": "*"}})
		r.token = ""
		w.run(t, scenario{request: r, status: 401, code: problem.Unauthorized})
	}
}

var longPhotos = flag.Bool("photos", false, "send 100,000 tiny requests instead of 2,000")

// TestTinyRequests: a phone that sends a great many small and wrong requests costs no memory that stays.
func TestTinyRequests(t *testing.T) {
	w, s, p := photoWorld(t)
	s.announce(photoID, picture(5*unitSize), p.id)
	n := 2000
	if *longPhotos {
		n = 100_000
	}
	list := []request{p.units(photoID, 0, []byte("x")), p.units(photoID2, 0, []byte("x")), p.have(`"x"`), p.preview(photoID2, []byte("x"))}
	send := func(n int) {
		for i := range n {
			r := list[i%len(list)]
			q := w.plain(r)
			res, err := w.app.Test(q, -1)
			if err != nil {
				t.Fatal(err)
			}
			_, _ = io.Copy(io.Discard, res.Body) // from memory
			res.Body.Close()
		}
	}
	held := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	send(200)
	before := held()
	send(n)
	after := held()
	t.Logf("%d requests: %d KiB before, %d KiB after", n, before>>10, after>>10)
	if after > before+4<<20 {
		t.Errorf("%d KiB stay", (after-before)>>10)
	}
}
