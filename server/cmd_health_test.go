package main

import (
	"strings"
	"testing"
)

func TestHealth(t *testing.T) {
	t.Parallel()
	p := newProg(t, "")
	s := p.serve()
	host := strings.TrimPrefix(s.url, "http://")
	_, port, _ := strings.Cut(host, ":")
	for _, args := range [][]string{{"--listen", host}, {"--listen", "0.0.0.0:" + port}, {"--listen", ":" + port}, {s.url + "/healthz"}} {
		if out := p.do(append([]string{"health"}, args...)...); !strings.Contains(out, "ok") {
			t.Errorf("%v: %q", args, out)
		}
	}
	p.refused([]string{"404"}, "health", s.url+"/nothing")
	p.refused([]string{"one URL"}, "health", "a", "b")
	s.stop()
	p.refused([]string{"does not answer"}, "health", "--listen", host)
}
