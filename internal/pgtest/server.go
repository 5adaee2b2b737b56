package pgtest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // registers the database/sql driver "pgx"
)

// ErrMissing says that this machine has no PostgreSQL server programs.
var ErrMissing = errors.New("PostgreSQL is missing: no initdb in /usr/lib/postgresql/*/bin or in PATH (scripts/needs.sh installs it)")

const (
	startLimit = 60 * time.Second
	stopLimit  = 30 * time.Second
)

// A Server is one PostgreSQL server with its own data in its own temporary folder.
// Its address stays the same when it is stopped and started again.
// The methods are for one goroutine at a time.
type Server struct {
	bin      string // folder of initdb and postgres
	dir      string // everything of this server; removed by Close or by the watchdog
	port     int
	tcp      bool
	settings []string // name=value
	owner    *syscall.Credential

	process *exec.Cmd
	gone    chan struct{} // closed when the process has ended

	watchdog *exec.Cmd
	lifeline io.WriteCloser
}

// An Option changes how a server is set up.
type Option func(*Server)

// NoSync turns fsync off: quicker, and nothing may be concluded about durability.
func NoSync() Option { return Setting("fsync", "off") }

// Setting sets one parameter of the server, as in postgresql.conf.
func Setting(name, value string) Option {
	return func(s *Server) { s.settings = append(s.settings, name+"="+value) }
}

// TCP makes the server listen on a free port of 127.0.0.1, for tests that put a proxy before it.
// Any user of the machine can then connect; without it only the owner of the folder with the unix socket can.
func TCP() Option { return func(s *Server) { s.tcp = true } }

// NewServer makes a server and starts it. It dies with this process, however the process ends.
func NewServer(ctx context.Context, name string, opts ...Option) (*Server, error) {
	s := &Server{port: 5432}
	for _, o := range opts {
		o(s)
	}
	var err error
	if s.bin, err = binaries(); err != nil {
		return nil, err
	}
	if s.owner, err = owner(); err != nil {
		return nil, err
	}
	if s.dir, err = os.MkdirTemp("", "fieldsync-pg-"+plain(name, 16)+"-"); err != nil {
		return nil, err
	}
	if err := s.setUp(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Server) setUp(ctx context.Context) error {
	if s.owner != nil {
		if err := os.Chown(s.dir, int(s.owner.Uid), int(s.owner.Gid)); err != nil {
			return err
		}
	}
	if s.tcp {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return err
		}
		s.port = l.Addr().(*net.TCPAddr).Port
		if err := l.Close(); err != nil {
			return err
		}
	}
	if err := s.watch(); err != nil {
		return err
	}
	// The empty cluster itself need not survive a power cut, so initdb does not wait for the disk.
	initdb := s.command(ctx, "initdb", "--pgdata="+s.data(), "--username=postgres", "--auth=trust",
		"--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions")
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, tail(string(out)))
	}
	return s.Start(ctx)
}

// Start starts the server and returns when it answers.
func (s *Server) Start(ctx context.Context) error {
	if s.process != nil {
		return errors.New("the server runs already")
	}
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	log, err := os.OpenFile(s.logFile(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()

	listen := ""
	if s.tcp {
		listen = "127.0.0.1"
	}
	args := []string{"-D", s.data(), "-k", s.dir, "-p", strconv.Itoa(s.port)}
	for _, v := range append([]string{
		"listen_addresses=" + listen, "max_connections=200", "shared_buffers=64MB", "timezone=UTC", "lc_messages=C",
	}, s.settings...) {
		args = append(args, "-c", v)
	}
	// Not bound to ctx, which only limits the wait below.
	cmd := s.command(context.WithoutCancel(ctx), "postgres", args...)
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return err
	}
	gone := make(chan struct{})
	go func() {
		_ = cmd.Wait() // how it ended is in the log
		close(gone)
	}()
	s.process, s.gone = cmd, gone
	if err := s.tell(cmd.Process.Pid); err != nil {
		return err
	}
	return s.answers(ctx)
}

func (s *Server) answers(ctx context.Context) error {
	db, err := sql.Open("pgx", s.Database("postgres"))
	if err != nil {
		return err
	}
	defer db.Close()
	for {
		if err = db.PingContext(ctx); err == nil {
			return nil
		}
		select {
		case <-s.gone:
			s.process = nil
			return fmt.Errorf("postgres ended at once: %s", tail(s.Log()))
		case <-ctx.Done():
			return fmt.Errorf("postgres does not answer: %w: %s", err, tail(s.Log()))
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Stop shuts the server down as an operator would: sessions are ended, open transactions rolled back, everything written.
func (s *Server) Stop() error { return s.end(syscall.SIGINT) }

// Crash ends the server at once, without a checkpoint: the next Start has to recover from the write-ahead log.
func (s *Server) Crash() error { return s.end(syscall.SIGQUIT) }

func (s *Server) end(how syscall.Signal) error {
	if s.process == nil {
		return nil
	}
	if err := s.process.Process.Signal(how); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	select {
	case <-s.gone:
	case <-time.After(stopLimit):
		_ = s.process.Process.Kill() // it would be left running otherwise
		<-s.gone
		return fmt.Errorf("postgres did not stop within %v: %s", stopLimit, tail(s.Log()))
	}
	s.process = nil
	return s.tell(0)
}

// Close ends the server and removes its folder.
func (s *Server) Close() error {
	err := s.end(syscall.SIGQUIT)
	if s.watchdog != nil {
		err = errors.Join(err, s.lifeline.Close(), s.watchdog.Wait())
		s.watchdog = nil
	}
	return errors.Join(err, os.RemoveAll(s.dir))
}

// Database returns the URL of a database of this server, which need not exist.
func (s *Server) Database(name string) string {
	q := url.Values{"sslmode": {"disable"}}
	u := url.URL{Scheme: "postgres", User: url.User("postgres"), Path: "/" + name}
	if s.tcp {
		u.Host = net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port))
	} else {
		q.Set("host", s.dir)
		q.Set("port", strconv.Itoa(s.port))
	}
	u.RawQuery = q.Encode()
	return u.String()
}

// Log returns what the server has logged so far.
func (s *Server) Log() string {
	b, err := os.ReadFile(s.logFile())
	if err != nil {
		return err.Error()
	}
	return string(b)
}

func (s *Server) data() string    { return filepath.Join(s.dir, "data") }
func (s *Server) logFile() string { return filepath.Join(s.dir, "log") }

// command prepares one of PostgreSQL's programs. They refuse to run as root and are told nothing by our environment.
// Their own process group keeps a Ctrl-C at the terminal for the tests, which may still need the server.
func (s *Server) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, filepath.Join(s.bin, name), args...)
	cmd.Dir = s.dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: s.owner, Setpgid: true}
	return cmd
}

// The watchdog is a shell that reads the number of the running server, line by line, from a pipe of which only this process
// holds the other end. When the process is gone, even by SIGKILL, the pipe ends, and the watchdog ends the server and removes
// its folder. (A parent-death signal would do the first only, and only on Linux.)
const watchdog = `
pid=0
while read -r line; do pid=$line; done
if [ "$pid" != 0 ] && kill -QUIT "$pid" 2>/dev/null; then
	i=0
	while kill -0 "$pid" 2>/dev/null && [ $i -lt 100 ]; do sleep 0.1; i=$((i+1)); done
	kill -KILL "$pid" 2>/dev/null
fi
rm -rf "$1"
exit 0
`

func (s *Server) watch() error {
	cmd := exec.Command("/bin/sh", "-c", watchdog, "fieldsync-pg-watchdog", s.dir)
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	pipe, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	s.watchdog, s.lifeline = cmd, pipe
	return nil
}

// tell gives the watchdog the process to end, 0 for none.
func (s *Server) tell(pid int) error {
	_, err := fmt.Fprintln(s.lifeline, pid)
	return err
}

// create makes an empty database on the server at the URL and returns its URL.
func create(ctx context.Context, server, name string) (string, error) {
	u, err := url.Parse(server)
	if err != nil {
		return "", err
	}
	name = "t_" + plain(name, 30) + "_" + strings.ToLower(rand.Text()[:12])
	// template0 can have no sessions, so that many tests can copy it at the same time.
	if err := execute(ctx, server, `CREATE DATABASE "`+name+`" TEMPLATE template0`); err != nil {
		return "", err
	}
	u.Path = "/" + name
	return u.String(), nil
}

func drop(ctx context.Context, server, database string) error {
	u, err := url.Parse(database)
	if err != nil {
		return err
	}
	return execute(ctx, server, `DROP DATABASE IF EXISTS "`+strings.TrimPrefix(u.Path, "/")+`" WITH (FORCE)`)
}

func execute(ctx context.Context, server, statement string) error {
	db, err := sql.Open("pgx", server)
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.ExecContext(ctx, statement)
	return err
}

// binaries returns the folder of the newest installed PostgreSQL server.
func binaries() (string, error) {
	found, newest := "", -1
	dirs, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil {
		return "", err
	}
	for _, dir := range dirs {
		version, err := strconv.Atoi(filepath.Base(filepath.Dir(dir)))
		if err != nil || version <= newest {
			continue
		}
		if _, err := exec.LookPath(filepath.Join(dir, "initdb")); err == nil {
			found, newest = dir, version
		}
	}
	if found != "" {
		return found, nil
	}
	initdb, err := exec.LookPath("initdb")
	if err != nil {
		return "", ErrMissing
	}
	if initdb, err = filepath.EvalSymlinks(initdb); err != nil {
		return "", err
	}
	return filepath.Dir(initdb), nil
}

// owner returns the user to run PostgreSQL as: nil for the present one, unless that is root.
func owner() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("PostgreSQL does not run as root, and: %w", err)
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return nil, err
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}

// plain keeps the letters and digits of a name, for use in file and database names.
func plain(name string, limit int) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		if b.Len() == limit {
			break
		}
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// tail returns the last lines of a program's output, for an error.
func tail(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-8):], "\n")
}
