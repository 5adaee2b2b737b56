package auth

import (
	"time"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
)

// The lock of a login.
const (
	FreeAttempts  = 5                // failures in a row before a login is locked
	FirstLock     = 30 * time.Second // after that many; each further failure doubles it
	MaxLock       = 15 * time.Minute
	ForgetFailure = 24 * time.Hour // after the newest one
)

// attempt counts one more attempt as failed, before it is looked at, so that many at once are
// no more than as many in turn; a success takes the count away. While the login is locked the
// problem is locked, and the attempt does not count.
func attempt(f *models.LoginFailure, now time.Time) error {
	wait := time.Duration(f.UntilMS-now.UnixMilli()) * time.Millisecond
	if wait > 0 && wait <= MaxLock { // longer: the clock was wrong then
		return problem.New(problem.Locked, "Too many failed sign-ins. Try again later.").
			ZH("登录失败次数太多，账号已暂时锁定，请稍后再试。").
			RetryAfter(int((wait + time.Second - 1) / time.Second))
	}
	f.Count++
	f.LastMS, f.UntilMS = now.UnixMilli(), 0
	if f.Count >= FreeAttempts {
		f.UntilMS = now.Add(lockAfter(f.Count)).UnixMilli()
	}
	return nil
}

func lockAfter(failures int64) time.Duration {
	lock := FirstLock
	for n := int64(FreeAttempts); n < failures && lock < MaxLock; n++ {
		lock *= 2
	}
	return min(lock, MaxLock)
}
