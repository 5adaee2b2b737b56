// Package models holds the nouns of fieldsync, one file each, and nothing that acts: constants,
// small pure methods and the fields of each record. It imports neither the database nor HTTP.
//
// Times are milliseconds since 1970-01-01 UTC, money is 分 (1/100 yuan), quantities of goods are
// thousandths of the lot's unit, positions are 1e-7 degree WGS-84, sizes are bytes. Ids are
// canonical lower-case UUIDs in text form.
package models
