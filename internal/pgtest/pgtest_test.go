package pgtest

import (
	"bufio"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

func open(t *testing.T, url string) *sql.DB {
	t.Helper()
	db, err := sql.Open("pgx", url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func do(t *testing.T, db *sql.DB, statement string) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func text(t *testing.T, db *sql.DB, query string) string {
	t.Helper()
	var v string
	if err := db.QueryRowContext(t.Context(), query).Scan(&v); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return v
}

func TestURLGivesFreshEmptyDatabases(t *testing.T) {
	a, b := open(t, URL(t)), open(t, URL(t))
	for _, db := range []*sql.DB{a, b} {
		do(t, db, `CREATE TABLE note (id int)`) // would fail if it existed
	}
	if x, y := text(t, a, `SELECT current_database()`), text(t, b, `SELECT current_database()`); x == y {
		t.Errorf("both are %s", x)
	}
	if got := text(t, a, `SHOW server_encoding`); got != "UTF8" {
		t.Errorf("encoding %s", got)
	}
}

func TestURLsInParallel(t *testing.T) {
	for i := range 6 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			do(t, open(t, URL(t)), `CREATE TABLE note (id int)`)
		})
	}
}

func TestDatabaseIsDroppedAfterTheTest(t *testing.T) {
	s := New(t, "drop", NoSync())
	var name string
	t.Run("inner", func(t *testing.T) {
		db := open(t, s.URL(t))
		name = text(t, db, `SELECT current_database()`)
	})
	left := open(t, s.Database("postgres"))
	if got := text(t, left, `SELECT count(*) FROM pg_database WHERE datname = '`+name+`'`); got != "0" {
		t.Errorf("%s is still there", name)
	}
}

func TestStopAndStart(t *testing.T) {
	s := New(t, "restart")
	db := open(t, s.URL(t))
	for name, want := range map[string]string{"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"} {
		if got := text(t, db, `SHOW `+name); got != want {
			t.Errorf("%s = %s, want %s", name, got, want)
		}
	}
	do(t, db, `CREATE TABLE note (id int)`)
	do(t, db, `INSERT INTO note VALUES (1)`)
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	if err := db.PingContext(t.Context()); err == nil {
		t.Fatal("a stopped server answers")
	}
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := text(t, db, `SELECT count(*) FROM note`); got != "1" {
		t.Errorf("%s rows after the restart", got)
	}
}

func TestCrashKeepsWhatWasCommitted(t *testing.T) {
	s := New(t, "crash", TCP())
	db := open(t, s.URL(t))
	do(t, db, `CREATE TABLE note (id int)`)
	do(t, db, `INSERT INTO note VALUES (1)`)
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.ExecContext(t.Context(), `INSERT INTO note VALUES (2)`); err != nil {
		t.Fatal(err)
	}
	if err := s.Crash(); err != nil {
		t.Fatal(err)
	}
	if err := tx.Commit(); err == nil {
		t.Error("a commit on a crashed server went well")
	}
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := text(t, db, `SELECT string_agg(id::text, ',') FROM note`); got != "1" {
		t.Errorf("rows after the crash: %s, want 1", got)
	}
	if !strings.Contains(s.Log(), "automatic recovery") {
		t.Errorf("no recovery in the log:\n%s", s.Log())
	}
}

func TestServersAreSeparate(t *testing.T) {
	a, b := New(t, "a", NoSync()), New(t, "b", Setting("synchronous_commit", "off"))
	if err := a.Stop(); err != nil {
		t.Fatal(err)
	}
	if got := text(t, open(t, b.URL(t)), `SHOW synchronous_commit`); got != "off" {
		t.Errorf("synchronous_commit = %s", got)
	}
}

// TestServerDiesWithItsProcess kills a process that has started a server, and looks for what is left.
func TestServerDiesWithItsProcess(t *testing.T) {
	if os.Getenv("PGTEST_HELPER") == "1" {
		s, err := NewServer(t.Context(), "helper", NoSync())
		need(t, err)
		fmt.Println("helper", s.dir)
		time.Sleep(time.Minute) // killed long before
		return
	}
	_, err := binaries()
	need(t, err)
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestServerDiesWithItsProcess$")
	cmd.Env = append(os.Environ(), "PGTEST_HELPER=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var dir string
	for lines := bufio.NewScanner(out); dir == "" && lines.Scan(); {
		dir, _ = strings.CutPrefix(lines.Text(), "helper ")
	}
	pid, err := os.ReadFile(dir + "/data/postmaster.pid")
	if err != nil {
		t.Fatal(err)
	}
	process, _, _ := strings.Cut(string(pid), "\n")
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // killed
	for range 200 {
		_, dirErr := os.Stat(dir)
		_, processErr := os.Stat("/proc/" + process)
		if errors.Is(dirErr, os.ErrNotExist) && errors.Is(processErr, os.ErrNotExist) {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Errorf("process %s or folder %s is left", process, dir)
}

// verdict stands in for a test and remembers how it was ended.
type verdict struct {
	testing.TB
	how string
}

func (v *verdict) Helper()           {}
func (v *verdict) Skip(args ...any)  { v.how = "skipped: " + fmt.Sprint(args...) }
func (v *verdict) Fatal(args ...any) { v.how = "failed: " + fmt.Sprint(args...) }

func TestWithoutPostgreSQL(t *testing.T) {
	for _, c := range []struct {
		ci   string
		err  error
		want string
	}{
		{"", nil, ""},
		{"", ErrMissing, "skipped: PostgreSQL is missing"},
		{"true", ErrMissing, "failed: PostgreSQL is missing"},
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
