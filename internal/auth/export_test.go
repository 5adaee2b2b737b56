package auth

// Canonical returns a PHC string as it was read, and its work, for the fuzzer.
func Canonical(hash string) (again string, memory, passes uint32, threads uint8, err error) {
	p, err := parsePHC(hash)
	if err != nil {
		return "", 0, 0, 0, err
	}
	return p.String(), p.memory, p.time, p.threads, nil
}

// TakeTurns takes all turns of hashing until the returned function is called.
func TakeTurns() (release func()) {
	for range maxHashing {
		hashing <- struct{}{}
	}
	return func() {
		for range maxHashing {
			<-hashing
		}
	}
}
