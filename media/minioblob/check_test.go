package minioblob

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/internal/s3test"
	"github.com/fieldsync/fieldsync/media/blobtest"
)

// lesser is a store that speaks just enough of S3 and does not do all that is asked of it.
type lesser struct {
	mu      sync.Mutex
	objects map[string][]byte
	cuts    bool          // keeps what it got of a body
	refuse  bool          // answers 501 to If-None-Match, else does not look at it
	trouble func() string // a word of S3, empty for none
}

var statusOf = map[string]int{"NoSuchKey": 404, "NoSuchBucket": 404, "AccessDenied": 403, "NotImplemented": 501, "SlowDown": 503,
	"XMinioStorageFull": 507, "RequestTimeTooSkewed": 403, "XAmzContentChecksumMismatch": 400, "OddWord": 400}

func (l *lesser) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil && !l.cuts { // the client hung up
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	key := strings.TrimPrefix(r.URL.Path, "/photos/")
	fail := func(word string) {
		w.WriteHeader(statusOf[word])
		fmt.Fprintf(w, "<Error><Code>%s</Code><Message>made up</Message></Error>", word)
	}
	if word := l.trouble(); word != "" {
		fail(word)
		return
	}
	data, there := l.objects[key]
	switch {
	case r.URL.Query().Has("location"):
		fmt.Fprint(w, `<LocationConstraint></LocationConstraint>`)
	case r.URL.Query().Has("list-type"):
		l.list(w, r.URL.Query().Get("prefix"))
	case strings.Trim(r.URL.Path, "/") == "photos":
	case r.Method == http.MethodPut && l.refuse && r.Header.Get("If-None-Match") != "":
		fail("NotImplemented")
	case r.Method == http.MethodPut:
		l.objects[key] = body
		w.Header().Set("ETag", `"x"`)
	case r.Method == http.MethodDelete:
		delete(l.objects, key)
		w.WriteHeader(http.StatusNoContent)
	case !there:
		fail("NoSuchKey")
	default:
		w.Header().Set("ETag", `"x"`)
		http.ServeContent(w, r, "", time.Unix(1_700_000_000, 0), bytes.NewReader(data))
	}
}

// list lists folders before the rest.
func (l *lesser) list(w io.Writer, prefix string) {
	var keys []string
	for k := range l.objects {
		if strings.HasPrefix(k, prefix) {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(a, b string) int {
		return strings.Compare(strings.ReplaceAll(a, "/", "\x01"), strings.ReplaceAll(b, "/", "\x01"))
	})
	fmt.Fprint(w, "<ListBucketResult><Name>photos</Name>")
	for _, k := range keys {
		fmt.Fprintf(w, `<Contents><Key>%s</Key><Size>%d</Size><LastModified>2026-03-15T00:00:00Z</LastModified></Contents>`, k, len(l.objects[k]))
	}
	fmt.Fprint(w, "</ListBucketResult>")
}

func lesserStore(t *testing.T, l *lesser) *Store {
	t.Helper()
	l.objects = map[string][]byte{}
	if l.trouble == nil {
		l.trouble = func() string { return "" }
	}
	server := httptest.NewServer(l)
	t.Cleanup(server.Close)
	s, err := New(Options{Endpoint: server.URL, Bucket: "photos", AccessKey: "k", SecretKey: "s", Style: "path"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestCheckSaysWhatIsLacking runs the self-test on stores that lack things, and then relies on what it found.
func TestCheckSaysWhatIsLacking(t *testing.T) {
	for _, c := range []struct {
		refuse bool
		want   string
	}{
		{false, "ignores If-None-Match"},
		{true, "refuses If-None-Match"},
	} {
		l := &lesser{refuse: c.refuse}
		s := lesserStore(t, l)
		lacks, err := s.Check(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		said := strings.Join(s.Lacks(), "\n")
		for _, want := range []string{c.want, "with x-amz-checksum-sha256", "with the SHA-256 of the signature", "by folders"} {
			if !strings.Contains(said, want) {
				t.Errorf("nothing about %q in\n%s", want, said)
			}
		}
		if len(lacks) != 4 || len(l.objects) != 0 {
			t.Errorf("%d sentences, left: %d", len(lacks), len(l.objects))
		}
		putBytes(t, s, "k", []byte("first"))
		second := []byte("second")
		created, err := s.Put(t.Context(), "k", bytes.NewReader(second), 6, sha256.Sum256(second))
		if err != nil || created || string(getBytes(t, s, "k")) != "first" {
			t.Errorf("put again: %v, %v", created, err)
		}
		_, err = s.Put(t.Context(), "wrong", bytes.NewReader(second), 6, sha256.Sum256([]byte("first")))
		wantCode(t, "wrong bytes to a store that compares nothing", err, problem.BadDigest)
		if _, there := l.objects["wrong"]; there {
			t.Error("wrong bytes were kept")
		}
	}
}

// TestUncheckedStoreThatRefusesConditions is one that was away when the server started.
func TestUncheckedStoreThatRefusesConditions(t *testing.T) {
	s := lesserStore(t, &lesser{refuse: true})
	put := func() (bool, error) {
		return s.Put(t.Context(), "k", bytes.NewReader([]byte("x")), 1, sha256.Sum256([]byte("x")))
	}
	_, err := put()
	wantCode(t, "the first put", err, problem.Unavailable)
	if created, err := put(); err != nil || !created {
		t.Errorf("the second: %v, %v", created, err)
	}
}

// TestTroubleIsTranslated lets the store answer with words of S3.
func TestTroubleIsTranslated(t *testing.T) {
	word := ""
	s := lesserStore(t, &lesser{trouble: func() string { return word }})
	for _, c := range []struct {
		word  string
		code  problem.Code
		retry int
		says  string
	}{
		{"NoSuchKey", problem.NotFound, 0, "nothing under that key"},
		{"NoSuchBucket", problem.Unavailable, 300, "no such bucket"},
		{"AccessDenied", problem.Unavailable, 300, "does not accept our key"},
		{"RequestTimeTooSkewed", problem.Unavailable, 300, "clocks"},
		{"SlowDown", problem.Unavailable, 15, "in trouble"},
		{"OddWord", problem.Unavailable, 15, "in trouble"},
		{"XMinioStorageFull", problem.Unavailable, 300, "is full"},
		{"XAmzContentChecksumMismatch", problem.BadDigest, 0, "other bytes"},
	} {
		word = c.word
		_, err := s.Get(t.Context(), "k", 0, -1)
		p := new(problem.Error)
		if !asProblem(err, &p) || p.Code != c.code || p.Retry != c.retry || !strings.Contains(p.Msg, c.says) {
			t.Errorf("%s: %v", c.word, err)
		}
	}
}

func TestStoreThatKeepsHalves(t *testing.T) {
	_, err := lesserStore(t, &lesser{cuts: true}).Check(t.Context())
	wantCode(t, "check", err, problem.Unavailable)
	if err == nil || !strings.Contains(err.Error(), "broken off") {
		t.Errorf("%v", err)
	}
}

func TestOptions(t *testing.T) {
	good := Options{Endpoint: "http://127.0.0.1:1", Bucket: "photos", AccessKey: "k", SecretKey: "s"}
	for what, change := range map[string]func(*Options){
		"a path":       func(o *Options) { o.Endpoint = "http://127.0.0.1:1/x" },
		"a scheme":     func(o *Options) { o.Endpoint = "ftp://127.0.0.1:1" },
		"a user":       func(o *Options) { o.Endpoint = "http://a:b@127.0.0.1:1" },
		"no host":      func(o *Options) { o.Endpoint = "" },
		"no bucket":    func(o *Options) { o.Bucket = "" },
		"a bad bucket": func(o *Options) { o.Bucket = "Photos_1" },
		"no key":       func(o *Options) { o.AccessKey = "" },
		"no secret":    func(o *Options) { o.SecretKey = "" },
		"a bad style":  func(o *Options) { o.Style = "virtual" },
		"public":       func(o *Options) { o.PublicEndpoint = "http://" },
	} {
		o := good
		change(&o)
		_, err := New(o)
		wantCode(t, what, err, problem.Invalid)
	}
	s, err := New(good)
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Check(t.Context())
	wantCode(t, "nobody there", err, problem.Unavailable)
}

func TestBucketThatIsNotThere(t *testing.T) {
	both(t, func(t *testing.T, program s3test.Program) {
		opt := options(s3test.New(t, program, "bucket").NewBucket(t))
		opt.Bucket = "not-there-yet"
		_, err := Open(t.Context(), opt)
		wantCode(t, "a bucket that is not there", err, problem.Invalid)
		opt.CreateBucket = true
		putBytes(t, open(t, opt), "k", blobtest.Bytes(1, 10))
		open(t, opt) // there now
		opt.SecretKey = "wrong"
		_, err = Open(t.Context(), opt)
		wantCode(t, "a wrong secret", err, problem.Unavailable)
	})
}
