import Contracts
import Foundation
import Messaging
import Postgres

/// The table `idempotency_keys`. Everything takes many keys at once, in the order of the keys, so that gateways that
/// claim the same keys wait for each other and never lock each other out.
struct IdempotencyStore {
    /// A request with the ids it gets if nobody was at it before.
    struct Attempt: Sendable {
        let request: IdempotentRequest
        let claim: IdempotencyClaim
    }

    /// The end of a claim with an answer that is kept.
    struct Completion: Sendable {
        let claim: IdempotencyClaim
        let status: Int
        let sealedReply: [UInt8]
    }

    let transaction: PostgresTransaction

    /// - Returns: a verdict for each attempt, in their order.
    func claim(_ attempts: [Attempt], at now: Timestamp) throws -> [IdempotencyVerdict] {
        var inserted = try insert(attempts, at: now)
        if inserted.count == attempts.count { return attempts.map { .granted($0.claim) } }
        let rows = try lock(attempts.filter { !inserted.contains($0.claim.id) })
        var verdicts: [IdempotencyVerdict] = []
        var takenOver: [IdempotencyClaim] = []
        for attempt in attempts {
            if inserted.remove(attempt.claim.id) != nil {
                verdicts.append(.granted(attempt.claim))
                continue
            }
            guard let row = rows[Position(attempt.request)] else {
                // Purged between the two statements: as good as new, but only the next attempt will see that.
                verdicts.append(.inProgress)
                continue
            }
            let isTaken = takenOver.contains {
                $0.key == attempt.request.key && $0.organizationID == row.organizationID
            }
            let verdict = isTaken ? .inProgress : row.verdict(on: attempt, at: now)
            if case .granted(let claim) = verdict { takenOver.append(claim) }
            verdicts.append(verdict)
        }
        try takeOver(takenOver, at: now)
        return verdicts
    }

    /// - Returns: those of the keys that were ever claimed.
    func known(among places: [IdempotencyPlace]) throws -> Set<IdempotencyPlace> {
        let rows = try transaction.query(
            """
            SELECT organization_id, key FROM idempotency_keys
            WHERE (organization_id, key) IN (
                SELECT * FROM unnest(\(places.map(\.organizationID)), \(places.map(\.key.text))))
            """)
        let found = Set(
            try rows.decode((OrganizationID, String).self).map { Position(organizationID: $0.0, key: $0.1) })
        return Set(places.filter { found.contains(Position(organizationID: $0.organizationID, key: $0.key.text)) })
    }

    /// Keeps answers. A claim that has been taken over meanwhile keeps nothing.
    func finish(_ completions: [Completion]) throws {
        let ordered = completions.sorted { Position($0.claim) < Position($1.claim) }
        try transaction.write(
            """
            UPDATE idempotency_keys AS kept
            SET state = 'finished', response_status = done.status, response = done.response
            FROM unnest(
                \(ordered.map(\.claim.organizationID)), \(ordered.map(\.claim.key.text)), \(ordered.map(\.claim.id)),
                \(ordered.map(\.status)), \(ordered.map(\.sealedReply))
            ) AS done (organization_id, key, claim_id, status, response)
            WHERE kept.organization_id = done.organization_id AND kept.key = done.key
                AND kept.claim_id = done.claim_id AND kept.state = 'running'
            """)
    }

    /// Lets the client try again: nothing worth keeping was answered.
    func release(_ claim: IdempotencyClaim) throws {
        try transaction.write(
            """
            UPDATE idempotency_keys SET state = 'free'
            WHERE organization_id = \(claim.organizationID) AND key = \(claim.key.text)
                AND claim_id = \(claim.id) AND state = 'running'
            """)
    }

    /// Deletes keys from before a time.
    /// - Returns: how many it deleted, `limit` at most.
    func purge(before time: Timestamp, limit: Int) throws -> Int {
        try transaction.execute(
            """
            DELETE FROM idempotency_keys WHERE (organization_id, key) IN (
                SELECT organization_id, key FROM idempotency_keys WHERE created_at < \(time)
                LIMIT \(limit) FOR UPDATE SKIP LOCKED)
            """)
    }
}

extension IdempotencyStore {
    /// What finds a row.
    private struct Position: Hashable, Comparable {
        let organizationID: OrganizationID
        let key: String

        init(organizationID: OrganizationID, key: String) {
            self.organizationID = organizationID
            self.key = key
        }

        init(_ request: IdempotentRequest) {
            self.init(organizationID: request.organizationID, key: request.key.text)
        }

        init(_ claim: IdempotencyClaim) {
            self.init(organizationID: claim.organizationID, key: claim.key.text)
        }

        static func < (left: Self, right: Self) -> Bool {
            (left.organizationID, left.key) < (right.organizationID, right.key)
        }
    }

    private struct Row {
        let organizationID: OrganizationID
        let method: String
        let path: String
        let bodyHash: [UInt8]
        let resourceID: UUID
        let state: String
        let lockedUntil: Timestamp
        let sealedReply: [UInt8]?

        func verdict(on attempt: Attempt, at now: Timestamp) -> IdempotencyVerdict {
            let request = attempt.request
            guard method == request.method, path == request.path, bodyHash == request.bodyHash else { return .reused }
            if let sealedReply { return .finished(sealedReply: sealedReply) }
            guard state == "free" || lockedUntil <= now else { return .inProgress }
            return .granted(
                IdempotencyClaim(
                    organizationID: organizationID, key: request.key, id: attempt.claim.id, resourceID: resourceID))
        }
    }

    /// - Returns: the claims whose keys were new.
    private func insert(_ attempts: [Attempt], at now: Timestamp) throws -> Set<UUID> {
        let lockedUntil = now + IdempotencyClaim.duration
        let ordered = attempts.sorted { Position($0.request) < Position($1.request) }
        let rows = try transaction.query(
            """
            INSERT INTO idempotency_keys
                (organization_id, key, method, path, body_hash, resource_id, state, claim_id, locked_until, created_at)
            SELECT organization_id, key, method, path, body_hash, resource_id, 'running', claim_id, \(lockedUntil),
                \(now)
            FROM unnest(
                \(ordered.map(\.request.organizationID)), \(ordered.map(\.request.key.text)),
                \(ordered.map(\.request.method)), \(ordered.map(\.request.path)), \(ordered.map(\.request.bodyHash)),
                \(ordered.map(\.claim.resourceID)), \(ordered.map(\.claim.id))
            ) AS attempt (organization_id, key, method, path, body_hash, resource_id, claim_id)
            ON CONFLICT (organization_id, key) DO NOTHING
            RETURNING claim_id
            """)
        return Set(try rows.decode(UUID.self))
    }

    private func lock(_ attempts: [Attempt]) throws -> [Position: Row] {
        let ordered = attempts.sorted { Position($0.request) < Position($1.request) }
        let rows = try transaction.query(
            """
            SELECT organization_id, key, method, path, body_hash, resource_id, state, locked_until, response
            FROM idempotency_keys
            WHERE (organization_id, key) IN (
                SELECT * FROM unnest(\(ordered.map(\.request.organizationID)), \(ordered.map(\.request.key.text))))
            ORDER BY organization_id, key COLLATE "C"
            FOR UPDATE
            """)
        var found: [Position: Row] = [:]
        for (organizationID, key, method, path, bodyHash, resourceID, state, lockedUntil, response) in try rows.decode(
            (OrganizationID, String, String, String, [UInt8], UUID, String, Timestamp, [UInt8]?).self)
        {
            found[Position(organizationID: organizationID, key: key)] = Row(
                organizationID: organizationID, method: method, path: path, bodyHash: bodyHash,
                resourceID: resourceID, state: state, lockedUntil: lockedUntil, sealedReply: response)
        }
        return found
    }

    private func takeOver(_ claims: [IdempotencyClaim], at now: Timestamp) throws {
        guard !claims.isEmpty else { return }
        let lockedUntil = now + IdempotencyClaim.duration
        try transaction.write(
            """
            UPDATE idempotency_keys AS kept
            SET state = 'running', claim_id = claim.id, locked_until = \(lockedUntil)
            FROM unnest(
                \(claims.map(\.organizationID)), \(claims.map(\.key.text)), \(claims.map(\.id))
            ) AS claim (organization_id, key, id)
            WHERE kept.organization_id = claim.organization_id AND kept.key = claim.key
            """)
    }
}
