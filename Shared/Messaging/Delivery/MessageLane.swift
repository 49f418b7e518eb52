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
    let metrics: MessagingMetrics
    let logger: Logger

    /// The most messages of one transaction.
    static let batchLimit = 200
    /// How many committed batches may wait for the broker's confirms while the next one is handled.
    static let publishingLimit = 4

    func run() async {
        await withTaskGroup(of: Void.self) { group in
            var publishing = 0
            while true {
                let batch: AMQPBatch
                do {
                    batch = try await consumer.nextBatch(queue: queue, max: Self.batchLimit)
                } catch {
                    // The consumer has stopped; its connection losses are its own business.
                    break
                }
                let arrivals = batch.deliveries.map(Arrival.init)
                guard let result = await handle(arrivals) else { break }
                if publishing == Self.publishingLimit {
                    await group.next()
                    publishing -= 1
                }
                publishing += 1
                group.addTask { await settle(arrivals, result) }
            }
            await group.waitForAll()
        }
    }

    /// A delivery with its envelope, or with what is wrong with it.
    private struct Arrival: Sendable {
        let delivery: AMQPDelivery
        let message: Result<IncomingMessage, any Error>

        init(_ delivery: AMQPDelivery) {
            self.delivery = delivery
            self.message = Result { try EnvelopeCodec.incoming(delivery) }
        }
    }

    /// Handles the well-formed messages; repeats for as long as the database is away.
    /// - Returns: nil when the lane ends first; the messages are then delivered again to whoever comes next.
    private func handle(_ arrivals: [Arrival]) async -> BatchProcessor.Result? {
        let messages = arrivals.compactMap { try? $0.message.get() }
        var pause = Duration.milliseconds(20)
        while true {
            do {
                return try await processor.process(messages, lane: queue)
            } catch is CancellationError {
                return nil
            } catch {
                logger.warning(
                    "a batch waits for the database", metadata: ["lane": "\(queue)", "error": "\(error)"])
            }
            do {
                try await Task.sleep(for: pause)
            } catch {
                return nil
            }
            pause = min(pause * 2, .seconds(2))
        }
    }

    private func settle(_ arrivals: [Arrival], _ result: BatchProcessor.Result) async {
        await dispatcher.dispatch(result.staged)
        var dispositions = result.dispositions.makeIterator()
        var settled: [AMQPDelivery] = []
        var moved: [(delivery: AMQPDelivery, copy: AMQPMessage)] = []
        var counts = (handled: 0, retried: 0, deadLettered: 0)
        for arrival in arrivals {
            let disposition: BatchProcessor.Disposition
            switch arrival.message {
            case .success: disposition = dispositions.next() ?? .handled
            case .failure(let error): disposition = .deadLetter(failures: 0, reason: String(describing: error))
            }
            switch disposition {
            case .handled:
                counts.handled += 1
                settled.append(arrival.delivery)
            case .retry(let delay, let failures, let reason):
                counts.retried += 1
                moved.append(
                    (arrival.delivery, retryCopy(arrival.delivery, after: delay, failures: failures, reason: reason)))
            case .deadLetter(let failures, let reason):
                counts.deadLettered += 1
                moved.append(
                    (arrival.delivery, deadLetterCopy(arrival.delivery, failures: failures, reason: reason)))
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

    private func retryCopy(
        _ delivery: AMQPDelivery, after delay: Duration, failures: Int, reason: String
    ) -> AMQPMessage {
        AMQPMessage(
            exchange: MessagingTopology.retryExchangeName(service, after: delay), routingKey: queue,
            properties: properties(delivery, failures: failures, reason: reason), body: delivery.body)
    }

    private func deadLetterCopy(_ delivery: AMQPDelivery, failures: Int, reason: String) -> AMQPMessage {
        AMQPMessage(
            exchange: "", routingKey: MessagingTopology.deadLetterQueueName(queue),
            properties: properties(delivery, failures: failures, reason: reason), body: delivery.body)
    }

    private func properties(_ delivery: AMQPDelivery, failures: Int, reason: String) -> AMQPProperties {
        var properties = delivery.properties
        properties.deliveryMode = .persistent
        properties.headers[EnvelopeCodec.Header.failures] = .int64(Int64(failures))
        properties.headers[EnvelopeCodec.Header.failureReason] = .string(
            String(decoding: reason.utf8.prefix(2000), as: UTF8.self))
        // The broker's own record of earlier trips is long and says nothing that these two do not.
        properties.headers["x-death"] = nil
        return properties
    }
}
