package client

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
)

// File is a Store in one file: a journal of frames, written at the end only. A frame is the length
// of its content and a CRC-32 of it (both 4 bytes, big-endian), then a kind and its payload. A
// frame that a power cut left unfinished is the last one and is cut off when the file is opened;
// what stood behind a nil error is whole, because it was synced before.
type File struct {
	f     *os.File
	saved Saved
	ident Identity // as last synced
	err   error    // after a failed write nothing is known of the end of the file
}

// Kinds of frames.
const (
	lineFrame  = 'l' // one line as it is
	epochFrame = 'e' // JSON: an epoch and what it cuts
	noteFrame  = 'n' // JSON: a Note
)

// maxFrame bounds what a damaged length can ask for.
const maxFrame = 256 << 20

type begun struct {
	Epoch Epoch `json:"epoch"`
	Cut   Cut   `json:"cut"`
}

// OpenFile opens the store in a file, which is made if it is not there. One process at a time.
func OpenFile(path string) (*File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	s := &File{f: f}
	if err := s.replay(); err != nil {
		return nil, errors.Join(fmt.Errorf("client: %s: %w", path, err), f.Close())
	}
	return s, syncDir(filepath.Dir(path))
}

// Close lets go of the file.
func (s *File) Close() error { return s.f.Close() }

// replay reads the journal and cuts off an unfinished end.
func (s *File) replay() error {
	raw, err := io.ReadAll(s.f)
	if err != nil {
		return err
	}
	at := 0
	for {
		frame, ok := frameAt(raw[at:])
		if !ok {
			break
		}
		if err := s.apply(frame[0], frame[1:]); err != nil {
			return err
		}
		at += 8 + len(frame)
	}
	if at < len(raw) {
		if err := s.f.Truncate(int64(at)); err != nil {
			return err
		}
	}
	s.ident = s.saved.Identity
	_, err = s.f.Seek(int64(at), io.SeekStart)
	return err
}

// frameAt returns the content of the frame at the start of raw, false when there is no whole one.
func frameAt(raw []byte) ([]byte, bool) {
	if len(raw) < 8 {
		return nil, false
	}
	n := binary.BigEndian.Uint32(raw)
	if n == 0 || n > maxFrame || int(n) > len(raw)-8 {
		return nil, false
	}
	content := raw[8 : 8+n]
	return content, crc32.ChecksumIEEE(content) == binary.BigEndian.Uint32(raw[4:])
}

func (s *File) apply(kind byte, payload []byte) error {
	switch kind {
	case lineFrame:
		return s.saved.append([][]byte{append([]byte{}, payload...)})
	case epochFrame:
		var b begun
		if err := json.Unmarshal(payload, &b); err != nil {
			return err
		}
		s.saved.begin(&b.Epoch, b.Cut)
	case noteFrame:
		var n Note
		if err := json.Unmarshal(payload, &n); err != nil {
			return err
		}
		s.saved.Note = n
	default:
		return fmt.Errorf("the journal has a frame of unknown kind %q", kind)
	}
	return nil
}

func appendFrame(b []byte, kind byte, payload []byte) []byte {
	at := len(b)
	b = append(b, 0, 0, 0, 0, 0, 0, 0, 0, kind)
	b = append(b, payload...)
	content := b[at+8:]
	binary.BigEndian.PutUint32(b[at:], uint32(len(content)))
	binary.BigEndian.PutUint32(b[at+4:], crc32.ChecksumIEEE(content))
	return b
}

// write adds frames and, if durable, waits for the disk.
func (s *File) write(frames []byte, durable bool) error {
	if s.err != nil {
		return s.err
	}
	_, err := s.f.Write(frames)
	if err == nil && durable {
		err = s.f.Sync()
	}
	if err != nil {
		s.err = fmt.Errorf("client: the journal cannot be written: %w", err)
	}
	return s.err
}

// Load returns a copy of what is kept.
func (s *File) Load() (*Saved, error) { return s.saved.clone(), nil }

// Append writes lines and syncs.
func (s *File) Append(lines [][]byte) error {
	if len(s.saved.Epochs) == 0 {
		return errNoEpoch
	}
	var b []byte
	for _, line := range lines {
		b = appendFrame(b, lineFrame, line)
	}
	if err := s.write(b, true); err != nil {
		return err
	}
	return s.saved.append(lines)
}

// Begin writes an epoch as one frame and syncs.
func (s *File) Begin(e *Epoch, cut Cut) error {
	raw, err := json.Marshal(begun{*e, cut})
	if err != nil {
		return err
	}
	if err := s.write(appendFrame(nil, epochFrame, raw), true); err != nil {
		return err
	}
	c := *e
	c.Lines = append([][]byte(nil), e.Lines...)
	s.saved.begin(&c, cut)
	return nil
}

// Note writes n, and syncs when the identity changed.
func (s *File) Note(n Note) error {
	raw, err := json.Marshal(n)
	if err != nil {
		return err
	}
	if err := s.write(appendFrame(nil, noteFrame, raw), n.Identity != s.ident); err != nil {
		return err
	}
	s.ident, s.saved.Note = n.Identity, n.clone()
	return nil
}
