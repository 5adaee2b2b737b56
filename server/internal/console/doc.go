// Package console is the office's HTTP, version 1, below /api/v1/office: sessions, people, campaigns,
// tables, review, sign-off, the audit trail. Its routes are one table ([Routes]); each row says what
// the route takes and gives and which right it asks for, and a row without a right cannot be
// registered. A handler decodes, asks for the right where the request names the place, and calls the
// read model (package office) or the gateway once; what a request means is decided there.
//
// # Rights
//
// Rights are read from the database at each request, so a session that was ended and a right that was
// taken away are gone at once. All that allowed a change, rights and the state of what they are about,
// must hold inside its transaction again (type rule).
//
//   - What lies outside of the asker's reach does not exist: the answer is not_found, in the same
//     words as for what was never there. Inside the reach, without the ability, it is forbidden.
//     That goes for what a body or a query names too.
//   - A right in a unit holds in all units below it. A right in one campaign reaches that campaign
//     only, and nothing that belongs to none, such as people and phones; of its units it shows the names.
//   - A record belongs to the unit that it counts for: after the office moved it, that of the unit
//     it was moved to. To move one, the right to review is needed in both. Whoever has a right where
//     the campaign is collected has it for all records of the campaign, those of units that left the
//     tree included.
//   - Somebody who sets up people gives no more than they have: a role is given only where the giver
//     has each ability of that role.
//   - Whoever has a present right outside of the asker's reach is not edited, not ended, given no
//     sign-in and no new password, and gets no enrolment code from the asker: each of these would
//     put the wider right in the asker's hands. To give such a person a right at home is allowed.
//   - Nobody gives their own sign-in a new password but with the old one (/me/password), nobody takes
//     their own sign-in away, and nobody gives away their own administration of a whole tree. Since
//     only an administrator of a tree can take that from another one, a tree always keeps one.
//   - To move a unit, the right to manage is needed at the unit, at its present parent and at the next
//     one; for a new root, everywhere. To move an officer, at both units.
//   - A root that has no administrator is in the hands of those who manage everywhere, until they
//     give it one.
//   - A form is changed by who manages a whole tree, and only while all campaigns that count with it
//     are theirs to set up.
//   - Lines of phones that name no unit or no campaign belong to who manages the whole tree of the phone.
//   - Of another tree two things can be learnt: that a unit's code or a login is taken, and that a form
//     is in use there.
//
// Some things are asked for besides: a sheet's approval is set by who may sign; what was accepted is
// changed by who may review.
//
// # Browsers
//
// The access token goes into the Authorization header, so no other site can make a browser send it.
// The refresh token is in a cookie for /session alone; the routes that take it (and those that set
// it) refuse requests that a browser marks as coming from another site, and bodies that a form could
// send.
package console
