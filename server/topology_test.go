package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/internal/pgtest"
	"github.com/fieldsync/fieldsync/internal/s3test"
	"github.com/fieldsync/fieldsync/media/picture"
	"github.com/fieldsync/fieldsync/mobile-api/client"
	"go.yaml.in/yaml/v3"
)

// TestTopology runs what deploy/compose.yaml describes from the programs themselves, for want of a container engine in
// tests: PostgreSQL, MinIO, two servers with the settings of the file, and Caddy with deploy/Caddyfile. A phone enrols through
// the proxy and delivers photos while a server is killed and the object store is away.
func TestTopology(t *testing.T) {
	store := s3test.New(t, s3test.MinIO, "topology")
	top := newTopology(t, pgtest.URL(t), store.NewBucket(t))
	b := newBureau(newProg(t, top.database))
	maps.Copy(b.env, top.env) // verify reads the originals
	phone := top.phone(b)
	event1 := client.NewID()
	b.write(phone, event(b.scopeA, event1, nil))

	take := func(seed uint64) string {
		original := picture.New(picture.Spec{Seed: seed, Width: 900, Height: 700, Bytes: 1 << 20})
		id, err := phone.TakePhoto(t.Context(), b.scopeA, event1, map[string]any{"caption": "示例现场"}, original, nil)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	take(1)
	top.sends(phone, 1)
	top.kill(0)
	take(2)
	top.sends(phone, 1) // the proxy goes to the other one

	if err := store.Stop(); err != nil {
		t.Fatal(err)
	}
	take(3)
	sent, err := phone.SendPhotos(t.Context())
	t.Logf("the store is away: %+v, %v", sent, err)
	if sent.Stored != 0 || sent.Owed == 0 {
		t.Errorf("with the store away: %+v, %v", sent, err)
	}
	if _, err := phone.Sync(t.Context()); err != nil { // counts are taken all the same
		t.Errorf("sync while the store is away: %v", err)
	}
	if err := store.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	top.sends(phone, 1)
	top.start(0)
	top.proxy(t)
	b.clean()
}

type topology struct {
	t        *testing.T
	bin      string
	database string
	env      map[string]string // of every server, as compose.yaml has it
	address  []string          // of the servers
	running  []*exec.Cmd
	site     string
	http     string
	web      *http.Client // trusts the proxy's CA
}

func newTopology(t *testing.T, database string, bucket s3test.Bucket) *topology {
	t.Helper()
	caddy, err := exec.LookPath("caddy")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("caddy is missing (scripts/needs.sh installs it)")
		}
		t.Skip("caddy is missing (scripts/needs.sh installs it)")
	}
	top := &topology{t: t, bin: filepath.Join(t.TempDir(), "fieldsync"), database: database, running: make([]*exec.Cmd, 2)}
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", top.bin, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	ports := freePorts(t, 5)
	top.address = ports[:2]
	top.site, top.http = "https://localhost:"+port(ports[2]), "http://localhost:"+port(ports[3])
	top.env = serverEnv(t)
	maps.Copy(top.env, map[string]string{
		"FIELDSYNC_PUBLIC_URL": top.site, "FIELDSYNC_DATABASE": database, "FIELDSYNC_S3_ENDPOINT": bucket.Endpoint,
		"FIELDSYNC_S3_BUCKET": bucket.Name, "FIELDSYNC_S3_ACCESS_KEY": bucket.AccessKey, "FIELDSYNC_S3_SECRET_KEY": bucket.SecretKey,
	})
	top.start(0)
	top.start(1)
	top.startCaddy(caddy, ports)
	return top
}

func port(address string) string {
	_, p, _ := net.SplitHostPort(address)
	return p
}

func freePorts(t *testing.T, n int) (list []string) {
	t.Helper()
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close() // all are held until all are known
		list = append(list, l.Addr().String())
	}
	return list
}

// serverEnv is the environment that compose.yaml gives a server, with its defaults.
func serverEnv(t *testing.T) map[string]string {
	t.Helper()
	raw, err := os.ReadFile("../deploy/compose.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Services map[string]struct{ Environment map[string]string }
	}
	if err := yaml.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{}
	for name, value := range file.Services["server"].Environment {
		if _, def, ok := strings.Cut(strings.TrimSuffix(value, "}"), ":-"); ok {
			value = def
		}
		if !strings.Contains(value, "${") && name != "PGPASSWORD" {
			env[name] = value
		}
	}
	if env["FIELDSYNC_PHOTOS"] != "s3" || env["FIELDSYNC_SPOOL"] != "store" || env["FIELDSYNC_S3_CHECKSUM"] != "on" {
		t.Fatalf("compose.yaml: %v", env)
	}
	return env
}

// run starts a program that ends with the test.
func (top *topology) run(name string, env map[string]string, args ...string) *exec.Cmd {
	t := top.t
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}
	for k, v := range env {
		cmd.Env = append(cmd.Env, k+"="+v)
	}
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // which may have happened already
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("%s:\n%s", filepath.Base(name), tail(said.String(), 30))
		}
	})
	return cmd
}

func (top *topology) start(i int) {
	top.t.Helper()
	top.running[i] = top.run(top.bin, top.env, "serve", "--listen", top.address[i], "--data", top.t.TempDir())
	top.answers(http.DefaultClient, "http://"+top.address[i]+"/healthz")
}

func (top *topology) kill(i int) {
	top.t.Helper()
	if err := top.running[i].Process.Kill(); err != nil {
		top.t.Fatal(err)
	}
	_ = top.running[i].Wait() // killed
}

func (top *topology) startCaddy(caddy string, ports []string) {
	t := top.t
	t.Helper()
	home := t.TempDir()
	top.run(caddy, map[string]string{
		"XDG_DATA_HOME": home, "XDG_CONFIG_HOME": home, "FIELDSYNC_SITE": "localhost", "FIELDSYNC_TLS": "internal",
		"FIELDSYNC_UPSTREAMS": strings.Join(top.address, " "), "CADDY_HTTPS_PORT": port(ports[2]), "CADDY_HTTP_PORT": port(ports[3]),
		"CADDY_READY_PORT": port(ports[4]),
	}, "run", "--config", "../deploy/Caddyfile", "--adapter", "caddyfile")
	top.answers(http.DefaultClient, "http://"+ports[4]+"/ready")
	// What an office does by hand: its devices are told to trust the CA that the proxy has made.
	root, err := os.ReadFile(filepath.Join(home, "caddy/pki/authorities/local/root.crt"))
	if err != nil {
		t.Fatal(err)
	}
	trusted := x509.NewCertPool()
	trusted.AppendCertsFromPEM(root)
	top.web = &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusted}},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	t.Cleanup(top.web.CloseIdleConnections)
	top.answers(top.web, top.site+"/healthz")
}

// answers waits until an address answers with 200.
func (top *topology) answers(c *http.Client, url string) {
	top.t.Helper()
	var last error
	for range 600 {
		res, err := c.Get(url)
		if last = err; err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return
			}
			last = errors.New(res.Status)
		}
		time.Sleep(50 * time.Millisecond)
	}
	top.t.Fatalf("%s does not answer: %v", url, last)
}

func (top *topology) phone(b *bureau) *client.Client {
	t := top.t
	t.Helper()
	key, err := client.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	kept, err := client.OpenPhotoFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	c, err := client.Open(client.Config{Server: top.site, Key: key, Photos: kept, Transport: top.web.Transport,
		Sleep: func(ctx context.Context, d time.Duration) error {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(min(d, 200*time.Millisecond)): // a test is in a greater hurry than a phone
				return nil
			}
		}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Enrol(t.Context(), strings.Fields(b.do("enrol", b.officerA))[0], "手机", "test"); err != nil {
		t.Fatal(err)
	}
	return c
}

// sends lets the phone deliver, again and again as phones do, until the server has stored so many more and owes no receipt.
func (top *topology) sends(phone *client.Client, want int) {
	t := top.t
	t.Helper()
	stored := 0
	var sent client.Sent
	var err error
	for range 20 {
		if sent, err = phone.SendPhotos(t.Context()); err == nil && sent.Refused > 0 {
			break
		}
		if stored += sent.Stored; stored >= want && sent.Owed == 0 {
			return
		}
		time.Sleep(200 * time.Millisecond)
	}
	t.Fatalf("stored %d, want %d: %+v, %v", stored, want, sent, err)
}

// proxy checks what the Caddyfile promises.
func (top *topology) proxy(t *testing.T) {
	ask := func(method, url string, body io.Reader, size int64) (*http.Response, string) {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), method, url, body)
		if err != nil {
			t.Fatal(err)
		}
		req.ContentLength = size
		res, err := top.web.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		text, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res, string(text)
	}
	res, text := ask(http.MethodGet, top.site+"/healthz", nil, 0)
	if res.StatusCode != http.StatusOK || res.Header.Get("Strict-Transport-Security") == "" || res.Header.Get("Server") != "" || !json.Valid([]byte(text)) {
		t.Errorf("%s %v %q", res.Status, res.Header, text)
	}
	if res, _ := ask(http.MethodGet, top.http+"/x", nil, 0); res.StatusCode/100 != 3 || !strings.HasPrefix(res.Header.Get("Location"), "https://localhost") {
		t.Errorf("without TLS: %s to %q", res.Status, res.Header.Get("Location"))
	}
	if res, _ := ask(http.MethodPost, top.site+"/api/v1/sync/push", bytes.NewReader(make([]byte, 4<<20)), 4<<20); res.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("a body of 4 MiB: %s", res.Status)
	}
	// 256 KiB at 100 KiB/s: slower than any limit of a proxy as it is installed, and no fault.
	slow := &slowly{r: bytes.NewReader(make([]byte, 256<<10))}
	if res, _ := ask(http.MethodPut, top.site+"/api/v1/photos/"+client.NewID()+"/units/0", slow, 256<<10); res.StatusCode != http.StatusUnauthorized {
		t.Errorf("a slow body: %s", res.Status)
	}
}

type slowly struct{ r io.Reader }

func (s *slowly) Read(b []byte) (int, error) {
	time.Sleep(100 * time.Millisecond)
	return s.r.Read(b[:min(len(b), 10<<10)])
}
