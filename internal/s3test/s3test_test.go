package s3test

import (
	"bufio"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
)

func each(t *testing.T, run func(*testing.T, Program)) {
	for _, p := range Programs {
		t.Run(string(p), func(t *testing.T) { run(t, p) })
	}
}

func (b Bucket) status(t *testing.T) int {
	t.Helper()
	status, err := b.have(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return status
}

func TestBucketsAreFreshAndRemoved(t *testing.T) {
	each(t, func(t *testing.T, p Program) {
		var a, b Bucket
		t.Run("inner", func(t *testing.T) {
			a, b = NewBucket(t, p), NewBucket(t, p)
			if a.Name == b.Name || a.status(t) != http.StatusOK || b.status(t) != http.StatusOK {
				t.Errorf("%+v, %+v", a, b)
			}
		})
		if a.Name == "" {
			t.SkipNow() // the inner one was
		}
		if got := a.status(t); got != http.StatusNotFound {
			t.Errorf("after the test: %d", got)
		}
		if a.SecretKey = "wrong"; a.status(t) != http.StatusForbidden {
			t.Error("another secret is as good")
		}
	})
}

func TestStopCrashAndStart(t *testing.T) {
	each(t, func(t *testing.T, p Program) {
		s := New(t, p, "restart")
		b := s.NewBucket(t)
		for _, end := range []func() error{s.Stop, s.Crash} {
			if err := end(); err != nil {
				t.Fatal(err)
			}
			if status, err := b.have(t.Context()); err == nil {
				t.Fatalf("a stopped server answers: %d", status)
			}
			if err := s.Start(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := b.status(t); got != http.StatusOK {
				t.Errorf("the bucket after a restart: %d", got)
			}
		}
	})
}

// TestServerDiesWithItsProcess kills a process that has started a server, and looks for what is left.
func TestServerDiesWithItsProcess(t *testing.T) {
	if os.Getenv("S3TEST_HELPER") == "1" {
		s, err := NewServer(t.Context(), Versity, "helper")
		need(t, err)
		fmt.Println("helper", s.dir, s.process.Process.Pid)
		time.Sleep(time.Minute) // killed long before
		return
	}
	_, err := Versity.Path()
	need(t, err)
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestServerDiesWithItsProcess$")
	cmd.Env = append(os.Environ(), "S3TEST_HELPER=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var dir string
	var pid int
	for lines := bufio.NewScanner(out); dir == "" && lines.Scan(); {
		if rest, ok := strings.CutPrefix(lines.Text(), "helper "); ok {
			_, err = fmt.Sscan(rest, &dir, &pid)
		}
	}
	if dir == "" || err != nil {
		t.Fatalf("the helper has started no server: %v", err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // killed
	for range 200 {
		_, dirErr := os.Stat(dir)
		_, processErr := os.Stat("/proc/" + strconv.Itoa(pid))
		if errors.Is(dirErr, os.ErrNotExist) && errors.Is(processErr, os.ErrNotExist) {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Errorf("process %d or folder %s is left", pid, dir)
}

// TestSignature looks at the form alone: that the signature is right is what the servers say.
func TestSignature(t *testing.T) {
	b := Bucket{Endpoint: "http://127.0.0.1:9000", Region: region, Name: "b", AccessKey: "AK", SecretKey: "SK"}
	req := &http.Request{Method: http.MethodPut, URL: &url.URL{Scheme: "http", Host: "127.0.0.1:9000", Path: "/b"}, Header: http.Header{}}
	b.sign(req, time.Date(2026, 3, 15, 1, 2, 3, 0, time.UTC))
	got := req.Header.Get("Authorization")
	const want = "AWS4-HMAC-SHA256 Credential=AK/20260315/us-east-1/s3/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature="
	if !strings.HasPrefix(got, want) || len(got) != len(want)+64 {
		t.Errorf("%s", got)
	}
}

// verdict stands in for a test and remembers how it was ended.
type verdict struct {
	testing.TB
	how string
}

func (v *verdict) Helper()           {}
func (v *verdict) Skip(args ...any)  { v.how = "skipped: " + fmt.Sprint(args...) }
func (v *verdict) Fatal(args ...any) { v.how = "failed: " + fmt.Sprint(args...) }

func TestWithoutTheProgram(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	_, missing := NewServer(t.Context(), MinIO, "none")
	for _, c := range []struct {
		ci   string
		err  error
		want string
	}{
		{"", nil, ""},
		{"", missing, "skipped: minio: the object store for tests is missing"},
		{"true", missing, "failed: minio: the object store for tests is missing"},
		{"", errors.New("disk full"), "failed: disk full"},
	} {
		t.Setenv("CI", c.ci)
		v := &verdict{TB: t}
		need(v, c.err)
		if !strings.HasPrefix(v.how, c.want) || (v.how == "") != (c.want == "") {
			t.Errorf("CI=%q, %v: %q, want %q", c.ci, c.err, v.how, c.want)
		}
	}
}
