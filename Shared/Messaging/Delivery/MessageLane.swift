import AMQP
import Contracts
import Foundation
import Logging
import Postgres

/// One queue of commands or events and the loop that empties it: take what is there, handle it in one transaction, publish
/// what it caused, acknowledge.
struct MessageLane: Sendable {
    let service: ServiceName
    let queue: String
    let consumer: AMQPConsumer
    let publisher: AMQPPublisher
    let processor: BatchProcessor
    let dispatcher: Dispatcher
    /// Told of each batch that arrives.
    let onArrival: (@Sendable () -> Void)?
    let stopping: StopSignal
    let metrics: MessagingMetrics
    let logger: Logger

    /// The most messages of one transaction.
    static let batchLimit = 200
    /// How many committed batches may wait for the broker's confirms while the next one is handled.
    static let publishingLimit = 4
    /// The first and the longest rest while the database is in trouble.
    private static let rests = (shortest: Duration.milliseconds(20), longest: Duration.seconds(2))

    func run() async {
        await withTaskGroup(of: Void.self) { group in
            var publishing = 0
            while let batch = await nextBatch() {
                var waiting = batch.deliveries.map(Arrival.init)
                var rest = Self.rests.shortest
                while true {
                    let result = await processor.process(waiting.compactMap(\.incoming), lane: queue)
                    let (ended, left) = Self.divide(waiting, by: result)
                    waiting = left
                    if !ended.isEmpty {
                        if publishing == Self.publishingLimit {
                            await group.next()
                            publishing -= 1
                        }
                        publishing += 1
                        group.addTask { await settle(ended, result.staged) }
                    }
                    guard !waiting.isEmpty, let interruption = result.interruption else { break }
                    logger.warning(
                        "messages wait for the database",
                        metadata: [
                            "lane": "\(queue)", "count": "\(waiting.count)",
                            "error": "\(String(reflecting: interruption))",
                        ])
                    guard await stopping.rest(for: rest) else { break }
                    rest = min(rest * 2, Self.rests.longest)
                }
                guard waiting.isEmpty else {
                    // The lane ends first: whoever comes next gets them again.
                    for arrival in waiting { await consumer.reject(arrival.delivery, requeue: true) }
                    break
                }
            }
            await group.waitForAll()
        }
    }

    /// - Returns: nil once the consumer is stopped; its connection losses are its own business.
    private func nextBatch() async -> AMQPBatch? {
        do {
            let batch = try await consumer.nextBatch(queue: queue, max: Self.batchLimit)
            onArrival?()
            return batch
        } catch {
            return nil
        }
    }

    /// A delivery with its message, or with what is wrong with it.
    private struct Arrival: Sendable {
        let delivery: AMQPDelivery
        let message: Result<IncomingMessage, any Error>

        init(_ delivery: AMQPDelivery) {
            self.delivery = delivery
            self.message = Result { try EnvelopeCodec.incoming(delivery) }
        }

        var incoming: IncomingMessage? {
            if case .success(let message) = message { message } else { nil }
        }
    }

    /// A delivery with how it ended.
    private struct Ended: Sendable {
        let delivery: AMQPDelivery
        let disposition: BatchProcessor.Disposition
    }

    private static func divide(
        _ arrivals: [Arrival], by result: BatchProcessor.Result
    ) -> (ended: [Ended], left: [Arrival]) {
        var dispositions = result.dispositions.makeIterator()
        var ended: [Ended] = []
        var left: [Arrival] = []
        for arrival in arrivals {
            switch arrival.message {
            case .failure(let error):
                ended.append(
                    Ended(
                        delivery: arrival.delivery,
                        disposition: .deadLetter(failures: 0, reason: String(describing: error))))
            case .success:
                if let disposition = dispositions.next() ?? nil {
                    ended.append(Ended(delivery: arrival.delivery, disposition: disposition))
                } else {
                    left.append(arrival)
                }
            }
        }
        return (ended, left)
    }

    private func settle(_ ended: [Ended], _ staged: EffectStaging.Staged) async {
        await dispatcher.dispatch(staged)
        var settled: [AMQPDelivery] = []
        var moved: [(delivery: AMQPDelivery, copy: AMQPMessage)] = []
        var counts = (handled: 0, retried: 0, deadLettered: 0)
        for item in ended {
            switch item.disposition {
            case .handled:
                counts.handled += 1
                settled.append(item.delivery)
            case .retry(let delay, let failures, let reason):
                counts.retried += 1
                moved.append(
                    (
                        item.delivery,
                        Self.retryCopy(
                            of: item.delivery, by: service, after: delay, failures: failures, reason: reason)
                    ))
            case .deadLetter(let failures, let reason):
                counts.deadLettered += 1
                logger.error(
                    "a message is given up",
                    metadata: [
                        "lane": "\(queue)", "message_type": "\(item.delivery.properties.type ?? "-")",
                        "message_id": "\(item.delivery.properties.messageID ?? "-")", "failures": "\(failures)",
                        "error": "\(reason)",
                    ])
                moved.append(
                    (item.delivery, Self.deadLetterCopy(of: item.delivery, failures: failures, reason: reason)))
            }
        }
        settled += await move(moved)
        await consumer.acknowledge(settled)
        metrics.recordSettled(
            lane: queue, handled: counts.handled, retried: counts.retried, deadLettered: counts.deadLettered)
    }

    /// Publishes the copies; only a message whose copy is safe may be acknowledged. The others go back to the queue.
    private func move(_ messages: [(delivery: AMQPDelivery, copy: AMQPMessage)]) async -> [AMQPDelivery] {
        guard !messages.isEmpty else { return [] }
        let results = await publisher.publish(messages.map(\.copy))
        var safe: [AMQPDelivery] = []
        for ((delivery, _), result) in zip(messages, results) {
            if result.isConfirmed {
                safe.append(delivery)
            } else {
                await consumer.reject(delivery, requeue: true)
            }
        }
        return safe
    }

    /// What goes to the service's retry queue in place of a delivery.
    static func retryCopy(
        of delivery: AMQPDelivery, by service: ServiceName, after delay: Duration, failures: Int, reason: String
    ) -> AMQPMessage {
        AMQPMessage(
            exchange: MessagingTopology.retryExchangeName(service, after: delay), routingKey: delivery.queue,
            properties: properties(delivery, failures: failures, reason: reason), body: delivery.body)
    }

    /// What goes to the dead-letter queue in place of a delivery.
    static func deadLetterCopy(of delivery: AMQPDelivery, failures: Int, reason: String) -> AMQPMessage {
        AMQPMessage(
            exchange: "", routingKey: MessagingTopology.deadLetterQueueName(delivery.queue),
            properties: properties(delivery, failures: failures, reason: reason), body: delivery.body)
    }

    private static func properties(_ delivery: AMQPDelivery, failures: Int, reason: String) -> AMQPProperties {
        var properties = delivery.properties
        properties.deliveryMode = .persistent
        properties.headers[EnvelopeCodec.Header.failures] = .int64(Int64(failures))
        properties.headers[EnvelopeCodec.Header.failureReason] = EnvelopeCodec.reason(reason)
        // The broker's own record of earlier trips is long and says nothing that these two do not.
        properties.headers["x-death"] = nil
        return properties
    }
}
