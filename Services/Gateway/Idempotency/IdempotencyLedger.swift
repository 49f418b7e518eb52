import Contracts
import Foundation
import Logging
import Messaging
import Postgres
import ServiceLifecycle

/// Makes repeated requests harmless (API, "Idempotency"): a key is claimed before the request is carried out, and its
/// answer is kept for 7 days.
///
/// A claim is durable before anything happens, because it carries the id of what the request creates. The answer need
/// not be: without it a repetition is carried out again with the same ids, which changes nothing. So answers are written
/// many at a time just after they were given; a repetition that comes to this gateway meanwhile waits for that.
struct IdempotencyLedger: Service {
    /// How long answers gather before they are written.
    private static let gathering = Duration.milliseconds(10)

    private let moments: MomentSource
    private let seal: ReplySeal
    private let claims: Batcher<IdempotencyStore.Attempt, IdempotencyVerdict>
    private let lookups: Batcher<IdempotencyPlace, Bool>
    private let completions: Batcher<IdempotencyStore.Completion, Void>
    private let unwritten = UnwrittenReplies()
    private let logger: Logger
    private let database: PostgresClient

    init(database: PostgresClient, moments: MomentSource, seal: ReplySeal, logger: Logger) {
        self.database = database
        self.moments = moments
        self.seal = seal
        self.logger = logger
        claims = Batcher(limit: 200, concurrency: 2) { attempts in
            let now = moments.now()
            return try await database.withTransaction { transaction in
                try IdempotencyStore(transaction: transaction).claim(attempts, at: now)
            }
        }
        lookups = Batcher(limit: 500, concurrency: 1) { places in
            let known = try await database.withTransaction { transaction in
                try IdempotencyStore(transaction: transaction).known(among: places)
            }
            return places.map { known.contains($0) }
        }
        completions = Batcher(limit: 200, concurrency: 1, gathering: Self.gathering) { completions in
            try await database.withTransaction { transaction in
                try transaction.write("SET LOCAL synchronous_commit = off")
                try IdempotencyStore(transaction: transaction).finish(completions)
            }
            return completions.map { _ in () }
        }
    }

    /// What a claim of the request's key means for its caller.
    enum Standing: Sendable {
        case granted(IdempotencyClaim)
        /// What was answered the first time.
        case replayed(Reply)
    }

    /// Claims the request's key.
    /// - Throws: a ``Problem``: `idempotency-key-reused`, `request-in-progress`, or `unavailable`.
    func claim(_ request: IdempotentRequest) async throws -> Standing {
        await unwritten.written(request.place)
        let moment = moments.moment()
        let candidate = IdempotencyClaim(
            organizationID: request.organizationID, key: request.key, id: moment.makeUUID(),
            resourceID: moment.makeUUID())
        switch try await verdict(on: .init(request: request, claim: candidate)) {
        case .granted(let claim): return .granted(claim)
        case .reused:
            throw Problem(
                .idempotencyKeyReused,
                "The Idempotency-Key was used for another method, path or body. Use a new key for a new request.")
        case .inProgress:
            throw Problem(
                .requestInProgress, "The request with this Idempotency-Key is still being carried out.",
                retryAfterSeconds: 1)
        case .finished(let sealedReply):
            do {
                return .replayed(try StoredReply(bytes: try seal.open(sealedReply, of: request)).reply)
            } catch {
                throw Problem(
                    .conflict,
                    "The request was carried out, but its answer cannot be read any more. Read the object instead.")
            }
        }
    }

    /// Whether the request's key was ever claimed, be it for this request or another.
    /// - Throws: a ``Problem`` `unavailable`.
    func knows(_ request: IdempotentRequest) async throws -> Bool {
        try await orUnavailable { try await lookups.submit(request.place) }
    }

    /// Keeps the answer, soon, or lets the client try again when it is none to keep.
    func end(_ claim: IdempotencyClaim, with reply: Reply) async throws {
        guard let completion = try completion(of: claim, with: reply) else { return try await release(claim) }
        unwritten.write(claim.place) { [completions, logger] in
            do {
                try await completions.submit(completion)
            } catch {
                // The request is done. Without its answer, a repetition is carried out again with the same ids.
                logger.warning("an answer could not be kept", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Ends, when the process is told to, once every answer that was given has been written or could not be.
    func run() async throws {
        // Cancellation ends the wait as well.
        try? await gracefulShutdown()
        await unwritten.allWritten()
    }

    /// The same inside of a transaction that does more.
    func end(_ claim: IdempotencyClaim, with reply: Reply, in transaction: PostgresTransaction) throws {
        let store = IdempotencyStore(transaction: transaction)
        if let completion = try completion(of: claim, with: reply) {
            try store.finish([completion])
        } else {
            try store.release(claim)
        }
    }

    private func release(_ claim: IdempotencyClaim) async throws {
        try await database.withTransaction { transaction in
            try IdempotencyStore(transaction: transaction).release(claim)
        }
    }

    private func completion(of claim: IdempotencyClaim, with reply: Reply) throws -> IdempotencyStore.Completion? {
        guard reply.isWorthKeeping, let stored = StoredReply(reply) else { return nil }
        return .init(claim: claim, status: reply.status, sealedReply: try seal.seal(try stored.bytes(), for: claim))
    }

    private func verdict(on attempt: IdempotencyStore.Attempt) async throws -> IdempotencyVerdict {
        // A claim whose commit is in doubt runs out by itself.
        try await orUnavailable { try await claims.submit(attempt) }
    }

    private func orUnavailable<Output>(_ ask: () async throws -> Output) async throws -> Output {
        do {
            return try await ask()
        } catch let error as PostgresError where error.isRetriable || error.code == .commitOutcomeUnknown {
            throw Problem(.unavailable, "The request cannot be taken now. Try again.", retryAfterSeconds: 1)
        }
    }
}
