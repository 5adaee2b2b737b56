package client

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// pemType marks a key file.
const pemType = "EC PRIVATE KEY"

// NewKey makes the key of a device: ECDSA on P-256.
func NewKey() (*ecdsa.PrivateKey, error) {
	return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
}

// LoadKey reads the device's key from a PEM file (RFC 5915), or makes one and writes it there for
// its owner alone. A key that exists is never replaced: without it the device is another one.
func LoadKey(path string) (*ecdsa.PrivateKey, error) {
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return createKey(path)
	}
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(raw)
	if block == nil || block.Type != pemType {
		return nil, fmt.Errorf("client: %s holds no %s", path, pemType)
	}
	key, err := x509.ParseECPrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("client: %s: %w", path, err)
	}
	if key.Curve != elliptic.P256() {
		return nil, fmt.Errorf("client: the key in %s is not on P-256", path)
	}
	return key, nil
}

func createKey(path string) (*ecdsa.PrivateKey, error) {
	key, err := NewKey()
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return nil, err
	}
	raw := pem.EncodeToMemory(&pem.Block{Type: pemType, Bytes: der})
	return key, writeDurably(path, raw)
}

// writeDurably makes a file that is either there whole or not at all.
func writeDurably(path string, raw []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // does nothing after the rename
	_, err = f.Write(raw)
	err = errors.Join(err, f.Sync(), f.Close())
	if err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// syncDir makes the names in a directory durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// JWK is the public half of a device's key (RFC 7517, RFC 7518 §6.2.1).
type JWK struct {
	Kty string `json:"kty"`
	Crv string `json:"crv"`
	X   string `json:"x"`
	Y   string `json:"y"`
}

// PublicJWK returns the public half of a key on P-256.
func PublicJWK(key *ecdsa.PrivateKey) (JWK, error) {
	point, err := key.PublicKey.Bytes() // 0x04, x, y
	if err != nil {
		return JWK{}, err
	}
	half := (len(point) - 1) / 2
	return JWK{Kty: "EC", Crv: "P-256", X: base64url(point[1 : 1+half]), Y: base64url(point[1+half:])}, nil
}

func base64url(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
