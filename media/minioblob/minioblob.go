// Package minioblob is a store of bytes in a bucket of an object store that speaks S3. It is the only importer of minio-go.
//
// Every body goes out with its SHA-256 in a header, so the store compares it before it answers, and with If-None-Match, so
// that of two who put the same key one is told that it was there. The SHA-256 is also computed here while the bytes pass,
// and the last ones are kept back until it is right: a store that compares nothing cannot keep wrong bytes either.
//
// Not every store does all of this. [Store.Check] tries it and says what is missing; the store then goes on without: a
// store that ignores If-None-Match is asked first whether the key is there.
//
// Up to 64 MiB a body streams in one request. What is larger goes in parts of 8 MiB, each held in memory while it is sent,
// so that it can be sent again; at most four such bodies go at once, others wait.
package minioblob

import (
	"context"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/minio/minio-go/v7/pkg/s3utils"
)

// Options say where the store is and what it is like.
type Options struct {
	Endpoint  string // http://host:port or https://host[:port]; without a scheme https
	Bucket    string
	Region    string // empty: asked of the store, us-east-1 if it does not tell
	AccessKey string
	SecretKey string
	Style     string // how a bucket is named: auto (also empty), path (host/bucket/key) or host (bucket.host/key)

	// NoChecksum leaves x-amz-checksum-sha256 away, for stores that refuse it. The signature has the SHA-256 instead.
	NoChecksum bool
	// CreateBucket makes the bucket if it is not there. Otherwise it must be.
	CreateBucket bool
	// PublicEndpoint is the address of the same store for those who get presigned addresses; empty: Endpoint.
	PublicEndpoint string

	Wait time.Duration // how long the store may say nothing before it counts as gone; 0: 60 s
}

// Store is one bucket. It is safe for concurrent use.
type Store struct {
	core   minio.Core
	public *minio.Client
	opt    Options

	plain    atomic.Bool   // the store ignores or refuses If-None-Match
	compares atomic.Bool   // the store was seen to compare bodies with x-amz-checksum-sha256
	large    chan []byte   // buffers of the bodies in parts; as many as may go at once
	part     int64         // bytes of a part
	whole    int64         // bytes up to which a body goes in one request
	lacks    atomic.Value  // []string, of the last Check
	short    time.Duration // for requests without a body
}

const (
	wholeBytes = 64 << 20
	partBytes  = 8 << 20 // S3 asks for 5 MiB at least
	largeOnes  = 4
)

// New returns the store without asking it anything, so that a server can start while the store is away. Options that cannot
// be used are a problem with code invalid.
func New(opt Options) (*Store, error) {
	if opt.Wait <= 0 {
		opt.Wait = time.Minute
	}
	client, err := dial(opt, opt.Endpoint)
	if err != nil {
		return nil, err
	}
	public := client
	if opt.PublicEndpoint != "" {
		if public, err = dial(opt, opt.PublicEndpoint); err != nil {
			return nil, err
		}
	}
	s := &Store{core: minio.Core{Client: client}, public: public, opt: opt, large: make(chan []byte, largeOnes),
		part: partBytes, whole: wholeBytes, short: opt.Wait / 2}
	for range largeOnes {
		s.large <- nil // made when it is needed
	}
	s.lacks.Store([]string(nil))
	return s, nil
}

// Open returns the store after a [Store.Check].
func Open(ctx context.Context, opt Options) (*Store, error) {
	s, err := New(opt)
	if err != nil {
		return nil, err
	}
	_, err = s.Check(ctx)
	return s, err
}

func dial(opt Options, endpoint string) (*minio.Client, error) {
	if opt.Bucket == "" || opt.AccessKey == "" || opt.SecretKey == "" {
		return nil, problem.New(problem.Invalid, "the object store needs a bucket, an access key and a secret key")
	}
	if err := s3utils.CheckValidBucketNameStrict(opt.Bucket); err != nil {
		return nil, problem.Wrap(err, problem.Invalid, "the bucket of the object store has no usable name: %v", err)
	}
	if !strings.Contains(endpoint, "://") {
		endpoint = "https://" + endpoint
	}
	u, err := url.Parse(endpoint)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || strings.Trim(u.Path, "/") != "" || u.User != nil {
		return nil, problem.Wrap(err, problem.Invalid, "the address of the object store is not http(s)://host:port")
	}
	styles := map[string]minio.BucketLookupType{"": minio.BucketLookupAuto, "auto": minio.BucketLookupAuto,
		"path": minio.BucketLookupPath, "host": minio.BucketLookupDNS}
	style, ok := styles[opt.Style]
	if !ok {
		return nil, problem.New(problem.Invalid, "the style of the object store is auto, path or host, not %q", opt.Style)
	}
	client, err := minio.New(u.Host, &minio.Options{
		Creds:        credentials.NewStaticV4(opt.AccessKey, opt.SecretKey, ""),
		Secure:       u.Scheme == "https",
		Region:       opt.Region,
		BucketLookup: style,
		Transport:    transport(opt.Wait),
		MaxRetries:   3, // within about a second; who asked knows better what to do after that
	})
	if err != nil {
		return nil, problem.Wrap(err, problem.Invalid, "the settings of the object store cannot be used")
	}
	return client, nil
}
