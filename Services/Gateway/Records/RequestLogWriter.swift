import Contracts
import Logging
import Metrics
import Postgres
import ServiceLifecycle
import Synchronization

/// Writes the request log in batches, beside the requests: it never makes one wait, and what it cannot keep is counted.
final class RequestLogWriter: Service {
    private static let capacity = 50_000
    private static let batchLimit = 2000
    private static let interval = Duration.milliseconds(500)

    private let database: PostgresClient
    private let logger: Logger
    private let waiting = Mutex<[RequestLogEntry]>([])
    private let dropped = Counter(label: "voelgoed_request_log_dropped_total")

    init(database: PostgresClient, logger: Logger) {
        self.database = database
        self.logger = logger
    }

    /// Takes a line to be written soon.
    func record(_ entry: RequestLogEntry) {
        let isKept = waiting.withLock { waiting in
            guard waiting.count < Self.capacity else { return false }
            waiting.append(entry)
            return true
        }
        if !isKept { dropped.increment() }
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await self.flush()
                // Cancellation ends the loop.
                try? await Task.sleep(for: Self.interval)
            }
        }
        // What the last requests left. The server that makes them has stopped before this service is told to.
        await flush()
    }

    /// Writes everything that waits.
    func flush() async {
        while true {
            let batch = waiting.withLock { waiting in
                let batch = Array(waiting.prefix(Self.batchLimit))
                waiting.removeFirst(batch.count)
                return batch
            }
            guard !batch.isEmpty else { return }
            do {
                try await write(batch)
            } catch {
                giveBack(batch)
                logger.warning("the request log could not be written and is kept", metadata: ["error": "\(error)"])
                return
            }
        }
    }

    private func write(_ batch: [RequestLogEntry]) async throws {
        var uses: [APIKeyID: Timestamp] = [:]
        for entry in batch {
            if let keyID = entry.keyID { uses[keyID] = max(uses[keyID] ?? entry.requestedAt, entry.requestedAt) }
        }
        try await database.withTransaction { [uses] transaction in
            // A crash of the database may cost the last lines of the log: not worth a wait for the disk.
            try transaction.write("SET LOCAL synchronous_commit = off")
            try RequestLogStore(transaction: transaction).append(batch)
            try APIKeyStore(transaction: transaction).touch(uses)
        }
    }

    private func giveBack(_ batch: [RequestLogEntry]) {
        let excess = waiting.withLock { waiting in
            let room = max(0, Self.capacity - waiting.count)
            waiting.insert(contentsOf: batch.suffix(room), at: 0)
            return max(0, batch.count - room)
        }
        if excess > 0 { dropped.increment(by: excess) }
    }
}
