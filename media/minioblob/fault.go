package minioblob

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/media"
	"github.com/minio/minio-go/v7"
)

// Words of S3 for the same thing differ from store to store.
var (
	wordsWrongSum = []string{"BadDigest", "InvalidDigest", "XAmzContentSHA256Mismatch", "XAmzContentChecksumMismatch",
		"IncompleteBody", "ChecksumMismatch", "InvalidChecksum", "ContentSHA256Mismatch"}
	wordsFull = []string{"XMinioStorageFull", "XMinioAdminBucketQuotaExceeded", "QuotaExceeded", "InsufficientStorage",
		"InsufficientCapacity", "StorageFull", "NoSpaceLeft", "UserDisabled", "UnderDebt"}
	wordsRefused = []string{"AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "AllAccessDisabled", "AccountProblem",
		"InvalidSecurity", "InvalidToken"}
	wordsNoCondition = []string{"NotImplemented", "MethodNotAllowed", "XNotImplemented"}
)

func answer(err error) (minio.ErrorResponse, bool) {
	return errors.AsType[minio.ErrorResponse](err)
}

// said reports whether the store answered with one of the words.
func said(err error, words ...string) bool {
	a, ok := answer(err)
	return ok && slices.Contains(words, a.Code)
}

// taken reports whether a put was refused because the key is there.
func taken(err error) bool {
	a, ok := answer(err)
	return ok && (a.StatusCode == http.StatusPreconditionFailed || a.Code == "PreconditionFailed" || a.Code == "FileAlreadyExists")
}

// fault makes a problem of what a request came to. An error of the context stays in the chain.
func fault(ctx context.Context, err error) error {
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return problem.Wrap(errors.Join(ctx.Err(), err), problem.Unavailable, "the photo store was not waited for").
			ZH("没有等到照片库的答复").RetryAfter(10)
	}
	a, ok := answer(err)
	switch {
	case !ok:
		return problem.Wrap(err, problem.Unavailable, "the photo store does not answer").ZH("照片库没有应答").RetryAfter(15)
	case a.Code == "NoSuchBucket":
		return problem.Wrap(err, problem.Unavailable, "the photo store has no such bucket").ZH("照片库里没有所设的存储桶").RetryAfter(300)
	case a.StatusCode == http.StatusNotFound && a.Code != "NoSuchUpload":
		return media.NoBlob(err)
	case slices.Contains(wordsWrongSum, a.Code):
		return problem.Wrap(err, problem.BadDigest, "the photo store received other bytes than were announced").
			ZH("照片库收到的内容与声明的不一致")
	case a.StatusCode == http.StatusInsufficientStorage || slices.Contains(wordsFull, a.Code):
		return problem.Wrap(err, problem.Unavailable, "the photo store is full").ZH("照片库已满").RetryAfter(300)
	case a.Code == "RequestTimeTooSkewed":
		return problem.Wrap(err, problem.Unavailable, "the clocks of this server and of the photo store differ too much").
			ZH("本服务器与照片库的时钟相差过大").RetryAfter(300)
	case a.StatusCode == http.StatusForbidden || a.StatusCode == http.StatusUnauthorized || slices.Contains(wordsRefused, a.Code):
		return problem.Wrap(err, problem.Unavailable, "the photo store does not accept our key").ZH("照片库不接受所设的密钥").RetryAfter(300)
	}
	return problem.Wrap(err, problem.Unavailable, "the photo store is in trouble").ZH("照片库暂时不可用").RetryAfter(15)
}
