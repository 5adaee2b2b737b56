package changelog

import (
	"bytes"

	"github.com/fieldsync/fieldsync/internal/problem"
)

// Batch is one push taken apart. Raw and Lines are parts of the body that was parsed: they are
// valid and must stay unchanged as long as it is.
type Batch struct {
	Header Header
	Raw    []byte   // the header's bytes as sent, without the newline
	Lines  [][]byte // each without its newline
	Hashes []Hash   // of each line
}

// ParseBatch reads a push body, already inflated, and checks that the lines are those that the
// header speaks of. Every line ends with \n, the last may lack it; an empty line is a line; a \r
// belongs to its line. The lines themselves are not parsed.
//
// Problems: TooLarge for more than MaxBody bytes or MaxLines lines, BadHeader for a header that
// is not strictly one or counts other lines, BadHash if the chain does not lead from Prev over
// the lines to Tail, or starts the log with another link than Genesis. The signature is not
// looked at: Header.Verify is.
func ParseBatch(body []byte) (*Batch, error) {
	if len(body) > MaxBody {
		return nil, problem.New(problem.TooLarge, "A batch may have at most %d bytes.", MaxBody).
			ZH("一批最多 %d 字节，文件可能已损坏。", MaxBody)
	}
	raw, rest, _ := bytes.Cut(body, newline)
	n := bytes.Count(rest, newline)
	if len(rest) > 0 && rest[len(rest)-1] != '\n' {
		n++
	}
	h, err := ParseHeader(raw)
	if n > MaxLines || err == nil && h.Count > MaxLines {
		return nil, problem.New(problem.TooLarge, "A batch may have at most %d lines.", MaxLines).
			ZH("一批最多 %d 条记录，文件可能已损坏。", MaxLines)
	}
	if err != nil {
		return nil, err
	}
	if int64(n) != h.Count {
		return nil, problem.New(problem.BadHeader, "The batch has %d lines, its header says %d.", n, h.Count)
	}
	b := &Batch{Header: h, Raw: raw, Lines: make([][]byte, n), Hashes: make([]Hash, n)}
	for i := range b.Lines {
		b.Lines[i], rest, _ = bytes.Cut(rest, newline)
	}
	if err := b.chain(); err != nil {
		return nil, err
	}
	return b, nil
}

var newline = []byte{'\n'}

// chain fills Hashes and compares their ends with the header.
func (b *Batch) chain() error {
	h := b.Header.Prev
	if b.Header.From == 0 && h != Genesis(b.Header.Device, b.Header.Epoch) {
		return problem.New(problem.BadHash, "The batch starts a log, but not from that log's first hash.")
	}
	for i, line := range b.Lines {
		h = Next(h, line)
		b.Hashes[i] = h
	}
	if h != b.Header.Tail {
		return problem.New(problem.BadHash, "The lines of the batch do not lead to the hash in its header.")
	}
	return nil
}

// Encode returns the body of a push: the header and the lines, each ending with \n. Nothing is
// checked; lines must hold no newline, and Count, Tail and Sig must be those of the lines.
func Encode(h *Header, lines [][]byte) []byte {
	size := 1024
	for _, line := range lines {
		size += len(line) + 1
	}
	b := append(h.append(make([]byte, 0, size)), '\n')
	for _, line := range lines {
		b = append(append(b, line...), '\n')
	}
	return b
}
