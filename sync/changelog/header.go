package changelog

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"math/big"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/fieldsync/fieldsync/internal/problem"
)

// After names the last line that an epoch has in common with the one it follows. It is a claim:
// whether the server knows such a line is judged elsewhere.
type After struct {
	Device, Epoch string
	Seq           int64
	H             Hash
}

// Header is the first line of a batch.
type Header struct {
	V             int    // version of the protocol, 1
	Device, Epoch string // the log: canonical lower-case UUIDs
	From, Count   int64  // seq of the first line carried, number of lines
	Prev, Tail    Hash   // h(From−1) and h(From+Count−1)
	Sig           []byte // ES256 over SignedText, raw r‖s, 64 bytes
	After         *After // of an epoch that follows another

	// Claims, fresh at each try and not signed.
	Wall          int64  // the phone's clock, ms since 1970 UTC
	LogNext       int64  // how long the phone's log is
	PhotosPending int64  // originals that it still owes
	Acked         int64  // lines that it says were acknowledged
	ServerEpoch   string // the server's epoch that it last saw, or ""
}

// half is the size of r and of s of an ES256 signature in bytes.
const half = 32

// SignedText returns what Sig is over: the log, the place, the chain's end and, of an epoch that
// follows another, the line it follows. The lines are bound by the chain.
func (h *Header) SignedText() []byte {
	b := make([]byte, 0, 320)
	b = append(b, "fieldsync-push/1\n"...)
	b = append(append(b, h.Device...), '\n')
	b = append(append(b, h.Epoch...), '\n')
	b = append(strconv.AppendInt(b, h.From, 10), '\n')
	b = append(strconv.AppendInt(b, h.Count, 10), '\n')
	b = append(strict64.AppendEncode(b, h.Tail[:]), '\n')
	if a := h.After; a != nil {
		b = append(append(b, a.Device...), ' ')
		b = append(append(b, a.Epoch...), ' ')
		b = append(strconv.AppendInt(b, a.Seq, 10), ' ')
		b = append(strict64.AppendEncode(b, a.H[:]), '\n')
	}
	return b
}

// Verify returns nil if Sig is by the key pub over the header's signed text, else a problem with
// code BadSignature. It does not look at the lines: ParseBatch does.
func (h *Header) Verify(pub *ecdsa.PublicKey) error {
	if pub == nil || pub.Curve != elliptic.P256() {
		return problem.Wrap(errors.New("the key is not on P-256"), problem.BadSignature, badSignature)
	}
	if len(h.Sig) != 2*half {
		return problem.New(problem.BadSignature, badSignature)
	}
	r := new(big.Int).SetBytes(h.Sig[:half])
	s := new(big.Int).SetBytes(h.Sig[half:])
	sum := sha256.Sum256(h.SignedText())
	if !ecdsa.Verify(pub, sum[:], r, s) {
		return problem.New(problem.BadSignature, badSignature)
	}
	return nil
}

const badSignature = "The batch is not signed by this device's key."

// Sign fills Sig. All that SignedText covers must be set before.
func (h *Header) Sign(key *ecdsa.PrivateKey) error {
	if key == nil || key.Curve != elliptic.P256() {
		return errors.New("changelog: the signing key is not on P-256")
	}
	sum := sha256.Sum256(h.SignedText())
	r, s, err := ecdsa.Sign(rand.Reader, key, sum[:])
	if err != nil {
		return err
	}
	h.Sig = make([]byte, 2*half)
	r.FillBytes(h.Sig[:half])
	s.FillBytes(h.Sig[half:])
	return nil
}

// append writes the header as one line without its newline.
func (h *Header) append(b []byte) []byte {
	b = append(b, `{"v":`...)
	b = strconv.AppendInt(b, int64(h.V), 10)
	b = appendText(b, "device", h.Device)
	b = appendText(b, "epoch", h.Epoch)
	b = appendInt(b, "from", h.From)
	b = appendInt(b, "count", h.Count)
	b = appendText(b, "prev", h.Prev.String())
	b = appendText(b, "tail", h.Tail.String())
	b = appendText(b, "sig", strict64.EncodeToString(h.Sig))
	if a := h.After; a != nil {
		b = append(b, `,"after":{"device":`...)
		b = quote(b, a.Device)
		b = appendText(b, "epoch", a.Epoch)
		b = appendInt(b, "seq", a.Seq)
		b = appendText(b, "h", a.H.String())
		b = append(b, '}')
	}
	b = appendInt(b, "wall", h.Wall)
	b = appendInt(b, "log_next", h.LogNext)
	b = appendInt(b, "photos_pending", h.PhotosPending)
	b = appendInt(b, "acked", h.Acked)
	b = appendText(b, "server_epoch", h.ServerEpoch)
	return append(b, '}')
}

func appendInt(b []byte, name string, n int64) []byte {
	return strconv.AppendInt(append(append(append(b, `,"`...), name...), `":`...), n, 10)
}

func appendText(b []byte, name, s string) []byte {
	return quote(append(append(append(b, `,"`...), name...), `":`...), s)
}

// quote writes s as a JSON string. Invalid UTF-8 is replaced, which no valid header holds.
func quote(b []byte, s string) []byte {
	b, _ = jsontext.AppendQuote(b, s)
	return b
}
