import AMQP
import Contracts
import Foundation
import Logging
import Postgres
import Synchronization

/// Spreads the stock partitions over the processes of a service.
///
/// A single-active-consumer queue gives itself to whoever subscribed first, so that the first process to start would have
/// every partition. Each process therefore subscribes to its own share first, and a moment later, over another connection, to
/// all others as their standby: a share has one owner while all live, and another at once when it dies. Two processes on one
/// partition are a matter of speed only: the database decides.
final class PartitionMembership: Sendable {
    private struct State {
        var share: PartitionShare
        var changedAt = ContinuousClock.now
        /// Whether messages came from partitions of others since the change.
        var hasForeign = false
    }

    private let processID: UUID
    private let queues: [String]
    private let own: AMQPConsumer
    private let standby: AMQPConsumer
    private let database: PostgresClient
    private let moments: MomentSource
    private let stopping: StopSignal
    private let logger: Logger
    private let state: Mutex<State>

    init(
        processID: UUID, queues: [String], own: AMQPConsumer, standby: AMQPConsumer, database: PostgresClient,
        moments: MomentSource, stopping: StopSignal, logger: Logger
    ) {
        self.processID = processID
        self.queues = queues
        self.own = own
        self.standby = standby
        self.database = database
        self.moments = moments
        self.stopping = stopping
        self.logger = logger
        self.state = Mutex(State(share: .undecided(queues)))
    }

    static let heartbeat = Duration.seconds(1)
    /// A process that was silent for so long has no share.
    static let silence = Duration.seconds(5)
    /// How long the caller gets to settle what it has taken before the partitions are given away.
    private static let settling = Duration.seconds(5)
    /// How long everybody gets to find its place after a change.
    private static let calm = silence + settling

    /// Notes that messages came over the connection of the standby.
    func receivedForeign() {
        state.withLock { $0.hasForeign = true }
    }

    /// Keeps the share up to date until told to stop, then leaves.
    func run() async {
        var isSteady = true
        var isFirst = true
        while !Task.isCancelled, !stopping.isStopped {
            do {
                let living = try await beat(isConnected: isFirst || own.isConnected)
                isFirst = false
                // After a database that was away, the others' signs of life are as old as its absence: look once more.
                if isSteady { apply(PartitionShare(of: processID, among: living, queues: queues)) }
                isSteady = true
            } catch is CancellationError {
                return
            } catch {
                isSteady = false
                logger.warning("the partition heartbeat failed", metadata: ["error": "\(error)"])
            }
            guard await stopping.rest(for: Self.heartbeat) else { break }
        }
        await leave()
    }

    private func apply(_ current: PartitionShare) {
        let (previous, letsGo) = state.withLock { state in
            let previous = state.share
            // Two processes that change places at the same time can end up on each other's partitions: whoever got one that
            // belongs to another lets go of it, and the broker gives it to the next in line, its owner.
            let letsGo = state.hasForeign && ContinuousClock.now - state.changedAt > Self.calm
            if previous != current || letsGo { state = State(share: current) }
            return (previous, letsGo)
        }
        if previous.own != current.own {
            logger.info("the stock partitions are shared anew", metadata: ["own": "\(current.own.count)"])
            own.reconnect(current.ownPlan, settlingWithin: Self.settling)
        }
        if previous.standby != current.standby || letsGo {
            standby.reconnect(current.standbyPlan, settlingWithin: Self.settling)
        }
    }

    /// Notes that this process lives, while it can take messages at all, and reads who lives. The first time it is on its way
    /// to be connected: the others should make room before it stands by for their partitions.
    private func beat(isConnected: Bool) async throws -> [UUID] {
        let now = moments.now()
        return try await database.withTransaction { [processID] transaction in
            if isConnected {
                try transaction.execute(
                    """
                    INSERT INTO partition_members (process_id, heartbeat_at) VALUES (\(processID), \(now))
                    ON CONFLICT (process_id) DO UPDATE SET heartbeat_at = EXCLUDED.heartbeat_at
                    """)
            }
            try transaction.execute(
                """
                DELETE FROM partition_members WHERE process_id IN (
                    SELECT process_id FROM partition_members WHERE heartbeat_at < \(now - Self.silence - Self.silence)
                    FOR UPDATE SKIP LOCKED)
                """)
            return try transaction.query(
                "SELECT process_id FROM partition_members WHERE heartbeat_at >= \(now - Self.silence)"
            ).decode(UUID.self)
        }
    }

    /// Gives up this process's membership, so that the others need not wait for its silence.
    private func leave() async {
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
