package media

import (
	"encoding/hex"
	"strings"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
)

// maxUnits is how many units come at once.
const maxUnits = 8

// target is an original as one announcement has it.
type target struct {
	scope string
	sum   string // hexadecimal
	want  [32]byte
	bytes int64
	video bool // as the phone says
	photo bool // as the phone says; neither, where it does not know
}

func targetOf(a *models.Announcement) (target, error) {
	t := target{scope: a.Scope, sum: a.SHA256, bytes: a.Bytes, video: strings.HasPrefix(a.MIME, "video/"),
		photo: strings.HasPrefix(a.MIME, "image/")}
	n, err := hex.Decode(t.want[:], []byte(a.SHA256[:min(len(a.SHA256), 64)]))
	if err != nil || n != 32 || len(a.SHA256) != 64 || strings.ToLower(a.SHA256) != a.SHA256 || a.Bytes < 1 {
		return target{}, problem.New(problem.Invalid, "the photo was announced without a usable hash or size")
	}
	return t, nil
}

func (t target) name() string { return SpoolPrefix(t.scope, t.sum) }

func (t target) units() int64 { return (t.bytes + models.PhotoUnit - 1) / models.PhotoUnit }

// span is how many bytes n units have from a number on.
func (t target) span(first, n int64) int64 {
	return min((first+n)*models.PhotoUnit, t.bytes) - first*models.PhotoUnit
}

// limits says how large it may be and how much of its sort a device may send. What the phone has no name for may be a video
// until its bytes say what it is, but bears the quota of photos.
func (s *Service) limits(t target) (bytes, quota int64) {
	bytes, quota = s.Limits.VideoBytes, s.Limits.PhotoQuota
	if t.photo {
		bytes = s.Limits.PhotoBytes
	}
	if t.video {
		quota = s.Limits.VideoQuota
	}
	return bytes, quota
}

// allows checks the size that was announced.
func (s *Service) allows(t target) error {
	if limit, _ := s.limits(t); t.bytes > limit {
		return problem.New(problem.TooLarge, "an original of this kind may have %d bytes", limit).
			ZH("这类原件不得超过 %d 字节。", limit).With("limit", limit)
	}
	return nil
}

// fits checks that a body is what comes from a number on, and returns how many units it is.
func (s *Service) fits(t target, first int64, body []byte) (n int64, err error) {
	if err := s.allows(t); err != nil {
		return 0, err
	}
	n = (int64(len(body)) + models.PhotoUnit - 1) / models.PhotoUnit
	switch {
	case first < 0 || first >= t.units():
		return 0, problem.New(problem.Invalid, "the original has units 0 to %d", t.units()-1)
	case n < 1 || first+n > t.units() || int64(len(body)) != t.span(first, n):
		return 0, problem.New(problem.Invalid, "units have %d bytes each, but the last of the original has the rest: %d in all from unit %d on",
			models.PhotoUnit, t.span(first, t.units()-first), first)
	}
	return n, nil
}
