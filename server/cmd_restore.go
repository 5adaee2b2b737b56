package main

import "time"

func restoreCommand() *command {
	return &command{name: "restore", short: "after putting a backup back: new server epoch and restore number",
		long: `Stop all servers, put the database back from its backup, run this once, start the servers. Phones
notice the new server epoch, pull everything anew and bring what is missing; nothing of theirs is lost and nothing
is counted twice. What the office decided after the backup does not come back: decide it again.`,
		run: func(in *invocation) error {
			return existing(in, func(a *app) error {
				epoch, n, err := a.db.Restored(in.ctx, newID, time.Now().UnixMilli())
				if err != nil {
					return err
				}
				in.printf("restore number %d, server epoch %s\nstart the servers: phones will bring what is missing\n", n, epoch)
				return nil
			})
		}}
}
