import AMQP
import Contracts
import Foundation
import Logging
import Postgres
import Synchronization

/// Spreads the stock partitions over the processes of a service.
///
/// A single-active-consumer queue gives itself to whoever subscribed first, so that the first process to start would have
/// every partition. Each process therefore subscribes to its own share first, and a moment later to all others as their
/// standby: a share has one owner while all live, and another at once when it dies. Two processes on one partition are a
/// matter of speed only: the database decides.
final class PartitionMembership: Sendable {
    private let processID: UUID
    private let queues: [String]
    private let consumer: AMQPConsumer
    private let database: PostgresClient
    private let moments: MomentSource
    private let logger: Logger
    private let hasLeft = Mutex(false)

    init(
        processID: UUID, queues: [String], consumer: AMQPConsumer, database: PostgresClient, moments: MomentSource,
        logger: Logger
    ) {
        self.processID = processID
        self.queues = queues
        self.consumer = consumer
        self.database = database
        self.moments = moments
        self.logger = logger
    }

    static let heartbeat = Duration.seconds(1)
    /// A process that was silent for so long has no share.
    static let silence = Duration.seconds(5)
    /// How long the others get to take their own shares before this process stands by for them.
    static let standbyDelay = Duration.milliseconds(1500)

    /// The partitions of one process among the living, and the rest.
    struct Share: Equatable, Sendable {
        var own: [String]
        var standby: [String]

        init(of processID: UUID, among living: [UUID], queues: [String]) {
            let members = Set(living + [processID]).sorted()
            let index = members.firstIndex(of: processID) ?? 0
            own = queues.enumerated().filter { $0.offset % members.count == index }.map(\.element)
            standby = queues.enumerated().filter { $0.offset % members.count != index }.map(\.element)
        }

        var plan: AMQPSubscriptionPlan {
            AMQPSubscriptionPlan(
                first: own.map { AMQPSubscription(queue: $0, prefetch: MessagingTopology.prefetch) },
                second: standby.map { AMQPSubscription(queue: $0, prefetch: MessagingTopology.prefetch) },
                delay: PartitionMembership.standbyDelay)
        }
    }

    /// Keeps the share up to date until cancelled.
    func run() async {
        var share = Share(of: processID, among: [], queues: queues)
        while !Task.isCancelled, !hasLeft.withLock({ $0 }) {
            do {
                let current = Share(of: processID, among: try await beat(), queues: queues)
                if current != share {
                    share = current
                    logger.info(
                        "the stock partitions are shared anew", metadata: ["own": "\(share.own.count)"])
                    consumer.reconnect(share.plan, settlingWithin: .seconds(5))
                }
            } catch is CancellationError {
                break
            } catch {
                logger.warning("the partition heartbeat failed", metadata: ["error": "\(error)"])
            }
            // Cancellation ends the loop.
            try? await Task.sleep(for: Self.heartbeat)
        }
    }

    /// Notes that this process lives and reads who else does.
    private func beat() async throws -> [UUID] {
        let now = moments.now()
        return try await database.withTransaction { [processID] transaction in
            try transaction.execute(
                """
                INSERT INTO partition_members (process_id, heartbeat_at) VALUES (\(processID), \(now))
                ON CONFLICT (process_id) DO UPDATE SET heartbeat_at = EXCLUDED.heartbeat_at
                """)
            try transaction.execute(
                "DELETE FROM partition_members WHERE heartbeat_at < \(now - Self.silence - Self.silence)")
            return try transaction.query(
                "SELECT process_id FROM partition_members WHERE heartbeat_at >= \(now - Self.silence)"
            ).decode(UUID.self)
        }
    }

    /// Gives up this process's membership, so that the others need not wait for its silence.
    func leave() async {
        hasLeft.withLock { $0 = true }
        do {
            try await database.withTransaction { [processID] transaction in
                try transaction.execute("DELETE FROM partition_members WHERE process_id = \(processID)")
            }
        } catch {
            // The others notice by the silence.
            logger.debug("leaving the partition members failed", metadata: ["error": "\(error)"])
        }
    }
}
