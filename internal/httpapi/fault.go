package httpapi

import (
	"context"
	"errors"
	"maps"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldsync/fieldsync/internal/problem"
)

// MIMEProblem is the media type of every error answer (RFC 9457).
const MIMEProblem = "application/problem+json"

// typePrefix starts the type member of a problem document; the code follows.
const typePrefix = "urn:fieldsync:problem:"

// retrySeconds is how long a caller waits when a 429 or 503 names no time of its own.
const retrySeconds = 5

// face is how a code looks from outside.
type face struct {
	status int
	title  string // short, the same for every problem with this code
}

// faces is the one table from codes to HTTP (RFC 9110 §15.5 and the answers of push). A test
// reads the codes that package problem declares and fails when one is missing here.
var faces = map[problem.Code]face{
	problem.Internal:      {fiber.StatusInternalServerError, "Internal error"},
	problem.Invalid:       {fiber.StatusBadRequest, "Invalid request"},
	problem.BadHeader:     {fiber.StatusUnprocessableEntity, "Bad batch header"},
	problem.BadHash:       {fiber.StatusUnprocessableEntity, "Hashes do not match"},
	problem.BadSignature:  {fiber.StatusUnprocessableEntity, "Bad signature"},
	problem.BadEncoding:   {fiber.StatusUnsupportedMediaType, "Bad content encoding"},
	problem.TooLarge:      {fiber.StatusRequestEntityTooLarge, "Too large"},
	problem.Gap:           {fiber.StatusConflict, "Earlier lines are missing"},
	problem.Fork:          {fiber.StatusConflict, "Other lines at these places"},
	problem.Reset:         {fiber.StatusGone, "Server was restored"},
	problem.BadCursor:     {fiber.StatusBadRequest, "Bad cursor"},
	problem.Unauthorized:  {fiber.StatusUnauthorized, "Not authorized"},
	problem.TokenExpired:  {fiber.StatusUnauthorized, "Access token expired"},
	problem.BadAssertion:  {fiber.StatusUnauthorized, "Bad assertion"},
	problem.ClockSkew:     {fiber.StatusUnauthorized, "Clock is off"},
	problem.Replayed:      {fiber.StatusUnauthorized, "Assertion was used before"},
	problem.UnknownDevice: {fiber.StatusUnauthorized, "Unknown device"},
	problem.Forbidden:     {fiber.StatusForbidden, "Not allowed"},
	problem.NotFound:      {fiber.StatusNotFound, "Not found"},
	problem.BadCode:       {fiber.StatusNotFound, "Unknown enrolment code"},
	problem.CodeUsed:      {fiber.StatusConflict, "Enrolment code was used"},
	problem.CodeExpired:   {fiber.StatusGone, "Enrolment code expired"},
	problem.BadLogin:      {fiber.StatusUnauthorized, "Wrong login or password"},
	problem.Locked:        {fiber.StatusTooManyRequests, "Locked for a while"},
	problem.Moved:         {fiber.StatusConflict, "Changed meanwhile"},
	problem.Conflict:      {fiber.StatusConflict, "Conflict"},
	problem.Overloaded:    {fiber.StatusTooManyRequests, "Overloaded"},
	problem.Unavailable:   {fiber.StatusServiceUnavailable, "Unavailable"},
	problem.Method:        {fiber.StatusMethodNotAllowed, "Method not allowed"},
	problem.BadDigest:     {fiber.StatusUnprocessableEntity, "Bytes damaged on the way"},
	problem.HashMismatch:  {fiber.StatusUnprocessableEntity, "Not the announced original"},
	problem.Quota:         {fiber.StatusInsufficientStorage, "No room left for this device"},
	problem.BadRange:      {fiber.StatusRequestedRangeNotSatisfiable, "Range not satisfiable"},
}

// Status returns the HTTP status of a code, 500 for a code that is not in the table.
func Status(code problem.Code) int {
	if f, ok := faces[code]; ok {
		return f.status
	}
	return fiber.StatusInternalServerError
}

// translate returns what the public sees of err, and the status. Only a *problem.Error has a
// sentence of its own.
func translate(err error) (*problem.Error, int) {
	var p *problem.Error
	known := errors.As(err, &p)
	// A store that ran out of time may call it internal: the same request may still succeed.
	if (!known || p.Code == problem.Internal) && timedOut(err) {
		p = problem.Wrap(err, problem.Unavailable, "This took too long. Send the same again.").
			ZH("处理超时，请稍后再试。")
		return p, Status(p.Code)
	}
	if known {
		return p, Status(p.Code)
	}
	var fe *fiber.Error
	if errors.As(err, &fe) {
		return ofFiber(fe)
	}
	return problem.Wrap(err, problem.Internal, "Something went wrong here.").ZH("服务器出错了，请稍后再试；仍不行请联系管理员。"), fiber.StatusInternalServerError
}

func timedOut(err error) bool {
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
}

// ofFiber translates the refusals of the router and of the server under it. They keep their
// status; their message, which may quote the request, is for the log.
func ofFiber(fe *fiber.Error) (*problem.Error, int) {
	code, sentence, zh := problem.Invalid, "The request cannot be read.", "请求无法识别，请刷新页面后再试。"
	switch fe.Code {
	case fiber.StatusNotFound:
		code, sentence, zh = problem.NotFound, "There is nothing at this address.", "这个地址没有内容。"
	case fiber.StatusMethodNotAllowed:
		code, sentence, zh = problem.Method, "This address does not take this method.", "此地址不支持这种操作。"
	case fiber.StatusRequestEntityTooLarge:
		code, sentence, zh = problem.TooLarge, "The body is too large. Send less at once.", "内容太大，请分几次提交。"
	case fiber.StatusRequestHeaderFieldsTooLarge, fiber.StatusRequestURITooLong:
		code, sentence, zh = problem.TooLarge, "The address and the headers are too long.", "地址或请求头太长，请减少筛选条件。"
	case fiber.StatusRequestTimeout:
		code, sentence, zh = problem.Unavailable, "The request came too slowly. Send the same again.", "网络太慢，没有传完，请重试。"
	case fiber.StatusTooManyRequests:
		code, sentence, zh = problem.Overloaded, "Too much at once. Send the same again later.", "请求太多，请稍后再试。"
	case fiber.StatusBadGateway: // Fiber's word for a link that was cut in the middle of a request: nobody hears the answer
		return problem.Wrap(fe, problem.Invalid, "The request broke off. Send the same again.").ZH("请求没有传完，请重试。"), fiber.StatusBadRequest
	case fiber.StatusServiceUnavailable:
		code, sentence, zh = problem.Unavailable, "Not available just now. Send the same again later.", "服务暂时不可用，请稍后再试。"
	default:
		if fe.Code < 400 || fe.Code >= 500 {
			return problem.Wrap(fe, problem.Internal, "Something went wrong here.").ZH("服务器出错了，请稍后再试；仍不行请联系管理员。"), fiber.StatusInternalServerError
		}
	}
	return problem.Wrap(fe, code, "%s", sentence).ZH("%s", zh), fe.Code
}

// answer writes err as a problem document over whatever the handler had begun.
func (b *border) answer(c *fiber.Ctx, err error) {
	p, status := translate(err)
	for _, name := range []string{
		fiber.HeaderETag, fiber.HeaderLastModified, fiber.HeaderContentEncoding, fiber.HeaderContentDisposition,
		fiber.HeaderContentRange, fiber.HeaderAcceptRanges, fiber.HeaderLocation, fiber.HeaderSetCookie,
	} {
		c.Response().Header.Del(name)
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	if status == fiber.StatusUnauthorized { // RFC 9110 §11.6.1
		c.Set(fiber.HeaderWWWAuthenticate, `Bearer realm="fieldsync"`)
	}
	if p.Code == problem.BadEncoding && c.GetRespHeader(fiber.HeaderAcceptEncoding) == "" { // RFC 9110 §12.5.3
		c.Set(fiber.HeaderAcceptEncoding, "gzip") // unless the route takes none
	}
	if size, ok := p.Fields["size"].(int64); ok && p.Code == problem.BadRange { // RFC 9110 §15.5.17
		c.Set(fiber.HeaderContentRange, "bytes */"+strconv.FormatInt(size, 10))
	}
	if after := retryAfter(p, status); after > 0 {
		c.Set(fiber.HeaderRetryAfter, strconv.Itoa(after))
	}
	c.Status(status)
	c.Set(fiber.HeaderContentType, MIMEProblem)
	c.Response().SetBodyRaw(document(p, status, RequestID(c)))
}

func retryAfter(p *problem.Error, status int) int {
	if p.Retry > 0 {
		return p.Retry
	}
	if status == fiber.StatusTooManyRequests || status == fiber.StatusServiceUnavailable {
		return retrySeconds
	}
	return 0
}

// document encodes the problem. Its own members win over Fields of the same name.
func document(p *problem.Error, status int, requestID string) []byte {
	title := faces[p.Code].title
	if title == "" {
		title = faces[problem.Internal].title
	}
	own := map[string]any{
		"type": typePrefix + string(p.Code), "title": title, "status": status,
		"detail": p.Msg, "detail_zh": p.InChinese(), "code": p.Code, "request_id": requestID,
	}
	all := maps.Clone(own)
	for name, value := range p.Fields {
		if _, taken := own[name]; !taken {
			all[name] = value
		}
	}
	raw, err := encode(all)
	if err != nil { // a field that is not JSON must not cost the answer
		raw, _ = encode(own)
	}
	return raw
}
