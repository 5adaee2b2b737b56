package s3test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

const (
	startLimit = 60 * time.Second
	stopLimit  = 30 * time.Second
)

// A Server is one object store with its own data in its own temporary folder.
// Its address and data stay the same when it is stopped and started again.
// The methods are for one goroutine at a time.
type Server struct {
	program Program
	path    string
	dir     string // everything of this server; removed by Close or by the watchdog
	port    int
	secret  string

	process *exec.Cmd
	gone    chan struct{} // closed when the process has ended

	watchdog *exec.Cmd
	lifeline io.WriteCloser
}

// NewServer makes a server and starts it. It dies with this process, however the process ends.
func NewServer(ctx context.Context, program Program, name string) (*Server, error) {
	s := &Server{program: program, secret: rand.Text()}
	var err error
	if s.path, err = program.Path(); err != nil {
		return nil, err
	}
	if s.dir, err = os.MkdirTemp("", "fieldsync-s3-"+plain(name, 16)+"-"); err != nil {
		return nil, err
	}
	if err := s.setUp(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Server) setUp(ctx context.Context) error {
	if err := errors.Join(os.Mkdir(s.data(), 0o700), os.Mkdir(filepath.Join(s.dir, "sidecar"), 0o700)); err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	s.port = l.Addr().(*net.TCPAddr).Port
	if err := errors.Join(l.Close(), s.watch()); err != nil {
		return err
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
	args, env := s.command()
	// Not bound to ctx, which only limits the wait below.
	cmd := exec.CommandContext(context.WithoutCancel(ctx), s.path, args...)
	cmd.Dir = s.dir
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + s.dir}, env...)
	// A process group of its own keeps a Ctrl-C at the terminal for the tests, which may still need the server.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
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

// command returns the arguments and the environment of the program: nothing of ours gets to it.
func (s *Server) command() (args, env []string) {
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port))
	if s.program == Versity {
		return []string{"--port", address, "--quiet", "posix", "--sidecar", filepath.Join(s.dir, "sidecar"), s.data()},
			[]string{"ROOT_ACCESS_KEY=" + accessKey, "ROOT_SECRET_KEY=" + s.secret, "VGW_REGION=" + region}
	}
	return []string{"server", "--quiet", "--address", address, "--console-address", "127.0.0.1:0", s.data()},
		[]string{"MINIO_ROOT_USER=" + accessKey, "MINIO_ROOT_PASSWORD=" + s.secret, "MINIO_BROWSER=off", "MINIO_UPDATE=off",
			"MINIO_CI_CD=1"} // which lets it use a folder of the system's own disk
}

const accessKey = "fieldsync-test"

func (s *Server) answers(ctx context.Context) error {
	for {
		err := s.ready(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-s.gone:
			s.process = nil
			return fmt.Errorf("%v ended at once: %s", s.program, tail(s.Log()))
		case <-ctx.Done():
			return fmt.Errorf("%v does not answer: %w: %s", s.program, err, tail(s.Log()))
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// ready asks for a bucket that is not there. MinIO says of itself that it is ready before it takes requests.
func (s *Server) ready(ctx context.Context) error {
	b := Bucket{Endpoint: "http://" + s.Address().Host, Region: region, Name: "not-there", AccessKey: accessKey, SecretKey: s.secret}
	status, err := b.have(ctx)
	if err == nil && status != http.StatusNotFound {
		err = errors.New(http.StatusText(status))
	}
	return err
}

// Stop shuts the server down as an operator would.
func (s *Server) Stop() error { return s.end(syscall.SIGTERM) }

// Crash ends the server at once, in the midst of what it does.
func (s *Server) Crash() error { return s.end(syscall.SIGKILL) }

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
		return fmt.Errorf("%v did not stop within %v: %s", s.program, stopLimit, tail(s.Log()))
	}
	s.process = nil
	return s.tell(0)
}

// Close ends the server and removes its folder.
func (s *Server) Close() error {
	err := s.end(syscall.SIGKILL)
	if s.watchdog != nil {
		err = errors.Join(err, s.lifeline.Close(), s.watchdog.Wait())
		s.watchdog = nil
	}
	return errors.Join(err, os.RemoveAll(s.dir))
}

// Address returns where the server is, with the key and the secret of its owner.
func (s *Server) Address() *url.URL {
	return &url.URL{Scheme: "http", User: url.UserPassword(accessKey, s.secret), Host: net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port))}
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

// The watchdog is a shell that reads the number of the running server, line by line, from a pipe of which only this process
// holds the other end. When the process is gone, even by SIGKILL, the pipe ends, and the watchdog ends the server and removes
// its folder.
const watchdog = `
pid=0
while read -r line; do pid=$line; done
if [ "$pid" != 0 ] && kill -KILL "$pid" 2>/dev/null; then
	i=0
	while kill -0 "$pid" 2>/dev/null && [ $i -lt 100 ]; do sleep 0.1; i=$((i+1)); done
fi
rm -rf "$1"
exit 0
`

func (s *Server) watch() error {
	cmd := exec.Command("/bin/sh", "-c", watchdog, "fieldsync-s3-watchdog", s.dir)
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
