import Contracts
import Foundation
import Postgres

/// A job that this process may perform until its lease ends.
struct ClaimedJob: Sendable {
    let id: UUID
    let kind: String
    let payload: [UInt8]
    let envelope: Envelope
    let attempt: Int
    /// When another process may take it.
    let leaseEndsAt: Timestamp
}

/// A job as it is written.
struct JobRow: Sendable {
    let id: UUID
    let kind: String
    let payload: [UInt8]
    let envelope: Envelope
    let dueAt: Timestamp
    let attempts: Int

    /// A job that is due now is written as already claimed by this process, when it performs that kind.
    init(
        _ job: NewJob, envelope: Envelope, performers: [String: any RegisteredJobPerformer], at moment: Moment
    ) throws {
        self.id = envelope.id
        self.kind = job.kind
        self.payload = try MessageCodec.encode(job.payload)
        self.envelope = envelope
        if let performer = performers[job.kind], job.dueAt.map({ $0 <= moment.now }) ?? true {
            self.dueAt = moment.now + performer.lease
            self.attempts = 1
        } else {
            self.dueAt = job.dueAt ?? moment.now
            self.attempts = 0
        }
    }

    var claimed: ClaimedJob? {
        guard attempts == 1 else { return nil }
        return ClaimedJob(id: id, kind: kind, payload: payload, envelope: envelope, attempt: 1, leaseEndsAt: dueAt)
    }
}

/// The `jobs` table.
enum JobStore {
    static func insert(_ rows: [JobRow], in transaction: PostgresTransaction, at moment: Moment) throws {
        guard !rows.isEmpty else { return }
        try transaction.write(
            """
            INSERT INTO jobs (id, kind, payload, envelope, due_at, attempts, created_at)
            SELECT id, kind, payload, envelope, due_at, attempts, \(moment.now)
            FROM unnest(
                \(rows.map(\.id)), \(rows.map(\.kind)), \(rows.map { PostgresRawJSON($0.payload) }),
                \(rows.map { PostgresJSON($0.envelope) }), \(rows.map(\.dueAt)), \(rows.map(\.attempts))
            ) AS job (id, kind, payload, envelope, due_at, attempts)
            """)
    }

    /// Takes due jobs of one kind: moves them past the lease and counts the attempt.
    static func claim(
        kind: String, lease: Duration, limit: Int, in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [ClaimedJob] {
        let leaseEndsAt = moment.now + lease
        let rows = try transaction.query(
            """
            WITH due AS (
                SELECT id FROM jobs WHERE kind = \(kind) AND due_at <= \(moment.now)
                ORDER BY due_at, id LIMIT \(limit) FOR UPDATE SKIP LOCKED)
            UPDATE jobs SET due_at = \(leaseEndsAt), attempts = attempts + 1
            FROM due WHERE jobs.id = due.id
            RETURNING jobs.id, jobs.payload, jobs.envelope, jobs.attempts
            """)
        return try rows.decode((UUID, PostgresRawJSON, PostgresJSON<Envelope>, Int).self)
            .map { id, payload, envelope, attempts in
                ClaimedJob(
                    id: id, kind: kind, payload: payload.bytes, envelope: envelope.value, attempt: attempts,
                    leaseEndsAt: leaseEndsAt)
            }
    }

    /// Ends the jobs and says which of them still existed. One that is gone was recorded by another process, after this one's
    /// lease had ended.
    static func finish(_ ids: [UUID], in transaction: PostgresTransaction) throws -> Set<UUID> {
        let rows = try transaction.query("DELETE FROM jobs WHERE id = ANY(\(ids)) RETURNING id")
        return Set(try rows.decode(UUID.self))
    }

    /// Gives back jobs that were claimed and not begun, so that any process may claim them now.
    static func release(_ jobs: [ClaimedJob], in transaction: PostgresTransaction, at moment: Moment) throws {
        try transaction.write(
            """
            UPDATE jobs SET due_at = \(moment.now), attempts = attempts - 1
            FROM unnest(\(jobs.map(\.id)), \(jobs.map(\.attempt))) AS claimed (id, attempt)
            WHERE jobs.id = claimed.id AND jobs.attempts = claimed.attempt
            """)
    }

    /// Lets a job rest after a performance that could say nothing; unless another process has claimed it since.
    static func postpone(
        _ job: ClaimedJob, until dueAt: Timestamp, reason: String, in transaction: PostgresTransaction
    ) throws {
        try transaction.write(
            """
            UPDATE jobs SET due_at = \(dueAt), last_error = \(reason)
            WHERE id = \(job.id) AND attempts = \(job.attempt)
            """)
    }
}
