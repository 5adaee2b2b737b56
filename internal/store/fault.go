package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm"
)

// PostgreSQL's codes for a transaction that may simply run again.
const (
	serializationFailure = "40001"
	deadlockDetected     = "40P01"
)

// PostgreSQL's codes for CREATE TABLE IF NOT EXISTS when another session makes the table at the
// same moment: it looks before it makes the row in the catalogue that only one can make.
const (
	uniqueViolation = "23505"
	duplicateTable  = "42P07"
)

// translate turns a driver's error into a problem at the border. What the store cannot do now may
// be asked again later; problems pass through.
func (db *DB) translate(err error) error {
	var p *problem.Error
	switch {
	case err == nil, errors.As(err, &p):
		return err
	case errors.Is(err, sql.ErrNoRows), errors.Is(err, gorm.ErrRecordNotFound):
		return problem.Wrap(err, problem.NotFound, "there is no such thing").ZH("没有找到。")
	case errors.Is(err, gorm.ErrDuplicatedKey):
		return problem.Wrap(err, problem.Conflict, "that exists already").ZH("已有相同的内容，请刷新核对。")
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return problem.Wrap(err, problem.Unavailable, "the database took too long").ZH("数据库响应超时，请稍后再试。").RetryAfter(5)
	}
	return problem.Wrap(err, problem.Unavailable, "the database is in trouble; nothing was changed").
		ZH("数据库暂时不可用，未作任何改动，请稍后再试。").RetryAfter(5)
}

func runAgain(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == serializationFailure || pg.Code == deadlockDetected)
}

// madeMeanwhile reports that another server was just making the table of the migrations.
func madeMeanwhile(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == uniqueViolation || pg.Code == duplicateTable)
}
