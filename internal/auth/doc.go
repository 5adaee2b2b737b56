// Package auth says who is asking: device assertions (RFC 7523) and the keys they are signed
// with, short access tokens, and one-time enrolment codes. It is the only importer of a JWT
// library.
//
// It says nothing of what somebody may do: rights are read from the database at each request,
// so a token that is still good gives nothing that was taken away meanwhile.
//
// Who is who:
//
//   - A device proves itself with an assertion signed by a key that never leaves the phone
//     ([ParseAssertion]); each assertion is good once, which the store enforces with a unique
//     index on its JTI.
//   - It gets an access token for 15 minutes, made and checked here with a secret of the
//     installation ([Tokens]), and shows it as a Bearer token ([Device]).
//   - A new phone enrols with a code that the office made ([NewCode]); only its hash is stored.
package auth
