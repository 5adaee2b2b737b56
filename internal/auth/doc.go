// Package auth says who is asking: device assertions (RFC 7523) and the keys they are signed
// with, the sign-in of office users, short access tokens, and one-time enrolment codes. It is the
// only importer of a JWT library.
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
//   - An office user signs in with a login and a password ([Sessions.SignIn]), which opens a session
//     in one browser. It gets access tokens of another kind ([OfficeTokens], [Office]), which no
//     device has and which open nothing of a device's, and a refresh token in a cookie.
//   - The first person of a new installation sets it up with a one-time token ([NewSetupToken]).
//
// # Passwords
//
// A password is kept as an argon2id hash (RFC 9106) of its NFKC form, with 19 MiB of memory, 2
// passes and 1 thread, which is the least that the OWASP Password Storage Cheat Sheet allows; a hash
// made with less is made anew at the next sign-in. Two are worked on at a time, the others wait for
// up to 3 s and are then overloaded. A new password has 10 to 200 characters of any kind and is none
// of those that are guessed first ([CheckNewPassword]).
//
// After 5 failures in a row a login is locked for 30 s, and for twice as long after each further one, up
// to 15 min; 24 h after the newest one they are forgotten. A login that nobody has is answered, counted
// and locked like any other, after as much work, so that nobody learns who has one. An attempt is
// counted before the password is looked at: a thousand guesses at once are no more than a
// thousand in turn. The price is that anybody who knows a login can keep its owner from signing in,
// though not from working in a session that is open; setting a new password unlocks.
//
// # Sessions
//
// A refresh token names a session and a generation and is authenticated by a key derived from the
// installation's secret, so the database holds none. Each refresh makes the next generation. The one
// before it is answered with the same new token for 30 s, since two tabs ask at once and replies get
// lost; any other old token ends the session for everybody who holds a token of it: of a thief and the
// person, the second to refresh is found out (RFC 6819 §5.2.2.3, RFC 9700 §4.14.2). What remains is a
// thief who refreshes within 30 s after the person each time, without ever being first.
//
// A session lasts for 12 h after its last refresh and for 14 days at most. It ends before that when the
// person signs out, when the password is changed elsewhere or reset, and when the sign-in is taken
// away. An access token says nothing of that: [Sessions.Check] asks the database at each request.
package auth
