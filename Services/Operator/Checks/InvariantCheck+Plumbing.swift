extension InvariantCheck {
    /// Invariant 8 in every service's own tables: nothing is dropped, and nothing lies about.
    static let plumbing = OperatorEnvironment.Database.ofServices.flatMap { database in
        [
            InvariantCheck(
                8, "no message of \(database.rawValue) is stuck in the outbox", in: database,
                // Relays move due_at again and again, so that only the message's own time tells its age. A bundle's first
                // message says what it is about.
                sql: """
                    SELECT format('%s %s of %s', coalesce(
                        substring(CASE envelope->>'type' WHEN 'voelgoed.bundle.v1' THEN encode(body, 'escape') END
                            from '\\mtype ([a-z0-9._-]+)'),
                        envelope->>'type'), id, envelope->>'occurredAt')
                    FROM outbox WHERE (envelope->>'occurredAt')::timestamptz < now() - interval '5 minutes'
                    """),
            InvariantCheck(
                8, "no job of \(database.rawValue) is overdue", in: database,
                sql: """
                    SELECT format('%s %s, due since %s: %s', kind, id, due_at, coalesce(last_error, 'never performed'))
                    FROM jobs WHERE due_at < now() - interval '10 minutes'
                    """),
            InvariantCheck(
                8, "no job of \(database.rawValue) fails again and again", severity: .warning, in: database,
                sql: """
                    SELECT format('%s %s of %s, %s attempts: %s', kind, id, created_at, attempts, last_error)
                    FROM jobs WHERE attempts >= 10 AND last_error IS NOT NULL
                    """),
        ]
    }
}
