import Contracts
import Foundation
import Logging
import Postgres

/// Carries committed messages away: at once from memory, and from the table what a crash or an unreachable broker left.
public struct OutboxPublisher: Sendable {
    let database: PostgresClient
    let transport: any MessageTransport
    let moments: MomentSource
    let metrics: MessagingMetrics
    let logger: Logger
    private let submissions = OutboxSubmissions()
    /// The ids of published bundles whose rows are still to be deleted.
    private let confirmations = GatheredItems<UUID>()
    /// How long confirmed rows gather before they are deleted together. The relay leaves them alone for much longer.
    private static let deletionRest = Duration.milliseconds(25)

    public init(
        database: PostgresClient, transport: any MessageTransport, moments: MomentSource, metrics: MessagingMetrics,
        logger: Logger
    ) {
        self.database = database
        self.transport = transport
        self.moments = moments
        self.metrics = metrics
        self.logger = logger
    }

    /// Publishes messages whose rows are committed. The rows of those that the broker confirmed are deleted soon, by
    /// ``deleteConfirmed()``; whatever fails stays in the table for the relay, so nothing is thrown.
    public func publish(_ bundles: [OutboundBundle]) async {
        guard !bundles.isEmpty else { return }
        let outcomes = await transport.publish(bundles)
        var confirmed: [UUID] = []
        var confirmedMessages = 0
        for (bundle, outcome) in zip(bundles, outcomes) {
            switch outcome {
            case .confirmed:
                confirmed.append(bundle.id)
                confirmedMessages += bundle.messages.count
            case .unconfirmed(let reason):
                let first = bundle.messages[0].envelope
                logger.warning(
                    "messages were not confirmed and stay in the outbox",
                    metadata: [
                        "message": "\(first.type)", "message_id": "\(first.id)", "count": "\(bundle.messages.count)",
                        "reason": "\(reason)",
                    ])
            }
        }
        let all = bundles.reduce(0) { $0 + $1.messages.count }
        metrics.recordPublished(confirmed: confirmedMessages, unconfirmed: all - confirmedMessages)
        confirmations.add(confirmed)
    }

    /// Deletes the rows of messages that the broker has confirmed.
    func deleteConfirmed() async {
        let confirmed = confirmations.take()
        guard !confirmed.isEmpty else { return }
        do {
            try await database.withTransaction { transaction in
                try Outbox.delete(confirmed, in: transaction)
            }
        } catch {
            // The relay sends them once more under the same ids; the receivers' inboxes drop them.
            logger.warning("confirmed messages stay in the outbox", metadata: ["error": "\(error)"])
        }
    }

    /// Publishes rows that nobody has published in time.
    /// - Returns: how many rows it took.
    @discardableResult
    public func relay(limit: Int = 100) async throws -> Int {
        let moment = moments.moment()
        let rows = try await database.withTransaction { transaction in
            try Outbox.claim(limit: limit, in: transaction, at: moment)
        }
        await publish(
            rows.compactMap { row in
                do {
                    return try row.bundle()
                } catch {
                    // It stays and is told of again; the others need not wait for somebody to look at it.
                    logger.error(
                        "a row of the outbox cannot be read",
                        metadata: ["message_id": "\(row.id)", "error": "\(FailureReason.text(of: error))"])
                    return nil
                }
            })
        return rows.count
    }

    /// Sends messages that have no rows. Whether they arrive is not asked.
    func announce(_ messages: [WireMessage]) async {
        guard !messages.isEmpty else { return }
        await transport.send(MessageBundle.bundled(messages))
    }

    /// Takes what a transaction has committed, to be sent off soon by ``run(until:publishingInterval:relayInterval:)``. Never waits.
    func submit(_ staged: EffectStaging.Staged) {
        guard !staged.bundles.isEmpty || !staged.transient.isEmpty else { return }
        let leftOut = submissions.add(staged)
        if leftOut > 0 {
            logger.warning(
                "too much waits to be published: messages are left to the relay", metadata: ["count": "\(leftOut)"])
        }
    }

    /// Sends off all that was submitted.
    func publishSubmitted() async {
        while await publishNext() {}
    }

    /// Sends off what was submitted by now, together.
    /// - Returns: false when nothing was.
    @discardableResult
    private func publishNext() async -> Bool {
        guard let staged = submissions.take() else { return false }
        await announce(staged.transient)
        await publish(staged.bundles)
        return true
    }

    /// Publishes what is submitted and relays what is left, until told to stop.
    /// - Parameters:
    ///   - publishingInterval: from one publication of what was submitted to the next, in a rush.
    ///   - relayInterval: from one look for what is left to the next.
    func run(
        until stopping: StopSignal, publishingInterval: Duration = BatchPace.standardInterval,
        relayInterval: Duration = .seconds(1)
    ) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                let start = ContinuousClock.now
                var pace = BatchPace(interval: publishingInterval, at: .zero)
                while await submissions.arrive(), !stopping.isStopped {
                    let rest = pace.begin(at: ContinuousClock.now - start)
                    if rest > .zero { _ = await stopping.rest(for: rest) }
                    await publishNext()
                }
            }
            group.addTask {
                while await confirmations.arrive(), !stopping.isStopped {
                    await deleteConfirmed()
                    _ = await stopping.rest(for: Self.deletionRest)
                }
            }
            group.addTask {
                await repeatRelay(until: stopping, relayInterval)
                submissions.wake()
                confirmations.wake()
            }
            await group.waitForAll()
        }
    }

    private func repeatRelay(until stopping: StopSignal, _ interval: Duration) async {
        while !Task.isCancelled, !stopping.isStopped {
            do {
                let taken = try await relay()
                metrics.recordOutboxDepth(try await Outbox.depth(database))
                metrics.recordPool(database.statistics)
                if taken > 0 {
                    logger.info("relayed messages that were left in the outbox", metadata: ["count": "\(taken)"])
                    continue
                }
            } catch is CancellationError {
                return
            } catch {
                logger.warning("the outbox relay failed and tries again", metadata: ["error": "\(error)"])
            }
            guard await stopping.rest(for: interval) else { return }
        }
    }
}
