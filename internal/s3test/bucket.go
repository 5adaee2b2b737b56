package s3test

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const region = "us-east-1"

// create makes an empty bucket. The name says which test it is of, for who looks into a folder that was left.
func create(ctx context.Context, address *url.URL, test string) (Bucket, error) {
	secret, _ := address.User.Password()
	b := Bucket{
		Endpoint:  "http://" + address.Host,
		Region:    region,
		Name:      "t-" + plain(test, 30) + "-" + strings.ToLower(rand.Text()[:12]),
		AccessKey: address.User.Username(),
		SecretKey: secret,
	}
	return b, b.ask(ctx, http.MethodPut, nil)
}

// drop removes a bucket with all that is in it.
func drop(ctx context.Context, b Bucket, data string) error {
	err := b.ask(ctx, http.MethodDelete, http.Header{"X-Minio-Force-Delete": {"true"}})
	if err == nil || data == "" {
		return err
	}
	return errors.Join(os.RemoveAll(filepath.Join(data, b.Name)), os.RemoveAll(filepath.Join(data, "..", "sidecar", b.Name)))
}

// ask sends one signed request without a body about the bucket itself. It is all that this package says to a store, so that
// the library stays where the project keeps it.
func (b Bucket) ask(ctx context.Context, method string, header http.Header) error {
	res, err := b.send(ctx, method, header)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	said, err := io.ReadAll(io.LimitReader(res.Body, 1<<12))
	if err != nil || res.StatusCode/100 != 2 {
		return errors.Join(err, fmt.Errorf("%s %s: %s: %s", method, b.Name, res.Status, said))
	}
	return nil
}

// have asks whether the bucket is there: 200 or 404.
func (b Bucket) have(ctx context.Context) (status int, err error) {
	res, err := b.send(ctx, http.MethodHead, nil)
	if err != nil {
		return 0, err
	}
	return res.StatusCode, res.Body.Close()
}

var client = http.Client{Timeout: 20 * time.Second}

func (b Bucket) send(ctx context.Context, method string, header http.Header) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, b.Endpoint+"/"+b.Name, nil)
	if err != nil {
		return nil, err
	}
	for name, values := range header {
		req.Header[name] = values
	}
	b.sign(req, time.Now())
	return client.Do(req)
}

// sign signs a request without query and body by AWS Signature Version 4.
func (b Bucket) sign(req *http.Request, now time.Time) {
	const signed = "host;x-amz-content-sha256;x-amz-date"
	empty := hex.EncodeToString(sha256.New().Sum(nil))
	stamp := now.UTC().Format("20060102T150405Z")
	scope := stamp[:8] + "/" + b.Region + "/s3/aws4_request"
	req.Header.Set("X-Amz-Date", stamp)
	req.Header.Set("X-Amz-Content-Sha256", empty)
	canonical := strings.Join([]string{
		req.Method, req.URL.EscapedPath(), "",
		"host:" + req.URL.Host, "x-amz-content-sha256:" + empty, "x-amz-date:" + stamp, "",
		signed, empty,
	}, "\n")
	digest := sha256.Sum256([]byte(canonical))
	key := []byte("AWS4" + b.SecretKey)
	for _, part := range strings.Split(scope, "/") {
		key = mac(key, part)
	}
	signature := mac(key, "AWS4-HMAC-SHA256\n"+stamp+"\n"+scope+"\n"+hex.EncodeToString(digest[:]))
	req.Header.Set("Authorization", fmt.Sprintf("AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%x",
		b.AccessKey, scope, signed, signature))
}

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

// plain keeps the letters and digits of a name, for use in file and bucket names.
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
