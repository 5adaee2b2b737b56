package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/fieldsync/fieldsync/media"
	"github.com/fieldsync/fieldsync/media/minioblob"
)

// PhotosConfig says where originals are kept and where what is not whole waits.
type PhotosConfig struct {
	Store      string // a folder, or s3; empty: photos in the data folder
	Spool      string // a folder, or store: in the photos' store; empty: spool in the data folder
	Endpoint   string
	Public     string // the endpoint as browsers reach it
	Bucket     string
	Region     string
	AccessKey  string
	SecretKey  string
	Style      string // auto path host
	Checksum   string // on off
	Create     string // on off: make the bucket when it is missing
	Presign    string // on off: originals are read from the store itself
	PhotoQuota string // bytes of each device
	VideoQuota string
}

// s3Store and inStore are the words for the object store and for a spool in the photos' store.
const (
	s3Store = "s3"
	inStore = "store"
)

var photoSettings = []setting{
	{"photos", "where originals are kept: a folder, or s3 (default photos in the data folder)", func(c *Config) *string { return &c.Photos.Store }},
	{"spool", "where unfinished originals wait: a folder, or store; servers that share a database share it (default spool in the data folder)",
		func(c *Config) *string { return &c.Photos.Spool }},
	{"s3-endpoint", "object store, https://host[:port]", func(c *Config) *string { return &c.Photos.Endpoint }},
	{"s3-public-endpoint", "the same as browsers reach it, for --presign", func(c *Config) *string { return &c.Photos.Public }},
	{"s3-bucket", "bucket", func(c *Config) *string { return &c.Photos.Bucket }},
	{"s3-region", "region, if the store asks for one", func(c *Config) *string { return &c.Photos.Region }},
	{"s3-access-key", "access key", func(c *Config) *string { return &c.Photos.AccessKey }},
	{"s3-secret-key", "secret key (rather as FIELDSYNC_S3_SECRET_KEY)", func(c *Config) *string { return &c.Photos.SecretKey }},
	{"s3-style", "how the bucket is named: auto, path or host", func(c *Config) *string { return &c.Photos.Style }},
	{"s3-checksum", "on, or off for stores that refuse x-amz-checksum-sha256", func(c *Config) *string { return &c.Photos.Checksum }},
	{"s3-create-bucket", "on: make the bucket when it is missing, or off", func(c *Config) *string { return &c.Photos.Create }},
	{"presign", "on: browsers read originals from the object store itself, or off", func(c *Config) *string { return &c.Photos.Presign }},
	{"photo-quota", "room for the photos of one phone, such as 16G", func(c *Config) *string { return &c.Photos.PhotoQuota }},
	{"video-quota", "room for its videos", func(c *Config) *string { return &c.Photos.VideoQuota }},
}

func photoDefaults() PhotosConfig {
	return PhotosConfig{Style: "auto", Checksum: "on", Create: "on", Presign: "off", PhotoQuota: "16G", VideoQuota: "16G"}
}

// check returns a fault for every key that is not usable.
func (p *PhotosConfig) check() (faults []error) {
	fault := func(key, format string, a ...any) {
		faults = append(faults, fmt.Errorf("%s: %s", key, fmt.Sprintf(format, a...)))
	}
	for _, s := range []struct{ key, value, words string }{
		{"s3-style", p.Style, "auto path host"}, {"s3-checksum", p.Checksum, "on off"}, {"s3-create-bucket", p.Create, "on off"},
		{"presign", p.Presign, "on off"},
	} {
		if words := strings.Fields(s.words); !slices.Contains(words, s.value) {
			fault(s.key, "%q is none of %s", s.value, strings.Join(words, ", "))
		}
	}
	for key, v := range map[string]string{"photo-quota": p.PhotoQuota, "video-quota": p.VideoQuota} {
		if _, err := bytesOf(v); err != nil {
			fault(key, "%q is not a number of bytes such as 500M or 16G", v)
		}
	}
	if p.Store == s3Store {
		for key, v := range map[string]string{"s3-endpoint": p.Endpoint, "s3-bucket": p.Bucket, "s3-access-key": p.AccessKey, "s3-secret-key": p.SecretKey} {
			if v == "" {
				fault(key, "is needed with photos: s3")
			}
		}
	} else if p.Presign == "on" {
		fault("presign", "only an object store can be read without this server")
	}
	return faults
}

// bytesOf reads a number of bytes with an optional K, M, G or T (powers of 1,024).
func bytesOf(s string) (int64, error) {
	shift := 0
	if i := strings.IndexByte("KMGT", (s + " ")[max(len(s)-1, 0)]); i >= 0 {
		shift, s = 10*(i+1), s[:len(s)-1]
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 1 || n > 1<<62>>shift {
		return 0, fmt.Errorf("not a number of bytes")
	}
	return n << shift, nil
}

// limits are the bounds of what is taken in.
func (p *PhotosConfig) limits() media.Limits {
	photos, _ := bytesOf(p.PhotoQuota) // checked with the settings
	videos, _ := bytesOf(p.VideoQuota)
	return media.Limits{PhotoQuota: photos, VideoQuota: videos}
}

// folderOr returns the folder of originals or of the spool.
func folderOr(set, data, name string) string {
	if set != "" {
		return set
	}
	return filepath.Join(data, name)
}

// objectStore are the settings of the object store.
func (p *PhotosConfig) objectStore() minioblob.Options {
	return minioblob.Options{Endpoint: p.Endpoint, PublicEndpoint: p.Public, Bucket: p.Bucket, Region: p.Region, AccessKey: p.AccessKey,
		SecretKey: p.SecretKey, Style: p.Style, NoChecksum: p.Checksum == "off", CreateBucket: p.Create == "on"}
}
