package main

import (
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/fieldsync/fieldsync/internal/problem"
)

func healthCommand() *command {
	return &command{name: "health", usage: "[URL]", short: "ask a running server whether it is well", run: health,
		long: `Ends with 0 when the server that listens where --listen says answers, and can reach its database. With a URL
it asks that instead. For containers, which have no other program to ask with.

  fieldsync health
  fieldsync health http://127.0.0.1:9000/minio/health/ready`}
}

// healthWait is shorter than what containers' checks wait, so that the reason is printed.
const healthWait = 4 * time.Second

func health(in *invocation) error {
	target, err := healthURL(in)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(in.ctx, http.MethodGet, target, nil)
	if err != nil {
		return problem.Wrap(err, problem.Invalid, "%q is not an address", target)
	}
	asks := http.Client{Timeout: healthWait}
	res, err := asks.Do(req)
	if err != nil {
		return problem.Wrap(err, problem.Unavailable, "%s does not answer", target)
	}
	defer res.Body.Close()
	if res.StatusCode/100 != 2 {
		said, _ := io.ReadAll(io.LimitReader(res.Body, 1<<10)) // only helps to understand the status
		return problem.New(problem.Unavailable, "%s: %s %s", target, res.Status, said)
	}
	in.printf("%s: ok\n", target)
	return nil
}

func healthURL(in *invocation) (string, error) {
	switch len(in.args) {
	case 0:
	case 1:
		return in.args[0], nil
	default:
		return "", problem.New(problem.Invalid, "one URL at most")
	}
	host, port, err := net.SplitHostPort(in.cfg.Listen)
	if err != nil {
		return "", err
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1" // a server that listens everywhere listens here
	}
	u := url.URL{Scheme: "http", Host: net.JoinHostPort(host, port), Path: "/healthz"}
	return u.String(), nil
}
